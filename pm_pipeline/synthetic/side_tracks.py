"""What goes on beside the talks: tasks, offers and changes of caseworker."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from pm_pipeline.synthetic.clock import ONE_DAY, workday_from
from pm_pipeline.synthetic.talks import CourseBuilder
from pm_pipeline.synthetic.world import Assignment, Offer, Task

ROBOTS = ("RPA01", "Robot Jobnet")
_OFFER_TYPES = ("VIRKSOMHEDSPRAKTIK", "LOENTILSKUD", "VEJLEDNING_OPKVALIFICERING")
_CANCELLED_SHARE = 0.1
_BY_ROBOT_SHARE = 0.65
_CLOCK_CHANGE_SHARE = 0.12


class Tasks:
    """The tasks of one course."""

    def __init__(self, course: CourseBuilder, nights: list[datetime]) -> None:
        """``nights``: moments in the nights in which the clocks change."""
        self.course, self.nights = course, nights
        self.done: list[Task] = []

    def add(
        self, activity: str, day: date, *, share: float = 1.0, by: str | None = None,
        hours: tuple[int, int] = (15, 17), any_day: bool = False,
    ) -> None:
        """Do a task on ``day`` (or the next working day) with ``share``; else leave it open.

        A task beyond the end of the course is not done; one that was already made stays open.
        """
        course, rng = self.course, self.course.rng
        day = day if any_day else workday_from(day)
        made_on = max(course.registered_on, day - timedelta(days=rng.randrange(0, 10)))
        if made_on >= course.before:
            return
        created_at = datetime.combine(made_on, datetime.min.time()) + timedelta(hours=9, minutes=40)
        if by is None:
            by = rng.choice(course.staff)
        deadline = day + timedelta(days=rng.randrange(0, 8))
        if day < course.before and rng.random() < share:
            at = course.moment(day, *hours)
            self.done.append(Task(activity, min(created_at, at), at, course.recorded(at), "done",
                                  deadline, by, course.unit))
            return
        state = "cancelled" if rng.random() < _CANCELLED_SHARE else "open"
        self.done.append(Task(activity, created_at, None, created_at, state, deadline, by,
                              course.unit))

    def before(self, activity: str, day: date) -> None:
        """What was done before the course began and led to it."""
        course = self.course
        at = course.moment(workday_from(day), 9, 15)
        if at.date() < course.registered_on:
            self.done.append(Task(activity, at - timedelta(hours=1), at, at + timedelta(minutes=20),
                                  "done", at.date() + timedelta(days=7),
                                  course.rng.choice(course.staff), course.unit))

    def after(
        self, held: Sequence[date], activity: str, *, share: float, by: str | None = None
    ) -> None:
        """Do a task in the afternoon of each talk, with ``share``."""
        for day in held:
            self.add(activity, day, share=share, by=by)

    def joblog(self, held: Sequence[date]) -> None:
        """Checks of the job log after talks, mostly by a robot; some when the clocks change."""
        course, rng = self.course, self.course.rng
        if rng.random() < course.behaviour.joblog_checked:
            by = rng.choice(ROBOTS) if rng.random() < _BY_ROBOT_SHARE else None
            self.after(held, "JOBLOG_KONTROL", share=0.93, by=by)
        for night in self.nights:
            inside = course.registered_on < night.date() < course.before
            if inside and rng.random() < _CLOCK_CHANGE_SHARE:
                at = course.reserve(night)
                self.done.append(Task(
                    "JOBLOG_KONTROL", night - timedelta(hours=12), at,
                    night.replace(hour=6, minute=15), "done", night.date(), ROBOTS[0], course.unit,
                ))


def offers(course: CourseBuilder) -> tuple[Offer, ...]:
    """At most one offer, in courses that last; start and end only once they have happened."""
    rng = course.rng
    talks = course.held[2:3]
    if not talks or rng.random() >= course.behaviour.offer:
        return ()
    granted_on = workday_from(talks[0] + ONE_DAY)
    start_on = workday_from(granted_on + timedelta(days=rng.randrange(4, 9)))
    end_on = workday_from(start_on + timedelta(weeks=rng.randrange(4, 14)))
    if granted_on >= course.before:
        return ()
    broken_off = rng.random() < 0.18
    if broken_off:
        end_on = workday_from(start_on + timedelta(days=rng.randrange(5, 20)))
    if not course.is_open and end_on >= course.before:
        # who leaves for a job leaves the offer, unless it had not begun
        end_on, broken_off = course.before - ONE_DAY, True
    start_at = course.moment(start_on, 8, 9) if start_on < course.before else None
    end_at = None
    if start_at is not None and start_on < end_on < course.before:
        end_at = course.moment(end_on, 15, 16)
    return (Offer(
        rng.choice(_OFFER_TYPES), course.moment(granted_on), start_at, end_at, broken_off,
        rng.randrange(40, 75), rng.choice(course.staff),
    ),)


def caseworkers(course: CourseBuilder, first: str) -> tuple[Assignment, ...]:
    """Periods of caseworkers. A move of team with the same person is no change, nor is a helper.

    ``first`` is the caseworker at registration: in a second course the one who was there before.
    """
    rng = course.rng
    length = (course.before - course.registered_on).days
    expected = course.behaviour.caseworker_changes_per_year * length / 365
    days: list[int] = []
    after = 6.0
    while expected > 0:
        after += rng.expovariate(expected / length) + 6
        if after >= length - 1:
            break
        days.append(int(after))
    periods: list[Assignment] = []
    current, started = first, _office(course.registered_on)
    is_change = False
    for day in days:
        on = course.registered_on + timedelta(days=day)
        periods.append(Assignment(current, True, is_change, started, on, course.unit))
        same_person = rng.random() < 0.06
        if not same_person:
            current = rng.choice([name for name in course.staff if name != current])
        is_change = not same_person
        started = course.moment(on, 8, 9)
    end_on = None if course.is_open else course.before
    periods.append(Assignment(current, True, is_change, started, end_on, course.unit))
    if rng.random() < 0.15 and length > 40:
        helper_on = course.registered_on + timedelta(days=rng.randrange(10, length - 10))
        periods.append(Assignment(rng.choice(course.staff), False, False, _office(helper_on), None,
                                  "TEAM-VIRKSOMHED"))
    return tuple(periods)


def _office(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time()) + timedelta(hours=8)
