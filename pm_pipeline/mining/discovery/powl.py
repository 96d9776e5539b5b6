"""Discovery of a partially ordered model (POWL) from variants with counts.

Kourani, van Zelst, Schuster, van der Aalst, Discovering Partially Ordered Workflow Models (2025), the
miner of maximal partial orders in pm4py. Like the inductive miner it always ends in a sound model; what
is independent of each other need not first be called parallel as a whole.
"""

from collections import Counter
from typing import Any

from pm_pipeline.mining.log import VariantLog
from pm_pipeline.mining.notation.tree import Operator, Tree

ALGORITHM = "powl_maximal_order"

#: Variants rarer than this share of the more frequent ones together are left out where no cut is found.
FILTERING_THRESHOLD = 0.2


def discover(log: VariantLog) -> Tree:
    """The model as a tree whose partial orders are ORDER nodes.

    Raises:
        ValueError: the log has no case.
    """
    if not log.variants:
        raise ValueError(f"{log.slice_name}: there is nothing to discover a model from")
    from pm4py.algo.discovery.inductive.dtypes.im_ds import IMDataStructureUVCL
    from pm4py.algo.discovery.powl.inductive.utils.filtering import (
        FILTERING_THRESHOLD as THRESHOLD,
    )
    from pm4py.algo.discovery.powl.inductive.utils.filtering import FILTERING_TYPE, FilteringType
    from pm4py.algo.discovery.powl.inductive.variants.im_maximal import (
        POWLInductiveMinerMaximalOrder,
    )

    # Numbers instead of names: sets of strings have another order in each process.
    names = dict(enumerate(log.activities, start=1))
    numbers = {name: number for number, name in names.items()}
    counted: Counter[tuple[int, ...]] = Counter()
    for variant in log.variants:
        counted[tuple(numbers[activity] for activity in variant.activities)] = variant.n_cases
    parameters = {
        FILTERING_TYPE: FilteringType.DECREASING_FACTOR, THRESHOLD: FILTERING_THRESHOLD,
        "multiprocessing": False,
    }
    found = POWLInductiveMinerMaximalOrder(parameters).apply(
        IMDataStructureUVCL(counted), parameters
    )
    return read_powl(found.simplify(), names)


def read_powl(found: Any, names: dict[int, str] | None = None) -> Tree:
    """A POWL model of pm4py as a tree, children in an order that its partial order allows.

    Args:
        names: what the labels of ``found`` stand for, when they are numbers.
    """
    from pm4py.objects.powl.obj import StrictPartialOrder, Transition

    if isinstance(found, Transition):
        label = found.label
        return Tree(activity=names[label] if names and label is not None else label)
    children = [read_powl(child, names) for child in found.children]
    if not isinstance(found, StrictPartialOrder):
        if found.operator.name == "LOOP":
            return Tree(operator=Operator.LOOP, children=tuple(children))
        ordered = sorted(children, key=lambda child: (child.is_silent, str(child)))
        return Tree(operator=Operator.CHOICE, children=tuple(ordered))
    size = range(len(children))
    later = {(a, b) for a in size for b in size if a != b and found.order.is_edge_id(a, b)}
    return partial_order(children, later)


def partial_order(children: list[Tree], later: set[tuple[int, int]]) -> Tree:
    """``children`` in the partial order of (earlier, later); a sequence or parallel where it is one."""
    closed = _closed(later)
    size = range(len(children))
    placed: list[int] = []
    while len(placed) < len(children):
        open_ = [
            child for child in size
            if child not in placed
            and all(a in placed for a, b in closed if b == child)
        ]
        placed.append(
            min(open_, key=lambda child: (children[child].is_silent, str(children[child]), child))
        )
    position = {child: place for place, child in enumerate(placed)}
    ordered = tuple(children[child] for child in placed)
    if len(ordered) == 1:
        return ordered[0]
    if not closed:
        return Tree(operator=Operator.PARALLEL, children=ordered)
    if len(closed) == len(children) * (len(children) - 1) // 2:
        return Tree(operator=Operator.SEQUENCE, children=ordered)
    reduced = {
        (a, b) for a, b in closed if not any((a, c) in closed and (c, b) in closed for c in size)
    }
    pairs = tuple(sorted((position[a], position[b]) for a, b in reduced))
    return Tree(operator=Operator.ORDER, children=ordered, order=pairs)


def _closed(later: set[tuple[int, int]]) -> set[tuple[int, int]]:
    found = set(later)
    while True:
        more = {(a, d) for a, b in found for c, d in found if b == c} - found
        if not more:
            return found
        found |= more
