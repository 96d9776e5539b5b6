"""Who comes, and when: so many of each process in each era of the law that every one has its cases."""

import calendar
from datetime import date, timedelta
from random import Random

from pm_pipeline.synthetic.behaviour import Behaviour
from pm_pipeline.synthetic.world import FORSIKREDE, KONTANT, RESSOURCE

_PROCESSES = (FORSIKREDE, KONTANT, RESSOURCE)
# How many of each hundred of a process are registered from a day until the next one. Nobody begins a
# resource course from 2026-02: when exactly the scheme ended for new ones nobody can say.
_ERAS: tuple[tuple[date, tuple[int, int, int]], ...] = (
    (date(2019, 11, 1), (2, 1, 0)),
    (date(2020, 1, 1), (12, 12, 28)),
    (date(2020, 5, 27), (10, 9, 20)),
    (date(2022, 1, 1), (14, 13, 26)),
    (date(2024, 1, 1), (20, 21, 18)),
    (date(2025, 7, 1), (12, 13, 8)),
    (date(2026, 2, 1), (8, 8, 0)),
    (date(2026, 7, 1), (16, 14, 0)),
    (date(2026, 8, 1), (6, 9, 0)),
)
# Registered on the last of a month: where months of the law are not of one length.
_MONTH_END_SHARE = 0.06


def arrival(rng: Random, behaviour: Behaviour, first_day: date, last_day: date) -> tuple[str, date]:
    """(process, day of registration) of a citizen, between two days inclusive."""
    insured, resource = behaviour.insured, behaviour.resource
    process = rng.choices(_PROCESSES, (insured, 1 - insured - resource, resource))[0]
    number = _PROCESSES.index(process)
    untils = [until - timedelta(days=1) for until, _ in _ERAS[1:]] + [date.max]
    eras = [
        (max(begins, first_day), min(until, last_day), weights[number])
        for (begins, weights), until in zip(_ERAS, untils, strict=True)
        if begins <= last_day and until >= first_day
    ]
    weights = [weight for _, _, weight in eras]
    if not any(weights):
        return KONTANT, first_day + timedelta(days=rng.randrange((last_day - first_day).days + 1))
    begins, until, _ = rng.choices(eras, weights)[0]
    day = begins + timedelta(days=rng.randrange((until - begins).days + 1))
    if rng.random() < _MONTH_END_SHARE:
        last = day.replace(day=calendar.monthrange(day.year, day.month)[1])
        day = last if last <= until else day
    return process, day
