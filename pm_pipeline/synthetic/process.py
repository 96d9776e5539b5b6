"""How a course goes: insured jobseekers and social assistance, by the law version of its cohort.

Readable on purpose: this is the process that discovery, conformance and rule checks are to find
again.

Insured (6.1), registered before 2024 (LAB section 31, version A)
    registered -> CV approved -> CV talk with the fund (14 days) -> municipal talks about every
    fifth week (four within six months) and two joint talks, then every seventh week.
Insured, registered from 2024 (version B, adopted over ``Behaviour.adoption_days``)
    registered -> CV approved -> three talks with the fund within three months, the first within 14
    days -> three or more municipal talks (one may be joint) by six months, then every eighth week.
Social assistance (6.2-6.5)
    first contact -> application, visitation -> first talk within 7 days -> decision -> talks (four
    within six months); a missed talk may lead to a hearing and a sanction.

Everywhere: a plan and job-log checks (mostly by robots) after talks, offers, changes of caseworker,
and at last deregistration to a job, education or other, unless the course is still open.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random

from pm_pipeline.synthetic.behaviour import Behaviour
from pm_pipeline.synthetic.clock import (
    ONE_DAY,
    clock_change_nights,
    workday_from,
    workday_until,
)
from pm_pipeline.synthetic.people import Person
from pm_pipeline.synthetic.side_tracks import Tasks, caseworkers, offers
from pm_pipeline.synthetic.talks import CourseBuilder
from pm_pipeline.synthetic.world import (
    FORSIKREDE,
    FUND,
    JOINT,
    KONTANT,
    LAW_B_FROM,
    MUNICIPALITY,
    Citizen,
    Course,
)

_GROUPS, _GROUP_WEIGHTS = ("6.2", "6.3", "6.4", "6.5"), (50, 35, 9, 6)
_SHIFTED = "MAALGRUPPESKIFT"
_ENDS, _END_WEIGHTS = ("AFMELDT_JOB", "AFMELDT_UDDANNELSE", "AFMELDT_ANDET"), (62, 13, 25)
_MUNICIPAL = ("JOBSAMTALE", MUNICIPALITY)
_TEAMS = ("TEAM-JOB-1", "TEAM-JOB-2", "TEAM-UNGE", "TEAM-AFKLARING")


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
        """One citizen with one course, or two where the target group shifts."""
        registered_on = self.first_day + timedelta(
            days=rng.randrange((self.last_day - self.first_day).days + 1))
        insured = rng.random() < self.behaviour.insured
        group = "6.1" if insured else rng.choices(_GROUPS, _GROUP_WEIGHTS)[0]
        team = rng.choice(_TEAMS)
        course = self._course(rng, person, group, registered_on, team, rng.choice(self.staff))
        courses = [course]
        if course.end_activity == _SHIFTED and course.ended_on is not None:
            last = [a.caseworker for a in course.assignments if a.is_primary][-1]
            again = course.ended_on + timedelta(days=rng.randrange(1, 4))
            courses.append(self._course(rng, person, "6.2", again, team, last))
        return Citizen(number, person, tuple(courses))

    def _course(
        self, rng: Random, person: Person, group: str, registered_on: date, team: str,
        caseworker: str,
    ) -> Course:
        insured = group == "6.1"
        if not insured:
            opened = workday_from(registered_on)
            registered_on = opened if opened <= self.last_day else workday_until(registered_on)
        ended_on, end_activity = self._end(rng, registered_on, insured)
        course = CourseBuilder(
            rng, self.behaviour, person, self.staff, team, registered_on,
            ended_on or self.end_of_data, ended_on is None,
            datetime.combine(self.end_of_data, datetime.min.time()) - timedelta(minutes=10),
        )
        tasks = Tasks(course)
        if insured:
            self._insured(course, tasks)
        else:
            self._social_assistance(course, tasks, group)
        start_hour = 6 if insured else 8
        ended_at = None
        if ended_on is not None:
            ended_at = datetime.combine(ended_on, datetime.min.time()) + timedelta(
                hours=16, minutes=rng.randrange(120))
        return Course(
            FORSIKREDE if insured else KONTANT, group,
            datetime.combine(registered_on, datetime.min.time()) + timedelta(
                hours=start_hour, minutes=rng.randrange(85)),
            ended_at, end_activity, tuple(course.contacts), tuple(tasks.done), offers(course),
            caseworkers(course, caseworker),
        )

    def _end(self, rng: Random, registered_on: date, insured: bool) -> tuple[date | None, str]:
        days = min(max(int(rng.lognormvariate(5.15 if insured else 5.45, 0.7)), 18), 900)
        if insured and rng.random() < self.behaviour.leaves_soon:
            days = rng.randrange(15, 27)  # a job within the first weeks, after one talk
        ended_on = workday_from(registered_on + timedelta(days=days))
        if ended_on >= self.end_of_data:
            return None, ""
        may_shift = insured and days > 90 and ended_on + timedelta(days=7) <= self.last_day
        if may_shift and rng.random() < self.behaviour.target_group_shift:
            return ended_on, _SHIFTED
        return ended_on, rng.choices(_ENDS, _END_WEIGHTS)[0]

    def _insured(self, course: CourseBuilder, tasks: Tasks) -> None:
        rng, start = course.rng, course.registered_on
        since_law = (start - LAW_B_FROM).days
        adopted = 0.5 + since_law / (2 * self.behaviour.adoption_days)
        if since_law >= 0 and rng.random() < adopted:
            self._first_talk(course, "JOBSAMTALE", FUND, due=14)
            self._approve_cv(course, tasks)
            self._talks(course, "JOBSAMTALE", FUND, (38, 68))
            taken_over = len(course.held)
            joint = rng.random() < 0.35
            self._talks(course, *(("FAELLESSAMTALE", JOINT) if joint else _MUNICIPAL), (101,))
            self._talks(course, *_MUNICIPAL, (130, 160))
            follow_up = 56
        else:
            # The old way; also of those who have not yet taken up the law of 2024.
            self._first_talk(course, "CV_SAMTALE", FUND, due=14)
            self._approve_cv(course, tasks)
            taken_over = len(course.held)
            self._talks(course, *_MUNICIPAL, (28, 54))
            self._talks(course, "FAELLESSAMTALE", JOINT, (80,), share=0.8)
            self._talks(course, *_MUNICIPAL, (106, 132))
            self._talks(course, "FAELLESSAMTALE", JOINT, (160,), share=0.5)
            follow_up = 49
        municipal = course.held[taken_over:]
        tasks.after(municipal[:1], "MIN_PLAN", share=0.85)
        tasks.joblog(municipal[1:], self.nights)
        self._follow_up(course, follow_up)
        missed = [c.starts_at.date() for c in course.contacts if c.state == "no_show"]
        if missed and rng.random() < 0.4:
            held = course.talk(course.talk_day(missed[0] + timedelta(days=12)),
                               "RAADIGHEDSSAMTALE", FUND)
            if held is not None and rng.random() < 0.3:
                tasks.add("SANKTION", held + timedelta(days=rng.randrange(7, 20)))

    def _social_assistance(self, course: CourseBuilder, tasks: Tasks, group: str) -> None:
        rng, start = course.rng, course.registered_on
        applied_on = start + timedelta(days=rng.choices((0, 1, 3), (85, 10, 5))[0])
        tasks.add("ANSOEGNING_MODTAGET", applied_on, share=0.98, by="Borger", hours=(10, 13))
        self._first_talk(course, *_MUNICIPAL, due=7)
        first = course.held[0] if course.held else start + timedelta(days=7)
        if group == "6.2":
            self._approve_cv(course, tasks)
        tasks.after([first], "VISITATION", share=0.97)
        tasks.add("AFGOERELSE_YDELSE", max(first, applied_on) + timedelta(
            days=rng.randrange(5, 16)), share=0.97)
        self._talks(course, *_MUNICIPAL, (45, 83, 120, 158))
        tasks.after(course.held[1:2], "MIN_PLAN", share=0.85)
        self._talks(course, "ANDEN_SAMTALE", MUNICIPALITY, (rng.randrange(60, 170),), share=0.08)
        self._follow_up(course, 75)
        for contact in [c for c in course.contacts if c.state == "no_show"]:
            if rng.random() < 0.4:
                heard_on = contact.starts_at.date() + ONE_DAY
                tasks.add("PARTSHOERING", heard_on)
                tasks.add("SANKTION", heard_on + timedelta(days=rng.randrange(14, 22)), share=0.5)

    def _approve_cv(self, course: CourseBuilder, tasks: Tasks) -> None:
        """The citizen's CV: mostly before the first talk, now and then after it or never."""
        rng, start = course.rng, course.registered_on
        first = course.held[0] if course.held else start + timedelta(days=14)
        before_talk = max(2, min((first - start).days, 14))
        after = rng.randrange(1, before_talk) if rng.random() < 0.85 else before_talk + 3
        tasks.add("CV_GODKENDT", start + timedelta(days=after), share=0.96, by="Borger",
                  any_day=True)

    def _first_talk(self, course: CourseBuilder, activity: str, party: str, due: int) -> None:
        rng, start = course.rng, course.registered_on
        if rng.random() < self.behaviour.first_talk_late:
            day = course.talk_day(start + timedelta(days=due + rng.randrange(2, 18)))
            course.talk(day, activity, party)
            return
        day = course.talk_by(rng.randrange(2, due + 1), due)
        course.talk(day, activity, party, surely=rng.random() < 0.8)

    def _talks(
        self, course: CourseBuilder, activity: str, party: str, days: Sequence[int],
        share: float | None = None,
    ) -> None:
        """Talks about so many days after registration; each takes place with ``share`` if given."""
        for after in days:
            happens = course.rng.random() < share if share is not None else not course.happens(
                self.behaviour.talk_skipped)
            if happens:
                day = course.registered_on + timedelta(days=after + course.rng.randrange(-4, 5))
                course.talk(course.talk_day(day), activity, party)

    def _follow_up(self, course: CourseBuilder, every: int) -> None:
        """Talks after the first six months, until the course ends."""
        day = course.registered_on + timedelta(days=200 + course.rng.randrange(20))
        # an open course has its next talk in the calendar already
        until = course.before + timedelta(days=12 if course.is_open else 0)
        while day < until:
            course.talk(course.talk_day(day), *_MUNICIPAL)
            day += every * ONE_DAY + timedelta(days=course.rng.randrange(-8, 9))
