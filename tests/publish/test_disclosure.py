"""No published row or figure describes fewer people than the minimum group."""

from collections.abc import Callable
from dataclasses import replace

import duckdb
import pytest

from pm_pipeline.errors import PipelineError
from pm_pipeline.publish import Candidate
from pm_pipeline.publish.disclosure import released_sql, require_permitted_group, suppression_sql
from pm_pipeline.publish.published_table import Part, PublishedTable
from tests.publish.publish_data import Inputs, change, rows

TABLE = PublishedTable(
    "kpi",
    ("name", "n_cases", "n_citizens", "n_late", "n_late_citizens", "share_late", "p90"),
    parts=(Part("n_late", "n_late_citizens", ("n_cases", "n_citizens"), ("share_late",)),),
    percentiles=("p90",),
)


def released(*records: str, k: int = 5) -> list[tuple[object, ...]]:
    """The released rows of a table with the columns of :data:`TABLE`."""
    with duckdb.connect() as connection:
        connection.execute("create table withheld (process_id varchar, regime_id varchar)")
        connection.execute(
            f"create table kpi as select *, 'p' as process_id, 'r' as regime_id from (values"
            f" {', '.join(records)}) as kpi({', '.join(TABLE.columns)})"
        )
        return connection.execute(released_sql(TABLE, "kpi", "withheld", k)).fetchall()


def test_a_row_about_too_few_citizens_is_removed_whatever_its_number_of_cases() -> None:
    assert released("('few', 40, 4, 0, 0, 0.0, 9.0)") == []


def test_a_row_about_exactly_the_minimum_group_stays() -> None:
    assert released("('just', 5, 5, 0, 0, 0.0, 9.0)")[0][:3] == ("just", 5, 5)


@pytest.mark.parametrize(
    ("late", "late_citizens", "why"),
    [
        (4, 4, "the part is too small"),
        (9, 4, "the part has enough cases of too few citizens"),
        (36, 36, "the rest is too small"),
        (36, 39, "the rest has enough cases of too few citizens"),
    ],
)
def test_a_part_is_blanked_with_all_it_could_be_computed_from(
    late: int, late_citizens: int, why: str
) -> None:
    record = f"('group', 40, 40, {late}, {late_citizens}, 0.1, 9.0)"
    assert released(record) == [("group", 40, 40, None, None, None, 9.0, True)], why


@pytest.mark.parametrize("late", [0, 5, 35, 40])
def test_a_part_that_is_nobody_everybody_or_large_enough_on_both_sides_stays(late: int) -> None:
    assert released(f"('group', 40, 40, {late}, {late}, 0.1, 9.0)")[0][3] == late


def test_a_percentile_needs_several_times_the_minimum_group() -> None:
    found = released("('a', 19, 19, 0, 0, 0.0, 9.0)", "('b', 20, 20, 0, 0, 0.0, 9.0)")
    assert [(row[0], row[-2], row[-1]) for row in found] == [("a", None, True), ("b", 9.0, False)]


def test_a_row_that_does_not_know_its_people_is_removed() -> None:
    assert released("('unknown', 40, cast(null as bigint), 0, 0, 0.0, 9.0)") == []


def test_a_part_whose_people_are_unknown_is_blanked() -> None:
    found = released("('group', 40, 40, 12, cast(null as bigint), 0.3, 9.0)")
    assert found[0][3:6] == (None, None, None)


def test_what_is_left_out_is_counted() -> None:
    table = replace(TABLE, columns=("process_id", "regime_id", *TABLE.columns))
    with duckdb.connect() as connection:
        connection.execute(
            "create table withheld as select 'p' as process_id, null::varchar as regime_id;"
            "create table kpi as select * from (values"
            " ('p', null, 'w', 40, 40, 0, 0, 0.0, 9.0), ('p', 'r', 'few', 4, 4, 0, 0, 0.0, 9.0),"
            " ('p', 'r', 'masked', 15, 15, 2, 2, 0.1, 9.0),"
            " ('p', 'r', 'ok', 40, 40, 9, 9, 0.2, 9.0)"
            f") as kpi({', '.join(table.columns)})"
        )
        found = connection.execute(suppression_sql(table, "kpi", "withheld", 5)).fetchall()
    # of the masked row: part, its people, its share, and the percentile
    assert found == [(1, 1, 4)]


@pytest.mark.parametrize("k", [2, 1, 0, -5])
def test_a_minimum_group_below_the_floor_is_refused(k: int) -> None:
    with pytest.raises(PipelineError, match="at least 3 citizens"):
        require_permitted_group(k)


def test_a_minimum_group_below_the_floor_publishes_nothing(
    publish: Callable[..., Candidate],
) -> None:
    with pytest.raises(PipelineError, match="at least 3 citizens"):
        publish(min_group_size=2)


def test_the_few_who_missed_a_deadline_cannot_be_read_off_those_who_met_it(
    publish: Callable[..., Candidate],
) -> None:
    database = publish().database
    # Two of the 20 people of group 6.3 missed it.
    assert rows(
        database,
        "select n_within_limit, n_within_limit_citizens, share_within_limit, is_masked, median_days"
        " from kpi_time_to_first_talk where target_group = '6.3'",
    ) == [(None, None, None, True, 4.0)]
    for table in ("rule_outcomes_summary", "rule_outcomes_total"):
        assert rows(
            database,
            "select n_cases, n_citizens, n_fulfilled, n_fulfilled_citizens, share_fulfilled,"
            f" median_working_days, is_masked from {table}"
            " where target_group = '6.3' and rule_id = 'FIRST_TALK'",
        ) == [(20, 20, None, None, None, None, True)]


def test_the_few_who_changed_caseworker_cannot_be_read_off_the_mean(
    publish: Callable[..., Candidate],
) -> None:
    assert rows(
        publish().database,
        "select mean_changes, n_changed_cases, share_changed from kpi_caseworker_changes"
        " where target_group = '6.3'",
    ) == [(None, None, None)]


def test_many_cases_of_three_people_are_three_people(publish: Callable[..., Candidate]) -> None:
    database = publish().database
    for table in ("kpi_lead_time", "kpi_caseworker_changes", "rule_outcomes_summary"):
        assert not rows(database, f"from {table} where target_group in ('6.4', '6.5')"), table


def test_a_larger_minimum_group_removes_more(
    inputs: Inputs, publish: Callable[..., Candidate]
) -> None:
    found = {count.table_name: count.rows_published for count in publish(inputs).tables}
    assert found["process_map"] == 16
    change(
        inputs.warehouse,
        "update marts.process_map set n_citizens = 4 where arc_kind = 'start'",
    )
    candidate = publish(inputs, candidate_dir=inputs.warehouse.parent / "second")
    counted = {count.table_name: count for count in candidate.tables}["process_map"]
    assert (counted.rows_published, counted.rows_removed) == (13, 3)
    assert rows(
        candidate.database,
        "select rows_published, rows_removed from suppression where table_name = 'process_map'",
    ) == [(13, 3)]


def test_cases_before_the_first_law_can_be_withheld_too(publish: Callable[..., Candidate]) -> None:
    database = publish(withheld={("forsikrede_ledige", None)}).database
    assert not rows(database, "from kpi_lead_time where regime_id is null")
    assert rows(database, "from kpi_lead_time where process_id = 'forsikrede_ledige'")
