"""What really happened in a synthetic municipality, before any case system wrote it down.

All times are naive local times. ``recorded_at`` is when the case system learnt of something; a
delivery holds what was recorded before it was exported.
"""

from datetime import date, datetime
from typing import NamedTuple

from pm_pipeline.synthetic.people import Person

MUNICIPALITY, FUND, JOINT = "municipality", "unemployment_fund", "joint"

FORSIKREDE, KONTANT = "forsikrede_ledige", "kontanthjaelp"
LAW_B_FROM = date(2024, 1, 1)


class Contact(NamedTuple):
    """One booking and what became of it.

    ``state``: held, no_show, cancelled, rebooked or planned. ``booked_at`` is None where the talk
    came out of another one that was moved. ``settled_at`` is when the state was recorded (for
    cancelled and rebooked: when it happened), None while planned.
    """

    activity: str
    party: str
    form: str
    booked_at: datetime | None
    booked_by: str
    starts_at: datetime
    state: str
    settled_at: datetime | None
    created_by: str
    unit: str
    note: str


class Task(NamedTuple):
    """A task of the case: ``state`` done, cancelled or open; only a done one is an event."""

    activity: str
    created_at: datetime
    done_at: datetime | None
    recorded_at: datetime
    state: str
    deadline_on: date
    created_by: str
    unit: str


class Offer(NamedTuple):
    """An offer (tilbud) of the active effort; start and end are None while they lie ahead."""

    offer_type: str
    granted_at: datetime
    start_at: datetime | None
    end_at: datetime | None
    broken_off: bool
    half_hours_per_week: int
    created_by: str


class Assignment(NamedTuple):
    """A caseworker's period with a citizen. ``is_change``: a new primary caseworker took over."""

    caseworker: str
    is_primary: bool
    is_change: bool
    start_at: datetime
    end_on: date | None
    unit: str


class Course(NamedTuple):
    """One course of contact under one target group: one case."""

    process_id: str
    target_group: str
    registered_at: datetime
    ended_at: datetime | None
    end_activity: str
    contacts: tuple[Contact, ...]
    tasks: tuple[Task, ...]
    offers: tuple[Offer, ...]
    assignments: tuple[Assignment, ...]

    @property
    def registered_on(self) -> date:
        return self.registered_at.date()

    @property
    def ended_on(self) -> date | None:
        return None if self.ended_at is None else self.ended_at.date()

    @property
    def regime_id(self) -> str:
        """The law version a case follows by the day it was registered (cohort rule)."""
        return f"{self.process_id}__{20240101 if self.registered_on >= LAW_B_FROM else 20200101}"


class Citizen(NamedTuple):
    """A citizen with one or more courses in the order of time."""

    number: int
    person: Person
    courses: tuple[Course, ...]


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


def events_of(course: Course) -> list[Event]:
    """Every event of a case in the order of time: what a perfect event log would hold."""
    insured = course.process_id == FORSIKREDE
    told = [Event(
        "TILMELDT" if insured else "FOERSTE_HENVENDELSE", course.registered_at,
        course.registered_at, created_by="Borger" if insured else "System", is_day=True,
    )]
    for contact in course.contacts:
        told += _contact_events(contact)
    for task in course.tasks:
        if task.state == "done" and task.done_at is not None:
            told.append(Event(task.activity, task.done_at, task.recorded_at,
                              created_by=task.created_by, unit=task.unit))
    for offer in course.offers:
        told += _offer_events(offer)
    for period in course.assignments:
        if period.is_change:
            told.append(Event("SAGSBEHANDLERSKIFTE", period.start_at, period.start_at,
                              created_by=period.caseworker, unit=period.unit, is_day=True))
    if course.ended_at is not None:
        told.append(Event(course.end_activity, course.ended_at, course.ended_at, is_day=True))
    told.sort(key=lambda event: event.at)
    return told
