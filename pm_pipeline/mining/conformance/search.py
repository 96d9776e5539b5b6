"""The first optimal alignment by a search depth first, for models too wide for a table of costs.

The search goes in the order of moves within a budget of cost, and raises the budget until a run is
found (iterative deepening A*, Korf 1985; no cheaper run can have been missed). With which budget a
place did not lead to the end is kept, so no place is searched twice for the same budget.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pm_pipeline.mining.behaviour.automaton import Automaton
from pm_pipeline.mining.conformance.moves import Alignment, Deviation, Search
from pm_pipeline.mining.log import Path

_Option = tuple[Deviation | None, int, int, int]


def search(automaton: Automaton, path: Path, max_places: int) -> Search:
    """The optimal alignment of ``path`` that comes first; None where ``max_places`` were looked at.

    Raises:
        TooWideError: the model is one whose next steps cannot be told.
    """
    unknown = _unknown_from(automaton, path)
    work = _Search(automaton, path, unknown, max_places, {})
    budget = work.least(0, 0)
    while True:
        found = work.within(budget)
        if found is not None:
            return Search(Alignment(len(found), found), max_places - work.places_left)
        if work.places_left <= 0:
            return Search(None, max_places)
        budget += 1


def _unknown_from(automaton: Automaton, path: Path) -> Sequence[int]:
    """How many steps from each place on no state of the model allows."""
    counts = [0]
    for activity in reversed(path):
        counts.append(counts[-1] + (not automaton.knows(activity)))
    return counts[::-1]


@dataclass
class _Search:
    automaton: Automaton
    path: Path
    unknown: Sequence[int]
    places_left: int
    #: (steps of the path done, state) to the largest budget that did not lead to the end.
    failed: dict[tuple[int, int], int]

    def least(self, done: int, state: int) -> int:
        """What the rest costs at least: what no state allows, and a run longer than the path."""
        unknown = self.unknown[done]
        known = len(self.path) - done - unknown
        return unknown + max(0, self.automaton.shortest(state) - known)

    def within(self, budget: int) -> tuple[Deviation, ...] | None:
        """The first alignment that costs at most ``budget``; None: there is none, or no places left."""
        self.places_left -= 1
        told: list[Deviation | None] = []
        stack = [(0, 0, budget, self._options(0, 0, budget))]
        if not self.path and self.automaton.ends(0):
            return ()
        while stack:
            done, state, left, options = stack[-1]
            for deviation, next_done, next_state, next_left in options:
                if next_done == len(self.path) and self.automaton.ends(next_state):
                    return tuple(one for one in (*told, deviation) if one is not None)
                if not self._is_open(next_done, next_state, next_left):
                    continue
                self.places_left -= 1
                if self.places_left <= 0:
                    return None
                told.append(deviation)
                stack.append(
                    (next_done, next_state, next_left,
                     self._options(next_done, next_state, next_left))
                )
                break
            else:
                self.failed[done, state] = left
                stack.pop()
                if told:
                    told.pop()
        return None

    def _is_open(self, done: int, state: int, left: int) -> bool:
        return self.least(done, state) <= left and self.failed.get((done, state), -1) < left

    def _options(self, done: int, state: int, left: int) -> Iterator[_Option]:
        path, automaton = self.path, self.automaton
        last = path[done - 1] if done else None
        if done < len(path):
            target = automaton.step(state, path[done])
            if target is not None:
                yield None, done + 1, target, left
        if not left:
            return
        for step in automaton.steps(state):
            yield Deviation("skipped", "|".join(step.activities), last), done, step.target, left - 1
        if done < len(path):
            yield Deviation("unexpected", path[done], last), done + 1, state, left - 1
