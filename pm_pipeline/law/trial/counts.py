"""Counts of cases that may be told, and those that may not: too few people stand behind them."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Count:
    """Cases, and the distinct citizens they are about."""

    cases: int
    citizens: int

    def is_small(self, k: int) -> bool:
        """Somebody is behind it, and fewer than the minimum group."""
        return self.cases > 0 and self.citizens < k


NOBODY = Count(0, 0)


@dataclass(frozen=True)
class Shown:
    """A count as it may be told: ``cases`` is None where fewer than ``k`` citizens stand behind it, or
    where it would tell such a count by subtraction."""

    cases: int | None
    is_small: bool
    k: int

    def __str__(self) -> str:
        if self.cases is not None:
            return f"{self.cases:,}"
        # not "at least k": a count that is hidden because of its neighbour may be nobody at all
        return f"<{self.k}" if self.is_small else "hidden"


def shown(count: Count, k: int) -> Shown:
    """One count that nothing is told beside."""
    return Shown(None if count.is_small(k) else count.cases, count.is_small(k), k)


def shown_parts(parts: Mapping[Key, Count], k: int) -> dict[Key, Shown]:
    """Counts whose sum is told too: where subtraction would tell a small one, the next goes as well."""
    hidden = {key for key, count in parts.items() if count.is_small(k)}
    others = sorted(
        (key for key, count in parts.items() if count.cases and key not in hidden),
        key=lambda key: parts[key].citizens,
    )
    if hidden and sum(parts[key].citizens for key in hidden) < k and others:
        hidden.add(others[0])
    return {
        key: Shown(None if key in hidden else count.cases, count.is_small(k), k)
        for key, count in parts.items()
    }


def shown_beside(
    after: Mapping[Key, Count], before: Mapping[Key, Count], k: int
) -> dict[Key, Shown]:
    """Parts told beside the same parts before: a difference of a few people is not told either."""
    parts = shown_parts(after, k)
    for key, one in parts.items():
        difference = abs(after[key].citizens - before.get(key, NOBODY).citizens)
        if 0 < difference < k:
            parts[key] = Shown(None, one.is_small, k)
    return parts
