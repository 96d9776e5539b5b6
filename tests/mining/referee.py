"""What an alignment costs by r4pm, a library in Rust that shares nothing with this package's search."""

from typing import Any
from uuid import UUID

from pm_pipeline.mining.log import Path
from pm_pipeline.mining.notation.petri import SINK, SOURCE, PetriNet

_COSTS = {"log_move_cost": 1, "model_move_cost": 1, "silent_move_cost": 0, "sync_move_cost": 0}


def alignment_cost(net: PetriNet, path: Path, max_states: int = 50_000) -> int | None:
    """Steps of the path the model cannot explain plus steps of the model that the path lacks.

    None where the end is not reached, within ``max_states`` or at all.
    """
    from r4pm import bindings

    options: Any = {"cost_fn": _COSTS, "max_states": max_states}
    try:
        found = bindings.align_trace(net=to_r4pm(net), trace=list(path), options=options)
    except TypeError as error:  # the binding raises every failure of the library as a TypeError
        if "LimitReached" in str(error) or "Unreachable" in str(error):
            return None
        raise
    return int(found["cost"])


def to_r4pm(net: PetriNet) -> dict[str, Any]:
    """The net as r4pm takes it: ids must be UUIDs; ours are counted, not random."""
    ids = {
        name: str(UUID(int=number))
        for number, name in enumerate((*net.places, *(t.name for t in net.transitions)), start=1)
    }
    arcs = []
    for transition in net.transitions:
        for kind, pairs in (
            ("PlaceTransition", [(place, transition.name) for place in transition.inputs]),
            ("TransitionPlace", [(transition.name, place) for place in transition.outputs]),
        ):
            arcs += [
                {"from_to": {"type": kind, "nodes": [ids[a], ids[b]]}, "weight": 1}
                for a, b in pairs
            ]
    return {
        "places": {ids[place]: {"id": ids[place]} for place in net.places},
        "transitions": {
            ids[t.name]: {"id": ids[t.name], "label": t.activity} for t in net.transitions
        },
        "arcs": arcs,
        "initial_marking": {ids[SOURCE]: 1},
        "final_markings": [{ids[SINK]: 1}],
    }
