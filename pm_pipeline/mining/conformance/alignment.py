"""Optimal alignments of paths with a model, the same one in every process and run.

An alignment explains a path by a run of the model: steps both do, steps of the path the model does not
explain (unexpected, cost 1) and steps of the model the path lacks (skipped, cost 1); silent steps are
free (Adriansyah 2014, standard cost function). A path usually has many optimal alignments, and a
best-first search returns whichever its queue and its hash order bring first. Here it is the first of
them in a fixed order: at each place a step both do before a skipped one (by the ids of the activities),
that before an unexpected one. So what is surplus is told as late as it can be: of two equal steps of
which the model allows one, the second is the unexpected one. The order is one over moves, and
the moves follow from the language of the model (see :mod:`~pm_pipeline.mining.behaviour.automaton`),
so nothing else decides which alignment is told.
"""

from collections.abc import Sequence

from pm_pipeline.mining.behaviour.automaton import NEVER, Automaton, WholeAutomaton
from pm_pipeline.mining.behaviour.net import TooWideError
from pm_pipeline.mining.conformance.moves import Alignment
from pm_pipeline.mining.conformance.search import search
from pm_pipeline.mining.conformance.table import align_by_table
from pm_pipeline.mining.log import Path

# Counted in places looked at, not in seconds, so that a busy machine aligns the same paths.
MAX_PLACES_PER_PATH = 50_000
MAX_PLACES_PER_LOG = 1_000_000

#: Ways on of all states up to which the costs of every place are computed at once.
MAX_WAYS_IN_TABLE = 8_000
#: The same times the steps of the paths: a wider model is computed at once too where the paths are few.
MAX_CELLS_OF_TABLE = 500_000_000

# When not one of the most frequent paths can be aligned, the others, rarer and longer, will not be.
_HOPELESS_AFTER = 5


def align(
    automaton: Automaton, paths: Sequence[Path], *,
    max_places_per_path: int | None = None, max_places_per_log: int | None = None,
    give_up_after: int | None = None,
) -> list[Alignment | None]:
    """The optimal alignment of each path that comes first in the order of moves.

    None where a model is so wide that the search met its cap; the paths should come most frequent
    first, since what is left of the cap of a log is spent in their order. All are None where the model
    has no way to its end.

    Args:
        max_places_per_path, max_places_per_log: caps of the search; those of this module if None.
        give_up_after: so many paths that met their cap end the search; None: no such limit.
    """
    if automaton.shortest(0) >= NEVER:
        return [None] * len(paths)
    if isinstance(automaton, WholeAutomaton) and _fits_in_table(automaton, paths):
        return list(align_by_table(automaton, paths))
    found: list[Alignment | None] = []
    per_path = max_places_per_path or MAX_PLACES_PER_PATH
    left = max_places_per_log or MAX_PLACES_PER_LOG
    n_aligned = n_capped = 0
    for path in paths:
        is_hopeless = n_capped >= _HOPELESS_AFTER and not n_aligned
        if left <= 0 or is_hopeless or (give_up_after is not None and n_capped >= give_up_after):
            found.append(None)
            continue
        try:
            one = search(automaton, path, min(left, per_path))
        except TooWideError:
            found.append(None)
        else:
            left -= one.places
            found.append(one.alignment)
        n_capped += found[-1] is None
        n_aligned += found[-1] is not None
    return found


def _fits_in_table(automaton: WholeAutomaton, paths: Sequence[Path]) -> bool:
    n_ways = automaton.n_ways
    return n_ways <= MAX_WAYS_IN_TABLE or n_ways * sum(map(len, paths)) <= MAX_CELLS_OF_TABLE
