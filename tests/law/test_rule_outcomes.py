"""Cases a lawyer can read (``timelines.md``) judged by the SQL that judges every case."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.law.core_sql import MUNICIPALITY, Core, Town

TABLES = Path(__file__).with_name("timelines.md")
REGIME = "made_up__20200101"
CASE_COLUMNS = (
    "process_id varchar, case_id varchar, citizen_id varchar, municipality_id varchar,"
    " target_group varchar, regime_id varchar, ended_on date"
)
EVENT_COLUMNS = (
    "process_id varchar, case_id varchar, activity_id varchar, occurred_on date,"
    " responsible_party varchar"
)
RULE_COLUMNS = (
    "rule_id varchar, version varchar, regime_id varchar, kind varchar,"
    " applies_to_target_groups varchar, scope_municipalities varchar, anchor_activity_id varchar,"
    " required_activity_id varchar, responsible_party varchar, min_count integer,"
    " window_from integer, window_to integer, window_unit varchar"
)
ACTS = {
    "R": ("TILMELDT", None),
    "M": ("JOBSAMTALE", "municipality"),
    "F": ("JOBSAMTALE", "unemployment_fund"),
    "J": ("FAELLESSAMTALE", "joint"),
    "?": ("JOBSAMTALE", None),
}


@dataclass(frozen=True)
class Timeline:
    """A case and what is expected of it; an empty cell is None."""

    case: str
    rule: str
    group: str | None
    happens: str
    closed: str | None
    as_of: str
    outcome: str
    reason: str | None
    late: str | None
    n: str | None

    @property
    def expected(self) -> list[tuple[Any, ...]]:
        if self.outcome == "no row":
            return []
        return [(self.outcome, self.reason, self.late and int(self.late), int(self.n or 0))]


def _read_table(heading: str) -> list[list[str | None]]:
    """The rows of the Markdown table under a heading."""
    section = TABLES.read_text("utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() or None for cell in line.strip("|").split("|")] for line in lines[2:]]


TIMELINES = [Timeline(*cells) for cells in _read_table("Timelines")]
BY_NAME = {one.case: one for one in TIMELINES}


@pytest.fixture(scope="module")
def core() -> Iterator[Core]:
    with Core() as made:
        made.run(f"create table cases ({CASE_COLUMNS}); create table event_log ({EVENT_COLUMNS});")
        made.run(f"create table rules ({RULE_COLUMNS})")
        made.seed("clock_stops")
        made.insert("rules", _rules())
        yield made


def _rules() -> Iterator[tuple[object, ...]]:
    """The rules of the first table, written as the seed is."""
    for rule, kind, groups, towns, acts, parties, at_least, window in _read_table("Rules"):
        listed = [one and one.replace("/", "|") for one in (groups, towns, "TILMELDT", acts, parties)]
        bounds, unit = str(window).split()
        yield rule, "X", REGIME, kind, *listed, at_least, *bounds.split("-"), unit


def _judge(core: Core, one: Timeline, regime: str | None = REGIME) -> None:
    """Put this one case into the core and build the outcomes."""
    core.run("delete from cases; delete from event_log;")
    case = ("p", "case", "citizen", MUNICIPALITY, one.group, regime, one.closed)
    core.insert("cases", [case])
    told = [act.split() for act in one.happens.split(", ")]
    core.insert(
        "event_log", [("p", "case", ACTS[who][0], day, ACTS[who][1]) for who, day in told]
    )
    core.as_of(one.as_of)
    core.make("rule_outcomes")


@pytest.mark.parametrize("timeline", TIMELINES, ids=[one.case for one in TIMELINES])
def test_a_case_is_judged_as_the_table_says(core: Core, timeline: Timeline) -> None:
    _judge(core, timeline)
    found = core.rows(
        "select outcome, reason, days_late, counted from rule_outcomes"
        f" where rule_id = '{timeline.rule}'"
    )
    assert found == timeline.expected


def test_every_rule_of_the_table_is_shown_by_a_timeline() -> None:
    assert {cells[0] for cells in _read_table("Rules")} == {one.rule for one in TIMELINES}
    assert len(BY_NAME) == len(TIMELINES)


def test_a_case_has_one_row_per_rule_that_applies_and_tells_its_window(core: Core) -> None:
    _judge(core, BY_NAME["held on the due day itself"])
    found = core.rows(
        "select rule_id, anchor_on::varchar, window_starts_on::varchar, due_on::varchar,"
        " first_on::varchar, required_count from rule_outcomes order by rule_id"
    )
    r, held = "2024-03-01", "2024-03-08"
    assert found == [
        ("2 in month 2-3", r, "2024-04-01", "2024-06-01", None, 2),
        ("3 in 3 months", r, r, "2024-06-01", held, 3),
        ("all groups", r, r, "2024-03-08", held, 1),
        ("first, 1 month", r, r, "2024-04-01", held, 1),
        ("first, 1 week", r, r, "2024-03-08", held, 1),
        ("first, anybody", r, r, "2024-03-08", held, 1),
        ("this town", r, r, "2024-03-08", held, 1),
    ]


def test_a_case_outside_every_regime_is_not_judged(core: Core) -> None:
    _judge(core, BY_NAME["never held"], regime=None)
    assert core.rows("select * from rule_outcomes") == []


@pytest.mark.parametrize(
    ("kinds", "outcome"),
    [("deadline", "not_computable"), ("min_count|deadline", "not_computable"),
     ("min_count", "breached"), (None, "breached")],
)  # fmt: skip
def test_a_stop_without_an_end_goes_on_for_the_kinds_it_names(
    core: Core, kinds: str | None, outcome: str
) -> None:
    never_held = BY_NAME["never held"]
    core.run("create table shipped as from clock_stops; delete from clock_stops;")
    core.insert("clock_stops (stop_id, starts_on, rule_kinds)", [("S", "2024-03-08", kinds)])
    try:
        _judge(core, never_held)
        found = core.rows(f"select outcome from rule_outcomes where rule_id = '{never_held.rule}'")
    finally:
        core.run("create or replace table clock_stops as from shipped; drop table shipped;")
    assert found == [(outcome,)]


INSURED_B = ["LAB31_G1_FUND_FIRST_TALK_2W", "LAB31_G1_FUND_TALKS_3M", "LAB31_G1_MUNICIPALITY_TALKS_6M"]
INSURED_A = ["LAB25_G1_CV_TALK_2W", "LAB31_G1_MUNICIPALITY_TALKS_6M"]
CASH = ["LAB31_G2_5_FIRST_TALK_1W", "LAB31_G2_5_TALKS_6M"]
# registered on, version, rules of insured people, rules of people on social assistance
COHORTS = [
    ("2019-12-31", None, [], []),
    ("2020-01-01", "A", INSURED_A, CASH),
    ("2023-12-31", "A", INSURED_A, CASH),
    ("2024-01-01", "B", INSURED_B, CASH),
    ("2026-06-30", "B", INSURED_B, CASH),
    ("2026-07-01", None, [], []),  # version C judges a population, no single case
]


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    """Registered around the days on which the shipped regimes change; the same talks for all."""
    with Town() as made:
        for group, first in (("6.1", "TILMELDT"), ("6.2", "FOERSTE_HENVENDELSE")):
            for day, *_ in COHORTS:
                course = f"{group} {day}"
                made.course(course, group, day)
                made.event(course, first, day)
        for course in ("6.1 2023-12-31", "6.1 2024-01-01"):
            made.event(course, "JOBSAMTALE", "2024-02-05", "municipality")
            made.event(course, "JOBSAMTALE", "2024-04-05", "municipality")
            made.event(course, "FAELLESSAMTALE", "2024-05-06", "joint")
        made.build()
        made.as_of("2027-01-01")
        made.make("rule_outcomes")
        yield made


@pytest.mark.parametrize(("registered_on", "version", "insured", "cash"), COHORTS)
def test_a_cohort_is_judged_by_the_law_of_its_registration(
    town: Town, registered_on: str, version: str | None, insured: list[str], cash: list[str]
) -> None:
    for group, rules in (("6.1", insured), ("6.2", cash)):
        found = town.rows(
            "select rule_id, version from rule_outcomes"
            f" where case_id = '{group} {registered_on}' order by rule_id"
        )
        assert found == [(rule, version) for rule in rules]


def test_the_same_talks_break_the_law_of_2020_and_keep_that_of_2024(town: Town) -> None:
    """Two own talks and a joint one: four own talks were asked for, then three of either kind."""
    found = town.rows(
        "select version, required_count, counted, outcome from rule_outcomes"
        " where rule_id = 'LAB31_G1_MUNICIPALITY_TALKS_6M' and case_id in"
        " ('6.1 2023-12-31', '6.1 2024-01-01') order by version"
    )
    assert found == [("A", 4, 2, "breached"), ("B", 3, 3, "fulfilled")]


def test_no_shipped_share_of_a_population_is_turned_into_a_breach(town: Town) -> None:
    assert town.rows("select distinct kind from rules order by kind") == [
        ("deadline",), ("min_count",), ("population_share",)
    ]  # fmt: skip
    assert town.rows("select distinct kind from rule_outcomes order by kind") == [
        ("deadline",), ("min_count",)
    ]  # fmt: skip
