"""The language of a model as a deterministic automaton, the smallest where it can be built whole.

What an alignment says must follow from what the model allows, not from how it was drawn: two models of
one language have the same smallest automaton (Myhill-Nerode), so they have the same deviations. It is
built by subsets and made smallest by refining a partition of its states (Moore 1956).
"""

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Any, Protocol

from pm_pipeline.mining.behaviour.net import Behaviour, TooWideError

#: States up to which an automaton is built whole. A wider model is walked as far as paths lead.
MAX_STATES = 2_000
#: Steps to the end from where there is none: of a model that is not sound.
NEVER = 1_000_000_000


@dataclass(frozen=True)
class Step:
    """A step of the model: activities that lead to the same state, sorted, and that state."""

    activities: tuple[str, ...]
    target: int


class Automaton(Protocol):
    """States are numbers; 0 is the first."""

    def steps(self, state: int) -> tuple[Step, ...]:
        """The ways on that change the state, by their first activity."""
        ...

    def step(self, state: int, activity: str) -> int | None: ...
    def enabled(self, state: int) -> frozenset[str]:
        """The activities allowed next."""
        ...

    def ends(self, state: int) -> bool: ...
    def knows(self, activity: str) -> bool:
        """False where no state allows the activity; True where that is not known."""
        ...

    def shortest(self, state: int) -> int:
        """Visible steps to the end, at least; 0 if that is not known, :data:`NEVER` without a way."""
        ...


def automaton_of(behaviour: Behaviour) -> Automaton:
    """The smallest automaton of a model, or one that is walked as far as is asked.

    Raises:
        TooWideError: what may come first cannot be told.
    """
    walked = WalkedAutomaton(behaviour)
    state = 0
    try:
        while state < walked.n_states and walked.n_states <= MAX_STATES:
            walked.targets(state)
            state += 1
    except TooWideError:
        return walked
    return _smallest(walked) if walked.n_states <= MAX_STATES else walked


class WalkedAutomaton:
    """States are numbered as they are met; their ways on are kept for the next question.

    Where the behaviour raises :class:`~pm_pipeline.mining.behaviour.net.TooWideError`, so does this.
    """

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._sets: list[frozenset[Any]] = []
        self._numbers: dict[frozenset[Any], int] = {}
        self._targets: dict[int, dict[str, int]] = {}
        self._met: dict[tuple[int, str], int | None] = {}
        self._steps: dict[int, tuple[Step, ...]] = {}
        self._ends: list[bool] = []
        self._number(behaviour.start())

    @property
    def n_states(self) -> int:
        return len(self._sets)

    def targets(self, state: int) -> dict[str, int]:
        """Activity to state, by activity."""
        if state not in self._targets:
            states = self._sets[state]
            self._targets[state] = {
                activity: self._number(self._behaviour.after(states, activity))
                for activity in sorted(self._behaviour.enabled(states))
            }
        return self._targets[state]

    def steps(self, state: int) -> tuple[Step, ...]:
        if state not in self._steps:
            self._steps[state] = _grouped(state, self.targets(state))
        return self._steps[state]

    def step(self, state: int, activity: str) -> int | None:
        if state in self._targets:
            return self._targets[state].get(activity)
        key = state, activity
        if key not in self._met:
            # Only this way on: the others may be many, and a path that fits needs none of them.
            states = self._behaviour.after(self._sets[state], activity)
            self._met[key] = self._number(states) if states else None
        return self._met[key]

    def enabled(self, state: int) -> frozenset[str]:
        return self._behaviour.enabled(self._sets[state])

    def ends(self, state: int) -> bool:
        return self._ends[state]

    def knows(self, activity: str) -> bool:
        return True

    def shortest(self, state: int) -> int:
        return 0

    def _number(self, states: frozenset[Any]) -> int:
        if states not in self._numbers:
            self._numbers[states] = len(self._sets)
            self._sets.append(states)
            self._ends.append(self._behaviour.can_end(states))
        return self._numbers[states]


@dataclass(frozen=True)
class WholeAutomaton:
    """All states with their ways on, and how far each is from the end."""

    all_targets: tuple[dict[str, int], ...]
    all_steps: tuple[tuple[Step, ...], ...]
    all_ends: tuple[bool, ...]
    all_shortest: tuple[int, ...]
    activities: frozenset[str]

    @property
    def n_states(self) -> int:
        return len(self.all_ends)

    @property
    def n_ways(self) -> int:
        """States times the most ways on that one of them has."""
        return self.n_states * max(map(len, self.all_steps), default=0)

    def steps(self, state: int) -> tuple[Step, ...]:
        return self.all_steps[state]

    def step(self, state: int, activity: str) -> int | None:
        return self.all_targets[state].get(activity)

    def enabled(self, state: int) -> frozenset[str]:
        return frozenset(self.all_targets[state])

    def ends(self, state: int) -> bool:
        return self.all_ends[state]

    def knows(self, activity: str) -> bool:
        return activity in self.activities

    def shortest(self, state: int) -> int:
        return self.all_shortest[state]


def _grouped(state: int, targets: dict[str, int]) -> tuple[Step, ...]:
    by_target: defaultdict[int, list[str]] = defaultdict(list)
    for activity, target in targets.items():
        by_target[target].append(activity)
    by_target.pop(state, None)
    steps = [Step(tuple(activities), target) for target, activities in by_target.items()]
    return tuple(sorted(steps, key=lambda one: one.activities))


def _smallest(walked: WalkedAutomaton) -> WholeAutomaton:
    states = range(walked.n_states)
    block = [int(walked.ends(state)) for state in states]
    n_blocks = 0
    while n_blocks != (n_blocks := len(set(block))):
        numbers: dict[object, int] = {}
        block = [
            numbers.setdefault(
                (block[state], tuple((a, block[to]) for a, to in walked.targets(state).items())),
                len(numbers),
            )
            for state in states
        ]
    # State 0 was walked first, so its block is block 0.
    first = {block[state]: state for state in reversed(states)}
    targets = tuple(
        {activity: block[to] for activity, to in walked.targets(first[number]).items()}
        for number in range(len(first))
    )
    ends = tuple(walked.ends(first[number]) for number in range(len(first)))
    return WholeAutomaton(
        all_targets=targets,
        all_steps=tuple(_grouped(number, targets[number]) for number in range(len(targets))),
        all_ends=ends,
        all_shortest=_distances(targets, ends),
        activities=frozenset(activity for one in targets for activity in one),
    )


def _distances(targets: tuple[dict[str, int], ...], ends: tuple[bool, ...]) -> tuple[int, ...]:
    before: defaultdict[int, set[int]] = defaultdict(set)
    for state, ways in enumerate(targets):
        for target in ways.values():
            before[target].add(state)
    distance = {state: 0 for state, is_end in enumerate(ends) if is_end}
    todo = deque(distance)
    while todo:
        state = todo.popleft()
        for earlier in before[state]:
            if earlier not in distance:
                distance[earlier] = distance[state] + 1
                todo.append(earlier)
    # Of a sound model the end can be reached from everywhere.
    return tuple(distance.get(state, NEVER) for state in range(len(ends)))
