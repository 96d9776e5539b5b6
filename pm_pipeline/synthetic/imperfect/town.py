"""The municipality that imperfections are planted in, and what is true of them afterwards."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from math import ceil
from pathlib import Path
from random import Random
from typing import NamedTuple

from pm_pipeline.errors import UsageError
from pm_pipeline.synthetic.imperfect.fasit import Case, cases_of
from pm_pipeline.synthetic.imperfect.momentum import Course, courses_of
from pm_pipeline.synthetic.imperfect.sheets import Deliveries, Place, Record


class Code(NamedTuple):
    """A code of a source table."""

    system_id: str
    source_table: str
    source_code: str


class Month(NamedTuple):
    """An activity of a process in a month (its first day)."""

    process_id: str
    activity_id: str
    month: date


@dataclass(frozen=True)
class Planted:
    """What was planted of one pattern: only what a finder is to find, and nothing beside it.

    Of each row, case (system, case number), code and month only the kind that the pattern is about.
    ``regimes``: under which law the cases were that it was planted in; none for whole deliveries.
    """

    pattern_id: str
    rows: frozenset[Place] = frozenset()
    cases: frozenset[tuple[str, str]] = frozenset()
    codes: frozenset[Code] = frozenset()
    months: frozenset[Month] = frozenset()
    regimes: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return len(self.rows) + len(self.cases) + len(self.codes) + len(self.months)


@dataclass
class Seen:
    """What a planter did."""

    records: list[Record] = field(default_factory=list)
    cases: list[tuple[str, str]] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)
    months: list[Month] = field(default_factory=list)

    def at(
        self, pattern_id: str, places: dict[Record, Place], regimes: frozenset[str]
    ) -> Planted:
        return Planted(
            pattern_id, frozenset(places[record] for record in self.records),
            frozenset(self.cases), frozenset(self.codes), frozenset(self.months), regimes,
        )


class Town:
    """A municipality that delivers from two systems; no case is given out twice."""

    def __init__(self, folder: Path, seed: int) -> None:
        """``folder`` holds ``fasit/`` and ``momentum/`` as ``generate`` wrote them, without faults."""
        self.fasit = Deliveries(folder / "fasit", "fasit")
        self.momentum = Deliveries(folder / "momentum", "momentum")
        self.rng = Random(f"imperfect:{seed}")
        self._free = list(cases_of(self.fasit))
        self.rng.shuffle(self._free)
        self._all = tuple(self._free)
        self._courses = courses_of(self.momentum)
        self.rng.shuffle(self._courses)
        self._all_courses = tuple(self._courses)
        self._asked: set[str] = set()

    def regimes_asked(self) -> frozenset[str]:
        """The regimes of which cases were given out since this was asked last."""
        asked, self._asked = frozenset(self._asked), set()
        return asked

    def cases(
        self, n: int, regime_id: str, fits: Callable[[Case], bool] = lambda case: True
    ) -> Iterator[Case]:
        """Some ``n`` cases under a regime that no pattern has used; UsageError for far too few."""
        self._asked.add(regime_id)
        found = [case for case in self._free if case.regime_id == regime_id and fits(case)][:n]
        self._refuse(regime_id, "cases", n, len(found))
        taken = set(map(id, found))
        self._free = [case for case in self._free if id(case) not in taken]
        yield from found

    def under(self, regime_id: str) -> list[Case]:
        """Every case under a regime, also those that were given out."""
        self._asked.add(regime_id)
        return [case for case in self._all if case.regime_id == regime_id]

    def courses_under(self, regime_id: str) -> list[Course]:
        """Every course of the other system under a regime, also those that were given out."""
        self._asked.add(regime_id)
        return [course for course in self._all_courses if course.regime_id == regime_id]

    def part(
        self, part: float, regime_id: str, fits: Callable[[Case], bool] = lambda case: True
    ) -> Iterator[Case]:
        """So great a part (0 to 1) of all cases under a regime, of those that nobody has used."""
        return self.cases(ceil(part * len(self.under(regime_id))), regime_id, fits)

    def courses(
        self, n: int, regime_id: str, fits: Callable[[Course], bool] = lambda course: True
    ) -> Iterator[Course]:
        """``n`` courses of the other system, as :meth:`cases` gives cases."""
        self._asked.add(regime_id)
        found = [one for one in self._courses if one.regime_id == regime_id and fits(one)][:n]
        self._refuse(regime_id, "courses of momentum", n, len(found))
        taken = set(map(id, found))
        self._courses = [one for one in self._courses if id(one) not in taken]
        yield from found

    def _refuse(self, regime_id: str, what: str, n: int, found: int) -> None:
        # a few less than were asked for still tell
        if 4 * found < 3 * n:
            raise UsageError(
                f"{regime_id}: expected {n} free {what} that fit, found {found}; "
                "make the municipality larger")

    def write(self) -> dict[Record, Place]:
        """Write all deliveries; where each record stands."""
        return self.fasit.write() | self.momentum.write()


Planter = Callable[[Town], Seen]


class Planters(dict[str, Planter]):
    """Planters by pattern; ``of`` is the decorator that adds one."""

    def of(self, pattern_id: str) -> Callable[[Planter], Planter]:
        def add(planter: Planter) -> Planter:
            if pattern_id in self or not (planter.__doc__ or "").strip():
                raise ValueError(f"{pattern_id}: expected one planter, with a docstring")
            self[pattern_id] = planter
            return planter

        return add
