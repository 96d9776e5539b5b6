"""How a resource course (6.8) goes: the rehabilitation team first, then the decision that begins it.

Referred to the team -> plan prepared, certificate ordered and received -> meeting -> recommendation ->
decision (the case begins) -> coordinating caseworker -> the plan's part on the effort -> an effort, or
the team once more where there was none for half a year -> follow-up -> flex-job, pension or the end.
In 2026 a joint description and the advice of a health coordinator come in.
"""

from datetime import date, timedelta

from pm_pipeline.synthetic.contact_course import MUNICIPAL, follow_up, talks
from pm_pipeline.synthetic.side_tracks import Tasks
from pm_pipeline.synthetic.talks import CourseBuilder
from pm_pipeline.synthetic.world import RESSOURCE_2022_FROM

DECIDED = "AFGOERELSE_RESSOURCEFORLOEB"
ENDS = ("AFGOERELSE_FLEKSJOB", "AFGOERELSE_FOERTIDSPENSION", "AFGOERELSE_OPHOER")
END_WEIGHTS = (40, 35, 25)
# How many days before the decision, and with what share, the team does what.
_BEFORE = (
    ("INDSTILLING_REHAB", 95, 0.97), ("REHABPLAN_FORBEREDENDE_DEL", 84, 0.95),
    ("LAEGEATTEST_BESTILT", 78, 0.9), ("REHAB_MOEDE", 30, 0.96), ("INDSTILLING_AFGIVET", 24, 0.93),
)
_CERTIFICATE_DAYS = (9, 44)
_HALF_A_YEAR = 183
_TEAM_REPLACED_ON = date(2026, 3, 2)


def live_resource_course(course: CourseBuilder, tasks: Tasks, end_activity: str) -> None:
    """Fill a course, with what led to it; before a flex-job the team recommends once more, mostly."""
    rng, start = course.rng, course.registered_on
    for activity, days, share in _BEFORE:
        if rng.random() < share:
            day = start - timedelta(days=days + rng.randrange(-4, 5))
            tasks.before(activity, day)
            if activity == "LAEGEATTEST_BESTILT" and rng.random() < 0.95:
                received_on = day + timedelta(days=rng.randrange(*_CERTIFICATE_DAYS))
                tasks.before("LAEGEATTEST_MODTAGET", received_on)
    tasks.add("KOORDINERENDE_SAGSBEHANDLER", start + timedelta(days=rng.randrange(2, 15)), share=0.94)
    tasks.add("REHABPLAN_INDSATSDEL", start + timedelta(days=rng.randrange(10, 45)), share=0.92)
    effort_after = rng.randrange(25, 150) if rng.random() < 0.72 else rng.randrange(170, 300)
    tasks.add("INDSATS_START", start + timedelta(days=effort_after), share=0.95)
    if effort_after > _HALF_A_YEAR and start >= RESSOURCE_2022_FROM and rng.random() < 0.7:
        tasks.add("REHAB_GENBEHANDLING", start + timedelta(days=rng.randrange(165, 230)))
    talks(course, *MUNICIPAL, (20, 70, 115, 160))
    follow_up(course, 85, "OPFOELGNING", after=35)
    if end_activity == "AFGOERELSE_FLEKSJOB" and rng.random() < 0.8:
        tasks.add("INDSTILLING_AFGIVET", course.before - timedelta(days=rng.randrange(8, 40)))
    if start < _TEAM_REPLACED_ON and rng.random() < 0.6:
        described_on = _TEAM_REPLACED_ON + timedelta(days=rng.randrange(90))
        if described_on < course.before:
            tasks.add("SAMLET_BESKRIVELSE", described_on)
            tasks.add("SUNDHEDSKOORDINATOR", described_on + timedelta(days=rng.randrange(5, 30)))
