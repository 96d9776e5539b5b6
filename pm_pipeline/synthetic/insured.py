"""How a course of an insured jobseeker (6.1) goes, by the law version of its cohort.

Registered before 2024 (LAB section 31, version A)
    registered -> CV approved -> CV talk with the fund (14 days) -> municipal talks about every fifth
    week (four within six months) and two joint talks, then every seventh week.
Registered from 2024 (version B, adopted over ``Behaviour.adoption_days``)
    registered -> CV approved -> three talks with the fund within three months, the first within 14 days
    -> hand-over at a month's end after about eleven weeks -> three or more municipal talks (one may be
    joint) by six months, then every eighth week.
Registered from 1.7.2026 (version C)
    the fund holds two talks within three months, with most; the municipality two by six months.
All: a talk with the fund about the sixteenth month.
"""

from datetime import timedelta

from pm_pipeline.synthetic.contact_course import (
    MUNICIPAL,
    approve_cv,
    first_talk,
    follow_up,
    month_end,
    talks,
)
from pm_pipeline.synthetic.side_tracks import Tasks
from pm_pipeline.synthetic.talks import CourseBuilder
from pm_pipeline.synthetic.world import FUND, JOINT, LAW_B_FROM, LAW_C_FROM

HANDED_OVER = "OVERGANG_KOMMUNE"
# About eleven weeks of full benefit are 410 hours; part-time workers take longer to get there.
_EARLIEST_HANDOVER = 77
_LATE_HANDOVER_SHARE = 0.06
_SIXTEEN_MONTHS = 470


def live_insured(course: CourseBuilder, tasks: Tasks) -> None:
    """Fill a course from registration to its end."""
    rng, start = course.rng, course.registered_on
    since_law = (start - LAW_B_FROM).days
    adopted = 0.5 + since_law / (2 * course.behaviour.adoption_days)
    if start >= LAW_C_FROM:
        taken_over, every = _version_c(course, tasks), 70
    elif since_law >= 0 and rng.random() < adopted:
        taken_over, every = _version_b(course, tasks), 56
    else:
        # The old way; also of those who have not yet taken up the law of 2024.
        taken_over, every = _version_a(course, tasks), 49
    if since_law >= 0 and course.behaviour.tells_handover:
        _hand_over(course, tasks)
    municipal = course.held[taken_over:]
    tasks.after(municipal[:1], "MIN_PLAN", share=0.85)
    tasks.joblog(municipal[1:])
    if rng.random() >= course.behaviour.neglected:
        follow_up(course, every, "JOBSAMTALE")
        day = start + timedelta(days=_SIXTEEN_MONTHS + rng.randrange(-30, 22))
        course.talk(course.talk_day(day), "FAELLESSAMTALE", JOINT)
    missed = [c.starts_at.date() for c in course.contacts if c.state == "no_show"]
    if missed and rng.random() < 0.4:
        day = course.talk_day(missed[0] + timedelta(days=12))
        held = course.talk(day, "RAADIGHEDSSAMTALE", FUND)
        if held is not None and rng.random() < 0.3:
            tasks.add("SANKTION", held + timedelta(days=rng.randrange(7, 20)))


def _version_a(course: CourseBuilder, tasks: Tasks) -> int:
    first_talk(course, "CV_SAMTALE", FUND, due=14)
    approve_cv(course, tasks)
    taken_over = len(course.held)
    talks(course, *MUNICIPAL, (28, 54))
    talks(course, "FAELLESSAMTALE", JOINT, (80,), share=0.8)
    talks(course, *MUNICIPAL, (106, 132))
    talks(course, "FAELLESSAMTALE", JOINT, (160,), share=0.5)
    return taken_over


def _version_b(course: CourseBuilder, tasks: Tasks) -> int:
    first_talk(course, "JOBSAMTALE", FUND, due=14)
    approve_cv(course, tasks)
    talks(course, "JOBSAMTALE", FUND, (38, 68))
    taken_over = len(course.held)
    joint = course.rng.random() < 0.35
    talks(course, *(("FAELLESSAMTALE", JOINT) if joint else MUNICIPAL), (115,))
    talks(course, *MUNICIPAL, (138, 162))
    return taken_over


def _version_c(course: CourseBuilder, tasks: Tasks) -> int:
    first_talk(course, "JOBSAMTALE", FUND, due=14)
    approve_cv(course, tasks)
    if course.rng.random() < course.behaviour.fund_keeps_up:
        talks(course, "JOBSAMTALE", FUND, (52,), share=1.0)
    taken_over = len(course.held)
    talks(course, *MUNICIPAL, (118, 158))
    return taken_over


def _hand_over(course: CourseBuilder, tasks: Tasks) -> None:
    """The month's end at which more than 410 hours were paid; for some only after half a year."""
    days = _EARLIEST_HANDOVER + course.rng.randrange(12)
    if course.rng.random() < _LATE_HANDOVER_SHARE:
        days = 190
    day = month_end(course.registered_on + timedelta(days=days))
    if day < course.before:
        tasks.add(HANDED_OVER, day, by="System", any_day=True)
