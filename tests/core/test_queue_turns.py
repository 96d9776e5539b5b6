"""The turns a what-if is fitted from: from a registration or a talk to the next talk or the end."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from tests.law.core_sql import DBT_PROJECT, Core

_TABLES = """
create table cases (
    process_id varchar, case_number integer, citizen_number integer, registered_on date, ended_on date
);
create table log_steps (case_number integer, activity_code smallint, occurred_on date);
create table activity_codes (activity_id varchar, activity_code smallint, family varchar);
insert into activity_codes values ('TALK', 1, 'talk'), ('PLAN', 2, 'plan'), ('OTHER_TALK', 3, 'talk');
create table processes as select 'p' as process_id union all select 'q';
"""
#: The data are of 1 September 2025. 31 days before is a Friday: the last whole week ends on the Sunday
#: before that.
_FIRST, _LAST = date(2024, 7, 29), date(2025, 7, 27)
_CODES = {"TALK": 1, "PLAN": 2, "OTHER_TALK": 3}


class Office(Core):
    def __init__(self) -> None:
        super().__init__()
        self.run(_TABLES)
        self.seed("what_ifs")
        self.seed("quality_limits", seeds=DBT_PROJECT / "detectors")
        self.run("delete from what_ifs")
        self.as_of("2025-09-01")
        self.make("int_as_of")
        # somebody of long ago, so that the log is older than the weeks looked at
        self.case(0, -900, ended_after=3)

    def case(
        self, number: int, days: int, *acts: tuple[str, int], ended_after: int | None = None,
        citizen: int | None = None, process: str = "p",
    ) -> None:
        """Registered so many days after the first day looked at, with acts so many days later."""
        on = _FIRST + timedelta(days=days)
        ended_on = None if ended_after is None else on + timedelta(days=ended_after)
        self.insert("cases", [(process, number, citizen or number, on, ended_on)])
        self.insert(
            "log_steps", [(number, _CODES[act], on + timedelta(days=after)) for act, after in acts]
        )

    def turns(self, activity: str = "TALK") -> list[tuple[Any, ...]]:
        """(case, is first, day begun, day until, outcome), days from the first day looked at."""
        for model in ("case_turns", "queue_turns", "queues"):
            self.make(model)
        return self.rows(
            f"select case_number, is_first, date_diff('day', date '{_FIRST}', begun_on),"
            f" date_diff('day', date '{_FIRST}', until_on), outcome from case_turns"
            f" where activity_id = '{activity}' order by all"
        )


@pytest.fixture
def office() -> Iterator[Office]:
    with Office() as office:
        yield office


def test_a_case_waits_from_its_registration_from_talk_to_talk_and_to_its_end(office: Office) -> None:
    office.case(1, 10, ("TALK", 5), ("PLAN", 6), ("TALK", 30), ("TALK", 30), ended_after=40)
    assert office.turns() == [
        (1, False, 15, 40, "held"), (1, False, 40, 50, "left"), (1, True, 10, 15, "held"),
    ]


def test_an_open_case_waits_still_also_where_it_ends_after_the_weeks_looked_at(office: Office) -> None:
    office.case(1, 10, ("TALK", 5))
    office.case(2, 10, ("TALK", 5), ended_after=360)
    assert [row for row in office.turns() if row[4] == "open"] == [
        (1, False, 15, None, "open"), (2, False, 15, None, "open"),
    ]


def test_only_whole_weeks_are_looked_at_by_which_late_registration_has_caught_up(
    office: Office,
) -> None:
    n_days = (_LAST - _FIRST).days
    office.case(1, -50, ("TALK", 20), ("TALK", 50), ("TALK", 50 + n_days), ("TALK", 51 + n_days))
    assert office.turns() == [
        (1, False, -30, 0, "held"), (1, False, 0, n_days, "held"), (1, False, n_days, None, "open"),
    ]
    assert office.rows("select from_on, until_on, n_weeks from queues") == [(_FIRST, _LAST, 52)]


def test_who_left_before_the_weeks_looked_at_is_not_in_them(office: Office) -> None:
    office.case(1, -50, ("TALK", 20), ended_after=49)
    office.case(2, 0, ("TALK", 3))
    assert {row[0] for row in office.turns()} == {2}


def test_a_talk_on_the_day_the_case_ends_is_held_before_it_ends(office: Office) -> None:
    office.case(1, 0, ("TALK", 9), ended_after=9)
    assert office.turns() == [(1, False, 9, 9, "left"), (1, True, 0, 9, "held")]


def test_a_talk_outside_its_case_is_no_turn_and_is_counted_apart(office: Office) -> None:
    office.case(1, 10, ("TALK", -3), ("TALK", 4), ("TALK", 12), ended_after=9)
    assert [row[4] for row in office.turns()] == ["outside", "left", "outside", "held"]
    assert office.rows("select n_outside from queues") == [(2,)]
    assert office.rows("select sum(n_turns) from queue_turns") == [(2,)]


def test_each_activity_that_is_a_talk_has_its_own_queue_where_the_process_had_it(
    office: Office,
) -> None:
    office.case(1, 0, ("TALK", 3), ("PLAN", 4))
    office.case(2, 0, ("OTHER_TALK", 3), process="q")
    office.turns()
    queues = "select process_id, activity_id from queues order by all"
    assert office.rows(queues) == [("p", "TALK"), ("q", "OTHER_TALK")]


@pytest.mark.parametrize(("municipality", "is_asked"), [("901", True), (None, True), ("902", False)])
def test_what_a_row_asks_about_has_a_queue_though_it_is_no_talk(
    office: Office, municipality: str | None, is_asked: bool
) -> None:
    office.connection.execute(
        "insert into what_ifs (what_if_id, municipality_id, process_id, activity_id, quota_days)"
        " values ('W', ?, 'p', 'PLAN', 30)",
        [municipality],
    )
    office.case(1, 0, ("PLAN", 4))
    assert bool(office.turns("PLAN")) == is_asked


def test_what_is_counted_holds_no_case_and_adds_up(office: Office) -> None:
    for number in range(1, 4):
        office.case(number, 0, ("TALK", 3), ended_after=20, citizen=1)
    office.turns()
    assert office.rows("select * exclude (begun_on, until_on) from queue_turns order by outcome") == [
        ("p", "TALK", True, "held", 3), ("p", "TALK", False, "left", 3),
    ]
    assert office.rows("select n_cases, n_citizens from queues") == [(3, 1)]


def test_of_a_younger_log_the_weeks_since_its_first_whole_one_are_looked_at(office: Office) -> None:
    office.run("delete from cases")
    office.case(1, 8, ("TALK", 3))
    office.turns()
    assert office.rows("select from_on, n_weeks from queues") == [(_FIRST + timedelta(days=14), 50)]


def test_a_log_of_days_has_no_whole_week(office: Office) -> None:
    office.run("delete from cases")
    office.case(1, (_LAST - _FIRST).days - 3, ("TALK", 1))
    office.turns()
    assert office.rows("select n_weeks from queues") == [(0,)]


def test_an_empty_log_has_no_queue(office: Office) -> None:
    office.run("delete from cases")
    assert office.turns() == []
    assert office.rows("select count(*) from queues") == [(0,)]
