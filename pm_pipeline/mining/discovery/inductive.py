"""Discovery of a process tree by the inductive miner, from variants with counts.

IMf: Leemans, Fahland, van der Aalst, Discovering Block-Structured Process Models from Event Logs
Containing Infrequent Behaviour (2013), as implemented in pm4py. The log is never expanded to
events: the miner is given the multiset of variants that it would itself compute from them.
"""

from collections import Counter
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

from pm_pipeline.mining.log import VariantLog
from pm_pipeline.mining.notation.tree import Operator, Tree

ALGORITHM = "inductive_miner_imf"


def miner_version() -> str:
    """The version of pm4py, without paying for its import."""
    return version("pm4py")


def discover(log: VariantLog, noise_threshold: float) -> Tree:
    """The process tree of a log.

    Args:
        noise_threshold: 0 (every path fits the model) to 1; share of the strongest way out of an
            activity below which a directly-follows pair is ignored where no exact cut exists.

    Raises:
        ValueError: the log has no case, or the threshold is outside 0 to 1.
    """
    if not log.variants:
        raise ValueError(f"{log.slice_name}: there is nothing to discover a model from")
    if not 0 <= noise_threshold <= 1:
        raise ValueError(f"the noise threshold is {noise_threshold}, expected 0 to 1")
    from pm4py.algo.discovery.inductive.dtypes.im_ds import IMDataStructureUVCL
    from pm4py.algo.discovery.inductive.variants.imf import IMFUVCL, IMFParameters
    from pm4py.objects.process_tree.utils.generic import fold

    # The miner walks over sets of activities. Sets of small integers have one order in every
    # process; sets of strings have another order in each (PYTHONHASHSEED), and so would the model.
    names = dict(enumerate(log.activities, start=1))
    numbers = {name: number for number, name in names.items()}
    counted: Counter[tuple[int, ...]] = Counter()
    for variant in log.variants:
        counted[tuple(numbers[activity] for activity in variant.activities)] = variant.n_cases
    # pm4py's public entry takes no counted variants, so its steps are taken here one by one.
    parameters = {IMFParameters.NOISE_THRESHOLD: noise_threshold, "multiprocessing": False}
    found = IMFUVCL(parameters).apply(IMDataStructureUVCL(counted), parameters)
    for leaf in _leaves(found):
        if leaf.label is not None:
            leaf.label = names[leaf.label]
    return read_tree(fold(found))


def read_tree(found: Any) -> Tree:
    """A pm4py process tree as ours, choices and parallel branches in the order of their names."""
    if found.operator is None:
        return Tree(activity=found.label)
    operator = {
        "SEQUENCE": Operator.SEQUENCE,
        "XOR": Operator.CHOICE,
        "PARALLEL": Operator.PARALLEL,
        "LOOP": Operator.LOOP,
    }[found.operator.name]
    children = tuple(read_tree(child) for child in found.children)
    if operator in (Operator.CHOICE, Operator.PARALLEL):
        # The silent branch last: in a picture the way round stands beside the work, not before it.
        children = tuple(sorted(children, key=lambda child: (child.is_silent, str(child))))
    return Tree(operator=operator, children=children)


def _leaves(found: Any) -> Iterator[Any]:
    if found.operator is None:
        yield found
    for child in found.children:
        yield from _leaves(child)
