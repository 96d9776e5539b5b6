"""A month with far too few or too many acts is found beside the same months of the years before."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import duckdb
import pytest

from pm_pipeline.quality.judging.results import Outcome
from pm_pipeline.quality.judging.runner import run_suites
from pm_pipeline.quality.suites.datasets import QUALITY_VOLUMES
from pm_pipeline.registry import Registry
from tests.law.core_sql import DBT_PROJECT, Core
from tests.quality.clean_facts import EXPECTATIONS, TODAY, assert_is_declared, copy

_LOG = """
create table event_log (
    process_id varchar default 'kontanthjaelp', activity_code smallint default 1,
    delivery_id varchar default 'd', occurred_on date
);
create table activity_codes as select 'TALK' activity_id, 1::smallint activity_code;
create table deliveries as select 'momentum' system_id, 'd' delivery_id, date '2026-02-15' delivered_on;
"""
# Winters are busy and Julys quiet, from 2021-12 (which the log may have seen only half of) on.
_OF_MONTH = (60, 55, 50, 45, 45, 40, 15, 40, 50, 55, 55, 50)
_FIRST, _LAST = 2021 * 12 + 11, 2026 * 12


class Volumes(Core):
    """A log whose months are as full as those of the year before, but for chance."""

    def __init__(self) -> None:
        super().__init__()
        self.run(_LOG)
        self.seed("clock_stops", "municipalities", "regimes", "time_artefacts")
        self.seed("quality_limits", seeds=DBT_PROJECT / "detectors")

    def fill(self, **months: int) -> None:
        """Acts of each month, with other numbers in the months named ``m2025_03``."""
        random = Random(7)
        for number in range(_FIRST, _LAST + 1):
            first = date(number // 12, number % 12 + 1, 1)
            usual = round(random.gauss(_OF_MONTH[first.month - 1], 3))
            n = months.get(f"m{first:%Y_%m}", usual)
            self.insert("event_log (occurred_on)", [(first + timedelta(i % 28),) for i in range(n)])

    def outside(self) -> dict[str, str]:
        for model in (
            "int_quality_month_counts", "int_quality_months", "volume_bands", "quality_volumes",
        ):  # fmt: skip
            self.make(model)
        found = self.rows(
            "select strftime(month_on, '%Y-%m'), state from volume_bands"
            " where state in ('below', 'above') order by all"
        )
        return dict(found)

    def state(self, month: str) -> str | None:
        found = self.rows(f"select state from volume_bands where month_on = '{month}-01'")
        return found[0][0] if found else None


@pytest.fixture
def volumes() -> Iterator[Volumes]:
    with Volumes() as made:
        yield made


def test_months_like_those_of_the_year_before_are_inside_quiet_julys_too(volumes: Volumes) -> None:
    volumes.fill()
    assert volumes.outside() == {}
    assert volumes.state("2025-07") == "inside"


def test_a_month_that_lost_most_of_its_acts_is_below_and_a_doubled_one_above(volumes: Volumes) -> None:
    volumes.fill(m2025_03=12, m2025_10=120)
    assert volumes.outside() == {"2025-03": "below", "2025-10": "above"}


def test_an_activity_that_stays_away_is_below_every_month(volumes: Volumes) -> None:
    volumes.fill(m2025_09=0, m2025_10=0, m2025_11=0)
    assert volumes.outside() == dict.fromkeys(("2025-09", "2025-10", "2025-11"), "below")


def test_an_activity_that_stays_away_fails_its_rule_and_usual_months_do_not(
    volumes: Volumes, warehouse: duckdb.DuckDBPyConnection, registry: Registry, tmp_path: Path
) -> None:
    def judged() -> set[Outcome]:
        volumes.outside()
        copy(volumes.connection, warehouse, "quality_volumes")
        report = run_suites(warehouse, "901", registry, EXPECTATIONS, tmp_path / "r", TODAY)
        return {one.outcome for one in report.results
                if one.rule_id == "VO-001" and one.regime_id == "kontanthjaelp__20240101"}

    volumes.fill()
    assert judged() == {Outcome.PASS}
    volumes.run("delete from event_log where occurred_on between '2025-09-01' and '2025-11-30'")
    assert judged() == {Outcome.FAIL}


def test_a_slow_drift_of_the_caseload_is_no_fault(volumes: Volumes) -> None:
    drift = {f"m2025_{month:02}": round(_OF_MONTH[month - 1] * 0.82) for month in range(1, 13)}
    volumes.fill(**drift)
    assert volumes.outside() == {}


def test_the_newest_month_is_not_judged_before_late_registrations_are_in(volumes: Volumes) -> None:
    volumes.fill(m2026_01=5)
    assert volumes.outside() == {}
    assert volumes.state("2026-01") is None  # delivered on 15 February
    volumes.run("update deliveries set delivered_on = '2026-03-05'")
    assert volumes.outside() == {"2026-01": "below"}


def test_the_run_in_of_a_log_is_no_yardstick(volumes: Volumes) -> None:
    volumes.fill(m2022_03=10, m2022_04=10, m2022_05=10)
    assert volumes.outside() == {}
    assert volumes.state("2023-03") == "no_yardstick"


def test_a_mistyped_year_and_a_placeholder_date_do_not_begin_a_log(volumes: Volumes) -> None:
    volumes.fill()
    volumes.insert("event_log (occurred_on)", [(date(2002, 3, 1),), *[(date(1900, 1, 1),)] * 50])
    assert volumes.outside() == {}
    assert volumes.state("2002-04") is None


def test_a_month_in_which_the_law_stopped_the_clock_is_told_apart(volumes: Volumes) -> None:
    volumes.run(
        "update clock_stops set starts_on = '2025-03-12', ends_on = '2025-05-01'"
        " where stop_id = 'COVID-1'"
    )
    volumes.fill(m2025_03=5, m2025_04=0, m2025_05=0)
    assert volumes.outside() == {"2025-05": "below"}
    assert volumes.state("2025-03") == volumes.state("2025-04") == "clock_stop"
    assert volumes.rows(
        "select regime_id, activity_months_in_clock_stops, activity_months_below_band"
        " from quality_volumes where regime_id = 'kontanthjaelp__20240101'"
    ) == [("kontanthjaelp__20240101", 2, 1)]


def test_a_stop_of_another_region_stops_nothing_here(volumes: Volumes) -> None:
    volumes.run(
        "update clock_stops set starts_on = '2025-03-12', ends_on = '2025-05-01',"
        " scope_regions = 'Hovedstaden' where stop_id = 'COVID-1';"
        "update municipalities set region = 'Midtjylland' where municipality_id = '901'"
    )
    volumes.fill(m2025_03=5)
    assert volumes.outside() == {"2025-03": "below"}


def test_an_activity_too_rare_to_be_missed_is_not_judged(volumes: Volumes) -> None:
    volumes.fill(**{f"m{year}_{month:02}": 6 for year in range(2023, 2026) for month in range(1, 13)})
    volumes.run("delete from event_log where occurred_on between '2025-06-01' and '2025-06-30'")
    assert volumes.outside() == {}
    assert volumes.state("2025-06") == "no_yardstick"


def test_months_are_counted_under_the_regime_of_the_month(volumes: Volumes) -> None:
    volumes.fill(m2025_03=12)
    volumes.outside()
    assert_is_declared(volumes.connection, "quality_volumes", QUALITY_VOLUMES)
    found = volumes.rows(
        "select regime_id, activity_months, activity_months_below_band,"
        " activity_months_below_band_percent from quality_volumes order by all"
    )
    # the run-in lasts until the end of 2022: of 2023 no month can be compared
    assert found == [
        ("kontanthjaelp__20200101", 0, 0, None),
        ("kontanthjaelp__20240101", 24, 1, pytest.approx(100 / 24)),
    ]
