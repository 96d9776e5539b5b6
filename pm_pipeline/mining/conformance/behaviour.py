"""What a model allows next, silent steps left out: of a process tree, of a workflow net.

A tree is walked by :class:`~pm_pipeline.mining.fit.semantics.Semantics`, which takes silent steps as
late as possible; a net by all markings that silent steps lead to.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any, Protocol

from pm_pipeline.errors import PipelineError
from pm_pipeline.mining.notation.petri import SINK, SOURCE, PetriNet, Transition

#: Markings that silent steps may lead to; a model people drew has a handful.
MAX_MARKINGS = 20_000

# The places that hold a token, sorted, a place as often as it holds one.
Marking = tuple[str, ...]


class Behaviour(Protocol):
    """A set of states is what the visible steps so far leave open."""

    def start(self) -> frozenset[Any]: ...
    def enabled(self, states: frozenset[Any]) -> frozenset[str]: ...
    def can_end(self, states: frozenset[Any]) -> bool: ...
    def after(self, states: frozenset[Any], activity: str) -> frozenset[Any]: ...


class TooWideError(PipelineError):
    """More markings between two visible steps than can be looked at."""


class NetBehaviour:
    """The visible behaviour of a workflow net.

    Every method raises :class:`TooWideError` where silent steps lead to more than
    :data:`MAX_MARKINGS` markings.
    """

    def __init__(self, net: PetriNet) -> None:
        net = without_idle_steps(net)
        self._silent = [one for one in net.transitions if one.activity is None]
        self._visible = [one for one in net.transitions if one.activity is not None]

    def start(self) -> frozenset[Marking]:
        return self._closed({(SOURCE,)})

    def enabled(self, states: frozenset[Marking]) -> frozenset[str]:
        return frozenset(
            step.activity for step in self._visible
            if step.activity and any(is_enabled(marking, step) for marking in states)
        )

    def can_end(self, states: frozenset[Marking]) -> bool:
        return (SINK,) in states

    def after(self, states: frozenset[Marking], activity: str) -> frozenset[Marking]:
        return self._closed(
            fire(marking, step)
            for step in self._visible if step.activity == activity
            for marking in states if is_enabled(marking, step)
        )

    def _closed(self, markings: Iterable[Marking]) -> frozenset[Marking]:
        found = set(markings)
        todo = list(found)
        while todo:
            marking = todo.pop()
            for step in self._silent:
                if is_enabled(marking, step) and (after := fire(marking, step)) not in found:
                    found.add(after)
                    todo.append(after)
            if len(found) > MAX_MARKINGS:
                raise TooWideError(f"silent steps lead to more than {MAX_MARKINGS} markings")
        return frozenset(found)


def without_idle_steps(net: PetriNet) -> PetriNet:
    """A sound net without the silent steps that only pass a token on, with the same language.

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


def is_enabled(marking: Marking, step: Transition) -> bool:
    """Whether each place the step takes from holds a token."""
    return all(place in marking for place in step.inputs)


def fire(marking: Marking, step: Transition) -> Marking:
    """The marking after an enabled step."""
    left = list(marking)
    for place in step.inputs:
        left.remove(place)
    return tuple(sorted([*left, *step.outputs]))
