"""The rows an example puts into the warehouse: a course and its events, as the sources tell them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

import duckdb

from pm_pipeline.law.scenarios.example import start_act
from pm_pipeline.law.scenarios.form import Act, Given
from pm_pipeline.registry import CaseObject, Process, Registry, Rule

#: What the models are given: the tables that examples fill by hand. Everything else is the models' own.
GIVEN = ("int_courses", "events", "event_objects", "int_as_of")

_COLUMNS = {
    "int_courses": (
        "course_id varchar, citizen_id varchar, course_type varchar, system_id varchar,"
        " case_key varchar, citizen_key varchar, target_group varchar, unemployment_fund varchar,"
        " registered_on date, ended_on date, vanished_on date"
    ),
    "events": (
        "event_key ubigint, event_id varchar, activity_id varchar, occurred_at timestamp,"
        " occurred_on date,"
        " occurred_precision varchar, delivered_on date, source_file varchar, source_row bigint,"
        " delivery_id varchar, responsible_party varchar, resource_type varchar, org_unit_id varchar"
    ),
    "event_objects": "event_id varchar, object_id varchar, object_type varchar, qualifier varchar",
    "int_as_of": "as_of_on date",
}


@dataclass
class Rows:
    """Rows for the given tables."""

    courses: list[tuple[Any, ...]] = field(default_factory=list)
    events: list[tuple[Any, ...]] = field(default_factory=list)
    event_objects: list[tuple[Any, ...]] = field(default_factory=list)

    def add(self, citizen_id: str, process: Process, notions: Mapping[str, str], given: Given,
            acts: Iterable[Act]) -> None:
        """One course of a citizen of its own, and what happened in it. Only days are known."""
        is_object = notions[process.case_notion] == CaseObject.OBJECT
        kind = process.case_object_type if is_object else "course"
        course_id = f"{citizen_id}/course"
        self.courses.append((
            course_id, citizen_id, kind, "example", course_id, citizen_id, given.target_group,
            given.fund, given.registered, given.closed, None,
        ))
        for number, act in enumerate(acts, start=1):
            event_id = f"{course_id}/{number:03}"
            self.events.append((
                len(self.events), event_id, act.activity_id, datetime.combine(act.on, time()), act.on,
                "day", act.on, "example", number, "example", act.party, None, None,
            ))
            self.event_objects.append((event_id, course_id, kind, None))


def acts_of(process: Process, rule: Rule, given: Given) -> tuple[Act, ...]:
    """The acts of a course with the one that starts the process."""
    start = start_act(process, rule, given)
    return (*((start,) if start else ()), *given.events)


def municipality_of(registry: Registry, given: Given) -> str:
    """Where the case lies: as told, else the first of its region, else the first that takes part."""
    if given.municipality is not None:
        return given.municipality
    towns = [one for one in registry.municipalities if given.region in (None, one.region)]
    return next((one for one in towns if one.is_active), towns[0]).municipality_id


def make_given(connection: duckdb.DuckDBPyConnection, relations: Mapping[str, str]) -> None:
    """Empty tables of the given kind."""
    for name, columns in _COLUMNS.items():
        connection.execute(f"create or replace table {relations[name]} ({columns})")


def fill(connection: duckdb.DuckDBPyConnection, relations: Mapping[str, str], rows: Rows) -> None:
    """Put ``rows`` in the place of what the given tables held."""
    make_given(connection, relations)
    for name, records in (
        ("int_courses", rows.courses), ("events", rows.events), ("event_objects", rows.event_objects),
    ):
        _insert(connection, relations[name], records)


def set_as_of(connection: duckdb.DuckDBPyConnection, relations: Mapping[str, str], day: date) -> None:
    """The data are of this day."""
    connection.execute(f"delete from {relations['int_as_of']}")
    _insert(connection, relations["int_as_of"], [(day,)])


def _insert(
    connection: duckdb.DuckDBPyConnection, relation: str, records: Sequence[Sequence[object]]
) -> None:
    if records:
        record = f"({', '.join('?' * len(records[0]))})"
        connection.execute(
            f"insert into {relation} values {', '.join([record] * len(records))}",
            [value for one in records for value in one],
        )
