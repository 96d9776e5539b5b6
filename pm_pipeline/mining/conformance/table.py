"""The first optimal alignment by a table: what each place costs to be left from, for all paths at once.

The cheapest way from (rest of a path, state of the model) to the end is computed from the end of the
paths backwards, for all states together; rests that paths share are computed once. With these costs the
alignment that comes first in the order of moves is read off without a search: the first move that
leads to a place costing that much less.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pm_pipeline.mining.behaviour.automaton import NEVER, WholeAutomaton
from pm_pipeline.mining.conformance.moves import Alignment, Deviation
from pm_pipeline.mining.log import Path

# What bounds the memory of a table, in steps of its paths times states (four bytes each).
_MAX_CELLS = 8_000_000
# Rows whose ways on are looked at together: the widest array of the computation, in cells.
_MAX_GATHERED = 4_000_000


def align_by_table(automaton: WholeAutomaton, paths: Sequence[Path]) -> Iterator[Alignment]:
    """The optimal alignment of each path that comes first, in the order of ``paths``."""
    ways = _Ways.of(automaton)
    # Neighbours in this order end alike, so a part shares most of its rests.
    order = sorted(range(len(paths)), key=lambda number: paths[number][::-1])
    found: dict[int, Alignment] = {}
    part: list[int] = []
    n_steps = 0
    for number in order:
        part.append(number)
        n_steps += len(paths[number]) + 1
        if n_steps * automaton.n_states > _MAX_CELLS:
            _align_part(automaton, ways, paths, part, found)
            part, n_steps = [], 0
    _align_part(automaton, ways, paths, part, found)
    return (found[number] for number in range(len(paths)))


@dataclass(frozen=True)
class _Ways:
    """The automaton as arrays: state × way on, activity × state; ``n_states`` stands for nowhere."""

    ends: Any
    onward: Any
    by_activity: Any
    codes: dict[str, int]

    @classmethod
    def of(cls, automaton: WholeAutomaton) -> "_Ways":
        import numpy as np

        n_states = automaton.n_states
        codes = {activity: code for code, activity in enumerate(sorted(automaton.activities))}
        width = max((len(steps) for steps in automaton.all_steps), default=0)
        onward = np.full((n_states, width), n_states, dtype=np.int32)
        # The last row is for activities that the model does not know.
        by_activity = np.full((len(codes) + 1, n_states), n_states, dtype=np.int32)
        for state, steps in enumerate(automaton.all_steps):
            for number, step in enumerate(steps):
                onward[state, number] = step.target
        for state, targets in enumerate(automaton.all_targets):
            for activity, target in targets.items():
                by_activity[codes[activity], state] = target
        ends = np.array(automaton.all_shortest, dtype=np.int32)
        return cls(ends, onward, by_activity, codes)


@dataclass
class _Rests:
    """The rests of paths as a tree from their ends: node 0 is the empty rest."""

    #: per level: (node, node of the rest without its first step, code of that step)
    levels: list[list[tuple[int, int, int]]]
    n_nodes: int
    #: per path: its nodes, from the whole path to the empty rest
    nodes: list[list[int]]

    @classmethod
    def of(cls, paths: Sequence[Path], codes: dict[str, int]) -> "_Rests":
        known: dict[tuple[int, int], int] = {}
        rests = cls([], 1, [])
        for path in paths:
            node, nodes = 0, [0]
            for level, activity in enumerate(reversed(path)):
                key = (node, codes.get(activity, len(codes)))
                after = known.get(key)
                if after is None:
                    after = known[key] = rests.n_nodes
                    rests.n_nodes += 1
                    if level == len(rests.levels):
                        rests.levels.append([])
                    rests.levels[level].append((after, *key))
                node = after
                nodes.append(node)
            rests.nodes.append(nodes[::-1])
        return rests


def _align_part(
    automaton: WholeAutomaton, ways: _Ways, paths: Sequence[Path], part: list[int],
    found: dict[int, Alignment],
) -> None:
    rests = _Rests.of([paths[number] for number in part], ways.codes)
    costs = _costs(ways, rests)
    for number, nodes in zip(part, rests.nodes, strict=True):
        found[number] = _read(automaton, paths[number], [costs[node] for node in nodes])


def _costs(ways: _Ways, rests: _Rests) -> Any:
    """Node × state: the cost of the cheapest way to the end. The last column is nowhere."""
    import numpy as np

    n_states, width = ways.onward.shape
    costs = np.full((rests.n_nodes, n_states + 1), NEVER, dtype=np.int32)
    costs[0, :n_states] = ways.ends
    height = max(1, _MAX_GATHERED // max(1, n_states * width))
    for level in rests.levels:
        for start in range(0, len(level), height):
            nodes, shorter, activities = np.array(level[start : start + height]).T
            after = costs[shorter]
            both = np.take_along_axis(after, ways.by_activity[activities], axis=1)
            best = np.minimum(after, NEVER - 1) + np.int32(1)
            best[:, :n_states] = np.minimum(best[:, :n_states], both)
            # Skipped steps may follow one another: as long as one of them makes a place cheaper.
            while width:
                skipped = best[:, ways.onward].min(axis=2) + np.int32(1)
                cheaper = np.minimum(best[:, :n_states], skipped)
                if (cheaper == best[:, :n_states]).all():
                    break
                best[:, :n_states] = cheaper
            best[:, n_states] = NEVER
            costs[nodes] = best
    return costs


def _read(automaton: WholeAutomaton, path: Path, costs: Sequence[Any]) -> Alignment:
    """The alignment, from the costs of each rest of the path, longest first."""
    left = int(costs[0][0])
    if not left:
        return Alignment(0, ())
    deviations: list[Deviation] = []
    state, done = 0, 0
    while left:
        last = path[done - 1] if done else None
        if done < len(path):
            target = automaton.step(state, path[done])
            if target is not None and costs[done + 1][target] == left:
                state, done = target, done + 1
                continue
        here, left = costs[done], left - 1
        step = next((one for one in automaton.steps(state) if here[one.target] == left), None)
        if step is not None:
            deviations.append(Deviation("skipped", "|".join(step.activities), last))
            state = step.target
        else:
            deviations.append(Deviation("unexpected", path[done], last))
            done += 1
    return Alignment(len(deviations), tuple(deviations))
