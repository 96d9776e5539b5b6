"""Working time between two acts, minute by minute: weekends and public holidays are none."""

import csv
import random
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.flow.town import FlowTown
from tests.law.core_sql import SEEDS

DENMARK = ZoneInfo("Europe/Copenhagen")
MINUTE = timedelta(minutes=1)


def _holidays() -> set[date]:
    with (SEEDS / "registry" / "calendar.csv").open(encoding="utf-8") as handle:
        return {date.fromisoformat(row["holiday_on"]) for row in csv.DictReader(handle)}


def _worked(start: datetime, end: datetime, holidays: set[date]) -> int:
    """Seconds of the minutes from ``start`` to ``end`` (UTC) that lie on Danish working days."""
    minutes = 0
    at = start
    while at < end:
        day = at.replace(tzinfo=ZoneInfo("UTC")).astimezone(DENMARK).date()
        minutes += day.weekday() < 5 and day not in holidays
        at += MINUTE
    return 60 * minutes


# around both clock changes, Easter, Christmas and plain weekends; the instants are UTC
_EDGES = [
    ("2024-03-29 22:30", "2024-04-02 07:15"), ("2024-10-25 20:00", "2024-10-28 03:00"),
    ("2024-12-23 22:59", "2024-12-27 00:01"), ("2024-06-07 21:00", "2024-06-10 06:00"),
    ("2024-03-30 23:00", "2024-03-31 22:00"), ("2024-05-01 10:00", "2024-05-01 10:00"),
]  # fmt: skip


def _pairs() -> list[tuple[datetime, datetime]]:
    rng = random.Random(3)
    pairs = [(datetime.fromisoformat(one), datetime.fromisoformat(other)) for one, other in _EDGES]
    for _ in range(40):
        start = datetime(2024, 1, 1) + timedelta(minutes=rng.randrange(366 * 1440))
        pairs.append((start, start + timedelta(minutes=rng.randrange(12 * 1440))))
    return pairs


def test_working_seconds_are_those_of_the_minutes_of_working_days() -> None:
    holidays = _holidays()
    pairs = _pairs()
    with FlowTown() as town:
        for number, pair in enumerate(pairs):
            town.course(f"{number:03}", "6.1", "2023-12-01")
            for activity, at in zip(("TILMELDT", "JOBSAMTALE"), pair, strict=True):
                town.act(f"{number:03}", activity, at.isoformat(" "))
        # the day of an act is the Danish one
        town.run(
            "update events set occurred_on ="
            " cast(timezone('Europe/Copenhagen', timezone('UTC', occurred_at)) as date)"
        )
        town.log()
        found = town.rows(
            "select working_seconds, elapsed_seconds from log_steps where event_number = 1"
            " order by case_number"
        )
    assert [worked for worked, _ in found] == [_worked(*pair, holidays) for pair in pairs]
    assert [passed for _, passed in found] == [
        (end - start).total_seconds() for start, end in pairs
    ]


@pytest.mark.parametrize("at", ["2004-12-31 09:00", "2036-01-02 09:00"])
def test_working_time_outside_the_calendar_is_unknown_and_not_none(at: str) -> None:
    with FlowTown() as town:
        town.course("a", "6.1", "2024-01-01")
        town.act("a", "TILMELDT", "2024-01-01 09:00")
        town.act("a", "JOBSAMTALE", at)
        town.log()
        (first, last) = town.rows(
            "select working_seconds, elapsed_seconds from log_steps order by event_number"
        )
    assert first[0] is None and first[1] > 0
    assert last == (None, None)
