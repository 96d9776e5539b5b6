"""Turns of a queue, out of the warehouse: counts by the days on which they began and ended."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.int64]

#: ``ends`` of a turn that still lasts.
STILL_OPEN = 2**31
_COLUMNS = ("begins", "ends", "is_first", "is_held", "n_turns")


@dataclass(frozen=True)
class Turns:
    """The queue of one activity in one process.

    A turn is the time from a registration (``is_first``) or a talk to the next talk, or to the end of
    the case. Of cases nothing is here but how many had the same days.

    Attributes:
        from_on: the first day that is looked at, a Monday; days are numbered from it, 0, 1, …
        n_days: the days looked at, whole weeks.
        begins, ends: day numbers; a turn may have begun before 0, ``STILL_OPEN`` has not ended.
        is_held: it ended with a talk; else with the case.
        counts: how many turns.
    """

    process_id: str
    activity_id: str
    from_on: date
    n_days: int
    begins: "Array"
    ends: "Array"
    is_first: "NDArray[np.bool_]"
    is_held: "NDArray[np.bool_]"
    counts: "Array"
    n_cases: int
    n_citizens: int

    @property
    def n_weeks(self) -> int:
        return self.n_days // 7

    @property
    def until_on(self) -> date:
        """The last day that is looked at."""
        return self.from_on + timedelta(days=self.n_days - 1)

    def per_day(self, days: "Array", which: "NDArray[np.bool_]") -> "Array":
        """How many of ``which`` have each day looked at in ``days``."""
        import numpy as np

        within = which & (days >= 0) & (days < self.n_days)
        found = np.bincount(days[within], self.counts[within], minlength=self.n_days)
        return found.astype(np.int64)

    def open_at(self, day: int) -> "NDArray[np.bool_]":
        """Turns that last when the day begins."""
        return (self.begins < day) & (self.ends >= day)


def read_turns(
    connection: "duckdb.DuckDBPyConnection", process_id: str, activity_id: str
) -> Turns | None:
    """None where the process never saw the activity in the weeks looked at."""
    import numpy as np

    queue = connection.execute(
        "select from_on, n_weeks, n_cases, n_citizens from core.queues"
        " where process_id = ? and activity_id = ?",
        [process_id, activity_id],
    ).fetchone()
    if queue is None:
        return None
    from_on, n_weeks, n_cases, n_citizens = queue
    columns = connection.execute(
        "select date_diff('day', cast(? as date), begun_on) as begins,"
        " coalesce(date_diff('day', cast(? as date), until_on), ?) as ends,"
        " is_first, outcome = 'held' as is_held, n_turns from core.queue_turns"
        " where process_id = ? and activity_id = ? order by all",
        [from_on, from_on, STILL_OPEN, process_id, activity_id],
    ).fetchnumpy()
    begins, ends, is_first, is_held, counts = (np.asarray(columns[name]) for name in _COLUMNS)
    return Turns(
        process_id, activity_id, from_on, 7 * n_weeks, begins.astype(np.int64), ends.astype(np.int64),
        is_first.astype(bool), is_held.astype(bool), counts.astype(np.int64), n_cases, n_citizens,
    )
