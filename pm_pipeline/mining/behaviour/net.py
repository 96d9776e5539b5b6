"""What a workflow net allows next, silent steps left out: by all markings that silent steps lead to."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from pm_pipeline.errors import PipelineError
from pm_pipeline.mining.notation.petri import SINK, SOURCE, PetriNet, Transition

#: Markings that silent steps may lead to; a model people drew has a handful.
MAX_MARKINGS = 2_000
#: Markings in all the sets that are made. Counted, not timed: every machine gives up at the same place.
MAX_MARKINGS_IN_ALL = 200_000

# The places that hold a token, sorted, a place as often as it holds one.
Marking = tuple[str, ...]


class Behaviour(Protocol):
    """A set of states is what the visible steps so far leave open."""

    def start(self) -> frozenset[Any]: ...
    def enabled(self, states: frozenset[Any]) -> frozenset[str]: ...
    def can_end(self, states: frozenset[Any]) -> bool: ...
    def after(self, states: frozenset[Any], activity: str) -> frozenset[Any]: ...


class TooWideError(PipelineError):
    """More markings than a question about a model may cost."""


@dataclass(frozen=True, slots=True)
class _Ways:
    """The ways on of a marking: by activity where they lead, and where silent steps lead."""

    visible: dict[str, tuple[Marking, ...]]
    silent: tuple[Marking, ...]


class NetBehaviour:
    """The visible behaviour of a workflow net, sound or not.

    Every method raises :class:`TooWideError` where silent steps lead to more than
    :data:`MAX_MARKINGS` markings, or all questions together to more than :data:`MAX_MARKINGS_IN_ALL`.
    """

    def __init__(self, net: PetriNet) -> None:
        self._steps = StepsByPlace(without_idle_steps(net).transitions)
        self._ways: dict[Marking, _Ways] = {}
        self._n_markings = 0

    def start(self) -> frozenset[Marking]:
        return self._closed({(SOURCE,)})

    def enabled(self, states: frozenset[Marking]) -> frozenset[str]:
        return frozenset(activity for one in states for activity in self._ways_of(one).visible)

    def can_end(self, states: frozenset[Marking]) -> bool:
        return (SINK,) in states

    def after(self, states: frozenset[Marking], activity: str) -> frozenset[Marking]:
        return self._closed(
            after for one in states for after in self._ways_of(one).visible.get(activity, ())
        )

    def _ways_of(self, marking: Marking) -> _Ways:
        if marking not in self._ways:
            visible: defaultdict[str, list[Marking]] = defaultdict(list)
            silent: list[Marking] = []
            for step in self._steps.enabled(marking):
                into = silent if step.activity is None else visible[step.activity]
                into.append(fire(marking, step))
            told = {activity: tuple(found) for activity, found in visible.items()}
            self._ways[marking] = _Ways(told, tuple(silent))
        return self._ways[marking]

    def _closed(self, markings: Iterable[Marking]) -> frozenset[Marking]:
        found = set(markings)
        todo = list(found)
        while todo:
            for after in self._ways_of(todo.pop()).silent:
                if after not in found:
                    found.add(after)
                    todo.append(after)
            if len(found) > MAX_MARKINGS:
                raise TooWideError(f"silent steps lead to more than {MAX_MARKINGS} markings")
        self._n_markings += len(found)
        if self._n_markings > MAX_MARKINGS_IN_ALL:
            raise TooWideError(f"more than {MAX_MARKINGS_IN_ALL} markings were looked at")
        return frozenset(found)


def without_idle_steps(net: PetriNet) -> PetriNet:
    """A net without the silent steps that only pass a token on, with the same language.

    Where such a step is the only one to take from its place, or the only one to give to its next, the
    two places are one (fusion of places, Murata 1989). What gateways add goes with them: a drawn model
    of a hundred flows has tens of thousands of markings, and a handful without.
    """
    steps = list(net.transitions)
    while True:
        takers = Counter(place for step in steps for place in step.inputs)
        givers = Counter(place for step in steps for place in step.outputs)
        for step in steps:
            if step.activity is not None or len(step.inputs) != 1 or len(step.outputs) != 1:
                continue
            (before,), (after,) = step.inputs, step.outputs
            if before == after:
                break
            if takers[before] == 1 and before != SOURCE:
                gone, kept = before, after
                break
            if givers[after] == 1 and after != SINK:
                gone, kept = after, before
                break
        else:
            places = {SOURCE, SINK} | {one for step in steps for one in (*step.inputs, *step.outputs)}
            return PetriNet(tuple(one for one in net.places if one in places), tuple(steps))
        steps.remove(step)
        if before != after:
            steps = [
                Transition(
                    one.name, one.activity,
                    tuple(kept if place == gone else place for place in one.inputs),
                    tuple(kept if place == gone else place for place in one.outputs),
                )
                for one in steps
            ]


class StepsByPlace:
    """Steps, found by a place they take from: few of many need be looked at in a marking."""

    def __init__(self, steps: Iterable[Transition]) -> None:
        self._by_place: defaultdict[str, list[Transition]] = defaultdict(list)
        self._always: list[Transition] = []
        for step in steps:
            (self._by_place[step.inputs[0]] if step.inputs else self._always).append(step)

    def enabled(self, marking: Marking) -> list[Transition]:
        """The steps that may be taken in ``marking``."""
        return self._always + [
            step for place in dict.fromkeys(marking) for step in self._by_place.get(place, ())
            if is_enabled(marking, step)
        ]


def is_enabled(marking: Marking, step: Transition) -> bool:
    """Whether each place the step takes from holds the tokens it takes."""
    return all(marking.count(place) >= step.inputs.count(place) for place in step.inputs)


def fire(marking: Marking, step: Transition) -> Marking:
    """The marking after an enabled step."""
    left = list(marking)
    for place in step.inputs:
        left.remove(place)
    return tuple(sorted([*left, *step.outputs]))
