"""Moving a boundary of the law by one day changes the cases of that day, and no other.

A few hundred made-up courses of four years, dense around the days that are moved.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from tests.law.core_sql import Town

DAY = timedelta(days=1)
LAW_STARTS, STOP_ENDS = date(2024, 1, 1), date(2020, 5, 27)
AS_OF = date(2024, 9, 1)
N_COURSES = 600

Key = tuple[str, str, str]
Outcomes = dict[Key, dict[str, Any]]


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with Town() as made:
        _settle(made, Random(42))
        made.log()
        yield made


def _settle(town: Town, rng: Random) -> None:
    for number in range(N_COURSES):
        group = rng.choice(["6.1", "6.2"])
        around = rng.choice([
            LAW_STARTS, date(2020, 3, 12), STOP_ENDS, AS_OF - timedelta(days=100),
            AS_OF - timedelta(days=7), AS_OF - timedelta(days=14),
        ])  # fmt: skip
        registered = around + timedelta(days=rng.choice([-1, 0, 1, rng.randrange(-90, 90)]))
        length = rng.choice([rng.randrange(1, 40), rng.randrange(40, 400), None])
        ended = registered + timedelta(days=length) if length else None
        if ended is not None and ended > AS_OF:
            ended = None
        course = f"course-{number:03}"
        town.course(course, group, str(registered), ended and str(ended))
        town.event(course, "TILMELDT" if group == "6.1" else "FOERSTE_HENVENDELSE", str(registered))
        last = ended or AS_OF
        for _ in range(rng.randrange(7)):
            near = rng.choice([7, 8, 14, 15, rng.randrange(120), rng.randrange(250)])
            day = registered + timedelta(days=near)
            if day <= last:
                activity, party = rng.choice([
                    ("JOBSAMTALE", "municipality"), ("JOBSAMTALE", "unemployment_fund"),
                    ("CV_SAMTALE", "unemployment_fund"), ("FAELLESSAMTALE", "joint"),
                    ("JOBSAMTALE", None), ("OVERGANG_KOMMUNE", None), ("CV_GODKENDT", None),
                ])  # fmt: skip
                town.event(course, activity, str(day), party)
        if rng.random() < 0.2:
            begins = registered + timedelta(days=rng.randrange(20))
            town.event(course, "FRAVAER_START", str(begins))
            town.event(course, "FRAVAER_SLUT", str(begins + timedelta(days=rng.randrange(9))))


def _outcomes(town: Town, as_of: date = AS_OF) -> Outcomes:
    """Every outcome under the law as it stands in the tables, by case, rule and version."""
    town.build()
    town.judge(as_of)
    names = (
        "case_id", "rule_id", "version", "anchor_on", "due_on", "due_less_stops_on", "first_on",
        "counted", "outcome", "reason",
    )
    rows = town.rows(f"select {', '.join(names)} from rule_outcomes")
    ended = dict(town.rows("select course_id, ended_on from int_courses"))
    return {
        row[:3]: {**dict(zip(names, row, strict=True)), "ended_on": ended[row[0]]} for row in rows
    }


def _after(town: Town, *changes: str, as_of: date = AS_OF) -> tuple[Outcomes, Outcomes]:
    """The outcomes before and after these statements change the law; it is put back afterwards."""
    before = _outcomes(town, as_of)
    try:
        for change in changes:
            town.run(change)
        return before, _outcomes(town, as_of)
    finally:
        town.seed("regimes", "rules", "clock_stops")


def _changed(before: Outcomes, after: Outcomes, *columns: str) -> set[Key]:
    """The judgements that are on one side only, or differ in one of the columns (all if none named)."""

    def told(row: dict[str, Any] | None) -> object:
        return row and [row[name] for name in columns or row]

    return {
        key for key in before.keys() | after.keys() if told(before.get(key)) != told(after.get(key))
    }


def test_a_law_that_starts_a_day_later_loses_the_cases_registered_on_that_day(town: Town) -> None:
    later = LAW_STARTS + DAY
    before, after = _after(
        town,
        f"update regimes set valid_to = '{later}' where valid_to = '{LAW_STARTS}'",
        f"update regimes set valid_from = '{later}' where valid_from = '{LAW_STARTS}'",
    )
    registered = dict(town.rows("select course_id, registered_on from int_courses"))
    of_that_day = {case for case, day in registered.items() if day == LAW_STARTS}
    changed = {case for case, *_ in _changed(before, after)}
    assert len(of_that_day) > 20
    assert changed <= of_that_day
    # everybody of that day is now judged by the wording of the law before
    versions = {(case, version) for case, _, version in after if case in of_that_day}
    assert {version for case, version in versions} == {"A"}
    judged_by_b = {case for case, _, version in before if case in of_that_day and version == "B"}
    assert judged_by_b <= changed


@pytest.mark.parametrize("rule", ["LAB31_G2_5_FIRST_TALK_1W", "LAB31_G1_FUND_FIRST_TALK_2W"])
@pytest.mark.parametrize("as_of", [AS_OF, AS_OF - timedelta(days=80)])
def test_a_deadline_a_day_longer_changes_the_cases_that_hang_on_that_day(
    town: Town, rule: str, as_of: date
) -> None:
    before, after = _after(
        town,
        "update rules set window_to = case window_unit when 'week' then 7 * window_to end + 1,"
        f" window_unit = 'day' where rule_id = '{rule}'",
        as_of=as_of,
    )
    by_whom_unknown = set(town.rows(
        "select object_id, occurred_on from events join event_objects using (event_id)"
        " where activity_id = 'JOBSAMTALE' and responsible_party is null"
    ))  # fmt: skip

    def hangs_on_the_day(key: Key) -> bool:
        """Something happened on the day the window gained, or ended, or the data end on it."""
        row, day = before[key], after[key]["due_less_stops_on"]
        return (
            day in (row["first_on"], row["ended_on"], as_of) or (key[0], day) in by_whom_unknown
            # the day it gained is one that a stop takes out, with all that follow
            or day > row["due_less_stops_on"] + DAY
        )

    breached = {key for key, row in before.items() if key[1] == rule and row["outcome"] == "breached"}
    changed = _changed(before, after, "outcome", "reason")
    assert {key[1] for key in changed} == {rule}
    assert changed & breached
    assert all(hangs_on_the_day(key) for key in changed)
    # what was met stays met; a longer window makes nobody break the law
    assert all(after[key]["outcome"] != "breached" for key in changed)
    assert all(before[key]["outcome"] != "fulfilled" for key in changed)
    held_that_day = {
        key for key in breached if before[key]["first_on"] == after[key]["due_less_stops_on"]
    }
    assert held_that_day
    assert held_that_day <= changed


def test_a_stop_a_day_longer_pushes_the_windows_that_hold_that_day(town: Town) -> None:
    before, after = _after(
        town, f"update clock_stops set ends_on = '{STOP_ENDS + DAY}' where stop_id = 'COVID-1'"
    )
    named = {rule for (rule,) in town.rows(
        "select unnest(string_split(rule_id, '|')) from clock_stops where rule_id is not null"
    )}  # fmt: skip
    held = {
        key for key, row in before.items()
        # a rule with a longer stop of its own has lost that day already
        if key[1] not in named and row["anchor_on"] and row["due_less_stops_on"]
        and row["anchor_on"] < STOP_ENDS <= row["due_less_stops_on"]
    }  # fmt: skip
    pushed = _changed(before, after, "due_less_stops_on")
    absent = {case for (case,) in town.rows(
        "select object_id from events join event_objects using (event_id)"
        " where activity_id = 'FRAVAER_START'"
    )}  # fmt: skip
    # a day that an absence removed already is not removed twice
    assert pushed <= held
    assert {key for key in held - pushed if key[0] not in absent} == set()
    assert len(pushed) > 20
    assert all(after[key]["due_less_stops_on"] > before[key]["due_less_stops_on"] for key in pushed)
    assert _changed(before, after) <= pushed


def test_the_day_the_data_are_of_decides_only_what_was_open(town: Town) -> None:
    before = _outcomes(town, AS_OF)
    after = _outcomes(town, AS_OF + DAY)
    changed = _changed(before, after, "outcome", "reason")
    assert changed
    for key in changed:
        assert before[key]["outcome"] == "pending"
        assert before[key]["due_less_stops_on"] == AS_OF
