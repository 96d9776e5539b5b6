"""Danish wall-clock time: working days, months of the law, and the offset to UTC.

Times in the synthetic world are naive local times (Europe/Copenhagen). The offset is computed by
the rule of the European Union instead of ``zoneinfo``, because a million rows need it and because
the generator then checks the pipeline's time zones instead of sharing them.
"""

import calendar
from datetime import date, datetime, timedelta
from functools import lru_cache

_CLOSED = {(1, 1), (12, 24), (12, 25), (12, 26), (12, 31)}
ONE_DAY = timedelta(days=1)


def is_workday(day: date) -> bool:
    """Monday to Friday, except Christmas and New Year's Day (moving holidays are left out)."""
    return day.weekday() < 5 and (day.month, day.day) not in _CLOSED


def workday_from(day: date) -> date:
    """``day`` or the next working day."""
    while not is_workday(day):
        day += ONE_DAY
    return day


def workday_until(day: date) -> date:
    """``day`` or the working day before it."""
    while not is_workday(day):
        day -= ONE_DAY
    return day


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later; the last of the month where that day does not exist."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _last_sunday(year: int, month: int) -> date:
    last = date(year, month, calendar.monthrange(year, month)[1])
    return last - timedelta(days=(last.weekday() + 1) % 7)


@lru_cache(maxsize=64)
def summer_time(year: int) -> tuple[datetime, datetime]:
    """Local times at which summer time begins (02:00 -> 03:00) and ends (03:00 -> 02:00)."""
    two, three = timedelta(hours=2), timedelta(hours=3)
    start = datetime.combine(_last_sunday(year, 3), datetime.min.time()) + two
    return start, datetime.combine(_last_sunday(year, 10), datetime.min.time()) + three


def utc_offset(local: datetime) -> timedelta:
    """Offset of a local time; in the doubled hour of October the first (summer) one.

    A local time inside the missing hour of March gets summer time, as clocks that were not moved
    do.
    """
    start, end = summer_time(local.year)
    return timedelta(hours=2) if start <= local < end else timedelta(hours=1)


def to_utc(local: datetime) -> datetime:
    """A local time as a naive UTC time."""
    return local - utc_offset(local)


def clock_change_nights(first: date, last: date) -> list[datetime]:
    """02:30 in the night of every clock change between two days: missing or doubled local times."""
    nights = []
    for year in range(first.year, last.year + 1):
        for change in summer_time(year):
            night = change.replace(hour=2, minute=30)
            if first <= night.date() <= last:
                nights.append(night)
    return nights
