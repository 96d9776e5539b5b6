"""DECLARE constraints, against pm4py and by hand; who stands behind them."""

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pm_pipeline.mining.constraints.discover import Constraint, discover, strongest
from pm_pipeline.mining.constraints.report import ConstraintRow, write_constraints
from pm_pipeline.mining.constraints.templates import SYMMETRIC, TEMPLATES, judge
from pm_pipeline.mining.report import write_table
from tests.law.core_sql import Core

Paths = list[tuple[str, ...]]

# pm4py's own use of old numpy and scipy is none of this project's business.
pytestmark = pytest.mark.filterwarnings("ignore")

# Templates that pm4py counts as mere negatives of others are judged by hand below: DECLARE says of
# not-succession and not-co-existence something else than "the opposite of succession".
_PM4PY = {
    "existence": "existence", "absence": "absence", "exactly_one": "exactly_one", "init": "init",
    "responded_existence": "responded_existence", "response": "response",
    "precedence": "precedence", "altresponse": "alternate_response",
    "altprecedence": "alternate_precedence", "chainresponse": "chain_response",
    "chainprecedence": "chain_precedence",
    "succession": "succession", "altsuccession": "alternate_succession",
    "chainsuccession": "chain_succession",
}


def _log(paths: Paths) -> list[tuple[tuple[str, ...], int]]:
    return list(Counter(paths).items())


@pytest.mark.parametrize("name", ["running_example", "receipt"])
def test_support_and_confidence_are_what_pm4py_finds_on_the_expanded_log(
    real_log: Callable[[str], Paths], name: str
) -> None:
    import pandas as pd
    import pm4py

    paths = real_log(name)
    frame = pd.DataFrame(
        [
            (f"c{case:05d}", activity, pd.Timestamp("2024-01-01", tz="UTC") + pd.Timedelta(days=day))
            for case, path in enumerate(paths)
            for day, activity in enumerate(path)
        ],
        columns=["case:concept:name", "concept:name", "time:timestamp"],
    )
    found = pm4py.discover_declare(frame, min_support_ratio=0.0, min_confidence_ratio=0.0)
    expected = {
        (_PM4PY[template], *((rule, None) if isinstance(rule, str) else rule)): (
            figures["support"], figures["confidence"]
        )
        for template, rules in found.items() if template in _PM4PY
        for rule, figures in rules.items() if figures["support"] and figures["confidence"]
    }
    ours = {
        (one.template, one.first, one.second): (one.n_activated, one.n_satisfied)
        for one in discover(_log(paths), 0, 0) if one.template in _PM4PY.values()
    }
    assert len(ours) > 100
    assert ours == expected


@pytest.mark.parametrize(
    ("template", "path", "verdict"),
    [
        ("response", "AB", True), ("response", "ABA", False), ("response", "B", None),
        ("precedence", "AB", True), ("precedence", "BA", False), ("precedence", "A", None),
        ("alternate_response", "ABAB", True), ("alternate_response", "AAB", False),
        ("alternate_precedence", "ABAB", True), ("alternate_precedence", "ABB", False),
        ("chain_response", "ABCAB", True), ("chain_response", "ACB", False),
        ("chain_precedence", "AAB", True), ("chain_precedence", "ACB", False),
        ("succession", "ACB", True), ("succession", "A", False), ("succession", "B", False),
        ("succession", "C", None), ("co_existence", "BA", True), ("co_existence", "A", False),
        ("not_co_existence", "A", True), ("not_co_existence", "BA", False),
        ("not_succession", "BA", True), ("not_succession", "AB", False),
        ("not_succession", "ABA", False), ("responded_existence", "BA", True),
        ("responded_existence", "AC", False),
    ],
)
def test_what_a_constraint_says_of_a_path(
    template: str, path: str, verdict: bool | None
) -> None:
    assert judge(tuple(path), template, "A", "B") is verdict


def test_cases_count_and_a_constraint_below_the_wanted_share_is_left_out() -> None:
    log = _log([tuple("AB")] * 9 + [tuple("A")])
    by_key = {(one.template, one.first, one.second): one for one in discover(log, 0.5, 0.9)}
    response = by_key["response", "A", "B"]
    assert (response.support, response.confidence) == (1, 0.9)
    assert (response.n_satisfied, response.n_violated) == (9, 1)
    assert ("response", "A", "B") not in {
        (one.template, one.first, one.second) for one in discover(log, 0.5, 0.95)
    }


def test_an_empty_log_has_no_constraint() -> None:
    assert discover(_log([]), 0, 0) == ()
    assert len(set(TEMPLATES)) == len(TEMPLATES)


def test_all_variants_at_once_are_judged_as_each_alone() -> None:
    rng = random.Random(6)
    paths = sorted({tuple(rng.choices("ABCD", k=rng.randrange(9))) for _ in range(400)})
    found = discover([(path, 1) for path in paths], 0, 0)
    for one in found:
        activated, held = one.verdict
        assert [bool(h) if a else None for a, h in zip(activated, held, strict=True)] == [
            judge(path, one.template, one.first, one.second) for path in paths
        ]
    # Four activities, twelve pairs in order of which two templates take half.
    assert len(_keys(found)) == 4 * 4 + 12 * (len(TEMPLATES) - 4) - 6 * len(SYMMETRIC)


def _keys(found: tuple[Constraint, ...]) -> set[tuple[str, str, str | None]]:
    return {(one.template, one.first, one.second) for one in found}


def test_what_a_stronger_constraint_says_too_is_told_once() -> None:
    found = discover(_log([tuple("ABC")] * 9 + [tuple("AC")]), 0, 0.9)
    assert ("response", "A", "B") in _keys(found)
    told = _keys(strongest(found))
    assert ("chain_succession", "A", "B") in told
    assert not told & {("response", "A", "B"), ("precedence", "A", "B"), ("existence", "A", None)}
    # Of C a case without B is no violation, so that there is a C says more than that B brings it.
    assert ("exactly_one", "C", None) in told
    assert ("responded_existence", "B", "C") not in told


def test_activities_that_few_cases_have_are_not_asked_about() -> None:
    found = discover(_log([tuple("AB")] * 19 + [tuple("AXB")]), 0.1, 0.9)
    assert {one.first for one in found} == {"A", "B"}


def _written(
    connection: duckdb.DuckDBPyConnection, path: Path, open_cases: tuple[str, ...] = ()
) -> tuple[ConstraintRow, ...]:
    connection.execute("alter table core.cases add column is_closed boolean default true")
    connection.execute(
        "update core.cases set is_closed = false where citizen_id in (select unnest(?::varchar[]))",
        [list(open_cases)],
    )
    rows = write_constraints(connection, "901", path, about={"k": "v"}, on_progress=lambda _: None)
    assert duckdb.sql(f"select count(*) from '{path}'").fetchall() == [(len(rows),)]
    return rows


def test_closed_cases_and_distinct_citizens_are_counted_on_both_sides(
    build_warehouse: Any, make_case: Any, tmp_path: Path
) -> None:
    cases = [make_case(f"{i}-1", ("A", "B")) for i in range(10)]
    cases += [make_case(f"{i}-2", ("A", "B")) for i in range(10)]
    cases += [make_case("3-3", ("A",)), make_case("4-4", ("A",)), make_case("90-5", ("A",))]
    connection = build_warehouse(cases)
    connection.execute("update core.cases set citizen_id = split_part(citizen_id, '-', 1)")
    rows = _written(connection, tmp_path / "c.parquet", open_cases=("90",))
    (told,) = [row for row in rows if row.template == "chain_succession"]
    assert (told.first_activity_id, told.second_activity_id) == ("A", "B")
    assert (told.n_cases, told.n_citizens) == (22, 10)
    assert (told.n_activated, told.n_activated_citizens) == (22, 10)
    assert (told.n_satisfied, told.n_satisfied_citizens) == (20, 10)
    assert (told.n_violated, told.n_violated_citizens) == (2, 2)


def test_a_slice_without_a_closed_case_or_without_a_constraint_says_so(
    build_warehouse: Any, make_case: Any, tmp_path: Path
) -> None:
    connection = build_warehouse([make_case("1", ("A", "B"))])
    (row,) = _written(connection, tmp_path / "a.parquet", open_cases=("1",))
    assert (row.outcome, row.n_cases, row.template) == ("no_case", 0, None)
    mixed = [make_case(str(i), (f"only {i}",)) for i in range(20)]
    (row,) = _written(build_warehouse(mixed), tmp_path / "b.parquet")
    assert (row.outcome, row.n_cases) == ("no_constraint", 20)


def _told(folder: Path, *rows: ConstraintRow) -> list[tuple[Any, ...]]:
    write_table(ConstraintRow, rows, folder / "c.parquet")
    with Core() as core:
        core.seed("activities")
        core.run(f"create table mining_declare_constraints as from '{folder / 'c.parquet'}'")
        core.make("declare_constraints")
        return core.rows(
            "select n_activated, n_satisfied, n_violated, n_violated_citizens, confidence, "
            "sentence_da, sentence_en from declare_constraints order by template"
        )


def _row(template: str, second: str | None, held: int, violated: int) -> ConstraintRow:
    return ConstraintRow(
        "901", "forsikrede_ledige", "r", "constraint", 300, 290, template, "JOBSAMTALE", second,
        held + violated, held + violated, held, held, violated, violated,
    )


def test_each_template_has_its_sentence_in_both_languages(tmp_path: Path) -> None:
    single = {"existence", "absence", "exactly_one", "init"}
    rows = [_row(one, None if one in single else "MIN_PLAN", 192, 12) for one in TEMPLATES]
    told = _told(tmp_path, *rows)
    assert len({row[5] for row in told}) == len({row[6] for row in told}) == len(TEMPLATES)
    for row in told:
        assert row[:5] == (200, 190, 10, 5, 0.95)
        assert row[5].startswith("I omkring 190 af 200 sager gælder: ")
        assert row[6].startswith("In about 190 of 200 cases: ")
        assert "{" not in row[5] + row[6]


@pytest.mark.parametrize(("held", "violated", "n_told"), [(200, 4, 0), (4, 0, 0), (200, 0, 1)])
def test_what_a_few_hold_or_violate_is_not_told(
    tmp_path: Path, held: int, violated: int, n_told: int
) -> None:
    assert len(_told(tmp_path, _row("response", "MIN_PLAN", held, violated))) == n_told


def test_a_slice_without_constraints_says_why(tmp_path: Path) -> None:
    none = ConstraintRow("901", "p", "r", "no_case", 0, 0)
    ((*figures, danish, english),) = _told(tmp_path, none)
    assert figures == [None] * 5
    assert (danish, english) == (
        "Der er ingen afsluttede sager at bedømme.", "There are no closed cases to judge."
    )
