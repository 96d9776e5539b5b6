"""The planted errors of the DaQAPO hospital log are found by rules that are data, and no others.

Figures: published with the log (bupaverse/daqapo, introduction to the package).
"""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pm_pipeline.components.freshness import known_contracts
from pm_pipeline.ingest.lake.files import ensure_empty_tables
from pm_pipeline.ingest.landing.deliveries import register_delivery
from pm_pipeline.ingest.loading.load import load_delivery
from pm_pipeline.ingest.values.pseudonymise import Keyring
from pm_pipeline.law.register import load_checked_registry
from pm_pipeline.settings import Settings
from pm_pipeline.transform.build import build_warehouse

FIELD = Path(__file__).with_name("hospital")
LOGS = Path(os.environ.get("PM_TEST_LOGS", Path(__file__).resolve().parents[3] / "shared" / "logs"))
LOG = LOGS / "daqapo" / "hospital.xlsx"
MUNICIPALITY = "990"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not LOG.exists(), reason=f"the hospital log is not here: {LOG} (set PM_TEST_LOGS)"
    ),
]


class Hospital:
    """The warehouse after one delivery of the log."""

    def __init__(self, settings: Settings, warehouse: duckdb.DuckDBPyConnection) -> None:
        self._warehouse = warehouse
        pseudonymiser = Keyring(settings.key_dir).pseudonymiser(MUNICIPALITY, create=False)
        visits = {pseudonymiser.pseudonym("case", str(number)): number for number in range(500, 550)}
        self._visits = {
            str(course): visits[str(key)]
            for course, key in self.rows("select course_id, case_key from intermediate.int_courses")
        }

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        return self._warehouse.execute(sql).fetchall()

    def found(self, rule_id: str) -> list[tuple[int | None, object]]:
        """(number of the visit, how often) of every finding of a rule."""
        rows = self.rows(
            f"select case_id, n from quality.log_rule_findings where rule_id = '{rule_id}'"
        )
        return sorted(
            ((self._visits[str(case)] if case else None, n) for case, n in rows), key=str
        )


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hospital]:
    folder = tmp_path_factory.mktemp("hospital")
    settings = Settings(data_dir=folder / "data", key_dir=folder / "keys", field_dir=FIELD)
    load_checked_registry(settings.seeds_dir)
    contracts = known_contracts(settings)
    lake_dir = settings.lake_dir(MUNICIPALITY)
    ensure_empty_tables(contracts.values(), lake_dir)
    delivery = register_delivery(
        settings.landing_dir, MUNICIPALITY, contracts["event_log"].latest, date(2017, 12, 1), [LOG]
    )
    load_delivery(delivery, contracts["event_log"], lake_dir, settings.key_dir)
    build_warehouse(settings, MUNICIPALITY, "core")
    with duckdb.connect(str(settings.warehouse_path(MUNICIPALITY)), read_only=True) as warehouse:
        yield Hospital(settings, warehouse)


def test_every_row_and_every_visit_is_there(hospital: Hospital) -> None:
    assert hospital.rows("select rows_in_file, rows_loaded from core.deliveries") == [(53, 53)]
    assert hospital.rows("select count(*) from core.cases") == [(22,)]
    assert hospital.rows("select reason, count(*) from core.rejected_events group by all") == [
        ("no_code", 4)
    ]


def test_misspelt_labels_are_rejected_by_the_list_of_the_contract(hospital: Hospital) -> None:
    assert hospital.rows(
        "select source_row, reason from core.rejected_rows where column_name = 'activity' order by 1"
    ) == [(2, "UNKNOWN_CODE"), (14, "UNKNOWN_CODE"), (20, "UNKNOWN_CODE"), (50, "UNKNOWN_CODE")]
    assert hospital.rows("select count(*) from core.rejected_rows") == [(4,)]


def test_numbers_that_were_never_delivered_are_counted_at_the_door(hospital: Hospital) -> None:
    # 511 and 513 to 516
    assert hospital.rows("select missing_numbers from core.deliveries") == [(5,)]


def test_work_has_a_beginning_and_an_end(hospital: Hospital) -> None:
    [(n, begun, backwards)] = hospital.rows(
        "select count(*), count(started_at), count(*) filter (where ended_at < started_at)"
        " from core.events"
    )
    assert (n, begun, backwards) == (49, 48, 3)
    assert hospital.rows("select count(*) from core.events where occurred_at <> ended_at") == [(0,)]


def test_an_activity_done_too_often_is_found_in_three_visits(hospital: Hospital) -> None:
    assert hospital.found("REG_ONCE") == [(512, 2), (518, 3), (535, 2)]


def test_the_order_is_broken_in_four_visits(hospital: Hospital) -> None:
    assert [visit for visit, _ in hospital.found("ORDER")] == [512, 518, 521, 535]


def test_registrations_not_made_by_a_clerk_are_two(hospital: Hospital) -> None:
    assert hospital.found("CLERK") == [(528, 1), (534, 1)]


def test_eighteen_visits_are_incomplete(hospital: Hospital) -> None:
    found = hospital.found("COMPLETE")
    complete = set(hospital._visits.values()) - {visit for visit, _ in found}
    assert len(found) == 18 and complete == {519, 523, 535, 536}


def test_missing_values_are_counted_where_they_are(hospital: Hospital) -> None:
    assert hospital.found("NO_ORIGINATOR") == [(533, 1), (534, 1)]
    assert hospital.found("NO_START") == [(512, 1)]
    assert hospital.found("NO_TRIAGECODE") == [(510, 1)]


def test_nine_times_nothing_happened_for_more_than_half_an_hour(hospital: Hospital) -> None:
    assert hospital.found("QUIET") == [(None, 1)] * 9


def test_one_treatment_took_more_than_a_quarter_of_an_hour(hospital: Hospital) -> None:
    assert hospital.found("LONG") == [(523, 1)]


def test_no_rule_finds_anything_else_and_no_name_is_in_the_warehouse(hospital: Hospital) -> None:
    rules = {str(rule) for (rule,) in hospital.rows("select rule_id from reference.log_rules")}
    found = {str(one) for (one,) in hospital.rows("select rule_id from quality.log_rule_findings")}
    assert found == rules
    kinds = hospital.rows("select distinct resource_type from core.events order by 1 nulls last")
    assert kinds == [("clerk",), ("doctor",), ("nurse",), (None,)]
