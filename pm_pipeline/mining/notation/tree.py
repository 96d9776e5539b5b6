"""Process trees: the form in which a discovered model is held, drawn, measured and written.

A block-structured model (van der Aalst, Process Mining, 2nd ed. 2016, 3.2.8). It is sound by
construction, and Petri net and BPMN follow from it by fixed rules, so equal trees give equal files.
"""

from dataclasses import dataclass
from enum import Enum


class Operator(Enum):
    """How the children of a node are ordered in time."""

    SEQUENCE = "seq"
    CHOICE = "xor"
    PARALLEL = "and"
    LOOP = "loop"


@dataclass(frozen=True)
class Tree:
    """A node: an activity, a silent step (neither activity nor operator), or an operator.

    The first child of a LOOP is what is done, the others are what may come between two rounds.
    """

    activity: str | None = None
    operator: Operator | None = None
    children: tuple["Tree", ...] = ()

    def __post_init__(self) -> None:
        if self.operator is None and self.children:
            raise ValueError("a leaf of a process tree has no children")
        if self.operator is not None and (self.activity is not None or not self.children):
            raise ValueError("an operator of a process tree has children and no activity")
        if self.operator is Operator.LOOP and len(self.children) < 2:
            raise ValueError("a loop of a process tree has a body and at least one way back")

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
        return f"{self.operator.value}({', '.join(map(str, self.children))})"
