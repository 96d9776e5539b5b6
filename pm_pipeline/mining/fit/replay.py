"""The paths of a log walked through a model, prefix by prefix: what precision and generalisation read.

No alignment is used: of several optimal alignments a search returns one by chance, and a figure made
from it would change from run to run. What a model allows after a prefix is exact.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from pm_pipeline.mining.log import Path

# Those of the most frequent variants; the log of a million events that this was tried on has 60,000.
MAX_PREFIXES = 15_000

States = frozenset[Hashable]


class StateSpaceError(Exception):
    """More states at once than a question about the model may cost."""


class Behaviour(Protocol):
    """The visible behaviour of a model."""

    def start(self) -> States: ...

    def enabled(self, states: States) -> frozenset[str]:
        """The activities that some of ``states`` allows next, silent steps passed over."""
        ...

    def after(self, states: States, activity: str) -> States:
        """The states after ``activity``; empty when the model does not allow it."""
        ...


@dataclass
class Prefix:
    """A beginning that cases share.

    Attributes:
        n_cases: cases that begin so; ``n_going_on``: those that have a next step.
        seen: what came next, as numbers of prefixes.
        states: where the model may be after it; empty when it does not allow it; None when that was
            too costly to find out.
    """

    before: int
    activity: str
    n_cases: int = 0
    n_going_on: int = 0
    seen: dict[str, int] = field(default_factory=dict)
    states: States | None = None


@dataclass(frozen=True)
class Replay:
    """Every prefix after the one it goes on from; the first is the empty one.

    ``n_steps``: steps of all cases together, also of those whose prefixes are too many to look at.
    """

    prefixes: tuple[Prefix, ...]
    n_steps: int


def replay(
    behaviour: Behaviour, paths: Mapping[Path, int], max_prefixes: int | None = None
) -> Replay:
    """Walk the paths, with their numbers of cases, the first in the mapping first."""
    limit = max_prefixes or MAX_PREFIXES
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
    prefixes[0].states = behaviour.start()
    for prefix in prefixes[1:]:
        states = prefixes[prefix.before].states
        if states is not None:
            prefix.states = _step(behaviour, states, prefix.activity)
    return Replay(tuple(prefixes), sum(n * len(path) for path, n in paths.items()))


def _step(behaviour: Behaviour, states: States, activity: str) -> States | None:
    if not states:
        return states
    try:
        return behaviour.after(states, activity)
    except StateSpaceError:
        return None
