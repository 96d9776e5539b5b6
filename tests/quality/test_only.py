"""A rule with `only` judges the rows it is about and no other."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pm_pipeline.quality.judging.results import Outcome, RuleResult
from pm_pipeline.quality.judging.runner import run_suites
from pm_pipeline.registry import Registry
from tests.quality.clean_facts import TODAY
from tests.quality.written_suites import rule, write

Judge = Callable[..., RuleResult]
OF_ROWS: dict[str, Any] = {
    "kwargs__column": "rows_rejected_percent", "kwargs__max_value": 5,
    "meta__checked": "judged_rows", "meta__failed": "rows_rejected",
}  # fmt: skip


@pytest.fixture
def judge(
    warehouse: duckdb.DuckDBPyConnection, registry: Registry, tmp_path: Path
) -> Judge:
    """Tasks are rejected, contacts are not: what one rule about rows says of them."""
    warehouse.execute(
        "update quality.quality_rows set rows_rejected = 60, rows_rejected_percent = 60"
        " where source_table = 'tasks'"
    )

    def judged(only: dict[str, str] | None, **changes: Any) -> RuleResult:
        write(
            tmp_path, "baseline/quality_rows", rule("RW-1", meta__only=only, **(OF_ROWS | changes))
        )
        report = run_suites(warehouse, "901", registry, tmp_path, tmp_path / "r.parquet", TODAY)
        (found,) = [one for one in report.results if one.rule_id == "RW-1"]
        (tmp_path / "r.parquet").unlink()
        return found

    return judged


def test_the_fault_of_other_rows_is_not_seen(judge: Judge) -> None:
    found = judge({"source_table": "contacts"})
    assert (found.outcome, found.n_checked, found.n_failed, found.percent) == (
        Outcome.PASS, 100, 0, 0.0,
    )  # fmt: skip


def test_the_fault_of_its_own_rows_is(judge: Judge) -> None:
    found = judge({"source_table": "tasks", "system_id": "momentum"})
    assert (found.outcome, found.n_checked, found.n_failed, found.percent) == (
        Outcome.FAIL, 100, 60, 60.0,
    )  # fmt: skip


@pytest.mark.parametrize(
    "type_", ["expect_column_values_to_be_between", "expect_column_max_to_be_between"]
)
def test_no_row_to_look_at_is_no_data_and_says_which_was_sought(judge: Judge, type_: str) -> None:
    found = judge({"source_table": "plans"}, type=type_)
    assert (found.outcome, found.detail) == (Outcome.NO_DATA, "no row with source_table = plans")


@pytest.mark.parametrize(
    ("table", "outcome"), [("contacts", Outcome.PASS), ("tasks", Outcome.FAIL)]
)
def test_a_rule_about_a_whole_column_looks_at_these_rows(
    judge: Judge, table: str, outcome: Outcome
) -> None:
    assert judge({"source_table": table}, type="expect_column_max_to_be_between").outcome is outcome


def test_a_column_that_the_facts_lack_is_an_error_of_the_rule(
    judge: Judge, warehouse: duckdb.DuckDBPyConnection
) -> None:
    warehouse.execute("alter table quality.quality_rows drop process_id")
    warehouse.execute("alter table quality.quality_rows drop municipality_id")
    found = judge({"municipality_id": "901"})
    assert (found.outcome, found.detail) == (
        Outcome.ERROR, "the facts have no column municipality_id",
    )  # fmt: skip
