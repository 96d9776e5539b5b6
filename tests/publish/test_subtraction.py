"""What is blanked cannot be had by subtraction: outcomes of a row, and months from a total."""

import random
from collections.abc import Callable, Sequence

import duckdb
import pytest

from pm_pipeline.publish import Candidate, check_candidate
from pm_pipeline.publish.disclosure import released_sql, safe_row
from pm_pipeline.publish.policy import PUBLISHED_TABLES
from pm_pipeline.publish.published_table import Part, PublishedTable, Slices
from pm_pipeline.publish.subtraction import remainder_sql
from tests.publish.publish_data import K, change

PARTS = (
    Part("n_cases", "n_cases"),
    Part("n_met", "n_met", ("n_cases", "n_cases"), ("share",)),
    Part("n_pending", "n_pending"),
    Part("n_exempt", "n_exempt"),
)
APART = ("n_pending", "n_exempt")
COUNTS = ("n_cases", "n_met", *APART)
MONTHS = PublishedTable(
    "months", ("rule", "month", "n_cases", "n_met", "share", "n_pending", "n_exempt"), "n_cases", PARTS,
    stands_by_parts=True, apart=APART, slices=Slices(("rule",), "month", "total"),
)  # fmt: skip
TOTAL = PublishedTable(
    "total", ("rule", "n_cases", "n_met", "share", "n_pending", "n_exempt"), "n_cases", PARTS,
    stands_by_parts=True, apart=APART,
)  # fmt: skip
Month = tuple[int, int, int, int]
Told = dict[int, tuple[int | None, ...]]


def published(months: Sequence[Month]) -> tuple[Told, tuple[int | None, ...]]:
    """Counts (cases, met, pending, exempt) that are published, by month and of the total.

    Every case is another citizen.
    """
    with duckdb.connect() as connection:
        _publish(connection, months)
        told = connection.execute(f"select month, {', '.join(COUNTS)} from months").fetchall()
        total = connection.execute(f"select {', '.join(COUNTS)} from total").fetchall()
    return {month: tuple(counts) for month, *counts in told}, (total or [(None,) * 4])[0]


def _publish(connection: duckdb.DuckDBPyConnection, months: Sequence[Month]) -> None:
    connection.execute(
        "create table withheld (process_id varchar, regime_id varchar);"
        f"create table made (rule varchar, month integer, {' integer, '.join(COUNTS)} integer)"
    )
    connection.executemany(
        "insert into made values ('R', ?, ?, ?, ?, ?)",
        [(number, *counts) for number, counts in enumerate(months)],
    )
    connection.execute(
        "alter table made add column share double; update made set share = n_met / nullif(n_cases, 0);"
        "create view made_total as select rule,"
        f" {', '.join(f'sum({one})::bigint as {one}' for one in COUNTS)},"
        " sum(n_met) / nullif(sum(n_cases), 0) as share from made group by rule"
    )
    for table, made in ((MONTHS, "made"), (TOTAL, "made_total")):
        relation = f"(select *, 'p' as process_id, 'r' as regime_id from {made})"
        connection.execute(
            f"create table {table.name} as {released_sql(table, relation, 'withheld', K)}"
        )


def test_the_only_small_month_is_not_the_total_less_the_others() -> None:
    told, total = published([(30, 15, 0, 0), (3, 0, 0, 0), (12, 6, 0, 0)])
    assert total[0] == 45
    assert 1 not in told  # nothing of it is told
    assert 2 not in told  # the smallest of the others goes with it
    assert told[0][:2] == (30, 15)


def test_small_months_that_are_many_enough_together_cost_no_other() -> None:
    told, total = published([(30, 15, 0, 0), (3, 0, 0, 0), (4, 2, 0, 0), (3, 3, 0, 0)])
    assert told[0][0] == 30 and total[0] == 40
    # five of them met it and five did not: fit to be told
    assert told[0][1] == 15 and total[1] == 20


def test_the_few_who_missed_it_in_a_month_are_not_the_total_less_the_others() -> None:
    told, total = published([(30, 15, 0, 0), (30, 28, 0, 0), (40, 20, 0, 0)])
    assert total[:2] == (100, 63)
    assert [told[month][0] for month in range(3)] == [30, 30, 40]
    assert [told[month][1] for month in range(3)] == [None, None, 20]


def test_where_the_total_is_blank_no_other_month_is() -> None:
    """Two of the year missed it: the total keeps it to itself, and the months without any may speak."""
    told, total = published([(30, 30, 0, 0), (30, 28, 0, 0)])
    assert total[:2] == (60, None)
    assert [told[month][1] for month in range(2)] == [30, None]


def test_a_month_of_those_not_judged_is_told_though_hardly_anybody_was_judged() -> None:
    told, _ = published([(2, 1, 20, 0), (30, 15, 20, 0), (30, 15, 20, 0)])
    assert told[0] == (None, None, 20, 0)


def test_few_exempted_take_the_smallest_other_outcome_with_them() -> None:
    told, total = published([(30, 15, 8, 2)])
    assert total == (30, 15, None, None)
    assert told[0] == (30, 15, None, None)


def test_everybody_in_one_outcome_gives_nobody_away() -> None:
    told, total = published([(30, 30, 0, 0), (20, 20, 0, 6)])
    assert told == {0: (30, 30, 0, 0), 1: (20, 20, 0, 6)} and total == (50, 50, 0, 6)


@pytest.mark.parametrize("seed", range(60))
def test_no_group_under_the_minimum_is_had_by_subtraction(seed: int) -> None:
    """An attacker who knows the method takes the rows that are told from the totals that are told."""
    chance = random.Random(seed)
    months = []
    for _ in range(chance.randint(1, 14)):
        n_cases = chance.choice([0, 2, 4, 6, 12, 30])
        n_met = chance.choice([0, n_cases, chance.randint(0, n_cases)])
        months.append((n_cases, n_met, chance.choice([0, 1, 3, 7]), chance.choice([0, 0, 2, 9])))
    told, total = published(months)
    for place, whole in enumerate(total):
        if whole is not None:
            _fit_to_tell(whole - sum(counts[place] or 0 for counts in told.values()))
    if total[0] is not None and total[1] is not None:
        missed = [
            cases - met for cases, met, *_ in told.values() if cases is not None and met is not None
        ]
        _fit_to_tell(total[0] - total[1] - sum(missed))
    for cases, met, *_ in told.values():
        assert met is None or cases is not None, "a part says how large a blank whole is at least"
        for count in (cases, met, None if met is None or cases is None else cases - met):
            _fit_to_tell(count or 0)


def _fit_to_tell(citizens: int) -> None:
    assert citizens == 0 or citizens >= K


@pytest.mark.parametrize("seed", range(20))
def test_what_is_published_passes_the_gate(seed: int) -> None:
    chance = random.Random(seed)
    months = [
        (cases, chance.randint(0, cases), chance.randint(0, 9), chance.randint(0, 9))
        for cases in (chance.randint(0, 40) for _ in range(12))
    ]
    with duckdb.connect() as connection:
        _publish(connection, months)
        for part in PARTS:
            assert MONTHS.slices
            found = connection.execute(remainder_sql(MONTHS, MONTHS.slices, part, K)).fetchall()
            assert found == [(0,)]
        for table in (MONTHS, TOTAL):
            rows = f"select count(*) from {table.name} where not {safe_row(table, K)}"
            assert connection.execute(rows).fetchall() == [(0,)]


def test_the_gate_finds_a_month_that_can_be_had_by_subtraction(
    publish: Callable[..., Candidate],
) -> None:
    candidate = publish()
    change(
        candidate.database,
        "update rule_outcomes_total set n_cases = n_cases + 3 where target_group = '6.2'"
        " and rule_id = 'FIRST_TALK'",
    )
    found = {(finding.rule, finding.place) for finding in check_candidate(candidate, K)}
    assert ("small remainder", "rule_outcomes_summary.n_cases") in found


@pytest.mark.parametrize(
    "table", [one for one in PUBLISHED_TABLES.values() if one.slices], ids=lambda table: table.name
)
def test_slices_and_their_total_have_the_same_parts(table: PublishedTable) -> None:
    assert table.slices
    total = PUBLISHED_TABLES[table.slices.total]
    assert total.parts == table.parts and total.apart == table.apart
    assert set(table.columns) - set(total.columns) == {table.slices.along}


def test_rows_that_stand_by_their_parts_need_parts() -> None:
    with pytest.raises(ValueError, match="no part"):
        PublishedTable("kpi", ("n_citizens",), stands_by_parts=True)
