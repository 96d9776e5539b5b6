"""Cases a lawyer can read (``timelines.md``) judged by the SQL that judges every case."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.law.core_sql import Core, Town

TABLES = Path(__file__).with_name("timelines.md")
REGIME, PROCESS = "made_up__20200101", "made_up"
CASE_COLUMNS = (
    "process_id varchar, case_id varchar, citizen_id varchar, target_group varchar,"
    " regime_id varchar, registered_on date, ended_on date, unemployment_fund varchar"
)
EVENT_COLUMNS = (
    "process_id varchar, case_id varchar, event_id varchar, event_number integer,"
    " activity_id varchar, occurred_on date, occurred_precision varchar, responsible_party varchar"
)
RULE_COLUMNS = (
    "rule_id, version, regime_id, kind, applies_to_target_groups, scope_municipalities,"
    " required_activity_id, responsible_party, min_count, window_from, window_to, window_unit, clock,"
    " scope_funds, replaces_rule_id, anchor_activity_id, opens_activity_id"
)
ACTS = {
    "R": ("TILMELDT", None),
    "M": ("JOBSAMTALE", "municipality"),
    "F": ("JOBSAMTALE", "unemployment_fund"),
    "J": ("FAELLESSAMTALE", "joint"),
    "?": ("JOBSAMTALE", None),
    "O": ("OVERGANG_KOMMUNE", None),
    "H": ("PARTSHOERING", None),
    "D": ("AFGOERELSE_YDELSE", None),
    "S": ("SANKTION", None),
    "A": ("FRAVAER_START", None),
    "a": ("FRAVAER_SLUT", None),
    "E": ("FRITAGELSE_START", None),
    "e": ("FRITAGELSE_SLUT", None),
}
EXEMPTIONS = (
    ("MADE-UP-ABSENCE", "first, 1 week|3 in 3 months|2 in month 2-3", *(ACTS[who][0] for who in "Aa"),
     "removes_days"),
    ("MADE-UP-EXEMPTION", "first, anybody|no sanction", *(ACTS[who][0] for who in "Ee"), "exempts"),
)


@dataclass(frozen=True)
class Timeline:
    """A case and what is expected of it; an empty cell is None."""

    case: str
    rule: str
    group: str | None
    fund: str | None
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
        made.seed("rules", "regimes", "exemptions", "clock_stops", "municipalities", "processes")
        made.seed("calendar")
        made.make("int_working_days")
        for law in ("rules", "regimes", "exemptions", "processes"):
            made.run(f"delete from {law}")
        made.insert("regimes (regime_id, process_id, valid_from, applies_by)",
                    [(REGIME, PROCESS, "2020-01-01", "case_start")])
        made.insert("processes (process_id, start_activities)", [(PROCESS, "TILMELDT")])
        made.insert("exemptions (exemption_id, rule_id, begins_activity_id, ends_activity_id, effect)",
                    EXEMPTIONS)
        made.insert(f"rules ({RULE_COLUMNS})", _rules())
        yield made


def _rules() -> Iterator[tuple[object, ...]]:
    """The rules of the first table, written as the seed is."""
    for rule, kind, groups, towns, acts, parties, n, window, after, opens, clock, funds in _read_table(
        "Rules"
    ):
        listed = [one and one.replace("/", "|") for one in (groups, towns, acts, parties)]
        bounds, unit = str(window).split() if window else ("-", None)
        first, last = (one or None for one in bounds.split("-"))
        replaces = "first, fund" if rule == "first, fund, trial" else None
        yield (
            rule, "X", REGIME, kind, *listed, n, first, last, unit, clock, funds, replaces,
            after and ACTS[after][0], opens and ACTS[opens][0],
        )


def _judge(core: Core, one: Timeline, regime: str | None = REGIME) -> None:
    """Put this one case into the core and build the outcomes."""
    core.run("delete from cases; delete from event_log;")
    told = [act.split() for act in one.happens.split(", ")]
    core.insert(
        "cases",
        [(PROCESS, "case", "citizen", one.group, regime, told[0][1], one.closed, one.fund)],
    )
    core.insert(
        "event_log",
        [
            (PROCESS, "case", f"event-{number}", number, ACTS[who][0], day, "day", ACTS[who][1])
            for number, (who, day) in enumerate(told, start=1)
        ],
    )
    core.judge(one.as_of)


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
        " first_on::varchar, required_count from rule_outcomes"
        " where kind in ('deadline', 'min_count') and rule_id <> 'by counted hours' order by rule_id"
    )
    r, held = "2024-03-01", "2024-03-08"
    assert found == [
        ("1 week after decision", None, None, None, None, 1),
        ("2 after hand-over", r, None, "2024-09-01", None, 2),  # nothing opened it
        ("2 in month 2-3", r, "2024-04-01", "2024-06-01", None, 2),
        ("3 in 3 months", r, r, "2024-06-01", held, 3),
        ("all groups", r, r, "2024-03-08", held, 1),
        ("first, 1 month", r, r, "2024-04-01", held, 1),
        ("first, 1 week", r, r, "2024-03-08", held, 1),
        ("first, anybody", r, r, "2024-03-08", held, 1),
        ("first, fund", r, r, "2024-03-08", None, 1),
        ("first, fund, trial", r, r, "2024-03-15", None, 1),
        ("this town", r, r, "2024-03-08", held, 1),
    ]


def test_three_durations_are_told_from_the_anchor_to_the_act_that_fulfilled(core: Core) -> None:
    """Calendar days, those that count, and working days: Easter 2024 is 28 March to 1 April."""
    absent = Timeline(
        "c", "first, 1 month", "6.2", None, "R 2024-03-01, A 2024-03-04, a 2024-03-06, M 2024-04-02",
        None, "2024-12-01", "", None, None, None,
    )
    _judge(core, absent)
    durations = (
        "select calendar_days, counted_days, working_days, removed_days, due_on::varchar,"
        " due_less_stops_on::varchar from rule_outcomes where rule_id = "
    )
    assert core.rows(f"{durations}'first, 1 month'") == [(32, 32, 19, 0, "2024-04-01", "2024-04-01")]
    assert core.rows(f"{durations}'first, 1 week'") == [(32, 29, 19, 3, "2024-03-08", "2024-03-11")]
    assert core.rows(f"{durations}'first, fund'") == [(None, None, None, 0, "2024-03-08", "2024-03-08")]


def test_the_days_of_a_count_end_with_the_act_that_reached_it(core: Core) -> None:
    _judge(core, BY_NAME["held on the last day of months pushed by the stop"])
    found = core.rows(
        "select first_on::varchar, reached_on::varchar, calendar_days, counted_days"
        " from rule_outcomes where rule_id = '3 in 3 months'"
    )
    assert found == [("2020-03-10", "2020-08-16", 168, 92)]


@pytest.mark.parametrize(
    ("heard_at", "decided_at", "outcome"),
    [("09:00", "10:00", "fulfilled"), ("11:00", "10:00", "breached"), (None, "10:00", "fulfilled")],
)
def test_the_order_within_a_day_counts_where_both_hours_are_told(
    core: Core, heard_at: str | None, decided_at: str, outcome: str
) -> None:
    _judge(core, BY_NAME["not decided yet"])
    core.run("delete from event_log where event_number > 1")
    heard, decided = (ACTS[who][0] for who in "HD")
    acts = [(heard, heard_at), (decided, decided_at)]
    if heard_at is None or heard_at > decided_at:
        acts.reverse()
    for number, (activity, at) in enumerate(acts, start=2):
        precision = "second" if at else "day"
        core.insert("event_log", [
            (PROCESS, "case", f"e{number}", number, activity, "2024-04-02", precision, None)
        ])  # fmt: skip
    core.judge("2024-12-01")
    found = core.rows("select outcome from rule_outcomes where rule_id = 'heard before decision'")
    assert found == [(outcome,)]


@pytest.mark.parametrize(
    ("region", "outcome"), [("Midtjylland|Sjælland", "fulfilled"), ("Sjælland", "breached")]
)
def test_a_regional_stop_stops_the_clock_of_its_regions_only(
    core: Core, region: str, outcome: str
) -> None:
    """Municipality 901 lies in Midtjylland."""
    late = BY_NAME["held the day after the due day"]
    with _law(core, "clock_stops"):
        core.insert("clock_stops (stop_id, starts_on, ends_on, scope_regions, rule_kinds)",
                    [("S", "2024-03-04", "2024-03-05", region, "deadline")])
        _judge(core, late)
        found = core.rows(f"select outcome from rule_outcomes where rule_id = '{late.rule}'")
    assert found == [(outcome,)]


@pytest.mark.parametrize(
    ("decided_on", "regime"), [("2024-06-30", REGIME), ("2024-07-01", "made_up__20240701")]
)
def test_a_law_that_goes_by_events_binds_by_the_day_of_the_anchor(
    core: Core, decided_on: str, regime: str
) -> None:
    """Registered under the old law; the decision decides, on the day before the change and the day."""
    with _law(core, "regimes"), _law(core, "rules", empty=False):
        core.insert("regimes (regime_id, process_id, valid_from, valid_to, applies_by)", [
            (REGIME, PROCESS, "2020-01-01", "2024-07-01", "event"),
            ("made_up__20240701", PROCESS, "2024-07-01", None, "event"),
        ])  # fmt: skip
        core.run(
            "insert into rules by name select * replace ('made_up__20240701' as regime_id) from rules"
        )
        happens = f"R 2024-03-01, M 2024-04-01, S 2024-06-30, D {decided_on}"
        case = Timeline("c", "", "6.2", None, happens, None, "2025-01-01", "", None, None, None)
        _judge(core, case)
        found = dict(core.rows("select rule_id || ' ' || regime_id, outcome from rule_outcomes"))
    told = {one for one in found if one.startswith("heard before")}
    assert told == {f"heard before decision {regime}"}
    # what is forbidden is so under each law the case lived under, of what happened while it held
    assert found[f"no sanction {REGIME}"] == "breached"
    assert found["no sanction made_up__20240701"] == "pending"
    # what is anchored at the registration stays with the law of that day
    assert f"first, 1 week {REGIME}" in found
    assert "first, 1 week made_up__20240701" not in found


@contextmanager
def _law(core: Core, seed: str, *, empty: bool = True) -> Iterator[None]:
    """Another law while this lasts: the seed is emptied, or may be changed."""
    core.run(f"create table shipped_{seed} as from {seed}")
    if empty:
        core.run(f"delete from {seed}")
    try:
        yield
    finally:
        core.run(f"create or replace table {seed} as from shipped_{seed}; drop table shipped_{seed}")


def test_a_case_outside_every_regime_is_not_judged(core: Core) -> None:
    _judge(core, BY_NAME["never held"], regime=None)
    assert core.rows("select * from rule_outcomes") == []


@pytest.mark.parametrize(
    ("kinds", "outcome"),
    [("deadline", "pending"), ("min_count|deadline", "pending"),
     ("min_count", "breached"), (None, "breached")],
)  # fmt: skip
def test_a_stop_without_an_end_goes_on_for_the_kinds_it_names(
    core: Core, kinds: str | None, outcome: str
) -> None:
    never_held = BY_NAME["never held"]
    with _law(core, "clock_stops"):
        core.insert("clock_stops (stop_id, starts_on, rule_kinds)", [("S", "2024-03-08", kinds)])
        _judge(core, never_held)
        found = core.rows(f"select outcome from rule_outcomes where rule_id = '{never_held.rule}'")
    assert found == [(outcome,)]


def _versions(rules: dict[str, str]) -> list[tuple[str, str]]:
    return sorted((rule, version) for version, names in rules.items() for rule in names.split())


INSURED_A = _versions({
    "A": "LAB102_G1_OFFER_6M LAB23_G1_CV_2W LAB25_G1_CV_TALK_2W LAB31_G1_MUNICIPALITY_TALKS_6M"
    " LAB32_G1_TALK_16M",
})
INSURED_B = _versions({
    # what did not change stands in its first wording
    "A": "LAB102_G1_OFFER_6M LAB23_G1_CV_2W LAB32_G1_TALK_16M",
    "B": "LAB31_G1_FUND_FIRST_TALK_2W LAB31_G1_FUND_TALKS_3M LAB31_G1_MUNICIPALITY_TALKS_6M",
})
# from July 2026 most duties are shares of a population, which judge no single case
INSURED_C = _versions({"A": "LAB32_G1_TALK_16M"})
CASH_A = _versions({
    "A": "LAB102_G2_5_OFFER_6M LAB23_G2_CV_3W LAB31_G2_5_FIRST_TALK_1W LAB31_G2_5_TALKS_6M",
})
CASH_B = _versions({
    "A": "LAB102_G2_5_OFFER_6M LAB23_G2_CV_3W",
    "B": "LAB31_G2_5_FIRST_TALK_1W LAB31_G2_5_TALKS_6M",
})
CASH_C = _versions({"C": "LAB31_G2_FIRST_TALK"})
# registered on, rules of insured people, rules of job-ready people on social assistance
COHORTS = [
    ("2019-12-31", [], []),
    ("2020-01-01", INSURED_A, CASH_A),
    ("2023-12-31", INSURED_A, CASH_A),
    ("2024-01-01", INSURED_B, CASH_B),
    ("2026-06-30", INSURED_B, CASH_B),
    ("2026-07-01", INSURED_C, CASH_C),
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
            made.event(course, "OVERGANG_KOMMUNE", "2024-01-31")
            made.event(course, "JOBSAMTALE", "2024-02-05", "municipality")
            made.event(course, "JOBSAMTALE", "2024-04-05", "municipality")
            made.event(course, "FAELLESSAMTALE", "2024-05-06", "joint")
        made.build()
        made.judge("2027-01-01")
        yield made


@pytest.mark.parametrize(("registered_on", "insured", "cash"), COHORTS)
def test_a_cohort_is_judged_by_the_law_of_its_registration(
    town: Town, registered_on: str, insured: list[tuple[str, str]], cash: list[tuple[str, str]]
) -> None:
    for group, rules in (("6.1", insured), ("6.2", cash)):
        found = town.rows(
            "select rule_id, version from rule_outcomes"
            f" where case_id = '{group} {registered_on}' order by rule_id"
        )
        assert found == rules


def test_the_same_talks_break_the_law_of_2020_and_keep_that_of_2024(town: Town) -> None:
    """Two own talks and a joint one: four own talks were asked for, then three of either kind, from the
    hand-over on."""
    found = town.rows(
        "select version, required_count, counted, outcome from rule_outcomes"
        " where rule_id = 'LAB31_G1_MUNICIPALITY_TALKS_6M' and case_id in"
        " ('6.1 2023-12-31', '6.1 2024-01-01') order by version"
    )
    assert found == [("A", 4, 2, "breached"), ("B", 3, 3, "fulfilled")]


def test_no_shipped_share_of_a_population_is_turned_into_a_breach(town: Town) -> None:
    shipped = {kind for (kind,) in town.rows("select distinct kind from rules")}
    judged = {kind for (kind,) in town.rows("select distinct kind from rule_outcomes")}
    assert shipped == {"deadline", "min_count", "population_share", "precedence", "required"}
    assert judged == {"deadline", "min_count", "required"}
