"""The present replayed against what was seen, and the year to come without and with the change."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pm_pipeline.mining.whatif.fit import Fitted, due_days, standing
from pm_pipeline.mining.whatif.measures import measured
from pm_pipeline.mining.whatif.quota import Quota, WorkingDays
from pm_pipeline.mining.whatif.replay import Demand, replay
from pm_pipeline.mining.whatif.resample import drawn_weeks
from pm_pipeline.mining.whatif.turns import Turns

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: So that the same log gives the same figures.
SEED = 20261201


@dataclass(frozen=True)
class Replays:
    """How many, of how many weeks to come, drawn in blocks of how many."""

    n: int
    weeks: int
    block: int


def replay_past(
    turns: Turns, fitted: Fitted, quota: Quota, calendar: WorkingDays, replays: Replays
) -> "Floats":
    """The weeks that were seen, with those who came and left, at the pace of the model."""
    import numpy as np

    rng = np.random.default_rng([SEED, 1])
    leaving = np.repeat(fitted.leaving, 7)
    due = standing(turns, 0, due_days(turns, quota, calendar))
    demand = Demand(
        np.broadcast_to(fitted.arrivals.ravel(), (replays.n, turns.n_days)),
        np.broadcast_to(leaving, (replays.n, turns.n_days)),
        _paces(fitted, turns.n_weeks, replays, rng),
    )
    found = replay(due, demand, quota, 0, calendar, rng)
    return measured(found.late, found.waiting)


def replay_ahead(
    turns: Turns, fitted: Fitted, now: Quota, quota: Quota, staffing: float, calendar: WorkingDays,
    replays: Replays,
) -> "Floats":
    """Weeks like those seen, from where the queue stands on, under another quota and staffing.

    Who was not due when the change begins is due then at the earliest. The same seed gives the same
    weeks whatever is changed, so that two replays differ by the change.
    """
    import numpy as np

    rng = np.random.default_rng([SEED, 2])
    n_days = 7 * replays.weeks
    weeks = drawn_weeks(len(fitted.leaving), replays.weeks, replays.n, replays.block, rng)
    demand = Demand(
        fitted.arrivals[weeks].reshape(replays.n, n_days),
        np.repeat(fitted.leaving[weeks], 7, axis=1),
        staffing * _paces(fitted, replays.weeks, replays, rng),
    )
    begin = turns.n_days
    was_due, is_due = (due_days(turns, one, calendar) for one in (now, quota))
    due = np.maximum(is_due, np.minimum(was_due, begin))
    found = replay(standing(turns, begin, due), demand, quota, begin, calendar, rng)
    return measured(found.late, found.waiting)


def _paces(
    fitted: Fitted, n_weeks: int, replays: Replays, rng: "np.random.Generator"
) -> "Floats":
    """Talks that can be held, of each replay and day: of busy weeks alone."""
    import numpy as np

    busy = fitted.pace[fitted.is_busy]
    weeks = drawn_weeks(len(busy), n_weeks, replays.n, replays.block, rng)
    return np.repeat(busy[weeks], 7, axis=1)
