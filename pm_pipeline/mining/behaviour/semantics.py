"""What a process tree allows next, without a state space: the basis of precision.

A state mirrors the tree and is advanced by visible activities only; silent steps are taken as late
as possible. A Petri net of the same tree may have 2^n markings between two activities where n
optional branches run in parallel; here there is one state.
"""

from dataclasses import dataclass, field

from pm_pipeline.mining.notation.tree import Operator, Tree

# None: not begun. True: a leaf that was done. (index, state): the child at work in a sequence,
# choice or loop. A tuple of states: the branches of a parallel node or a partial order.
State = object

_ALL_DONE = (Operator.PARALLEL, Operator.ORDER)


@dataclass
class Semantics:
    """The visible behaviour of ``tree``, with its answers kept for the next question."""

    tree: Tree
    _enabled: dict[tuple[int, State], frozenset[str]] = field(default_factory=dict)
    _can_end: dict[tuple[int, State], bool] = field(default_factory=dict)
    _activities: dict[int, frozenset[str]] = field(default_factory=dict)
    # Of subtrees: whole states are hardly ever asked about twice, what one branch is in very often.
    _steps: dict[tuple[int, State, str], list[State]] = field(default_factory=dict)
    _before: dict[int, tuple[frozenset[int], ...]] = field(default_factory=dict)

    def start(self) -> frozenset[State]:
        return frozenset({_begin(self.tree)})

    def enabled(self, states: frozenset[State]) -> frozenset[str]:
        """The activities that some of ``states`` allows next, silent steps passed over."""
        return frozenset().union(*(self._next(self.tree, state) for state in states))

    def can_end(self, states: frozenset[State]) -> bool:
        return any(self._may_end(self.tree, state) for state in states)

    def after(self, states: frozenset[State], activity: str) -> frozenset[State]:
        """The states after ``activity``; empty when the model does not allow it."""
        return frozenset(
            new for state in states for new in self._find_step(self.tree, state, activity)
        )

    def _knows(self, tree: Tree, activity: str) -> bool:
        """Whether a leaf of ``tree`` is ``activity``: most branches need not be asked."""
        if id(tree) not in self._activities:
            self._activities[id(tree)] = frozenset(tree.activities())
        return activity in self._activities[id(tree)]

    def _may_end(self, tree: Tree, state: State) -> bool:
        key = (id(tree), state)
        if key not in self._can_end:
            self._can_end[key] = self._find_may_end(tree, state)
        return self._can_end[key]

    def _find_may_end(self, tree: Tree, state: State) -> bool:
        if tree.operator is None:
            return tree.is_silent or state is True
        if tree.operator in _ALL_DONE:
            assert isinstance(state, tuple)
            return all(map(self._may_end, tree.children, state))
        if state is None:  # a choice that has not been made
            return any(self._may_end(child, _begin(child)) for child in tree.children)
        index, inner = _at(state)
        if not self._may_end(tree.children[index], inner):
            return False
        if tree.operator is Operator.SEQUENCE:
            rest = tree.children[index + 1 :]
            return all(self._may_end(child, _begin(child)) for child in rest)
        if tree.operator is Operator.LOOP and index > 0:
            return self._may_end(tree.children[0], _begin(tree.children[0]))
        return True

    def _next(self, tree: Tree, state: State) -> frozenset[str]:
        key = (id(tree), state)
        if key not in self._enabled:
            if tree.operator is None:
                todo = tree.activity is not None and state is not True
                found = frozenset({tree.activity} if todo and tree.activity else ())
            else:
                found = frozenset().union(
                    *(self._next(child, inner) for _, child, inner in self._open(tree, state))
                )
            self._enabled[key] = found
        return self._enabled[key]

    def _step(self, tree: Tree, state: State, activity: str) -> list[State]:
        key = (id(tree), state, activity)
        if key not in self._steps:
            self._steps[key] = self._find_step(tree, state, activity)
        return self._steps[key]

    def _find_step(self, tree: Tree, state: State, activity: str) -> list[State]:
        if not self._knows(tree, activity):
            return []
        if tree.operator is None:
            return [True] if tree.activity == activity and state is not True else []
        if tree.operator in _ALL_DONE:
            assert isinstance(state, tuple)
            return [
                (*state[:index], new, *state[index + 1 :])
                for index, child, inner in self._open(tree, state)
                if self._knows(child, activity)
                for new in self._step(child, inner, activity)
            ]
        return [
            (index, new)
            for index, child, inner in self._open(tree, state)
            if self._knows(child, activity) and activity in self._next(child, inner)
            for new in self._step(child, inner, activity)
        ]

    def _open(self, tree: Tree, state: State) -> list[tuple[int, Tree, State]]:
        """The children that may act next, each with the state it would act from."""
        children = tree.children
        if tree.operator is Operator.PARALLEL:
            assert isinstance(state, tuple)
            return list(zip(range(len(children)), children, state, strict=True))
        if tree.operator is Operator.ORDER:
            return self._open_in_order(tree, state)
        if state is None:
            return [(i, child, _begin(child)) for i, child in enumerate(children)]
        index, inner = _at(state)
        found = [(index, children[index], inner)]
        if not self._may_end(children[index], inner) or tree.operator is Operator.CHOICE:
            return found
        if tree.operator is Operator.SEQUENCE:
            for i in range(index + 1, len(children)):
                found.append((i, children[i], _begin(children[i])))
                if not self._may_end(children[i], _begin(children[i])):
                    break
            return found
        # A loop. After the body every way back is open, and through a silent way back the body
        # again; after a way back the body, and through a silent body every way back again.
        body, *ways_back = children
        silent_body = self._may_end(body, _begin(body))
        silent_back = any(self._may_end(child, _begin(child)) for child in ways_back)
        if index > 0 or silent_back:
            found.append((0, body, _begin(body)))
        if index == 0 or silent_body:
            found += [(i, child, _begin(child)) for i, child in enumerate(ways_back, start=1)]
        return found


    def _open_in_order(self, tree: Tree, state: State) -> list[tuple[int, Tree, State]]:
        """Children whose predecessors may all end, and of whose successors none has begun."""
        assert isinstance(state, tuple)
        if id(tree) not in self._before:
            self._before[id(tree)] = tree.before()
        before = self._before[id(tree)]
        begun = [inner != _begin(child) for child, inner in zip(tree.children, state, strict=True)]
        shut = frozenset().union(*(before[i] for i, has_begun in enumerate(begun) if has_begun))
        return [
            (i, child, state[i])
            for i, child in enumerate(tree.children)
            if i not in shut
            and all(self._may_end(tree.children[j], state[j]) for j in before[i])
        ]


def _begin(tree: Tree) -> State:
    if tree.operator in _ALL_DONE:
        return tuple(_begin(child) for child in tree.children)
    if tree.operator in (Operator.SEQUENCE, Operator.LOOP):
        return (0, _begin(tree.children[0]))
    return None


def _at(state: State) -> tuple[int, State]:
    assert isinstance(state, tuple)
    index, inner = state
    return index, inner
