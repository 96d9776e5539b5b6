"""What really happened in a synthetic municipality, before any case system wrote it down.

All times are naive local times. ``recorded_at`` is when the case system learnt of something; a
delivery holds what was recorded before it was exported.
"""

from datetime import date, datetime
from typing import NamedTuple

from pm_pipeline.synthetic.people import Person

MUNICIPALITY, FUND, JOINT = "municipality", "unemployment_fund", "joint"
# nobody wrote down who held the talk
UNKNOWN = ""
EXEMPTION, WORK_DUTY = "FRITAGELSE", "ARBEJDSPLIGT"

FORSIKREDE, KONTANT, RESSOURCE = "forsikrede_ledige", "kontanthjaelp", "ressourceforloeb"
LAW_A_FROM, RESSOURCE_2022_FROM = date(2020, 1, 1), date(2022, 1, 1)
WORK_DUTY_FROM = date(2025, 1, 1)
LAW_B_FROM, LAW_C_FROM = date(2024, 1, 1), date(2026, 7, 1)
# Talks and offers were suspended: first and last day (COVID-1).
COVID_FROM, COVID_UNTIL = date(2020, 3, 12), date(2020, 5, 26)
# From this day a change of benefit no longer restarts the contact course in the data.
NO_RESTART_FROM = date(2025, 7, 1)
# The days on which the law of a process changed; a case follows the law of the day it was registered.
REGIMES_FROM = {
    FORSIKREDE: (LAW_A_FROM, LAW_B_FROM, LAW_C_FROM),
    KONTANT: (LAW_A_FROM, LAW_B_FROM, LAW_C_FROM),
    RESSOURCE: (LAW_A_FROM, RESSOURCE_2022_FROM),
}


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


class Absence(NamedTuple):
    """A period of absence (its days do not count in the windows of the law), exemption or work duty.

    ``kind``: what the case system calls it. ``end_on`` is the last day of the period; None while nobody
    knows it.
    """

    kind: str
    start_on: date
    end_on: date | None
    recorded_at: datetime

    @property
    def is_exemption(self) -> bool:
        """Whether a duty falls away, instead of being put off."""
        return self.kind == EXEMPTION

    @property
    def is_work_duty(self) -> bool:
        """Whether the citizen works for the benefit, and is owed no other offer."""
        return self.kind == WORK_DUTY

    @property
    def is_absence(self) -> bool:
        """Whether the citizen is away: ill, on holiday, on leave."""
        return not self.is_exemption and not self.is_work_duty


class Course(NamedTuple):
    """One course of contact under one target group: one case.

    ``start_activity`` is how it began: registered, first contact, decision, or (MAALGRUPPESKIFT) by a
    new assessment within social assistance, which is no new first contact. ``unemployment_fund`` is
    empty where nobody wrote it down. ``situations``: what the tests want to be sure occurs.
    """

    process_id: str
    target_group: str
    start_activity: str
    registered_at: datetime
    ended_at: datetime | None
    end_activity: str
    unemployment_fund: str
    contacts: tuple[Contact, ...]
    tasks: tuple[Task, ...]
    offers: tuple[Offer, ...]
    assignments: tuple[Assignment, ...]
    absences: tuple[Absence, ...]
    situations: tuple[str, ...]

    @property
    def registered_on(self) -> date:
        return self.registered_at.date()

    @property
    def ended_on(self) -> date | None:
        return None if self.ended_at is None else self.ended_at.date()

    @property
    def regime_id(self) -> str | None:
        """The law version of a case by the day it was registered (cohort rule), None before all."""
        begun = [day for day in REGIMES_FROM[self.process_id] if day <= self.registered_on]
        return f"{self.process_id}__{max(begun):%Y%m%d}" if begun else None


class Citizen(NamedTuple):
    """A citizen with one or more courses in the order of time."""

    number: int
    person: Person
    courses: tuple[Course, ...]
