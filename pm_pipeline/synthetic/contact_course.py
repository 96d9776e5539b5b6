"""What courses of every process have in common: the first talk, talks by the calendar, follow-up."""

from collections.abc import Sequence
from datetime import date, timedelta

from pm_pipeline.synthetic.clock import ONE_DAY, add_months
from pm_pipeline.synthetic.side_tracks import Tasks
from pm_pipeline.synthetic.talks import CourseBuilder
from pm_pipeline.synthetic.world import MUNICIPALITY

MUNICIPAL = ("JOBSAMTALE", MUNICIPALITY)
# Talks that fall on the last day of a window of the law, or on the days beside it.
_EDGE_SHARE = 0.04
_EDGES_MONTHS = (3, 6)


def approve_cv(course: CourseBuilder, tasks: Tasks) -> None:
    """The citizen's CV: mostly before the first talk, now and then after it or never."""
    rng, start = course.rng, course.registered_on
    first = course.held[0] if course.held else start + timedelta(days=14)
    before_talk = max(2, min((first - start).days, 14))
    after = rng.randrange(1, before_talk) if rng.random() < 0.85 else before_talk + rng.randrange(1, 12)
    tasks.add("CV_GODKENDT", start + timedelta(days=after), share=0.96, by="Borger", any_day=True)


def first_talk(course: CourseBuilder, activity: str, party: str, due: int) -> None:
    """The first talk: ``due`` days after registration at the latest, or late."""
    rng, start = course.rng, course.registered_on
    if rng.random() < course.behaviour.first_talk_late:
        day = course.talk_day(start + timedelta(days=due + rng.randrange(1, 18)))
        course.talk(day, activity, party)
        return
    day = course.talk_by(rng.randrange(2, due + 1), due)
    course.talk(day, activity, party, surely=rng.random() < 0.8)


def talks(
    course: CourseBuilder, activity: str, party: str, days: Sequence[int], share: float | None = None
) -> None:
    """Talks about so many days after registration; each takes place with ``share`` if given."""
    rng = course.rng
    for after in days:
        happens = rng.random() < share if share is not None else not course.happens(
            course.behaviour.talk_skipped)
        if happens:
            day = course.registered_on + timedelta(days=after + rng.randrange(-4, 5))
            if rng.random() < _EDGE_SHARE:
                edge = add_months(course.registered_on, rng.choice(_EDGES_MONTHS))
                day = edge + timedelta(days=rng.randrange(-1, 2))
            course.talk(course.talk_day(day), activity, party)


def follow_up(course: CourseBuilder, every: int, activity: str, after: int = 200) -> None:
    """Municipal talks from ``after`` days on, until the course ends."""
    day = course.registered_on + timedelta(days=after + course.rng.randrange(20))
    # an open course has its next talk in the calendar already
    until = course.before + timedelta(days=12 if course.is_open else 0)
    while day < until:
        held_on = course.talk_day(day)
        course.talk(held_on, activity, MUNICIPALITY)
        day = max(day, held_on) + every * ONE_DAY + timedelta(days=course.rng.randrange(-8, 9))


def month_end(day: date) -> date:
    """The last day of the month of ``day``."""
    return add_months(day.replace(day=1), 1) - ONE_DAY
