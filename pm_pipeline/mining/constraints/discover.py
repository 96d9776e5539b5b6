"""DECLARE constraints of a log, judged on all variants at once.

Support and confidence as in pm4py's ``discover_declare``, in cases. What a template says of one path
stands in :mod:`~pm_pipeline.mining.constraints.templates`; here the same is said of every variant in
arrays, since there are as many questions as variants times pairs of activities times templates.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pm_pipeline.mining.constraints.templates import (
    SYMMETRIC,
    TEMPLATES,
    WEAKER,
    WEAKER_EITHER_WAY,
    WEAKER_WITH_ANY,
)
from pm_pipeline.mining.log import Path

#: A verdict on every variant: (activated, held), arrays of bool; what is held is activated.
Verdict = tuple[Any, Any]
Key = tuple[str, str, str | None]


@dataclass(frozen=True)
class Constraint:
    """A constraint and the cases it was judged on.

    Attributes:
        second: None for a constraint of one activity.
        n_activated: cases that activate it; ``n_satisfied`` of them hold it.
        verdict: which variants activate and hold it, in the order they were given.
    """

    template: str
    first: str
    second: str | None
    n_cases: int
    n_activated: int
    n_satisfied: int
    verdict: Verdict

    @property
    def support(self) -> float:
        """Share of all cases that activate it."""
        return self.n_activated / self.n_cases

    @property
    def confidence(self) -> float:
        """Share of the cases that activate it that hold it."""
        return self.n_satisfied / self.n_activated

    @property
    def n_violated(self) -> int:
        return self.n_activated - self.n_satisfied


def discover(
    variants: Sequence[tuple[Path, int]], min_support: float, min_confidence: float
) -> tuple[Constraint, ...]:
    """The constraints that enough cases activate and enough of these hold.

    Asked of activities that at least ``min_support`` of the cases have. Ordered by template, then by
    activities.

    Args:
        variants: paths with their numbers of cases.
    """
    import numpy as np

    if not variants:
        return ()
    log = _Positions([path for path, _ in variants])
    weights = np.array([n for _, n in variants], dtype=np.int64)
    n_cases = int(weights.sum())
    asked = [
        code for code in range(len(log.names))
        if int(weights[log.count[code] > 0].sum()) >= min_support * n_cases
    ]
    found = []
    for key, (activated, held) in _verdicts(log, asked):
        n_activated, n_held = int(weights[activated].sum()), int(weights[held].sum())
        if n_held and n_activated >= min_support * n_cases and n_held >= min_confidence * n_activated:
            found.append(Constraint(*key, n_cases, n_activated, n_held, (activated, held)))
    return tuple(
        sorted(found, key=lambda c: (TEMPLATES.index(c.template), c.first, c.second or ""))
    )


def strongest(constraints: Sequence[Constraint]) -> tuple[Constraint, ...]:
    """Without those that a stronger one of the same activities says too.

    A stronger one is violated wherever a weaker one is, so where it is violated by no more cases, the
    weaker one adds nothing (Di Ciccio, Maggi, Montali, Mendling, Resolving inconsistencies and
    redundancies in declarative process models, 2017, hierarchy of templates).
    """
    told: dict[Key, Constraint] = {
        (one.template, one.first, one.second): one for one in constraints
    }
    names = {name for one in constraints for name in (one.first, one.second) if name}
    implied: set[Key] = set()
    for (template, first, second), one in told.items():
        weaker: list[Key] = [(name, first, second) for name in WEAKER.get(template, ())]
        for name in WEAKER_EITHER_WAY.get(template, ()):
            assert second is not None
            weaker += [(name, first, second), (name, second, first)]
        for name, is_first in WEAKER_WITH_ANY.get(template, ()):
            weaker += [(name, first, x) if is_first else (name, x, first) for x in names]
        implied |= {
            key for key in weaker if key in told and told[key].n_violated >= one.n_violated
        }
    return tuple(one for key, one in told.items() if key not in implied)


class _Positions:
    """Where each activity stands in each path: activity × path, and every occurrence by activity."""

    def __init__(self, paths: Sequence[Path]) -> None:
        import numpy as np

        self.names = sorted({name for path in paths for name in path})
        codes = {name: code for code, name in enumerate(self.names)}
        self.n_paths = len(paths)
        lengths = np.array([len(path) for path in paths], dtype=np.int64)
        self.path = np.repeat(np.arange(self.n_paths), lengths)
        self.code = np.array([codes[name] for path in paths for name in path], dtype=np.int64)
        #: Places in all paths laid end to end, so that one path's never reach into another's.
        starts = np.cumsum(lengths) - lengths
        self.ends = starts + lengths
        shape = (len(self.names), self.n_paths)
        self.count = np.zeros(shape, dtype=np.int64)
        self.first = np.full(shape, len(self.code), dtype=np.int64)
        self.last = np.full(shape, -1, dtype=np.int64)
        places = np.arange(len(self.code))
        np.add.at(self.count, (self.code, self.path), 1)
        np.minimum.at(self.first, (self.code, self.path), places)
        np.maximum.at(self.last, (self.code, self.path), places)
        self.begins = np.full(self.n_paths, -1)
        self.begins[lengths > 0] = self.code[starts[lengths > 0]]
        self.at = [np.flatnonzero(self.code == code) for code in range(len(self.names))]

    @cached_property
    def beside(self) -> tuple[Any, Any]:
        """The code before and after each place; -1 at the borders of a path."""
        import numpy as np

        same = self.path[1:] == self.path[:-1]
        before, after = np.full(len(self.code), -1), np.full(len(self.code), -1)
        before[1:][same] = self.code[:-1][same]
        after[:-1][same] = self.code[1:][same]
        return before, after

    def without(self, code: int, is_fault: Any) -> Any:
        """Which paths have no occurrence of ``code`` with a fault."""
        import numpy as np

        fine = np.ones(self.n_paths, dtype=bool)
        fine[self.path[self.at[code][is_fault]]] = False
        return fine

    def parted(self, code: int, other: int) -> Any:
        """Which paths have ``other`` between any two occurrences of ``code``."""
        import numpy as np

        at, between = self.at[code], self.at[other]
        again = self.path[at[1:]] == self.path[at[:-1]]
        here, there = at[:-1][again], at[1:][again]
        next_one = np.searchsorted(between, here)
        is_parted = np.append(between, len(self.code))[next_one] < there
        fine = np.ones(self.n_paths, dtype=bool)
        fine[self.path[here[~is_parted]]] = False
        return fine


def _verdicts(log: _Positions, asked: Sequence[int]) -> Iterator[tuple[Key, Verdict]]:
    import numpy as np

    everywhere = np.ones(log.n_paths, dtype=bool)
    for code in asked:
        count, name = log.count[code], log.names[code]
        one: dict[str, Any] = {
            "existence": count > 0, "absence": count == 0, "exactly_one": count == 1,
            "init": log.begins == code,
        }
        for template, held in one.items():
            yield (template, name, None), (everywhere, held)
    for first in asked:
        for second in asked:
            if first == second:
                continue
            for template, verdict in _of_pair(log, first, second).items():
                if template not in SYMMETRIC or first < second:
                    yield (template, log.names[first], log.names[second]), verdict


def _of_pair(log: _Positions, a: int, b: int) -> dict[str, Verdict]:
    has_a, has_b = log.count[a] > 0, log.count[b] > 0
    before, after = log.beside
    response, precedence = log.last[b] > log.last[a], log.first[a] < log.first[b]
    after_a: dict[str, Any] = {
        "responded_existence": has_b,
        "response": response,
        "alternate_response": response & log.parted(a, b),
        "chain_response": log.without(a, after[log.at[a]] != b),
    }
    before_b: dict[str, Any] = {
        "precedence": precedence,
        "alternate_precedence": precedence & log.parted(b, a),
        "chain_precedence": log.without(b, before[log.at[b]] != a),
    }
    found: dict[str, Verdict] = {
        **{template: (has_a, has_a & holds) for template, holds in after_a.items()},
        **{template: (has_b, has_b & holds) for template, holds in before_b.items()},
    }
    for template in ("succession", "alternate_succession", "chain_succession"):
        one = found[template.replace("succession", "response")]
        other = found[template.replace("succession", "precedence")]
        held = one[1] & other[1]
        found[template] = (held | (one[0] & ~one[1]) | (other[0] & ~other[1]), held)
    found["co_existence"] = (has_a | has_b, has_a & has_b)
    found["not_co_existence"] = (has_a | has_b, has_a ^ has_b)
    found["not_succession"] = (has_a, has_a & ~(has_b & (log.last[b] > log.first[a])))
    return found
