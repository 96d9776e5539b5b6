"""Where time goes, against counts made act by act."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from tests.flow.town import FlowTown

PROCESS = "forsikrede_ledige"
KINDS = ("human", "robot", "system", "citizen", None)
MACHINES = ("robot", "system")
Act = tuple[str, datetime, str | None, str | None]
_MODELS = ("case_time", "filter_time", "told_units", "hand_overs", "filter_hand_overs")


@pytest.fixture
def town() -> Iterator[FlowTown]:
    with FlowTown() as made:
        made.seed("unit_sizes", "activity_values")
        made.run("delete from unit_sizes; delete from activity_values")
        yield made


def _journeys(seed: int) -> dict[str, list[Act]]:
    rng = random.Random(seed)
    cases: dict[str, list[Act]] = {}
    for number in range(15):
        at = datetime(2024, 3, 1, 8)
        acts = []
        for _ in range(rng.randint(1, 12)):
            activity = rng.choice(("JOBSAMTALE", "INDKALDT", "CV_SAMTALE"))
            acts.append((activity, at, rng.choice(KINDS), rng.choice(("north", "south", "west", None))))
            at += timedelta(minutes=rng.choice((10, 500, 4000)))
        cases[f"case {number:02}"] = acts
    return cases


def _enter(town: FlowTown, cases: dict[str, list[Act]]) -> None:
    for case, acts in cases.items():
        town.course(case, "6.1", "2024-03-01")
        for activity, at, kind, unit in acts:
            town.act(case, activity, str(at), unit=unit)
            town.connection.execute(
                "update events set resource_type = ? where event_id = ?", [kind, town.last_event_id]
            )
    town.flow()
    _use(town)


def _use(town: FlowTown) -> None:
    for model in _MODELS:
        town.make(model)


def _value(town: FlowTown, activity: str, held: str, since: str, until: str | None = None,
           municipality: str = "901") -> None:
    row = (municipality, activity, since, until, held, "Leder af jobcentret", "", "", None)
    town.insert("activity_values", [row])


def _found(town: FlowTown, breakdown: str, columns: str) -> dict[str, tuple[Any, ...]]:
    rows = town.of(
        PROCESS, f"select item, {columns} from filter_time where {{f}} and breakdown = '{breakdown}'"
    )
    return {item: tuple(figures) for item, *figures in rows}


def _split(cases: dict[str, list[Act]], item: Any) -> tuple[Counter[str], dict[str, float]]:
    """Acts, and days until them, by what ``item`` makes of an act; None leaves it out."""
    acts: Counter[str] = Counter()
    days: dict[str, float] = defaultdict(float)
    for walk in cases.values():
        for act in walk:
            if item(act):
                acts[item(act)] += 1
        for before, act in pairwise(walk):
            if item(act):
                days[item(act)] += (act[1] - before[1]) / timedelta(days=1)
    return acts, days


@pytest.mark.parametrize("seed", range(3))
def test_acts_and_time_are_split_by_who_acts(town: FlowTown, seed: int) -> None:
    cases = _journeys(seed)
    _enter(town, cases)
    acts, days = _split(cases, lambda act: act[2] or "unknown")
    found = _found(town, "resource", "n_events, elapsed_days, share_of_events, share_of_elapsed")
    assert {item: figures[0] for item, figures in found.items()} == acts
    for item, (n_events, elapsed, of_events, of_elapsed) in found.items():
        assert elapsed == pytest.approx(days[item])
        assert of_events == pytest.approx(n_events / acts.total())
        assert of_elapsed == pytest.approx(days[item] / sum(days.values()))


@pytest.mark.parametrize("seed", range(3))
def test_what_acts_are_worth_is_told_of_people_and_citizens_by_the_day_of_the_act(
    town: FlowTown, seed: int
) -> None:
    """A talk has value until the fifth of March, and none from that day on."""
    cases = _journeys(seed)
    _value(town, "JOBSAMTALE", "value_adding", "2020-01-01", "2024-03-05")
    _value(town, "JOBSAMTALE", "non_value_adding", "2024-03-05")
    _value(town, "INDKALDT", "necessary", "2020-01-01")
    _value(town, "CV_SAMTALE", "necessary", "2020-01-01", municipality="902")
    _enter(town, cases)

    def worth(act: Act) -> str | None:
        activity, at, kind, _ = act
        if kind in MACHINES:
            return None
        if activity == "JOBSAMTALE":
            return "value_adding" if at < datetime(2024, 3, 5) else "non_value_adding"
        return "necessary" if activity == "INDKALDT" else "unclassified"

    acts, days = _split(cases, worth)
    found = _found(town, "value", "n_events, elapsed_days")
    assert {item: n for item, (n, _) in found.items()} == acts
    assert {item: elapsed for item, (_, elapsed) in found.items()} == {
        item: pytest.approx(days[item]) for item in acts
    }


def test_the_measure_appears_when_the_municipality_has_said_what_its_acts_are_worth(
    town: FlowTown,
) -> None:
    def told() -> list[Any]:
        _use(town)
        for model in ("told_filters", "time_use"):
            town.make(model)
        return town.rows("select distinct breakdown, item from time_use order by all")

    _enter(town, _journeys(1))
    assert {breakdown for breakdown, _ in told()} == {"resource"}
    _value(town, "JOBSAMTALE", "value_adding", "2020-01-01")
    assert {item for breakdown, item in told() if breakdown == "value"} == {
        "value_adding", "unclassified",
    }


def _handed(town: FlowTown, between: str) -> dict[tuple[str, str], list[float]]:
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for giver, taker, seconds in town.rows(
        "select given_by, taken_by, elapsed_seconds from hand_overs"
        f" where between_whom = '{between}' order by all"
    ):
        found[giver, taker].append(seconds)
    return found


@pytest.mark.parametrize("seed", range(3))
def test_a_case_changes_hands_between_kinds_of_actor_one_act_after_the_other(
    town: FlowTown, seed: int
) -> None:
    cases = _journeys(seed)
    _enter(town, cases)
    expected: dict[tuple[str, str], list[float]] = defaultdict(list)
    for walk in cases.values():
        for before, act in pairwise(walk):
            if before[2] and act[2] and before[2] != act[2]:
                expected[before[2], act[2]].append((act[1] - before[1]).total_seconds())
    assert _handed(town, "resource") == {pair: sorted(waits) for pair, waits in expected.items()}


@pytest.mark.parametrize("seed", range(3))
def test_a_case_changes_hands_between_units_at_the_acts_of_their_people(
    town: FlowTown, seed: int
) -> None:
    """What robots, systems and citizens do in between is part of the wait."""
    cases = _journeys(seed)
    _enter(town, cases)
    expected: dict[tuple[str, str], list[float]] = defaultdict(list)
    for walk in cases.values():
        of_people = [act for act in walk if act[3] and act[2] in ("human", None)]
        for before, act in pairwise(of_people):
            if before[3] != act[3]:
                assert before[3] and act[3]
                expected[before[3], act[3]].append((act[1] - before[1]).total_seconds())
    assert _handed(town, "unit") == {pair: sorted(waits) for pair, waits in expected.items()}


def test_units_stand_in_the_figures_of_a_filter_where_they_may_be_told_of(town: FlowTown) -> None:
    cases = _journeys(1)
    _enter(town, cases)
    by_name = "select distinct given_by, taken_by from filter_hand_overs where between_whom = 'unit'"
    assert town.rows(by_name) == []
    for unit, staff in (("north", 8), ("south", 7), ("west", 5)):
        town.insert("unit_sizes", [("901", unit, "2020-01-01", None, staff, unit, unit, None)])
    _use(town)
    assert {unit for pair in town.rows(by_name) for unit in pair} == {"north", "south", "west"}
    town.run("update unit_sizes set n_staff = 4 where org_unit_id = 'west'")
    _use(town)
    # four are few, and so is the smallest of the others with which they stand now
    assert town.rows(by_name) == []


def test_waits_of_a_filter_are_those_of_its_hand_overs(town: FlowTown) -> None:
    _enter(town, _journeys(2))
    waits = _handed(town, "resource")
    found = town.of(
        PROCESS,
        "select given_by, taken_by, n_occurrences, mean_days from filter_hand_overs"
        " where {f} and between_whom = 'resource'",
    )
    assert {(giver, taker): (n, mean) for giver, taker, n, mean in found} == {
        pair: (len(seconds), pytest.approx(sum(seconds) / len(seconds) / 86400))
        for pair, seconds in waits.items()
    }
