"""Periods of absence, whose days do not count, of exemption and of work duty, which lift a duty."""

from datetime import date, datetime, timedelta
from random import Random

from pm_pipeline.synthetic.behaviour import Behaviour
from pm_pipeline.synthetic.clock import ONE_DAY
from pm_pipeline.synthetic.world import EXEMPTION, WORK_DUTY, WORK_DUTY_FROM, Absence

# What the case system calls it, and the fewest and most days it takes.
_KINDS = (("SYGDOM", 6, 40), ("FERIE", 5, 14), ("BARSEL", 50, 98))
_KIND_WEIGHTS = (6, 3, 1)
_OWE_WORK = ("6.2", "6.3")
_EXEMPTION_DAYS = (20, 110)
_AGAIN_SHARE = 0.2
# Nobody closed the absence when the course ended.
_NEVER_CLOSED_SHARE = 0.2


def absences(
    rng: Random, behaviour: Behaviour, group: str, registered_on: date, before: date, *, is_open: bool
) -> tuple[Absence, ...]:
    """What a course has of them. ``before``: the first day on which nothing happens any more.

    Periods of one sort never overlap and have a day between them: from begins and ends alone nobody
    could tell two that overlap apart.
    """
    found: list[Absence] = []
    if rng.random() < behaviour.absent:
        kind, fewest, most = rng.choices(_KINDS, _KIND_WEIGHTS)[0]
        start = registered_on + timedelta(days=rng.randrange(1, 120))
        found += _period(rng, kind, start, rng.randrange(fewest, most), before, is_open)
        last = found[-1].end_on if found else None
        if last is not None and rng.random() < _AGAIN_SHARE:
            start = last + timedelta(days=rng.randrange(2, 30))
            found += _period(rng, "SYGDOM", start, rng.randrange(0, 12), before, is_open)
    if rng.random() < behaviour.exempted:
        start = registered_on + timedelta(days=rng.randrange(1, 130))
        days = rng.randrange(*_EXEMPTION_DAYS)
        found += _period(rng, EXEMPTION, start, days, before, is_open)
    if group in _OWE_WORK and before > WORK_DUTY_FROM and rng.random() < behaviour.work_duty:
        first = max(registered_on, WORK_DUTY_FROM)
        start = first + timedelta(days=rng.randrange(14, 100))
        found += _period(rng, WORK_DUTY, start, rng.randrange(30, 90), before, is_open)
    return tuple(sorted(found, key=lambda one: (one.start_on, one.kind)))


def _period(
    rng: Random, kind: str, start: date, days: int, before: date, is_open: bool
) -> list[Absence]:
    """None that begins when the course is over; one that would outlast it is cut or stays open."""
    if start >= before:
        return []
    end_on: date | None = start + timedelta(days=days)
    if end_on is not None and end_on >= before:
        never_closed = is_open or rng.random() < _NEVER_CLOSED_SHARE
        end_on = None if never_closed else max(start, before - ONE_DAY)
    recorded = datetime.combine(start, datetime.min.time()) + timedelta(hours=9, minutes=20)
    return [Absence(kind, start, end_on, recorded)]
