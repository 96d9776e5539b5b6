"""The queue, day by day, in many replays at once: whoever has been due longest is called first.

All that is known of an open case is the day on which it is due, so a replay is one number a day: how
many open cases are due then (a queue with one class of customers, discipline by due date, customers
who leave without having been served; Stewart 2009, Probability, Markov Chains, Queues and Simulation,
ch. 16). Nobody is called before the day.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pm_pipeline.mining.whatif.quota import Quota, WorkingDays

if TYPE_CHECKING:
    import numpy as np
    from numpy.random import Generator
    from numpy.typing import NDArray

    Array = NDArray[np.int64]
    Floats = NDArray[np.float64]

#: Who has waited longer is told with these days.
LONGEST = 730


@dataclass(frozen=True)
class Demand:
    """Who comes and who leaves, of each replay and day.

    Attributes:
        arrivals: replays × days, registrations.
        leaving: replays × days, the share of the open cases that ends on the day.
        capacity: replays × days, talks that can be held; need not be whole.
    """

    arrivals: "Array"
    leaving: "Floats"
    capacity: "Floats"


@dataclass(frozen=True)
class Replayed:
    """``late``: replays × days late, talks; ``waiting``: of each replay, who is due at its end."""

    late: "Array"
    waiting: "Array"


def replay(
    due: "Array", demand: Demand, quota: Quota, begin: int, calendar: WorkingDays, rng: "Generator"
) -> Replayed:
    """Let the days from ``begin`` on pass.

    Args:
        due: number of open cases at the beginning by the day on which they are due, from the day
            ``begin - LONGEST`` on.
        demand: of as many days as shall pass.
        begin: number of the first day in ``calendar``.
    """
    import numpy as np

    n_replays, n_days = demand.arrivals.shape
    is_working = calendar.of(begin, begin + n_days)
    ahead = np.arange(begin, begin + n_days)
    first_places = calendar.moved(ahead + quota.first_days) - begin + LONGEST
    next_places = calendar.moved(ahead + quota.next_days) - begin + LONGEST
    width = max(len(due), int(first_places.max()) + 1, int(next_places.max()) + 1, LONGEST + n_days)
    queue = np.zeros((n_replays, width), dtype=np.int64)
    queue[:, : len(due)] = due
    late = np.zeros((n_replays, LONGEST + 1), dtype=np.int64)
    last = max(int(np.flatnonzero(due).max(initial=0)), LONGEST)
    low = int(np.flatnonzero(due)[0]) if due.any() else LONGEST
    for day in range(n_days):
        today = day + LONGEST
        last = max(last, int(first_places[day]), int(next_places[day]))
        queue[:, first_places[day]] += demand.arrivals[:, day]
        _leave(queue[:, low : last + 1], demand.leaving[:, day], rng)
        if is_working[day]:
            can = _whole(demand.capacity[:, day], rng)
            waiting = queue[:, low : today + 1]
            called = np.diff(np.minimum(waiting.cumsum(axis=1), can[:, None]), axis=1, prepend=0)
            waiting -= called
            # the last column is due today: read backwards the columns are days late
            backwards = called[:, ::-1]
            n_late = min(backwards.shape[1], LONGEST)
            late[:, :n_late] += backwards[:, :n_late]
            late[:, LONGEST] += backwards[:, n_late:].sum(axis=1)
            queue[:, next_places[day]] += called.sum(axis=1)
            while low < today and not queue[:, low].any():
                low += 1
    return Replayed(late, queue[:, : n_days + LONGEST].sum(axis=1))


def _leave(queue: "Array", leaving: "Floats", rng: "Generator") -> None:
    """End a share of the open cases of each replay, any of them alike."""
    import numpy as np

    reach = queue.cumsum(axis=1)
    n_open = reach[:, -1]
    gone = np.minimum(_whole(leaving * n_open, rng), n_open)
    most = int(gone.max(initial=0))
    if not most:
        return
    # distinct places among the open cases: sorted draws, each moved on by those before it
    numbers = np.arange(most)
    is_drawn = numbers < gone[:, None]
    room = (n_open - gone + 1)[:, None]
    draws = np.where(is_drawn, np.floor(rng.random((len(queue), most)) * room), np.inf)
    draws.sort(axis=1)
    places = draws + numbers
    # one search for all replays: each has its own stretch of one line
    stretch = int(n_open.max()) + 1
    line = (reach + (np.arange(len(queue)) * stretch)[:, None]).ravel()
    row = np.nonzero(is_drawn)[0]
    found = np.searchsorted(line, places[is_drawn] + row * stretch, side="right")
    np.subtract.at(queue, (row, found - row * queue.shape[1]), 1)


def _whole(amounts: "Floats", rng: "Generator") -> "Array":
    """Up or down to a whole number, so that the amount is right on the average."""
    import numpy as np

    return np.floor(amounts + rng.random(len(amounts))).astype(np.int64)
