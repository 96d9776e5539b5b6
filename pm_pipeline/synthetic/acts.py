"""The acts of a course in the order of time: what a perfect event log would hold."""

from datetime import datetime, timedelta
from typing import NamedTuple

from pm_pipeline.synthetic.world import Absence, Contact, Course, Offer


class Event(NamedTuple):
    """One act as an event log tells it."""

    activity: str
    at: datetime
    recorded_at: datetime
    party: str = ""
    form: str = ""
    created_by: str = "System"
    unit: str = ""
    note: str = ""
    # acts whose hour no system keeps: registrations, periods
    is_day: bool = False


class Told(NamedTuple):
    """What a delivery tells of a course: its id in the system, the acts of the case, and the acts that
    led to it where nothing in the system says that they belong together."""

    case_ref: str
    events: list[Event]
    outside: list[Event]


_STATE_ACTIVITY = {"no_show": "UDEBLEVET", "cancelled": "AFLYST", "rebooked": "OMBOOKET"}


def _contact_events(contact: Contact) -> list[Event]:
    told = []
    if contact.booked_at is not None:
        by_citizen = contact.booked_by == "citizen"
        told.append(Event(
            "SELVBOOKET" if by_citizen else "INDKALDT", contact.booked_at, contact.booked_at,
            created_by="Borger" if by_citizen else contact.created_by, unit=contact.unit,
        ))
    if contact.settled_at is not None:
        moved = contact.state in ("cancelled", "rebooked")
        told.append(Event(
            _STATE_ACTIVITY.get(contact.state, contact.activity),
            contact.settled_at if moved else contact.starts_at, contact.settled_at,
            contact.party, contact.form, contact.created_by, contact.unit, contact.note,
        ))
    return told


def _offer_events(offer: Offer) -> list[Event]:
    by = offer.created_by
    told = [Event("TILBUD_BEVILGET", offer.granted_at, offer.granted_at, created_by=by)]
    if offer.start_at is not None:
        told.append(
            Event("TILBUD_START", offer.start_at, offer.start_at, created_by=by, is_day=True))
    if offer.end_at is not None:
        ended = "TILBUD_AFBRUDT" if offer.broken_off else "TILBUD_SLUT"
        told.append(Event(ended, offer.end_at, offer.end_at, created_by=by, is_day=True))
    return told


def absence_events(absence: Absence) -> list[Event]:
    """Both ends lie on days of the absence."""
    of = "FRAVAER" if absence.is_absence else absence.kind
    start = datetime.combine(absence.start_on, datetime.min.time()) + timedelta(hours=7)
    told = [Event(f"{of}_START", start, absence.recorded_at, is_day=True)]
    if absence.end_on is not None:
        end = datetime.combine(absence.end_on, datetime.min.time()) + timedelta(hours=18)
        told.append(Event(f"{of}_SLUT", end, max(end, absence.recorded_at), is_day=True))
    return told


def events_of(course: Course) -> list[Event]:
    """Every event of a course, also what led to it, in the order of time."""
    told = [Event(
        course.start_activity, course.registered_at, course.registered_at,
        created_by="Borger" if course.start_activity == "TILMELDT" else "System", is_day=True,
    )]
    for contact in course.contacts:
        told += _contact_events(contact)
    for task in course.tasks:
        if task.state == "done" and task.done_at is not None:
            told.append(Event(task.activity, task.done_at, task.recorded_at,
                              created_by=task.created_by, unit=task.unit))
    for offer in course.offers:
        told += _offer_events(offer)
    for absence in course.absences:
        told += absence_events(absence)
    for period in course.assignments:
        if period.is_change:
            told.append(Event("SAGSBEHANDLERSKIFTE", period.start_at, period.start_at,
                              created_by=period.caseworker, unit=period.unit, is_day=True))
    if course.ended_at is not None:
        told.append(Event(course.end_activity, course.ended_at, course.ended_at, is_day=True))
    told.sort(key=lambda event: event.at)
    return told
