"""The planted errors of the DaQAPO hospital log are found by rules that are data, and no others.

Figures: published with the log (bupaverse/daqapo, introduction to the package).
"""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from pm_pipeline.components.freshness import known_contracts
from pm_pipeline.ingest.lake.files import ensure_empty_tables
from pm_pipeline.ingest.landing.deliveries import register_delivery
from pm_pipeline.ingest.loading.load import load_delivery
from pm_pipeline.ingest.values.pseudonymise import Keyring
from pm_pipeline.law.register import load_checked_registry
from pm_pipeline.settings import Settings
from pm_pipeline.transform.build import build_warehouse
from tests.quality.log_tables import HandMadeLog, Row
from tests.real_logs import LOGS

FIELD = Path(__file__).with_name("hospital")
LOG = LOGS / "daqapo" / "hospital.xlsx"
MUNICIPALITY = "990"
LABELS = {"Registration", "Triage", "Clinical exam", "Treatment", "Treatment evaluation"}
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


    def counted(self, rule_id: str) -> tuple[object, ...]:
        """(looked at, found) by a rule."""
        [counts] = self.rows(
            f"select checked, found from quality.quality_log_rules where log_rule_id = '{rule_id}'"
        )
        return counts


def log_rows() -> list[tuple[Any, ...]]:
    """The rows of the workbook: visit, label, person, begun, ended, triage code, specialisation."""
    sheet = openpyxl.load_workbook(LOG, read_only=True).worksheets[0]
    _, *rows = sheet.iter_rows(values_only=True)
    return [tuple(None if cell == "#N/A" else cell for cell in row) for row in rows]


def at(cell: str | None) -> str | None:
    return cell and datetime.strptime(cell, "%d/%m/%Y %H:%M:%S").isoformat(" ")


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


def test_who_was_evaluated_was_treated_but_one(hospital: Hospital) -> None:
    assert hospital.found("EVALUATED_TREATED") == [(529, 1)]
    assert hospital.counted("EVALUATED_TREATED") == (6, 1)


def test_traumas_were_examined_and_not_all_of_another_group_were_treated(hospital: Hospital) -> None:
    # a visit has the group told last: of the two the package names, one became another
    assert hospital.counted("TRAUMA_EXAMINED") == (1, 0)
    assert [visit for visit, _ in hospital.found("TR_TREATED")] == [529, 530, 531]


def test_triage_codes_from_nought_to_five_fail_in_seven_rows(hospital: Hospital) -> None:
    # one of them has none, and one is a row whose label nobody knows
    assert [visit for visit, _ in hospital.found("TRIAGECODE")] == [510, 529, 530, 531, 532, 532, 533]


def test_five_rows_end_when_they_begin_or_before(hospital: Hospital) -> None:
    assert [visit for visit, _ in hospital.found("NO_DURATION")] == [518, 518, 518, 520, 528]


def test_one_treatment_is_unusual_by_its_spread_and_by_bounds(hospital: Hospital) -> None:
    assert hospital.found("UNUSUAL") == hospital.found("OUT_OF_BOUNDS") == [(523, 1)]


def test_work_overlaps_nine_times_within_visits(hospital: Hospital) -> None:
    found = hospital.found("OVERLAP")
    assert sum(int(str(n)) for _, n in found) == 9
    assert found == [(521, 1), (522, 1), (527, 1), (527, 2), (535, 1), (536, 1), (536, 2)]


def test_series_of_one_visit_are_four(hospital: Hospital) -> None:
    found = [visit for visit, _ in hospital.found("SERIES_OF_A_VISIT")]
    assert found == [512] * 2 + [518] * 3 + [527] * 3 + [536] * 3


def test_nine_rows_are_series_of_one_person(hospital: Hospital) -> None:
    # no person is in the warehouse, so the rows are asked before they come there
    log = HandMadeLog(
        [
            Row(str(visit), label if label in LABELS else None, at(ended), at(begun), unit=person)
            for visit, label, person, begun, ended, *_ in log_rows()
        ]
    )
    found = log.ask(
        "R", kind="multi_registration", attribute="org_unit_id", amount=10, unit="second"
    )
    assert sorted(int(log.rows[int(place)].case) for place, _ in found) == [
        512, 512, 524, 525, 526, 533, 534, 536, 536,
    ]  # fmt: skip


def test_nine_labels_are_five_known_and_four_rejected(hospital: Hospital) -> None:
    assert len({label for _, label, *_ in log_rows()}) == 9
    assert hospital.rows("select count(distinct activity_id) from core.events") == [(5,)]


def test_what_a_rule_looked_at_is_counted_as_the_package_does(hospital: Hospital) -> None:
    counted = {rule: hospital.counted(rule) for rule in ("REG_ONCE", "ORDER", "COMPLETE", "CLERK")}
    assert counted == {
        "REG_ONCE": (22, 3), "ORDER": (22, 4), "COMPLETE": (22, 18), "CLERK": (14, 2),
    }  # fmt: skip
    assert hospital.counted("NO_ORIGINATOR") == (53, 2)
    assert hospital.counted("TRIAGECODE") == (53, 7)


def test_no_rule_finds_anything_else_and_no_name_is_in_the_warehouse(hospital: Hospital) -> None:
    rules = {str(rule) for (rule,) in hospital.rows("select rule_id from reference.log_rules")}
    found = {str(one) for (one,) in hospital.rows("select rule_id from quality.log_rule_findings")}
    assert found == rules - {"TRAUMA_EXAMINED"}
    kinds = hospital.rows("select distinct resource_type from core.events order by 1 nulls last")
    assert kinds == [("clerk",), ("doctor",), ("nurse",), (None,)]
