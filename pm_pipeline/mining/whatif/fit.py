"""What the weeks of a log say of its queue: who comes, who leaves, and how many talks can be held.

How many can be held shows only where more were due: in a week in which, whenever a working day was
over, at least a day's worth of talks was still waiting, the talks held are all that could be.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pm_pipeline.mining.whatif.quota import Quota, WorkingDays
from pm_pipeline.mining.whatif.replay import LONGEST
from pm_pipeline.mining.whatif.turns import Turns

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.int64]
    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Fitted:
    """A queue as seen in its weeks.

    Attributes:
        arrivals: weeks × 7, registrations.
        leaving: weeks, the share of the open cases that ends in a day.
        held: days, talks.
        waiting: days, open cases that are due and wait when the day is over.
        wanted: weeks, open cases that waited when it began or became due in it.
        is_busy: weeks in which all that can be held was held.
        n_worked: weeks, working days.
        pace: weeks, talks held a working day; not a number in a week without a working day.
        late: days late (0 = by the due day) → talks held, one row.
        share_early: of the talks in busy weeks, those held before they were due.
    """

    arrivals: "Array"
    leaving: "Floats"
    held: "Array"
    waiting: "Array"
    wanted: "Array"
    is_busy: "NDArray[np.bool_]"
    n_worked: "Array"
    pace: "Floats"
    late: "Array"
    share_early: float


def due_days(turns: Turns, quota: Quota, calendar: WorkingDays) -> "Array":
    """The day on which each turn is due."""
    return calendar.moved(turns.begins + quota.days(turns.is_first))


def fit(turns: Turns, quota: Quota, calendar: WorkingDays) -> Fitted:
    """Count the weeks of ``turns`` under the quota that held in them."""
    import numpy as np

    due = due_days(turns, quota, calendar)
    everyone = np.ones(len(due), dtype=bool)
    registered = turns.per_day(turns.begins, turns.is_first)
    left = turns.per_day(turns.ends, ~turns.is_held)
    held = turns.per_day(turns.ends, turns.is_held)
    n_open = turns.counts[turns.open_at(0)].sum() + np.cumsum(registered - left)
    # who is due and has not been called or left when the day is over
    comes = turns.per_day(np.maximum(due, 0), everyone & (turns.ends >= due) & (turns.ends >= 0))
    goes = turns.per_day(turns.ends, (turns.ends >= due) & (turns.ends >= 0))
    waiting = np.cumsum(comes - goes)

    weeks = held.reshape(-1, 7)
    is_working = calendar.of(0, turns.n_days)
    n_working = is_working.reshape(-1, 7).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        pace = np.where(n_working > 0, weeks.sum(axis=1) / n_working, np.nan)
        before = n_open + left - registered
        leaving = left.reshape(-1, 7).sum(axis=1) / before.reshape(-1, 7).sum(axis=1)
    a_day = max(1.0, float(np.nanmean(pace)))
    is_enough = (waiting >= a_day) | ~is_working
    is_busy = is_enough.reshape(-1, 7).all(axis=1) & (n_working > 0)

    looked = turns.is_held & (turns.ends >= 0) & (turns.ends < turns.n_days)
    days_late = np.clip(turns.ends - due, 0, LONGEST)[looked]
    late = np.bincount(days_late, turns.counts[looked], minlength=LONGEST + 1)
    in_busy = looked & is_busy[np.clip(turns.ends // 7, 0, len(is_busy) - 1)]
    n_busy = turns.counts[in_busy].sum()
    n_early = turns.counts[in_busy & (turns.ends < due)].sum()
    return Fitted(
        arrivals=registered.reshape(-1, 7), leaving=np.nan_to_num(leaving), held=held,
        waiting=waiting, wanted=comes.reshape(-1, 7).sum(axis=1) + np.append(0, waiting[6:-1:7]),
        is_busy=is_busy, n_worked=n_working, pace=pace, late=late.astype(np.int64)[None, :],
        share_early=float(n_early / n_busy) if n_busy else 0.0,
    )


def standing(turns: Turns, day: int, due: "Array") -> "Array":
    """The open cases when ``day`` begins, by their due day from ``day - LONGEST`` on."""
    import numpy as np

    is_open = turns.open_at(day)
    places = np.clip(due[is_open] - day + LONGEST, 0, None)
    return np.bincount(places, turns.counts[is_open], minlength=LONGEST + 1).astype(np.int64)
