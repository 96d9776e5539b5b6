"""Is a workflow net sound: can every case that follows it end, with nothing left over?

Van der Aalst, The application of Petri nets to workflow management (1998): from every marking that can
be reached the end can be reached, at the end no token is left elsewhere, and every step can be taken.
"""

from collections import defaultdict

from pm_pipeline.mining.conformance.behaviour import Marking, fire, is_enabled
from pm_pipeline.mining.notation.petri import SINK, SOURCE, PetriNet, Transition

#: Markings that are looked at; a model people drew has hundreds.
MAX_MARKINGS = 50_000


def fault_of(net: PetriNet) -> str | None:
    """Why the net is not sound, in words for whoever drew it; None where it is."""
    end: Marking = (SINK,)
    before: defaultdict[Marking, set[Marking]] = defaultdict(set)
    taken: set[str] = set()
    # A step is looked at where the first place it takes from holds a token.
    first_from: defaultdict[str, list[Transition]] = defaultdict(list)
    for step in net.transitions:
        first_from[step.inputs[0]].append(step)
    found: set[Marking] = {(SOURCE,)}
    todo: list[Marking] = [(SOURCE,)]
    while todo:
        marking = todo.pop()
        for step in (step for place in dict.fromkeys(marking) for step in first_from[place]):
            if not is_enabled(marking, step):
                continue
            taken.add(step.name)
            after = fire(marking, step)
            before[after].add(marking)
            if SINK in after and after != end:
                return (
                    "when it ends, something parallel is still at work or the end is reached twice; "
                    "join parallel branches with a parallel gateway before the end"
                )
            if after not in found:
                found.add(after)
                todo.append(after)
        if len(found) > MAX_MARKINGS or len(marking) > len(net.places):
            return (
                "work piles up without end, or more is parallel than can be looked at; join each "
                "parallel split with a parallel gateway"
            )
    ending: set[Marking] = {end} & found
    todo = list(ending)
    while todo:
        for earlier in before[todo.pop()] - ending:
            ending.add(earlier)
            todo.append(earlier)
    if found - ending:
        return (
            "the end cannot be reached from everywhere: a case can be stuck; a split by an exclusive "
            "gateway is joined by an exclusive one, one by a parallel gateway by a parallel one"
        )
    never = [step.activity or "a gateway" for step in net.transitions if step.name not in taken]
    return f"{never[0]} can never be reached; draw a way to it" if never else None
