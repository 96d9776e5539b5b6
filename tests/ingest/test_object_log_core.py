"""An object-centric log from the file to the core: objects, relations, attributes, and their cases."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from ingest_files import Town, shipped_contracts
from ocel_files import CITIZEN, FORMS, SMALL, Log, changed, write_log

from pm_pipeline.ingest.lake.files import ensure_empty_tables
from tests.ingest.log_core import LogCore

CASES = "select n_events, target_group, registered_on from cases order by all"
Deliver = Callable[..., LogCore]


@pytest.fixture
def deliver(town: Town) -> Iterator[Deliver]:
    """Loads logs one after the other and opens the core whose cases are objects of a type."""
    opened: list[LogCore] = []

    def _deliver(*logs: Log, case_type: str = "application", form: str = "jsonocel") -> LogCore:
        contracts = shipped_contracts()
        ensure_empty_tables(contracts.values(), town.lake)
        for day, log in enumerate(logs, start=1):
            town.load(contracts["object_log"], write_log(town.root / f"log{day}.{form}", log), day=day)
        core = LogCore(town.lake)
        opened.append(core)
        for seed in ("processes", "case_systems", "case_notions"):
            core.need(seed)
        notion = case_type if case_type in ("course", "citizen") else "object"
        core.run(f"update case_notions set object_type = '{notion}'")
        core.run(f"update processes set case_object_type = '{case_type}', start_activities = 'apply'")
        core.run(
            "insert into case_systems values ('object_log', null, 'OCEL', 'identity', 'verified', null)"
        )
        return core

    yield _deliver
    for core in opened:
        core.__exit__()


def rows(core: LogCore, sql: str, *models: str) -> list[tuple[Any, ...]]:
    for model in models:
        core.need(model)
    return core.rows(sql)


@pytest.mark.parametrize("form", FORMS)
def test_objects_of_the_type_of_a_process_are_its_cases(form: str, deliver: Deliver) -> None:
    core = deliver(SMALL, form=form)
    assert rows(core, CASES, "cases") == [
        (2, "6.1", date(2024, 3, 1)), (2, None, date(2024, 3, 1)),
    ]
    # both applications belong to the one citizen, whom the log relates them to
    [(citizen,)] = rows(core, "select distinct citizen_id from cases", "cases")
    assert rows(core, "select object_id from objects where object_type = 'citizen'", "objects") == [
        (citizen,)
    ]
    assert core.complaints() == []


@pytest.mark.parametrize("form", FORMS)
def test_relations_and_attributes_stand_in_the_core_as_they_were_told(
    form: str, deliver: Deliver
) -> None:
    core = deliver(SMALL, form=form)
    assert rows(
        core, "select object_type, qualifier, count(*) from event_objects group by all order by all",
        "event_objects",
    ) == [("application", "about", 2), ("application", "creates", 2), ("citizen", "by", 1)]
    assert rows(
        core, "select qualifier, count(*), count(distinct target_object_id) from object_objects"
        " group by all", "object_objects",
    ) == [("of", 2, 1)]
    assert rows(
        core, "select attribute, value, valid_from, valid_to, changed_at from object_attributes"
        " order by valid_from nulls first", "object_attributes",
    ) == [
        ("target_group", "6.2", None, date(2024, 3, 2), None),
        ("target_group", "6.1", date(2024, 3, 2), None, datetime(2024, 3, 2, 9)),
    ]
    assert rows(
        core, "select count(*) from object_objects anti join objects on target_object_id = object_id",
        "objects",
    ) == [(0,)]
    told = str(rows(core, "select * from objects, event_objects, object_attributes"))
    assert CITIZEN not in told and "A1" not in told


def test_an_event_told_again_has_the_relations_it_has_now(deliver: Deliver) -> None:
    def only_one(events: list[Any]) -> None:
        del events[2]["relationships"][1]

    core = deliver(SMALL, changed(events=only_one))
    assert rows(core, CASES, "cases") == [
        (1, None, date(2024, 3, 1)), (2, "6.1", date(2024, 3, 1)),
    ]
    assert rows(
        core, "select reason, count(*) from rejected_events group by all", "rejected_events"
    ) == [("superseded", 3)]
    assert rows(
        core, "select source_table, reason, count(*) from rejected_relations group by all order by all",
        "rejected_relations",
    ) == [("event_objects", "superseded", 5), ("object_objects", "superseded", 2)]
    assert core.complaints() == []


def test_two_qualifiers_of_one_object_do_not_double_the_event(deliver: Deliver) -> None:
    core = deliver(changed(events=lambda events: events[2]["relationships"].append(
        {"objectId": "A1", "qualifier": "grants"})))
    assert rows(core, "select count(*) from event_log", "event_log") == [(4,)]
    assert rows(
        core, "select count(*) from event_objects where qualifier = 'grants'", "event_objects"
    ) == [(1,)]
    assert core.complaints() == []


def test_a_relation_of_an_event_without_a_time_is_rejected_with_it(deliver: Deliver) -> None:
    core = deliver(changed(events=lambda events: events[2].update(time=None)))
    assert rows(core, "select reason, is_fault from rejected_events", "rejected_events") == [
        ("no_time", True)
    ]
    assert rows(
        core, "select source_table, reason from rejected_relations", "rejected_relations"
    ) == [("event_objects", "event_rejected")] * 2
    assert core.complaints() == []


def test_an_object_no_event_concerns_is_a_case_without_events(deliver: Deliver) -> None:
    core = deliver(changed(objects=lambda objects: objects.append(
        {"id": "A3", "type": "application"})))
    assert rows(core, "select n_events, registered_on from cases where n_events = 0", "cases") == [
        (0, None)
    ]
    assert core.complaints() == []


def test_a_process_may_have_the_citizen_of_the_log_as_its_case(deliver: Deliver) -> None:
    core = deliver(SMALL, case_type="citizen")
    assert rows(core, "select n_events, citizen_id = case_id from cases", "cases") == [(1, True)]
    assert core.complaints() == []


def test_a_type_of_the_logs_own_is_not_taken_for_one_of_ours(deliver: Deliver, tmp_path: Path) -> None:
    def renamed(listed: list[Any]) -> None:
        for one in listed:
            for key in ("name", "type"):
                if one.get(key) == "application":
                    one[key] = "course"

    core = deliver(changed(objects=renamed, objectTypes=renamed), case_type="course")
    assert rows(core, "select object_type from objects order by all", "objects") == [
        ("citizen",), ("object_log_course",), ("object_log_course",),
    ]
    assert rows(core, "select count(*) from cases", "cases") == [(0,)]
