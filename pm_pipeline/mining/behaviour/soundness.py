"""Is a workflow net sound: can every case that follows it end, with nothing left over?

Van der Aalst, The application of Petri nets to workflow management (1998): from every marking that can
be reached the end can be reached, at the end no token is left elsewhere, and every step can be taken.
"""

from collections import defaultdict
from dataclasses import dataclass

from pm_pipeline.mining.behaviour.net import Marking, StepsByPlace, fire
from pm_pipeline.mining.notation.petri import SINK, SOURCE, PetriNet

#: Markings that are looked at; a model people drew has hundreds.
MAX_REACHED = 50_000

_UNCLEAN = (
    "when it ends, something parallel is still at work or the end is reached twice; "
    "join parallel branches with a parallel gateway before the end"
)
_ENDLESS = (
    "work piles up without end, or more is parallel than can be looked at; join each "
    "parallel split with a parallel gateway"
)
_STUCK = (
    "the end cannot be reached from everywhere: a case can be stuck; a split by an exclusive "
    "gateway is joined by an exclusive one, one by a parallel gateway by a parallel one"
)


@dataclass(frozen=True)
class Soundness:
    """Whether a net is sound; None where that is not known, as it has more markings than are looked at.

    ``fault``: why it is not or not known to be, in words for whoever drew it; None where it is sound.
    """

    is_sound: bool | None
    fault: str | None = None


def soundness(net: PetriNet) -> Soundness:
    """Judged by every marking that can be reached, within :data:`MAX_REACHED`."""
    end: Marking = (SINK,)
    before: defaultdict[Marking, set[Marking]] = defaultdict(set)
    taken: set[str] = set()
    steps = StepsByPlace(net.transitions)
    found: set[Marking] = {(SOURCE,)}
    todo: list[Marking] = [(SOURCE,)]
    while todo:
        marking = todo.pop()
        for step in steps.enabled(marking):
            taken.add(step.name)
            after = fire(marking, step)
            before[after].add(marking)
            if SINK in after and after != end:
                return Soundness(False, _UNCLEAN)
            if after not in found:
                found.add(after)
                todo.append(after)
        # Many tokens are no proof that there is no bound, so neither is an answer.
        if len(found) > MAX_REACHED or len(marking) > len(net.places):
            return Soundness(None, _ENDLESS)
    ending: set[Marking] = {end} & found
    todo = list(ending)
    while todo:
        for earlier in before[todo.pop()] - ending:
            ending.add(earlier)
            todo.append(earlier)
    if found - ending:
        return Soundness(False, _STUCK)
    never = [step.activity or "a gateway" for step in net.transitions if step.name not in taken]
    if never:
        return Soundness(False, f"{never[0]} can never be reached; draw a way to it")
    return Soundness(True)
