"""The changes of law that took effect or ended between two days, and those that cannot be compared."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pm_pipeline.law.diff.in_force import LawOnDay
from pm_pipeline.registry import LegalChange, Registry


class Turn(StrEnum):
    """What happened to something of the law between two days."""

    BEGINS = "begins"
    ENDS = "ends"
    #: It began after the first day and was over by the second.
    PASSES = "passes"
    CHANGES = "changes"


@dataclass(frozen=True)
class DatedChange:
    """A change of law that begins, ends or both after the first day and no later than the second."""

    change: LegalChange
    turn: Turn


@dataclass(frozen=True)
class ChangesBetween:
    """``compared`` are law. ``day_unknown`` and ``not_law`` are told, and feed nothing."""

    compared: tuple[DatedChange, ...]
    day_unknown: tuple[LegalChange, ...]
    not_law: tuple[LegalChange, ...]


def changes_between(
    before: LawOnDay, after: LawOnDay, draft: LegalChange | None = None
) -> ChangesBetween:
    """The changes in the order of their first day between; the rest in the order of the seed.

    A drafted change counts as law in ``after`` so that it can be compared; it is told as ``draft``
    has it, with the status that it really has.
    """
    registry, first, last = after.registry, before.day, after.day
    dated = [
        DatedChange(_as_it_is(change, draft), turn) for change in registry.changes if change.is_law
        if (turn := turn_of(change.effective_on, change.ended_on, first, last)) is not None
    ]

    def first_day(one: DatedChange) -> date:
        day = one.change.ended_on if one.turn is Turn.ENDS else one.change.effective_on
        return day or date.max

    return ChangesBetween(
        compared=tuple(sorted(dated, key=first_day)),
        day_unknown=tuple(one for one in registry.changes if one.effective_on is None),
        not_law=_planned(registry, first, last),
    )


def turn_of(begins: date | None, ends: date | None, first: date, last: date) -> Turn | None:
    """What happens after ``first`` and no later than ``last`` to what holds in [begins, ends)."""
    has_begun = begins is not None and first < begins <= last
    has_ended = ends is not None and first < ends <= last
    if has_begun and has_ended:
        return Turn.PASSES
    if has_begun:
        return Turn.BEGINS
    return Turn.ENDS if has_ended else None


def _as_it_is(change: LegalChange, draft: LegalChange | None) -> LegalChange:
    return draft if draft is not None and draft.change_id == change.change_id else change


def _planned(registry: Registry, first: date, last: date) -> tuple[LegalChange, ...]:
    return tuple(
        one for one in registry.changes
        if not one.is_law and one.effective_on is not None and first < one.effective_on <= last
    )
