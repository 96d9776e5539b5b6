"""What a critical quality rule found wanting is not published, and the published tables say so."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pm_pipeline.console.run import withheld_line
from pm_pipeline.publish import Candidate
from pm_pipeline.publish.disclosure import released_sql
from pm_pipeline.publish.policy import PUBLISHED_TABLES
from pm_pipeline.publish.published_table import PublishedTable
from pm_pipeline.publish.summary import read_summary
from tests.page_queries import queries
from tests.publish.publish_data import CASH, INSURED, Inputs, change, rows

WHOLE_DELIVERY = (None, None)
REASONS = (
    "select process_id, regime_id, judged, rule_id, title_da, title_en, outcome, n_checked, n_failed,"
    " percent_failed, threshold from withheld_slices"
)
#: Tables about people that stay when all is withheld: those that say why.
SAYS_WHY = {"quality_summary", "quality_history"}


@pytest.fixture
def bad_delivery(inputs: Inputs, tmp_path: Path) -> Inputs:
    """The same municipality, where the rule about the whole delivery is critical and failed."""
    judged = tmp_path / "rule_results.parquet"
    duckdb.sql(
        "copy (select * replace ("
        " if(rule_id = 'ROWS_REJECTED', 'critical', severity) as severity,"
        " if(rule_id = 'ROWS_REJECTED', 'FAIL', outcome) as outcome)"
        f" from '{inputs.rule_results}') to '{judged}' (format parquet)"
    )
    change(
        inputs.warehouse,
        "update marts.quality_summary set severity = 'critical', outcome = 'FAIL'"
        " where rule_id = 'ROWS_REJECTED'",
    )
    return replace(inputs, rule_results=judged)


def _of_slice(database: Path, process_id: str, regime_id: str | None) -> set[str]:
    """The tables about people with a row of the slice, or of its process as a whole."""
    found = set()
    for table in PUBLISHED_TABLES.values():
        if "process_id" not in table.columns or table.persons is None:
            continue
        condition = f"process_id = '{process_id}' and {table.persons} is not null"
        if "regime_id" in table.columns:
            condition += f" and regime_id is not distinct from '{regime_id}'"
        if rows(database, f"from {table.name} where {condition}"):
            found.add(table.name)
    return found


def test_a_withheld_slice_is_listed_with_the_rule_that_failed_its_titles_and_counts(
    publish: Callable[..., Candidate],
) -> None:
    assert rows(publish(withheld={INSURED}).database, REASONS) == [
        (*INSURED, "slice", "TALKS_BY_FUND", "Regel", "Rule", "FAIL", 30, 20, 66.7, 1.0)
    ]


def test_the_page_on_rules_asks_by_which_rule_something_is_withheld_and_since_when(
    publish: Callable[..., Candidate], bad_delivery: Inputs, tmp_path: Path
) -> None:
    (query,) = [one for one in queries("expectations/README.md") if "withheld_slices" in one]
    # judged twice: in October the rule about the slice still passed
    assert rows(publish(withheld={INSURED}).database, query) == [
        (*INSURED, "TALKS_BY_FUND", "Regel", date(2026, 11, 1))
    ]
    both = publish(bad_delivery, tmp_path / "both", withheld={WHOLE_DELIVERY, INSURED})
    found = rows(both.database, query)
    assert {row[:3] for row in found} == {
        (*WHOLE_DELIVERY, "ROWS_REJECTED"), (*INSURED, "ROWS_REJECTED"),
        (*INSURED, "TALKS_BY_FUND"),
    }
    assert len(found) == 3


def test_counts_of_too_few_are_blank_where_it_is_said_why_a_slice_is_withheld(
    inputs: Inputs, publish: Callable[..., Candidate]
) -> None:
    change(
        inputs.warehouse,
        "update marts.quality_summary set n_failed = 10, n_failed_citizens = 3, percent_failed = 10"
        " where rule_id = 'TALKS_BY_FUND' and outcome = 'FAIL'",
    )
    assert rows(publish(inputs, withheld={INSURED}).database, REASONS) == [
        (*INSURED, "slice", "TALKS_BY_FUND", "Regel", "Rule", "FAIL", 30, None, None, 1.0)
    ]


def test_a_withheld_slice_is_in_no_table_but_the_one_that_says_why(
    publish: Callable[..., Candidate],
) -> None:
    told = publish(withheld=set()).database
    assert _of_slice(told, *CASH) > SAYS_WHY
    silent = publish(withheld={CASH}, candidate_dir=told.parent.parent / "silent")
    assert _of_slice(silent.database, *CASH) == SAYS_WHY
    assert _of_slice(silent.database, *INSURED) == _of_slice(told, *INSURED)
    assert not list(silent.models_dir.glob("kontanthjaelp*"))


def test_a_delivery_that_failed_a_critical_rule_publishes_nothing_that_rests_on_it(
    bad_delivery: Inputs, publish: Callable[..., Candidate]
) -> None:
    candidate = publish(bad_delivery, withheld={WHOLE_DELIVERY, CASH, INSURED})

    left = {
        table.name
        for table in PUBLISHED_TABLES.values()
        if table.persons
        and rows(candidate.database, f"from {table.name} where {table.persons} is not null")
    }
    assert left == SAYS_WHY
    assert not list(candidate.models_dir.iterdir())
    reason = ("delivery", "ROWS_REJECTED", "Regel", "Rule", "FAIL", 110, 10, 9.1, 1.0)
    assert rows(candidate.database, REASONS) == [
        (None, None, *reason),
        (*INSURED, *reason),
        (*INSURED, "slice", "TALKS_BY_FUND", "Regel", "Rule", "FAIL", 30, 20, 66.7, 1.0),
        (*CASH, *reason),
    ]
    withheld = dict(rows(candidate.database, "select table_name, rows_withheld from suppression"))
    assert withheld["delivery_changes_summary"] == 3 and withheld["kpi_lead_time"] == 6


def test_the_end_of_a_run_says_that_a_whole_delivery_is_withheld_and_because_of_which_rule(
    bad_delivery: Inputs, publish: Callable[..., Candidate]
) -> None:
    withheld = {WHOLE_DELIVERY, CASH, INSURED}
    summary = read_summary(publish(bad_delivery, withheld=withheld).database)
    assert summary.is_all_withheld and set(summary.withheld_slices) == {CASH, INSURED}
    # what a slice fails besides is not why all is withheld
    assert withheld_line("Nordlund", summary) == (
        "901 Nordlund: [bold red]Critical[/]: the whole delivery of the municipality is withheld from"
        " publication because of ROWS_REJECTED Rule. See `pm-pipeline quality --last`."
    )


def test_changes_between_deliveries_stay_when_one_process_is_withheld(
    publish: Callable[..., Candidate],
) -> None:
    database = publish(withheld={CASH, INSURED}).database
    assert len(rows(database, "from delivery_changes_summary")) == 2


@pytest.mark.parametrize(
    ("withheld", "left"),
    [
        ([], ["p", "q"]),
        ([("p", "r1")], ["q"]),
        ([("p", None)], ["q"]),
        ([("other", "r1")], ["p", "q"]),
        ([(None, None)], []),
    ],
)
def test_a_table_of_whole_processes_is_withheld_with_any_slice_of_its_process(
    withheld: list[tuple[str | None, str | None]], left: list[str]
) -> None:
    table = PublishedTable("drift", ("process_id", "n_citizens"))
    with duckdb.connect() as connection:
        connection.execute(
            "create table withheld (process_id varchar, regime_id varchar);"
            "create table drift as select unnest(['p', 'q']) as process_id, 40 as n_citizens"
        )
        for one in withheld:
            connection.execute("insert into withheld values (?, ?)", one)
        found = connection.execute(released_sql(table, "drift", "withheld", 5)).fetchall()
    assert [process_id for process_id, *_ in found] == left


def test_only_what_says_why_or_is_about_nobody_is_published_for_withheld_slices() -> None:
    keeps = {table.name for table in PUBLISHED_TABLES.values() if table.keeps_withheld}
    of_nobody = {table.name for table in PUBLISHED_TABLES.values() if table.persons is None}
    assert keeps - of_nobody == SAYS_WHY


def test_a_reader_of_the_summary_finds_why_a_rule_was_not_judged(
    publish: Callable[..., Candidate],
) -> None:
    found = rows(publish().database, "select distinct detail from quality_summary")
    assert found == [("how",)]
