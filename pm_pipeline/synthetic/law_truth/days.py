"""The days of the law, walked one by one: slow, and obviously right."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from functools import lru_cache

from pm_pipeline.synthetic.clock import ONE_DAY, add_months

# Talks were suspended from 12 March 2020 until 26 May 2020, both days included.
SUSPENDED = frozenset(
    date(2020, 3, 12) + timedelta(days=number)
    for number in range((date(2020, 5, 27) - date(2020, 3, 12)).days)
)
# The unemployment of the insured (section 9) leaves out March to August 2020 and half of 2021.
NOT_UNEMPLOYMENT = frozenset(
    first + timedelta(days=number)
    for first, end in ((date(2020, 3, 1), date(2020, 9, 1)), (date(2021, 1, 1), date(2021, 7, 1)))
    for number in range((end - first).days)
)
Period = tuple[date, date | None]


def days_of(periods: Iterable[Period], today: date) -> frozenset[date]:
    """Every day of periods whose last day belongs to them; what has no end yet runs to today."""
    found = set()
    for day, last in periods:
        while day <= (last or today):
            found.add(day)
            day += ONE_DAY
    return frozenset(found)


def after(anchor: date, number: int, unit: str) -> date:
    """So many days, weeks or calendar months after a day."""
    if unit == "month":
        return add_months(anchor, number)
    return anchor + timedelta(days=number * {"day": 1, "week": 7}[unit])


def pushed(anchor: date, by_calendar: date, removed: Collection[date]) -> date:
    """The day by which as many days have counted as the calendar has from the anchor to its day.

    The anchor is day 0; a removed day does not count, also one that is met only on the way.
    """
    to_count = (by_calendar - anchor).days
    day = anchor
    while to_count > 0:
        day += ONE_DAY
        if day not in removed:
            to_count -= 1
    return day


def counted_between(anchor: date, until: date, removed: Collection[date]) -> int:
    """Days after the anchor until a day, itself included, that count; below zero for one before."""
    count, day = min((until - anchor).days, 0), anchor
    while day < until:
        day += ONE_DAY
        count += day not in removed
    return count


def working_between(anchor: date, until: date) -> int:
    """Working days after the anchor until a day, itself included; below zero for one before."""
    first, last = sorted((anchor, until))
    count, day = 0, first
    while day < last:
        day += ONE_DAY
        count += day.weekday() < 5 and day not in holidays(day.year)
    return count if anchor <= until else -count


@lru_cache(maxsize=64)
def holidays(year: int) -> frozenset[date]:
    """Danish public holidays; store bededag, the fourth Friday after Easter, until 2023."""
    easter = _easter(year)
    moving = [-3, -2, 0, 1, 39, 49, 50] + ([26] if year < 2024 else [])
    fixed = {date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)}
    return frozenset(fixed | {easter + timedelta(days=days) for days in moving})


def _easter(year: int) -> date:
    """The Sunday after the first ecclesiastical full moon of spring (Gregorian computus)."""
    golden = year % 19
    century = year // 100
    solar = century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15
    moon = solar % 30
    moon -= (moon // 28) * (1 - (29 // (moon + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    offset = moon - weekday
    month = 3 + (offset + 40) // 44
    return date(year, month, offset + 28 - 31 * (month // 4))
