"""Which faults a citizen's rows get: spread evenly, so that a small municipality has each."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from random import Random

from pm_pipeline.synthetic.world import Citizen, Course

_NEW_CODES_FROM = date(2025, 1, 10)
CPR_CHANGE_EVERY, CPR_CHANGE_OFFSET = 25, 11  # of citizens: the number changed between the exports
_EVERY = 40
_OFFSET = 7


@dataclass(frozen=True)
class Faults:
    """How much is wrong with the files of a municipality that works as its ``Behaviour`` says."""

    duplicated: float = 0.05  # of citizens: one of their rows comes twice in the same file
    corrected: float = 0.02  # of talks: the first delivery tells them wrongly
    new_code: float = 0.12  # of courses that are open in 2025
    broken: bool = True  # every fortieth citizen has a row with an unusable value
    # a new version of the system: what is registered from this day on names no unit beside a talk
    unit_lost_from: date | None = None
    # a bad delivery: no row of the second one names a unit, whatever its date
    unit_lost_in_second: bool = False


#: Files in which nothing is wrong: what stands in them is what happened.
NO_FAULTS = Faults(0, 0, 0, broken=False)


class Broken(Enum):
    """What is wrong with a planted row: (reason, value of an ISO date, value of a Danish one)."""

    IMPOSSIBLE_DATE = ("impossible_date", "2024-02-31T09:00:00Z", "31-02-2024")
    TWO_DIGIT_YEAR = ("two_digit_year", "24-03-05T10:00:00Z", "05-03-24")
    EMPTY_CPR = ("empty_mandatory", "", "")

    @property
    def row_kept(self) -> bool:
        """A talk may have no time, but not no citizen: only the value is lost, or the row."""
        return self is not Broken.EMPTY_CPR


def told_unit(unit: str, registered_on: date, faults: Faults) -> str:
    """The unit as the version of the system that was in use on the day writes it."""
    lost_from = faults.unit_lost_from
    return "" if lost_from is not None and registered_on >= lost_from else unit


def broken_row(citizen: Citizen, faults: Faults) -> Broken | None:
    """The fault of this citizen's extra, broken row; None for the many who have none."""
    if not faults.broken:
        return None
    turn, rest = divmod(citizen.number, _EVERY)
    return tuple(Broken)[turn % len(Broken)] if rest == _OFFSET else None


def goes_to_first(citizen: Citizen, course: Course, export: datetime) -> bool:
    """Whether the broken row is in the first delivery: every second three, if it can be."""
    return (citizen.number // (_EVERY * len(Broken))) % 2 == 0 and course.registered_at < export


def new_code_moment(
    rng: Random, course: Course, end_of_data: date, faults: Faults
) -> datetime | None:
    """When this course meets a kind of act that no mapping knows yet; None for most."""
    first = max(course.registered_on + timedelta(days=1), _NEW_CODES_FROM)
    length = ((course.ended_on or end_of_data) - first).days
    if length <= 0 or rng.random() >= faults.new_code:
        return None
    on = datetime.combine(first + timedelta(days=rng.randrange(length)), datetime.min.time())
    return on + timedelta(hours=9, minutes=rng.randrange(300))


def correction_moment(rng: Random, first: date, second: date) -> datetime:
    """A working hour between two exports."""
    days = rng.randrange((second - first).days)
    on = datetime.combine(first + timedelta(days=days), datetime.min.time())
    return on + timedelta(hours=10, minutes=rng.randrange(240))
