"""Whether a net is sound: whatever was begun can be ended, ends cleanly, and no step is in vain.

Van der Aalst, The Application of Petri Nets to Workflow Management (1998), by looking at every marking
that can be reached; beyond a cap the answer is that it is not known.
"""

from pm_pipeline.mining.fit.net_semantics import START, Marking, enabled_steps, fire
from pm_pipeline.mining.fit.replay import StateSpaceError
from pm_pipeline.mining.notation.petri import SINK, PetriNet

MAX_REACHED = 20_000


def is_sound(net: PetriNet) -> bool | None:
    """True or False for a workflow net; None when it has more markings than are looked at.

    A place in which tokens pile up without end makes a net unsound; it shows as None here when the
    cap on tokens is met, since a bound of many tokens is no proof of none.
    """
    followed: dict[Marking, list[Marking]] = {}
    taken: set[str] = set()
    open_ = [START]
    while open_:
        marking = open_.pop()
        if marking in followed:
            continue
        followed[marking] = []
        if len(followed) > MAX_REACHED:
            return None
        for step in enabled_steps(net, marking):
            taken.add(step.name)
            try:
                followed[marking].append(fire(step, marking))
            except StateSpaceError:
                return None
        open_ += followed[marking]
    end: Marking = ((SINK, 1),)
    unclean = any(dict(m).get(SINK, 0) and m != end for m in followed)
    if unclean or len(taken) < len(net.transitions):
        return False
    leading_to: dict[Marking, list[Marking]] = {}
    for marking, after in followed.items():
        for new in after:
            leading_to.setdefault(new, []).append(marking)
    can_end, open_ = {end}, [end]
    while open_:
        for marking in leading_to.get(open_.pop(), []):
            if marking not in can_end:
                can_end.add(marking)
                open_.append(marking)
    return followed.keys() <= can_end
