"""Rows of Momentum that hold a period, as an export sees them (None: it does not know of it yet)."""

from datetime import datetime

from pm_pipeline.synthetic.acts import absence_events
from pm_pipeline.synthetic.momentum_format import END_REASONS, end_date, instant, midnight
from pm_pipeline.synthetic.sheet import Row
from pm_pipeline.synthetic.world import Absence, Assignment, Course, Offer, Task


def assignment_row(
    key: str, export: datetime, *, cpr: str, period: Assignment, who: str
) -> Row | None:
    """A caseworker's period; ``who`` is the caseworker's id."""
    if period.start_at >= export:
        return None
    end_on = period.end_on
    return (
        key, cpr, who, f"{who.lower()}@eksempel.invalid", "1" if period.is_primary else "0",
        period.unit, midnight(period.start_at.date()),
        end_date(end_on) if end_on is not None and end_on < export.date() else "",
        instant(period.start_at),
    )


def target_group_row(key: str, export: datetime, *, cpr: str, course: Course) -> Row | None:
    """A period in a target group."""
    if course.registered_at >= export:
        return None
    ended_at = course.ended_at
    if ended_at is not None and ended_at >= export:
        ended_at = None
    return (
        key, cpr, course.target_group, course.unemployment_fund, midnight(course.registered_on),
        "" if ended_at is None else end_date(ended_at.date()),
        "" if ended_at is None else END_REASONS[course.end_activity],
        instant(course.registered_at), instant(ended_at or course.registered_at),
    )


def absence_row(key: str, export: datetime, *, cpr: str, absence: Absence) -> Row | None:
    """An absence or exemption; its last day is written once it has passed."""
    if absence.recorded_at >= export:
        return None
    end_on, changed_at = absence.end_on, absence.recorded_at
    if end_on is not None and end_on >= export.date():
        end_on = None
    if end_on is not None:
        changed_at = max(changed_at, datetime(end_on.year, end_on.month, end_on.day, 18))
    return (
        key, cpr, absence.kind, midnight(absence.start_on),
        "" if end_on is None else end_date(end_on), instant(absence.recorded_at), instant(changed_at),
    )


def work_duty_tasks(absence: Absence, course: Course) -> list[Task]:
    """This system tells of work duty by tasks: that it began, and that it was over."""
    return [
        Task(event.activity, event.at, event.at, event.recorded_at, "done", event.at.date(),
             "System", course.assignments[0].unit)
        for event in absence_events(absence)
    ]


def offer_row(key: str, export: datetime, *, cpr: str, offer: Offer) -> Row | None:
    """An offer with as much of its period as has happened."""
    steps = [
        at for at in (offer.granted_at, offer.start_at, offer.end_at) if at is not None and at < export
    ]
    if not steps:
        return None
    reason = "AFBRUDT" if offer.broken_off else "GENNEMFOERT"
    return (
        key, cpr, offer.offer_type, instant(offer.granted_at),
        midnight(steps[1].date()) if len(steps) > 1 else "",
        end_date(steps[2].date()) if len(steps) > 2 else "",
        f"{offer.half_hours_per_week / 2:.1f}".replace(".", ","),
        reason if len(steps) > 2 else "", instant(steps[-1]), offer.created_by,
    )
