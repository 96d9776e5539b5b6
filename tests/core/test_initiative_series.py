"""The series an initiative is judged by: who is counted, on which side, and with what measure."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from tests.law.core_sql import DBT_PROJECT, MUNICIPALITY, Core

_TABLES = """
create table cases (
    process_id varchar, case_id varchar, citizen_id varchar, target_group varchar, registered_on date,
    ended_on date
);
create table event_log (
    process_id varchar, case_id varchar, event_number bigint, activity_id varchar,
    activity_code smallint, occurred_on date, org_unit_id varchar,
    case_number ubigint as (hash(case_id)), event_id varchar as (case_id || event_number)
);
create view caseworker_changes as
select case_number, event_id, null as not_counted_because from event_log where activity_id = 'SHIFT';
create table activity_codes (activity_id varchar, family varchar);
insert into activity_codes values ('TALK', 'talk'), ('PLAN', 'plan'), ('SHIFT', 'caseworker_change');
create table rule_outcomes (process_id varchar, case_id varchar, rule_id varchar, outcome varchar);
"""
_START = date(2024, 3, 4)
_CODES = {"TALK": 1, "PLAN": 2, "SHIFT": 3}


class Office(Core):
    """A municipality with one initiative from 4 March 2024 on; the data are of 1 August 2024."""

    def __init__(self) -> None:
        super().__init__()
        self.run(_TABLES)
        self.seed("calendar", "initiatives")
        self.seed("quality_limits", seeds=DBT_PROJECT / "detectors")
        self.run("delete from initiatives")
        self.make("int_working_days")
        self.as_of("2024-08-01")
        self.make("int_as_of")

    def initiative(self, **cells: Any) -> None:
        row = {
            "initiative_id": "I", "municipality_id": MUNICIPALITY, "process_id": "p",
            "starts_on": _START, "measure": "days_to_first_talk", "follow_up_days": 30, **cells,
        }
        columns, marks = ", ".join(row), ", ".join("?" * len(row))
        self.connection.execute(
            f"insert into initiatives ({columns}) values ({marks})", list(row.values())
        )

    def case(
        self, case: str, days_from_start: int, *acts: tuple[str, int], ended_after: int | None = None,
        group: str = "6.2", citizen: str | None = None, unit: str | None = None,
    ) -> None:
        """Begun so many days from the start of the initiative, with acts so many days later."""
        on = _START + timedelta(days=days_from_start)
        ended_on = None if ended_after is None else on + timedelta(days=ended_after)
        self.insert("cases", [("p", case, citizen or case, group, on, ended_on)])
        columns = "process_id, case_id, event_number, activity_id, activity_code, occurred_on"
        self.insert(f"event_log ({columns}, org_unit_id)", [
            ("p", case, number, act, _CODES[act], on + timedelta(days=after), unit)
            for number, (act, after) in enumerate(acts, start=1)
        ])

    def values(self) -> dict[str, float | None]:
        self.make("initiative_cases")
        self.make("initiative_values")
        return dict(self.rows("select case_id, measured from initiative_values order by case_id"))


@pytest.fixture
def office() -> Iterator[Office]:
    with Office() as office:
        yield office


def test_a_case_is_counted_only_where_its_days_of_follow_up_lie_on_its_own_side(office: Office) -> None:
    office.initiative()
    office.case("before", -30, ("TALK", 4))
    office.case("caught by the start", -29, ("TALK", 4))
    office.case("after", 0, ("TALK", 4))
    office.case("just old enough", 120, ("TALK", 4))
    office.case("too young", 121, ("TALK", 4))
    assert list(office.values()) == ["after", "before", "just old enough"]


def test_after_the_initiative_ended_its_cases_are_not_under_it(office: Office) -> None:
    office.initiative(ends_on=_START + timedelta(days=60))
    office.case("whole", 30, ("TALK", 4))
    office.case("not whole", 31, ("TALK", 4))
    assert list(office.values()) == ["whole"]


def test_who_never_had_a_talk_counts_for_all_the_days_and_who_left_first_not_at_all(
    office: Office,
) -> None:
    office.initiative()
    office.case("had it", 0, ("PLAN", 1), ("TALK", 4), ("TALK", 9))
    office.case("never", 0, ("PLAN", 1))
    office.case("later", 0, ("TALK", 30))
    office.case("left", 0, ("PLAN", 1), ended_after=20)
    assert office.values() == {"had it": 4, "later": 30, "left": None, "never": 30}


@pytest.mark.parametrize(
    ("measure", "item", "value"),
    [
        ("lead_time_days", None, 20), ("working_days", None, 14), ("days_to_first_talk", None, 4),
        ("days_to_activity", "PLAN", 2), ("n_talks", None, 2), ("n_events", None, 4),
        ("n_repeated_events", None, 1), ("caseworker_changes", None, 1),
        ("share_with_activity", "PLAN", 1), ("share_with_activity", "NOTHING", 0),
        ("share_rule_fulfilled", "R", 0),
    ],
)
def test_each_measure_is_of_the_days_of_follow_up(
    office: Office, measure: str, item: str | None, value: float
) -> None:
    office.initiative(measure=measure, measure_item=item)
    acts = (("PLAN", 2), ("TALK", 4), ("TALK", 12), ("SHIFT", 19), ("TALK", 31))
    office.case("case", 0, *acts, ended_after=20)
    office.insert("rule_outcomes", [("p", "case", "R", one) for one in ("fulfilled", "breached")])
    assert office.values() == {"case": value}


def test_a_rule_that_did_not_judge_a_case_says_nothing_of_it(office: Office) -> None:
    office.initiative(measure="share_rule_fulfilled", measure_item="R")
    office.case("kept", 0)
    office.case("not yet", 0)
    office.insert("rule_outcomes", [("p", "kept", "R", "fulfilled"), ("p", "not yet", "R", "pending")])
    assert office.values() == {"kept": 1, "not yet": None}


def test_groups_and_units_part_those_it_is_for_from_those_compared(office: Office) -> None:
    office.initiative(target_groups="6.2", comparison_groups="6.3|6.4", comparison_units="NORTH")
    office.case("target", 0, ("TALK", 1))
    office.case("compared", 0, ("TALK", 1), group="6.3", unit="NORTH")
    office.case("elsewhere", 0, ("TALK", 1), group="6.3", unit="SOUTH")
    office.case("no unit", 0, ("TALK", 1), group="6.3")
    office.case("neither", 0, ("TALK", 1), group="6.8", unit="NORTH")
    office.make("initiative_cases")
    assert office.rows("select arm, case_id from initiative_cases order by all") == [
        ("comparison", "compared"), ("target", "target"),
    ]


def test_an_initiative_of_another_municipality_is_none_of_ours(office: Office) -> None:
    office.initiative(municipality_id="902")
    office.case("case", 0, ("TALK", 4))
    assert office.values() == {}


def test_periods_are_of_four_weeks_counted_from_the_start_and_hold_sums_alone(office: Office) -> None:
    office.initiative()
    office.case("last of before", -30, ("TALK", 3))
    office.case("once", 0, ("TALK", 2), citizen="one citizen")
    office.case("once more", 27, ("TALK", 5), citizen="one citizen")
    office.case("left", 27, ended_after=3)
    office.case("next period", 28, ("TALK", 7), citizen="one citizen")
    office.values()
    office.make("initiative_periods")
    assert office.rows("select * from initiative_periods order by is_after, period_number") == [
        ("I", "target", False, -2, 1, 1, 3.0, 9.0, 0),
        ("I", "target", True, 0, 2, 1, 7.0, 29.0, 1),
        ("I", "target", True, 1, 1, 0, 7.0, 49.0, 0),
    ]
