"""The map of objects: as pm4py counts it, once per event, in the order of the log."""

import random
import warnings
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.flow.town import FlowTown

_BEGAN = datetime(2024, 3, 1, 9)
_ACTS = ("TILMELDT", "JOBSAMTALE", "MIN_PLAN", "CV_GODKENDT")
Arc = tuple[str, str | None, str | None]


@pytest.fixture
def town() -> Iterator[FlowTown]:
    with FlowTown() as town:
        yield town


def _relate(town: FlowTown, event_id: str, kind: str, object_id: str) -> None:
    town.connection.execute("insert into event_objects values (?, ?, ?)", [event_id, object_id, kind])


def _arcs(town: FlowTown, kind: str) -> dict[Arc, tuple[int, int, int]]:
    town.log()
    town.run(
        "create or replace table objects as select distinct object_id, object_type from event_objects"
    )
    town.make("object_follows")
    found = town.rows(
        "select arc_kind, from_activity_id, to_activity_id, n_occurrences, n_objects, n_citizens"
        f" from object_follows where process_id = 'forsikrede_ledige' and object_type = '{kind}'"
    )
    return {(arc, one, other): tuple(figures) for arc, one, other, *figures in found}


def _ocdfg(town: FlowTown) -> Any:
    """pm4py's object-centric graph of the same events and objects."""
    import pandas as pd
    import pm4py
    from pm4py.objects.ocel.obj import OCEL

    events = town.rows("select event_id, activity_id, occurred_at from events order by occurred_at")
    relations = town.rows(
        "select event_id, activity_id, occurred_at, object_id, object_type from event_objects"
        " join events using (event_id) order by occurred_at"
    )
    names = ["ocel:eid", "ocel:activity", "ocel:timestamp"]
    ocel = OCEL(
        events=pd.DataFrame(events, columns=names),
        objects=pd.DataFrame(
            sorted({row[3:] for row in relations}), columns=["ocel:oid", "ocel:type"]
        ),
        relations=pd.DataFrame(relations, columns=[*names, "ocel:oid", "ocel:type"]),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pm4py.discover_ocdfg(ocel)


def test_arcs_begins_and_ends_are_those_of_pm4py(town: FlowTown) -> None:
    rng = random.Random(8)
    minutes = rng.sample(range(90_000), 300)
    for number in range(20):
        citizen = f"citizen-{number % 7}"
        town.course(f"course-{number:02}", "6.1", "2024-03-01", citizen=citizen)
        for _ in range(rng.randrange(1, 9)):
            at = str(_BEGAN + timedelta(minutes=minutes.pop()))
            town.act(f"course-{number:02}", rng.choice(_ACTS), at)
            _relate(town, town.last_event_id, "citizen", citizen)
            for kind, share in (("offer", 0.5), ("plan", 0.4)):
                if rng.random() < share:
                    _relate(town, town.last_event_id, kind, f"{kind}-{rng.randrange(12)}")
    found = {kind: _arcs(town, kind) for kind in ("course", "citizen", "offer", "plan")}
    wanted = _ocdfg(town)
    for kind, arcs in found.items():
        follows = {(a, b): figures for (arc, a, b), figures in arcs.items() if arc == "follows"}
        edges = wanted["edges"]["total_objects"][kind]
        objects = wanted["edges"]["unique_objects"][kind]
        assert {pair: n for pair, (n, *_) in follows.items()} == {p: len(e) for p, e in edges.items()}
        assert {pair: n for pair, (_, n, _) in follows.items()} == {
            pair: len(one) for pair, one in objects.items()
        }
        for side, place in (("start", 2), ("end", 1)):
            counts = Counter({arc[place]: n for arc, (n, *_) in arcs.items() if arc[0] == side})
            theirs = wanted[f"{side}_activities"]["unique_objects"][kind]
            assert counts == {activity: len(one) for activity, one in theirs.items()}
    assert sum(n for n, *_ in found["offer"].values()) > 40


def test_an_event_named_twice_or_of_two_cases_happened_once(town: FlowTown) -> None:
    for course in ("c1", "c2"):
        town.course(course, "6.1", "2024-03-01", citizen="one")
    town.act("c1", "TILMELDT", "2024-03-01 09:00")
    town.act("c1", "JOBSAMTALE", "2024-03-02 09:00")
    for event_id, kind, name in (
        ("event-001", "offer", "o"), ("event-002", "offer", "o"), ("event-002", "offer", "o"),
        ("event-002", "course", "c2"),
    ):
        _relate(town, event_id, kind, name)
    assert _arcs(town, "offer") == {
        ("start", None, "TILMELDT"): (1, 1, 1), ("follows", "TILMELDT", "JOBSAMTALE"): (1, 1, 1),
        ("end", "JOBSAMTALE", None): (1, 1, 1),
    }
    assert _arcs(town, "course")["end", "JOBSAMTALE", None] == (2, 2, 1)
    cases = town.rows("select distinct n_cases from object_follows where object_type = 'offer'")
    assert cases == [(1,)]


def test_an_act_of_a_day_stands_in_the_life_of_an_object_where_the_log_of_the_case_has_it(
    town: FlowTown,
) -> None:
    town.course("c", "6.1", "2024-03-01", citizen="one")
    town.act("c", "JOBSAMTALE", "2024-03-04 10:00")
    town.act("c", "AFMELDT_JOB", "2024-03-04")
    for event_id in ("event-001", "event-002"):
        _relate(town, event_id, "offer", "o")
    assert ("follows", "JOBSAMTALE", "AFMELDT_JOB") in _arcs(town, "offer")
    assert _arcs(town, "offer") == _arcs(town, "course")


def test_a_unit_has_no_life(town: FlowTown) -> None:
    town.course("c", "6.1", "2024-03-01", citizen="one")
    town.act("c", "JOBSAMTALE", "2024-03-04 10:00")
    _relate(town, "event-001", "unit", "u")
    assert _arcs(town, "unit") == {}
