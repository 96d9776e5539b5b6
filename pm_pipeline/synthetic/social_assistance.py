"""How a course of social assistance (6.2-6.5) goes.

First contact -> registered as a jobseeker (6.2) -> application, assessment -> first talk within 7 days
-> decision -> talks (four within six months); a missed talk may lead to a hearing and a sanction. A
new assessment puts the citizen in another group, which is another course without a new first contact. A
change of benefit restarts the course in the data before 1.7.2025; from that day on it is a decision
within the course. From 1.7.2026 the first talk has no deadline of a week any more. Under an initiative
(``Behaviour.decides_early_from``) the decision does not wait for the first talk.
"""

from datetime import date, timedelta

from pm_pipeline.synthetic.clock import ONE_DAY
from pm_pipeline.synthetic.contact_course import MUNICIPAL, approve_cv, first_talk, follow_up, talks
from pm_pipeline.synthetic.side_tracks import Tasks
from pm_pipeline.synthetic.talks import CourseBuilder
from pm_pipeline.synthetic.world import LAW_C_FROM, MUNICIPALITY, NO_RESTART_FROM

GROUPS, GROUP_WEIGHTS = ("6.2", "6.3", "6.4", "6.5"), (50, 35, 9, 6)
# The groups that a new assessment leads to.
ASSESSED_ANEW = {"6.2": "6.3", "6.3": "6.2", "6.4": "6.5", "6.5": "6.4"}


def live_social_assistance(
    course: CourseBuilder, tasks: Tasks, group: str, *, continues: bool, benefit_changed_on: date | None
) -> None:
    """Fill a course. ``continues``: a new assessment, after which nobody applies once more.

    ``benefit_changed_on``: the day of another benefit within this course.
    """
    rng, start = course.rng, course.registered_on
    applied_on = start + timedelta(days=rng.choices((0, 1, 3), (85, 10, 5))[0])
    if not continues:
        tasks.add("ANSOEGNING_MODTAGET", applied_on, share=0.98, by="Borger", hours=(10, 13))
    is_neglected = rng.random() < course.behaviour.neglected
    if not is_neglected:
        first_talk(course, *MUNICIPAL, due=7 if start < LAW_C_FROM else rng.choice((7, 14, 45)))
    first = course.held[0] if course.held else start + timedelta(days=7)
    if group == "6.2":
        if not continues:
            registered_on = start + timedelta(days=rng.choices((0, 1, 4), (70, 20, 10))[0])
            tasks.add("TILMELDT", registered_on, share=0.93, by="Borger", any_day=True)
        approve_cv(course, tasks)
    tasks.after([first], "VISITATION", share=0.97)
    if not continues:
        decided_on = _decided_on(course, applied_on, first, after=rng.randrange(5, 16))
        tasks.add("AFGOERELSE_YDELSE", decided_on, share=0.97)
    if not is_neglected:
        talks(course, *MUNICIPAL, (45, 83, 120, 158))
        tasks.after(course.held[1:2], "MIN_PLAN", share=0.85)
        talks(course, "ANDEN_SAMTALE", MUNICIPALITY, (rng.randrange(60, 170),), share=0.08)
        follow_up(course, 75, "JOBSAMTALE")
    for contact in [c for c in course.contacts if c.state == "no_show"]:
        if rng.random() < 0.4:
            heard_on = contact.starts_at.date() + ONE_DAY
            tasks.add("PARTSHOERING", heard_on)
            tasks.add("SANKTION", heard_on + timedelta(days=rng.randrange(14, 22)), share=0.5)
    if group in ("6.3", "6.5") and course.before > NO_RESTART_FROM and rng.random() < 0.3:
        clarified_on = max(start, NO_RESTART_FROM) + timedelta(days=rng.randrange(20, 120))
        if clarified_on < course.before:
            tasks.add("AFKLARING_36A", clarified_on)
    if benefit_changed_on is not None:
        tasks.add("AFGOERELSE_YDELSE", benefit_changed_on)


def _decided_on(course: CourseBuilder, applied_on: date, first_talk_on: date, after: int) -> date:
    """``after`` days after application and first talk, or within a week of the application alone."""
    early_from = course.behaviour.decides_early_from
    if early_from is not None and course.registered_on >= early_from:
        return applied_on + timedelta(days=1 + after // 3)
    return max(first_talk_on, applied_on) + timedelta(days=after)
