"""What a Petri net allows next: the markings it may be in, silent steps passed over.

For nets that are no tree. Where silent steps run in parallel a net has many markings between two
activities; beyond a cap the question is given up rather than answered in part.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field

from pm_pipeline.mining.fit.replay import States, StateSpaceError
from pm_pipeline.mining.notation.petri import SOURCE, PetriNet, Transition

MAX_MARKINGS = 2_000
# A place that holds so many tokens is one that tokens only pile up in.
MAX_TOKENS = 8

#: The places that hold tokens, sorted, each with how many.
Marking = tuple[tuple[str, int], ...]

START: Marking = ((SOURCE, 1),)


@dataclass
class NetSemantics:
    """The visible behaviour of ``net``, with its answers kept for the next question.

    Raises:
        StateSpaceError: from every method, when more than ``MAX_MARKINGS`` markings were met.
    """

    net: PetriNet
    _reached: dict[Marking, frozenset[Marking]] = field(default_factory=dict)

    def start(self) -> States:
        return frozenset({START})

    def enabled(self, states: States) -> frozenset[str]:
        return frozenset(
            step.activity
            for marking in self._passed_over(states)
            for step in enabled_steps(self.net, marking)
            if step.activity is not None
        )

    def after(self, states: States, activity: str) -> States:
        found: set[Hashable] = set()
        for marking in self._passed_over(states):
            for step in enabled_steps(self.net, marking):
                if step.activity == activity:
                    found.add(fire(step, marking))
        return frozenset(found)

    def _passed_over(self, states: States) -> frozenset[Marking]:
        """The markings reached from ``states`` by silent steps alone, these included."""
        reached: set[Marking] = set()
        for marking in states:
            assert isinstance(marking, tuple)
            reached |= self._by_silent_steps(marking)
            if len(reached) > MAX_MARKINGS:
                raise StateSpaceError(f"more than {MAX_MARKINGS} markings at once")
        return frozenset(reached)

    def _by_silent_steps(self, start: Marking) -> frozenset[Marking]:
        if start not in self._reached:
            found, open_ = {start}, [start]
            while open_:
                marking = open_.pop()
                for step in enabled_steps(self.net, marking):
                    if step.activity is None and (new := fire(step, marking)) not in found:
                        found.add(new)
                        open_.append(new)
                        if len(found) > MAX_MARKINGS:
                            raise StateSpaceError(f"more than {MAX_MARKINGS} markings at once")
            self._reached[start] = frozenset(found)
        return self._reached[start]


def enabled_steps(net: PetriNet, marking: Marking) -> list[Transition]:
    """The steps that may be taken in ``marking``, in the order of the net."""
    tokens = dict(marking)
    return [step for step in net.transitions if all(tokens.get(p, 0) for p in step.inputs)]


def fire(step: Transition, marking: Marking) -> Marking:
    """The marking after ``step``.

    Raises:
        StateSpaceError: tokens pile up.
    """
    tokens = dict(marking)
    for place in step.inputs:
        tokens[place] -= 1
    for place in step.outputs:
        tokens[place] = tokens.get(place, 0) + 1
        if tokens[place] > MAX_TOKENS:
            raise StateSpaceError(f"more than {MAX_TOKENS} tokens in one place")
    return tuple(sorted((place, count) for place, count in tokens.items() if count))
