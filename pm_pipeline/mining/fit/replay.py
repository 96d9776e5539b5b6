"""The paths of a log walked through a model, prefix by prefix: what precision and generalisation read.

No alignment is used: of several optimal alignments a search returns one by chance, and a figure made
from it would change from run to run. What a model allows after a prefix is exact.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pm_pipeline.mining.behaviour.automaton import Automaton, WholeAutomaton
from pm_pipeline.mining.behaviour.net import TooWideError
from pm_pipeline.mining.log import Path

# Those of the most frequent variants; the log of a million events that this was tried on has 60,000. To
# walk a model that is not built whole costs more for each.
MAX_PREFIXES = 1_000_000
MAX_PREFIXES_OF_A_WIDE_MODEL = 15_000


@dataclass
class Prefix:
    """A beginning that cases share.

    Attributes:
        n_cases: cases that begin so; ``n_going_on``: those that have a next step.
        seen: what came next, as numbers of prefixes.
        state: where the model is after it; None when it does not allow it, or when that was too costly
            to find out.
    """

    before: int
    activity: str
    n_cases: int = 0
    n_going_on: int = 0
    seen: dict[str, int] = field(default_factory=dict)
    state: int | None = None


@dataclass(frozen=True)
class Replay:
    """Every prefix after the one it goes on from; the first is the empty one.

    ``n_steps``: steps of all cases together, also of those whose prefixes are too many to look at.
    """

    prefixes: tuple[Prefix, ...]
    n_steps: int


def replay(
    automaton: Automaton, paths: Mapping[Path, int], max_prefixes: int | None = None
) -> Replay:
    """Walk the paths, with their numbers of cases, the first in the mapping first."""
    is_whole = isinstance(automaton, WholeAutomaton)
    limit = max_prefixes or (MAX_PREFIXES if is_whole else MAX_PREFIXES_OF_A_WIDE_MODEL)
    prefixes = [Prefix(0, "")]
    for path, n_cases in paths.items():
        if len(prefixes) + len(path) > limit:
            break
        here = 0
        prefixes[0].n_cases += n_cases
        for activity in path:
            before, prefix = here, prefixes[here]
            prefix.n_going_on += n_cases
            here = prefix.seen.setdefault(activity, len(prefixes))
            if here == len(prefixes):
                prefixes.append(Prefix(before, activity))
            prefixes[here].n_cases += n_cases
    prefixes[0].state = 0
    for prefix in prefixes[1:]:
        state = prefixes[prefix.before].state
        if state is not None:
            prefix.state = _step(automaton, state, prefix.activity)
    return Replay(tuple(prefixes), sum(n * len(path) for path, n in paths.items()))


def _step(automaton: Automaton, state: int, activity: str) -> int | None:
    try:
        return automaton.step(state, activity)
    except TooWideError:
        return None
