"""Optimal alignments of paths with a model, the same one in every process and run.

An alignment explains a path by a run of the model: steps both do, steps of the path the model does not
explain (unexpected, cost 1) and steps of the model the path lacks (skipped, cost 1); silent steps are
free (Adriansyah 2014, standard cost function). A path usually has many optimal alignments, and a
best-first search returns whichever its queue and its hash order bring first. Here it is the first of
them in a fixed order: at each place a step both do before a skipped one (by the ids of the activities),
that before an unexpected one. So what is surplus is told as late as it can be: of two equal steps of
which the model allows one, the second is the unexpected one. The order is one over moves, and
the moves follow from the language of the model (see :mod:`~pm_pipeline.mining.conformance.automaton`),
so nothing else decides which alignment is told.
"""

from collections.abc import Sequence

from pm_pipeline.mining.conformance.automaton import Automaton, WholeAutomaton
from pm_pipeline.mining.conformance.moves import Alignment
from pm_pipeline.mining.conformance.search import search
from pm_pipeline.mining.conformance.table import align_by_table
from pm_pipeline.mining.log import Path

# Counted in places looked at, not in seconds, so that a busy machine aligns the same paths.
MAX_PLACES_PER_PATH = 200_000
MAX_PLACES_PER_LOG = 10_000_000

#: Ways on of all states up to which the costs of every place are computed at once.
MAX_WAYS_IN_TABLE = 8_000

# When not one of the most frequent paths can be aligned, the others, rarer and longer, will not be.
_HOPELESS_AFTER = 5


def align(automaton: Automaton, paths: Sequence[Path]) -> list[Alignment | None]:
    """The optimal alignment of each path that comes first in the order of moves.

    None where a model is so wide that the search met its cap; the paths should come most frequent
    first, since what is left of the cap of a log is spent in their order.
    """
    if isinstance(automaton, WholeAutomaton) and automaton.n_ways <= MAX_WAYS_IN_TABLE:
        return list(align_by_table(automaton, paths))
    found: list[Alignment | None] = []
    left = MAX_PLACES_PER_LOG
    for path in paths:
        is_hopeless = len(found) >= _HOPELESS_AFTER and not any(found)
        if left <= 0 or is_hopeless:
            found.append(None)
            continue
        one = search(automaton, path, min(left, MAX_PLACES_PER_PATH))
        left -= one.places
        found.append(one.alignment)
    return found
