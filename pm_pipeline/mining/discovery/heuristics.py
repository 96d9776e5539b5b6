"""Discovery of a heuristics net, as a Petri net, from variants with counts.

Weijters, van der Aalst, Medeiros, Process Mining with the HeuristicsMiner Algorithm (2006), as in
pm4py, with its usual thresholds. What depends on what is read from counts of neighbours, so rare
steps do not blur the frequent ones; the price is that a net may be unsound: some way into it may have
no way out.
"""

from collections import Counter
from itertools import pairwise
from typing import Any

from pm_pipeline.mining.log import VariantLog
from pm_pipeline.mining.notation.petri import SINK, SOURCE, PetriNet, Transition

ALGORITHM = "heuristics_miner"

DEPENDENCY_THRESHOLD = 0.5
AND_THRESHOLD = 0.65
LOOP_TWO_THRESHOLD = 0.5


def discover(log: VariantLog) -> PetriNet:
    """The net of a log; equal logs give equal nets, down to the names.

    Raises:
        ValueError: the log has no case.
    """
    if not log.variants:
        raise ValueError(f"{log.slice_name}: there is nothing to discover a model from")
    from pm4py.algo.discovery.heuristics.variants import classic
    from pm4py.objects.conversion.heuristics_net.variants import to_petri_net

    pairs: Counter[tuple[str, str]] = Counter()
    over_one: Counter[tuple[str, str]] = Counter()
    triples: Counter[tuple[str, str, str]] = Counter()
    occurrences, starts, ends = Counter[str](), Counter[str](), Counter[str]()
    for variant in log.variants:
        path, n = variant.activities, variant.n_cases
        starts.update({name: n for name in path[:1]})
        ends.update({name: n for name in path[-1:]})
        for name in path:
            occurrences[name] += n
        for pair in pairwise(path):
            pairs[pair] += n
        for first, middle, last in zip(path, path[1:], path[2:], strict=False):
            over_one[first, last] += n
            triples[first, middle, last] += n
    thresholds = classic.Parameters
    found = classic.apply_heu_dfg(
        dict(sorted(pairs.items())), activities=list(log.activities),
        activities_occurrences=dict(sorted(occurrences.items())),
        start_activities=dict(sorted(starts.items())), end_activities=dict(sorted(ends.items())),
        dfg_window_2=dict(sorted(over_one.items())), freq_triples=dict(sorted(triples.items())),
        parameters={
            thresholds.DEPENDENCY_THRESH: DEPENDENCY_THRESHOLD,
            thresholds.AND_MEASURE_THRESH: AND_THRESHOLD,
            thresholds.LOOP_LENGTH_TWO_THRESH: LOOP_TWO_THRESHOLD,
        },
    )
    return read_net(*to_petri_net.apply(found))


def read_net(net: Any, start: Any, end: Any) -> PetriNet:
    """A pm4py net with one token at the start and one at the end as ours, named by its structure.

    pm4py keeps places and steps in sets whose order is another in each process, so names are given in
    the order of what surrounds each node (colour refinement; Weisfeiler, Leman, 1968). Where two nodes
    have the same surroundings it does not matter which is named first.
    """
    nodes = [*net.places, *net.transitions]
    colours = {
        node: repr((node in net.places and (start.get(node, 0), end.get(node, 0)),
                    getattr(node, "label", None) if node in net.transitions else None))
        for node in nodes
    }
    for _ in range(len(nodes)):
        refined = {
            node: repr((
                colours[node], sorted(colours[arc.source] for arc in node.in_arcs),
                sorted(colours[arc.target] for arc in node.out_arcs),
            ))
            for node in nodes
        }
        ranked = {text: f"{rank:06d}" for rank, text in enumerate(sorted(set(refined.values())))}
        if len(ranked) == len(set(colours.values())):
            break
        colours = {node: ranked[refined[node]] for node in nodes}
    (source,) = start
    (sink,) = end
    inner = sorted((p for p in net.places if p not in (source, sink)), key=colours.__getitem__)
    places = {source: SOURCE, sink: SINK, **{p: f"p{n}" for n, p in enumerate(inner, start=1)}}
    steps = sorted(
        (
            t.label or "", tuple(sorted(places[arc.source] for arc in t.in_arcs)),
            tuple(sorted(places[arc.target] for arc in t.out_arcs)),
        )
        for t in net.transitions
    )
    return PetriNet(
        tuple(places.values()),
        tuple(
            Transition(f"t{n}", label or None, inputs, outputs)
            for n, (label, inputs, outputs) in enumerate(steps, start=1)
        ),
    )
