"""The booking of talks: summoned or self-booked, moved, cancelled, missed, and at last held."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from pm_pipeline.synthetic.behaviour import Behaviour
from pm_pipeline.synthetic.clock import ONE_DAY, workday_from, workday_until
from pm_pipeline.synthetic.notes import note
from pm_pipeline.synthetic.people import Person
from pm_pipeline.synthetic.world import (
    COVID_FROM,
    COVID_UNTIL,
    FUND,
    LAW_C_FROM,
    UNKNOWN,
    Absence,
    Contact,
)

_FORMS = ("Personligt", "Personligt", "Telefonisk", "Digitalt")
_NOTE_SHARE = 0.3
_MOST_ATTEMPTS = 3
_UNUSUAL_BOOKING_SHARE = 0.06
# The first talk is booked on the day of registration when it lies this near.
_FIRST_BOOKING_DAYS = 21
# A talk that enters the system so late was never booked in it.
_AFTER_THE_FACT = timedelta(days=7)


@dataclass(slots=True)
class CourseBuilder:
    """A course while it is being lived.

    ``before`` is the first day on which nothing happens any more: the day of deregistration, or,
    for an open course, the day of the last export.
    """

    rng: Random
    behaviour: Behaviour
    person: Person
    staff: tuple[str, ...]
    unit: str
    registered_on: date
    before: date
    is_open: bool
    last_moment: datetime
    absences: tuple[Absence, ...] = ()
    contacts: list[Contact] = field(default_factory=list)
    held: list[date] = field(default_factory=list)
    books_self: bool = False
    trouble: float = 0.0
    _used: set[datetime] = field(default_factory=set)
    _quiet: list[tuple[date, date]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.books_self = self.rng.random() < self.behaviour.self_booked
        # Half of the courses run smoothly, the others have all the trouble: a main road and byways,
        # instead of a little trouble in every course and no two courses alike.
        self.trouble = self.rng.choice((0.0, 2.0))
        self._quiet = [
            (one.start_on, one.end_on or date.max) for one in self.absences if one.is_absence
        ]
        if self.rng.random() >= self.behaviour.works_on_in_stop:
            self._quiet.append((COVID_FROM, COVID_UNTIL))

    def moment(self, day: date, first_hour: int = 9, last_hour: int = 15) -> datetime:
        """A time on ``day`` that nothing else in this course has; not before the registration."""
        if day == self.registered_on:
            first_hour = max(first_hour, 10)
        minutes = self.rng.randrange(first_hour * 12, last_hour * 12) * 5
        at = datetime(day.year, day.month, day.day, minutes // 60, minutes % 60)
        return self.reserve(at)

    def reserve(self, at: datetime) -> datetime:
        """``at``, or the next minute that is free (DFDG too sets such pairs a minute apart)."""
        while at in self._used:
            at += timedelta(minutes=1)
        self._used.add(at)
        return at

    def happens(self, share: float) -> bool:
        """Whether a trouble that ``share`` of all talks meet happens here."""
        return self.rng.random() < share * self.trouble

    def recorded(self, at: datetime) -> datetime:
        """When the system learnt of something: mostly the same day, now and then months later."""
        chance = self.rng.random()
        if chance < self.behaviour.late_registration:
            later = timedelta(days=self.rng.randrange(25, 80), minutes=self.rng.randrange(1, 300))
        elif chance < 0.25:
            next_day = datetime(at.year, at.month, at.day, 8) + ONE_DAY
            later = next_day - at + timedelta(minutes=self.rng.randrange(240))
        else:
            later = timedelta(minutes=self.rng.randrange(5, 300))
        return min(at + later, self.last_moment)

    def talk_day(self, day: date) -> date:
        """The first working day from ``day`` on which talks are held and the citizen is there."""
        day = workday_from(max(day, self.registered_on + ONE_DAY))
        while (until := self._quiet_until(day)) is not None:
            if until == date.max:  # nobody knows when the citizen comes back
                return workday_from(self.before + 20 * ONE_DAY)
            day = workday_from(until + ONE_DAY)
        return day

    def _quiet_until(self, day: date) -> date | None:
        return max((last for first, last in self._quiet if first <= day <= last), default=None)

    def talk_by(self, days: int, last_days: int) -> date:
        """A working day about ``days`` after registration, but not after ``last_days`` if it can be."""
        last = workday_until(self.registered_on + timedelta(days=last_days))
        day = min(workday_from(self.registered_on + timedelta(days=days)), last)
        return self.talk_day(max(day, self.registered_on + ONE_DAY))

    def talk(self, day: date, activity: str, party: str, *, surely: bool = False) -> date | None:
        """Book a talk and follow it until it is held; None when the course ends before that.

        ``surely``: nothing comes in between (used where a deadline is to be met).
        """
        rng, behaviour = self.rng, self.behaviour
        booked_on = self.registered_on
        if self.held or (day - booked_on).days > _FIRST_BOOKING_DAYS:
            booked_on = max(booked_on, day - timedelta(days=rng.randrange(5, 13)))
        booked_at: datetime | None = self._booking_moment(booked_on)
        for attempt in range(_MOST_ATTEMPTS):
            if booked_on >= self.before:
                return None
            by_citizen = self.books_self != self.happens(_UNUSUAL_BOOKING_SHARE)
            booked_by = "" if booked_at is None else "citizen" if by_citizen else "caseworker"
            spared = surely or self.trouble == 0 or attempt == _MOST_ATTEMPTS - 1
            chance = 1.0 if spared else rng.random() / self.trouble
            if day >= self.before:
                if self.is_open:
                    self._add(activity, party, booked_at, booked_by, self.moment(day), "planned")
                return None
            starts_at = self.moment(day)
            if chance < behaviour.no_show:
                self._add(activity, party, booked_at, booked_by, starts_at, "no_show",
                          self.recorded(starts_at))
                booked_on = day + timedelta(days=rng.randrange(1, 4))
                day = self.talk_day(booked_on + timedelta(days=rng.randrange(4, 10)))
                booked_at = self._booking_moment(booked_on)
                continue
            moved = behaviour.no_show + behaviour.cancelled + behaviour.rebooked
            notice = (day - booked_on).days
            if chance < moved and notice >= 2:
                on = booked_on + timedelta(days=rng.randrange(1, notice))
                is_cancelled = chance < behaviour.no_show + behaviour.cancelled
                self._add(activity, party, booked_at, booked_by, starts_at,
                          "cancelled" if is_cancelled else "rebooked", self.moment(on))
                booked_on = on + ONE_DAY if is_cancelled else on
                booked_at = self._booking_moment(booked_on) if is_cancelled else None
                day = self.talk_day(day + timedelta(days=rng.randrange(2, 8)))
                continue
            settled_at = self.recorded(starts_at)
            if settled_at - starts_at > _AFTER_THE_FACT:
                booked_at, booked_by = None, ""
            self._add(activity, party, booked_at, booked_by, starts_at, "held", settled_at)
            self.held.append(day)
            return day
        raise AssertionError("the last attempt is always held")

    def _booking_moment(self, day: date) -> datetime | None:
        """In the afternoon or the evening; nothing is booked once the course is over."""
        return self.moment(day, 13, 20) if day < self.before else None

    def _add(
        self, activity: str, party: str, booked_at: datetime | None, booked_by: str,
        starts_at: datetime, state: str, settled_at: datetime | None = None,
    ) -> None:
        rng = self.rng
        by_fund = party == FUND
        # since the reform of 2026 a case system wants to know
        is_asked = self.registered_on >= LAW_C_FROM
        if state == "held" and not is_asked and rng.random() < self.behaviour.party_unknown:
            party = UNKNOWN
        noted = settled_at is not None and rng.random() < _NOTE_SHARE
        told = note(rng, self.person) if noted else ""
        self.contacts.append(Contact(
            activity, party, rng.choice(_FORMS), booked_at, booked_by, starts_at, state, settled_at,
            "DFDG" if by_fund else rng.choice(self.staff),
            "A-KASSE" if by_fund else self.unit, told,
        ))
