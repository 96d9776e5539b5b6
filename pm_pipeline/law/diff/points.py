"""Which two days a call means: a day, a legal change, the first day of a regime."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from pm_pipeline.errors import UsageError
from pm_pipeline.registry import LegalChange, Registry

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Point:
    """A day of the law, and how the call named it."""

    day: date
    said: str


def points_of(registry: Registry, first: str, second: str | None = None) -> tuple[Point, Point]:
    """The two days to compare.

    A legal change is its first day in force; named first it is the day before. One name alone is
    the day before against the day.

    Raises:
        UsageError: an unknown name (the known ones are told), a change that is not law or whose day
            is unknown, the later day first.
    """
    if second is None:
        day = day_of(registry, first)
        return Point(day_before(day), first), Point(day, first)
    return in_order(first_day(registry, first), Point(day_of(registry, second), second))


def first_day(registry: Registry, said: str) -> Point:
    """What a name means when it is the first of two: a change is the day before it."""
    day = day_of(registry, said)
    is_change = any(one.change_id == said for one in registry.changes)
    return Point(day_before(day) if is_change else day, said)


def in_order(before: Point, after: Point) -> tuple[Point, Point]:
    """Both as they are; UsageError when the later day comes first."""
    if before.day > after.day:
        raise UsageError(
            f"{before.said} is {before.day}, later than {after.said}, which is {after.day}: name the "
            "earlier of the two first"
        )
    return before, after


def day_of(registry: Registry, said: str) -> date:
    """The day that a word of the call names; see :func:`points_of`."""
    if _DAY.fullmatch(said):
        try:
            return date.fromisoformat(said)
        except ValueError:
            raise UsageError(f"'{said}' is no day of the calendar; write it as yyyy-mm-dd") from None
    for change in registry.changes:
        if change.change_id == said:
            return _day_of_law(change)
    for regime in registry.regimes:
        if regime.regime_id == said:
            return regime.valid_from
    changes = ", ".join(one.change_id for one in registry.changes) or "none"
    regimes = ", ".join(one.regime_id for one in registry.regimes) or "none"
    raise UsageError(
        f"'{said}' is no day (yyyy-mm-dd), no legal change and no regime. Changes in "
        f"law/legal_changes.csv: {changes}. Regimes in law/regimes.csv: {regimes}"
    )


def _day_of_law(change: LegalChange) -> date:
    where = f"law/legal_changes.csv row {change.row}"
    if not change.is_law:
        raise UsageError(
            f"'{change.change_id}' is {change.status}, not law ({where}): only law that is or was in "
            f"force is compared. Draft it with `pm-pipeline law new {change.change_id}`, then "
            "`law diff` compares the draft"
        )
    if change.effective_on is None:
        raise UsageError(
            f"the day on which '{change.change_id}' took effect is unknown ({where}, effective_on is "
            "empty), so there is no day to compare; name two days"
        )
    return change.effective_on


def day_before(day: date) -> date:
    return day - timedelta(days=1)
