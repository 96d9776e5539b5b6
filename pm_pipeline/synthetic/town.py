"""A municipality lives: citizens come, and each goes through one or more courses.

Readable on purpose, as are ``insured``, ``social_assistance`` and ``resource_course``, which say how a
course goes: this is the process that discovery, conformance and rule checks are to find again.

Everywhere: a plan and job-log checks (mostly by robots) after talks, offers, absences and exemptions,
changes of caseworker, talks put off while they were suspended in 2020, and at last an end, unless the
course is still open. What may follow a course: another target group (6.1 to 6.2, or within social
assistance) or the same group under another benefit.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from pm_pipeline.synthetic.absences import absences
from pm_pipeline.synthetic.behaviour import Behaviour
from pm_pipeline.synthetic.clock import ONE_DAY, clock_change_nights, workday_from, workday_until
from pm_pipeline.synthetic.insured import live_insured
from pm_pipeline.synthetic.intake import arrival
from pm_pipeline.synthetic.people import Person
from pm_pipeline.synthetic.resource_course import DECIDED, END_WEIGHTS, ENDS, live_resource_course
from pm_pipeline.synthetic.side_tracks import Tasks, caseworkers, offers
from pm_pipeline.synthetic.social_assistance import (
    ASSESSED_ANEW,
    GROUP_WEIGHTS,
    GROUPS,
    live_social_assistance,
)
from pm_pipeline.synthetic.talks import CourseBuilder
from pm_pipeline.synthetic.world import (
    FORSIKREDE,
    KONTANT,
    NO_RESTART_FROM,
    RESSOURCE,
    Citizen,
    Course,
)

_SHIFTED = "MAALGRUPPESKIFT"
_STARTS = {FORSIKREDE: "TILMELDT", KONTANT: "FOERSTE_HENVENDELSE", RESSOURCE: DECIDED}
_ENDS, _END_WEIGHTS = ("AFMELDT_JOB", "AFMELDT_UDDANNELSE", "AFMELDT_ANDET"), (62, 13, 25)
_BENEFIT_ENDED = "AFMELDT_ANDET"
_TEAMS = ("TEAM-JOB-1", "TEAM-JOB-2", "TEAM-UNGE", "TEAM-AFKLARING")
_FUNDS = ("3F", "HK", "FOA", "METAL", "KRIFA", "MIN A-KASSE", "AKADEMIKERNES A-KASSE", "BUPL")
# lognormal: mean and spread of the logarithm of the days, then fewest and most
_DAYS = {FORSIKREDE: (5.15, 0.7, 18, 900), KONTANT: (5.45, 0.7, 18, 900),
         RESSOURCE: (6.2, 0.5, 60, 1500)}
_MOST_COURSES = 4


@dataclass(frozen=True)
class _Next:
    """The course that is about to begin, and why."""

    process_id: str
    group: str
    on: date
    start_activity: str
    situations: tuple[str, ...] = ()


@dataclass(frozen=True)
class _End:
    """How a course ends (``on`` is None: not yet) and what follows it."""

    on: date | None = None
    activity: str = ""
    follows: _Next | None = None
    benefit_changed_on: date | None = None


class Municipality:
    """Makes citizens one by one, so that a large municipality never sits in memory."""

    def __init__(
        self, behaviour: Behaviour, staff: tuple[str, ...], first_day: date, last_day: date,
        end_of_data: date,
    ) -> None:
        """``end_of_data``: the day of the last export; nothing is known from that day on."""
        self.behaviour = behaviour
        self.staff = staff
        self.first_day, self.last_day = first_day, last_day
        self.end_of_data = end_of_data
        self.nights = clock_change_nights(first_day, end_of_data)

    def citizen(self, rng: Random, number: int, person: Person) -> Citizen:
        """One citizen with one course, or more where the group or the benefit changes."""
        process_id, on = arrival(rng, self.behaviour, self.first_day, self.last_day)
        if process_id != FORSIKREDE:
            opened = workday_from(on)
            on = opened if opened <= self.last_day else workday_until(on)
        group = {FORSIKREDE: "6.1", RESSOURCE: "6.8"}.get(process_id)
        if group is None:
            group = rng.choices(GROUPS, GROUP_WEIGHTS)[0]
        team, caseworker = rng.choice(_TEAMS), rng.choice(self.staff)
        courses: list[Course] = []
        begun: _Next | None = _Next(process_id, group, on, _STARTS[process_id])
        while begun is not None:
            end = self._end(rng, begun, may_go_on=len(courses) + 1 < _MOST_COURSES)
            course = self._course(rng, person, begun, end, team, caseworker)
            caseworker = [a.caseworker for a in course.assignments if a.is_primary][-1]
            courses.append(course)
            begun = end.follows
        return Citizen(number, person, tuple(courses))

    def _course(
        self, rng: Random, person: Person, begun: _Next, end: _End, team: str, caseworker: str
    ) -> Course:
        on, is_open = begun.on, end.on is None
        before = end.on or self.end_of_data
        course = CourseBuilder(
            rng, self.behaviour, person, self.staff, team, on, before, is_open,
            datetime.combine(self.end_of_data, datetime.min.time()) - timedelta(minutes=10),
            absences(rng, self.behaviour, begun.group, on, before, is_open=is_open),
        )
        tasks = Tasks(course, self.nights)
        insured = begun.process_id == FORSIKREDE
        if insured:
            live_insured(course, tasks)
        elif begun.process_id == KONTANT:
            live_social_assistance(
                course, tasks, begun.group, continues=begun.start_activity == _SHIFTED,
                benefit_changed_on=end.benefit_changed_on)
        else:
            live_resource_course(course, tasks, end.activity)
        ended_at = None
        if end.on is not None:
            ended_at = datetime.combine(end.on, datetime.min.time()) + timedelta(
                hours=16, minutes=rng.randrange(120))
        fund = rng.choice(_FUNDS) if insured and rng.random() >= self.behaviour.fund_unknown else ""
        situations = begun.situations
        if end.benefit_changed_on is not None:
            situations = (*situations, "benefit_change_without_restart")
        return Course(
            begun.process_id, begun.group, begun.start_activity,
            datetime.combine(on, datetime.min.time()) + timedelta(
                hours=6 if insured else 8, minutes=rng.randrange(85)),
            ended_at, end.activity, fund, tuple(course.contacts), tuple(tasks.done), offers(course),
            caseworkers(course, caseworker), course.absences, situations,
        )

    def _end(self, rng: Random, begun: _Next, *, may_go_on: bool) -> _End:
        mean, spread, fewest, most = _DAYS[begun.process_id]
        days = min(max(int(rng.lognormvariate(mean, spread)), fewest), most)
        insured = begun.process_id == FORSIKREDE
        # a job within the first weeks, after one talk or none
        if insured and rng.random() < self.behaviour.leaves_soon:
            days = rng.randrange(15, 27)
        elif begun.group == "6.2" and rng.random() < self.behaviour.leaves_soon / 2:
            days = rng.randrange(18, 50)
        ended_on = workday_from(begun.on + timedelta(days=days))
        may_go_on = may_go_on and ended_on + timedelta(days=7) <= self.last_day
        if begun.process_id == KONTANT and rng.random() < self.behaviour.benefit_change:
            changed_on = workday_from(begun.on + timedelta(days=days // 2 + 10))
            if changed_on >= NO_RESTART_FROM:
                known = changed_on < min(ended_on, self.end_of_data)
                in_course = changed_on if known else None
                if ended_on >= self.end_of_data:
                    return _End(benefit_changed_on=in_course)
                return _End(ended_on, _leaves(rng, KONTANT), None, in_course)
            if may_go_on:
                return _End(changed_on, _BENEFIT_ENDED, _Next(
                    KONTANT, begun.group, changed_on + ONE_DAY, _STARTS[KONTANT], ("benefit_restart",)))
        if ended_on >= self.end_of_data:
            return _End()
        if insured and may_go_on and days > 90 and rng.random() < self.behaviour.target_group_shift:
            again = ended_on + timedelta(days=rng.randrange(1, 4))
            return _End(ended_on, _SHIFTED, _Next(
                KONTANT, "6.2", workday_from(again), _STARTS[KONTANT],
                ("shifted_to_social_assistance",)))
        if begun.process_id == KONTANT and may_go_on and rng.random() < self.behaviour.reassessed:
            return _End(ended_on, _SHIFTED, _Next(
                KONTANT, ASSESSED_ANEW[begun.group], ended_on + ONE_DAY, _SHIFTED, ("reassessed",)))
        return _End(ended_on, _leaves(rng, begun.process_id))


def _leaves(rng: Random, process_id: str) -> str:
    if process_id == RESSOURCE:
        return rng.choices(ENDS, END_WEIGHTS)[0]
    return rng.choices(_ENDS, _END_WEIGHTS)[0]
