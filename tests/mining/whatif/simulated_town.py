"""A town whose quota, staff and courses are known, lived case by case with a heap, not by counts."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.random import Generator

from pm_pipeline.mining.whatif.quota import WorkingDays
from pm_pipeline.mining.whatif.turns import STILL_OPEN, Turns

#: A Monday; day 0 of a town.
BEGAN_ON = date(2023, 1, 2)


def is_working(day: int) -> bool:
    """Monday to Friday but for two weeks a year."""
    return day % 7 < 5 and day % 364 not in range(350, 364)


def calendar_from(origin: int) -> WorkingDays:
    """From two years before day 0 of the town to eight years after it, numbered from ``origin``."""
    days = range(-728, 8 * 364)
    return WorkingDays(days[0] - origin, np.array([is_working(day) for day in days]))


def own_time(rng: Generator, begun: int, due: int) -> int:
    """Everybody comes late, at a time of their own."""
    return due + int(rng.exponential(20))


def at_any_time(rng: Generator, begun: int, due: int) -> int:
    """Called without a look at the day that is due."""
    return begun + int(rng.integers(3, 60))


@dataclass
class Town:
    """Each day those who leave leave, those who come come, then whoever has been due longest is called.

    Attributes:
        pace: talks that can be held a working day, on the average: Poisson around a level that a week
            has of its own, ``unsteady`` its standard deviation.
        arrivals: registrations a day, on the average.
        course_days: how long a case lasts, on the average; gamma distributed with ``shape``.
        ready: (who draws, day the turn began, day it is due) → the day from which it is called, the
            earliest first. A town that goes by the due day calls from that day on.
    """

    rng: Generator
    quota: int = 30
    first: int = 14
    pace: float = 3.0
    arrivals: float = 0.6
    course_days: float = 200.0
    shape: float = 1.5
    unsteady: float = 0.15
    ready: Callable[[Generator, int, int], int] = lambda rng, begun, due: due
    day: int = 0
    turns: list[tuple[int, int, bool, bool]] = field(default_factory=list)
    _heap: list[tuple[int, int, int]] = field(default_factory=list)
    _open: dict[int, tuple[int, int, bool]] = field(default_factory=dict)
    _n: int = 0
    _level: float = 1.0

    def live(self, n_days: int) -> list[int]:
        """Days late (0 = by the due day) of every talk that is held."""
        late = []
        for _ in range(n_days):
            late += self._a_day()
            self.day += 1
        return late

    def change_quota(self, quota: int) -> None:
        """From today on: who was not due yet is due today at the earliest."""
        heap = []
        for case, (begun, _, is_first) in self._open.items():
            was = self._due(begun, is_first)
            old, self.quota = self.quota, quota
            due = max(self._due(begun, is_first), min(was, self.day))
            self.quota = old
            heap.append((due, due, case))
        self.quota = quota
        heapq.heapify(heap)
        self._heap = heap

    @property
    def waiting(self) -> int:
        """Open cases that are due and were not called by yesterday."""
        return sum(
            self._due(begun, is_first) < self.day for begun, _, is_first in self._open.values()
        )

    def _due(self, begun: int, is_first: bool) -> int:
        due = begun + (self.first if is_first else self.quota)
        while not is_working(due):
            due += 1
        return due

    def _a_day(self) -> list[int]:
        today = self.day
        for case in [one for one, turn in self._open.items() if turn[1] == today]:
            begun, _, is_first = self._open.pop(case)
            self.turns.append((begun, today, is_first, False))
        for _ in range(self.rng.poisson(self.arrivals)):
            lasts = 1 + int(self.rng.gamma(self.shape, self.course_days / self.shape))
            self._begin(today, today + lasts, True)
        if today % 7 == 0:
            self._level = 1 + self.unsteady * self.rng.normal()
        late = []
        if is_working(today):
            can = self.rng.poisson(max(self.pace * self._level, 0))
            while can and self._heap and self._heap[0][0] <= today:
                _, due, case = heapq.heappop(self._heap)
                if case not in self._open:
                    continue
                begun, leaves, is_first = self._open.pop(case)
                self.turns.append((begun, today, is_first, True))
                self._begin(today, leaves, False)
                late.append(max(today - due, 0))
                can -= 1
        return late

    def _begin(self, begun: int, leaves: int, is_first: bool) -> None:
        self._n += 1
        self._open[self._n] = (begun, leaves, is_first)
        due = self._due(begun, is_first)
        heapq.heappush(self._heap, (self.ready(self.rng, begun, due), due, self._n))

    def log(self, n_weeks: int) -> Turns:
        """Its last weeks as the warehouse would tell them."""
        origin = self.day - 7 * n_weeks
        rows = [(begun, end, first, held) for begun, end, first, held in self.turns if end >= origin]
        rows += [(begun, STILL_OPEN + origin, first, False) for begun, _, first in self._open.values()]
        begins, ends, first, held = (np.array(one) for one in zip(*rows, strict=True))
        return Turns(
            "p", "TALK", BEGAN_ON + timedelta(days=origin), 7 * n_weeks, begins - origin, ends - origin,
            first.astype(bool), held.astype(bool), np.ones(len(rows), dtype=np.int64),
            n_cases=len(rows), n_citizens=len(rows),
        )
