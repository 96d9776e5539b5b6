"""A delivery that tells the past otherwise is found, and the ordinary life of a case is not."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pm_pipeline.quality.judging.results import Outcome
from pm_pipeline.quality.judging.runner import run_suites
from pm_pipeline.quality.suites.datasets import QUALITY_RESTATED
from pm_pipeline.registry import Registry
from tests.law.core_sql import DBT_PROJECT, Core
from tests.quality.clean_facts import EXPECTATIONS, TODAY, assert_is_declared, copy

_LAKE = """
create table deliveries (
    system_id varchar default 'fasit', table_name varchar default 'haendelser', delivery_id varchar,
    delivered_on date, received_at timestamp default '2026-01-01'
);
create table delivery_changes (
    system_id varchar default 'fasit', table_name varchar default 'haendelser', delivery_id varchar,
    compared_with varchar, period date, is_total boolean default false, change varchar, n_rows bigint
);
"""


class Deliveries(Core):
    """A thousand rows of January 2024, then deliveries that touch them."""

    def __init__(self) -> None:
        super().__init__()
        self.run(_LAKE)
        self.seed("quality_limits", seeds=DBT_PROJECT / "detectors")
        self.deliver("first", "2024-02-01", inserted=1000)

    def deliver(
        self, name: str, day: str, period: str | None = "2024-01-01", table: str = "haendelser",
        **changes: int,
    ) -> None:  # fmt: skip
        before = self.rows(f"select max_by(delivery_id, delivered_on) from deliveries"
                           f" where table_name = '{table}'")[0][0]  # fmt: skip
        self.insert("deliveries (table_name, delivery_id, delivered_on)", [(table, name, day)])
        rows = [
            (table, name, before, month, is_total, change, n)
            for change, n in changes.items() for month, is_total in ((period, False), (None, True))
        ]  # fmt: skip
        self.insert(
            "delivery_changes (table_name, delivery_id, compared_with, period, is_total, change,"
            " n_rows)",
            rows,
        )

    def restated(self) -> list[tuple[object, ...]]:
        """Deliveries, rows of history, changed, deleted, each in per cent."""
        self.make("restated_deliveries")
        self.make("quality_restated")
        return self.rows(
            "select source_table, deliveries, rows_before_changes, history_rows_changed,"
            " history_rows_changed_percent, history_rows_deleted_percent"
            " from quality_restated order by all"
        )


@pytest.fixture
def lake() -> Iterator[Deliveries]:
    with Deliveries() as made:
        yield made


def test_a_delivery_that_changes_and_deletes_old_rows_is_found(lake: Deliveries) -> None:
    lake.deliver("conversion", "2025-01-01", changed=200, deleted=50)
    assert lake.restated() == [("haendelser", 1, 1000, 200, 20.0, 5.0)]
    assert_is_declared(lake.connection, "quality_restated", QUALITY_RESTATED)
    assert lake.rows(
        "select delivery_id, rows_changed, rows_deleted from restated_deliveries"
    ) == [("conversion", 200, 50)]  # fmt: skip


def test_deleted_history_fails_its_rule_and_a_calm_delivery_does_not(
    lake: Deliveries, warehouse: duckdb.DuckDBPyConnection, registry: Registry, tmp_path: Path
) -> None:
    def judged() -> set[Outcome]:
        lake.restated()
        copy(lake.connection, warehouse, "quality_restated")
        report = run_suites(warehouse, "901", registry, EXPECTATIONS, tmp_path / "r", TODAY)
        return {one.outcome for one in report.results if one.rule_id == "RS-002"}

    lake.deliver("calm", "2024-12-01", changed=3, deleted=2)
    assert judged() == {Outcome.PASS}
    lake.deliver("conversion", "2025-01-01", deleted=50)
    assert judged() == {Outcome.FAIL}


def test_changes_of_fresh_rows_and_filled_values_are_ordinary_life(lake: Deliveries) -> None:
    lake.deliver("next", "2024-06-01", changed=300, deleted=20)
    assert lake.restated() == [("haendelser", 1, 0, 0, None, None)]
    lake.deliver("ends told", "2025-01-01", changed=300, filled=300, inserted=10, returned=5)
    assert lake.restated() == [("haendelser", 2, 1000, 0, 0.0, 0.0)]


def test_a_row_is_history_once_its_whole_month_is_old_enough(lake: Deliveries) -> None:
    lake.deliver("a day before", "2024-07-29", changed=100)  # 180 days after 31 January
    assert lake.restated() == [("haendelser", 1, 0, 0, None, None)]
    lake.deliver("on the day", "2024-07-30", changed=100)
    assert lake.restated() == [("haendelser", 2, 1000, 100, 10.0, 0.0)]


def test_the_worst_delivery_of_the_last_year_counts_and_older_ones_no_more(lake: Deliveries) -> None:
    lake.deliver("conversion", "2024-12-01", changed=200)
    lake.deliver("calm", "2025-06-01", changed=1)
    assert lake.restated() == [("haendelser", 2, 1000, 200, 20.0, 0.0)]
    lake.deliver("a year later", "2025-12-31", changed=3)
    assert lake.restated() == [("haendelser", 2, 1000, 3, 0.3, 0.0)]


def test_one_delivery_that_changes_much_does_not_hide_another_that_deletes(lake: Deliveries) -> None:
    lake.deliver("conversion", "2024-12-01", changed=60)
    lake.deliver("deletion", "2025-01-01", deleted=50)
    assert lake.restated() == [("haendelser", 2, 1000, 60, 6.0, 5.0)]
    assert lake.rows("select rows_before_deletions, history_rows_deleted from quality_restated") == [
        (1000, 50)
    ]


def test_rows_that_tell_no_time_and_another_table_are_not_its_history(lake: Deliveries) -> None:
    lake.deliver("other", "2024-02-01", table="tasks", inserted=10)
    lake.deliver("no time", "2025-01-01", period=None, changed=900)
    assert lake.restated() == [
        ("haendelser", 1, 1000, 0, 0.0, 0.0), ("tasks", 0, 0, 0, None, None),
    ]  # fmt: skip
