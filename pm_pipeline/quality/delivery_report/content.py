"""What a delivery report says, as typed rows: counts, places and words, never a value of a row."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from math import sqrt

#: The same in Danish and in English.
Words = tuple[str, str]

# Two standard errors: what moved by less may be chance (one fault of 300 rows, then one of 1,700).
_CHANCE = 2.0


class Weight(StrEnum):
    """How much it matters to the receiver: something is left out, is in doubt, is good to know."""

    MUST = "must_be_mended"
    SHOULD = "should_be_mended"
    KNOW = "for_information"


class Trend(StrEnum):
    """Against the delivery before."""

    NEW = "new"
    WORSE = "worse"
    SAME = "same"
    BETTER = "better"
    GONE = "gone"


@dataclass(frozen=True)
class Count:
    """``found`` of ``checked``; ``checked`` is None where the number alone says it."""

    found: int
    checked: int | None

    @property
    def share(self) -> float | None:
        return self.found / self.checked if self.checked else None


@dataclass(frozen=True)
class Line:
    """One thing that is wrong, in one table. ``detail``: what was expected, or a code that may be told.

    ``before``: the same in the delivery before, None where that cannot be compared. ``places``: file
    and row of the first ones.
    """

    kind: str
    code: str
    weight: Weight
    what: Words
    mend: Words | None
    table: str
    column: str | None
    detail: str | None
    now: Count
    before: Count | None = None
    places: tuple[str, ...] = ()

    @property
    def by_file(self) -> dict[str, list[str]]:
        """The rows of ``places`` by file."""
        rows: dict[str, list[str]] = {}
        for place in self.places:
            file, _, row = place.rpartition(":")
            rows.setdefault(file, []).append(row)
        return rows

    @property
    def trend(self) -> Trend | None:
        """Better or worse than the delivery before; None where it cannot be said."""
        if self.before is None:
            return None
        if not self.now.found or not self.before.found:
            return Trend.NEW if self.now.found else Trend.GONE
        moved = _standard_errors(self.now, self.before)
        if abs(moved) < _CHANCE:
            return Trend.SAME
        return Trend.WORSE if moved > 0 else Trend.BETTER


def _standard_errors(now: Count, before: Count) -> float:
    """By how many standard errors a share (else a number) has risen since; both found something.

    The test of two proportions with the pooled share; for bare numbers, of two Poisson counts.
    """
    if not now.checked or not before.checked:
        return (now.found - before.found) / sqrt(now.found + before.found)
    pooled = (now.found + before.found) / (now.checked + before.checked)
    spread = sqrt(pooled * (1 - pooled) * (1 / now.checked + 1 / before.checked))
    rise = now.found / now.checked - before.found / before.checked
    return rise / spread if spread else 0.0


@dataclass(frozen=True)
class FileLine:
    """One file of the delivery; the counts are None where it was not loaded."""

    name: str
    tables: tuple[str, ...]
    rows: int | None
    loaded: int | None
    rejected: int | None
    duplicates: int | None


@dataclass(frozen=True)
class Refused:
    """Why nothing of the delivery was loaded; ``message`` names file, line and column."""

    code: str
    is_quarantined: bool
    what: Words
    mend: Words
    message: str


@dataclass(frozen=True)
class DeliveryReport:
    """Everything that one page says. ``system``: its name as people call it."""

    municipality_id: str
    municipality: str
    system_id: str
    system: str
    delivery_id: str
    delivered_on: date
    received_at: datetime
    contract_version: str
    made_on: date
    compared_with: str | None
    refused: Refused | None = None
    files: Sequence[FileLine] = ()
    lines: Sequence[Line] = field(default=())

    def of(self, weight: Weight) -> list[Line]:
        """What is in this delivery of one weight, the most frequent first."""
        return [one for one in self.lines if one.weight is weight and one.now.found]

    @property
    def gone(self) -> list[Line]:
        """What the delivery before had and this one has not: mended, as far as can be seen."""
        return [one for one in self.lines if one.trend is Trend.GONE]

    def rows(self, name: str) -> int | None:
        """A count over all files (``rows``, ``loaded``, ``rejected``, ``duplicates``)."""
        counts = [getattr(one, name) for one in self.files]
        known = [one for one in counts if one is not None]
        return sum(known) if known else None
