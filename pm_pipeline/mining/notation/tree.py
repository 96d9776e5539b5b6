"""Process trees: the form in which a discovered model is held, drawn, measured and written.

A block-structured model (van der Aalst, Process Mining, 2nd ed. 2016, 3.2.8), with one operator more:
the partial order of POWL (Kourani, van Zelst, POWL: Partially Ordered Workflow Language, 2023). It is
sound by construction, and Petri net and BPMN follow from it by fixed rules, so equal trees give equal
files.
"""

from dataclasses import dataclass
from enum import Enum


class Operator(Enum):
    """How the children of a node are ordered in time."""

    SEQUENCE = "seq"
    CHOICE = "xor"
    PARALLEL = "and"
    LOOP = "loop"
    ORDER = "order"


@dataclass(frozen=True)
class Tree:
    """A node: an activity, a silent step (neither activity nor operator), or an operator.

    The first child of a LOOP is what is done, the others are what may come between two rounds. The
    children of an ORDER are all done, each after those that ``order`` puts before it.

    Attributes:
        order: of an ORDER only: (earlier, later) as positions in ``children``, without the pairs that
            follow from others.
    """

    activity: str | None = None
    operator: Operator | None = None
    children: tuple["Tree", ...] = ()
    order: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        if self.operator is None and self.children:
            raise ValueError("a leaf of a process tree has no children")
        if self.operator is not None and (self.activity is not None or not self.children):
            raise ValueError("an operator of a process tree has children and no activity")
        if self.operator is Operator.LOOP and len(self.children) < 2:
            raise ValueError("a loop of a process tree has a body and at least one way back")
        if bool(self.order) != (self.operator is Operator.ORDER):
            raise ValueError("a partial order of a process tree, and nothing else, has ordered pairs")
        if any(before >= after for before, after in self.order):
            raise ValueError("the children of a partial order stand in an order it allows")

    @property
    def is_silent(self) -> bool:
        return self.operator is None and self.activity is None

    def activities(self) -> tuple[str, ...]:
        """The activities of the leaves, left to right."""
        if self.activity is not None:
            return (self.activity,)
        return tuple(a for child in self.children for a in child.activities())

    def __str__(self) -> str:
        if self.operator is None:
            return "tau" if self.activity is None else repr(self.activity)
        inside = ", ".join(map(str, self.children))
        pairs = "".join(f"; {before + 1}<{after + 1}" for before, after in self.order)
        return f"{self.operator.value}({inside}{pairs})"

    def before(self) -> tuple[frozenset[int], ...]:
        """For each child of an ORDER all children that must be done before it."""
        found: list[frozenset[int]] = []
        for child in range(len(self.children)):
            direct = [earlier for earlier, later in self.order if later == child]
            found.append(frozenset(direct).union(*(found[earlier] for earlier in direct)))
        return tuple(found)
