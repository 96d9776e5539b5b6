"""The working days of the warehouse, numbered from a day."""

from datetime import date
from typing import TYPE_CHECKING

from pm_pipeline.errors import PipelineError
from pm_pipeline.mining.whatif.quota import WorkingDays

if TYPE_CHECKING:
    import duckdb


def read_calendar(
    connection: "duckdb.DuckDBPyConnection", from_on: date, n_days: int
) -> WorkingDays:
    """Every day there is, numbered so that ``from_on`` is 0.

    Raises:
        PipelineError: the calendar ends before ``n_days`` have passed.
    """
    import numpy as np

    columns = connection.execute(
        "select date_diff('day', cast(? as date), day_on) as day, is_working_day"
        " from intermediate.int_working_days order by day",
        [from_on],
    ).fetchnumpy()
    days, is_working = (np.asarray(columns[name]) for name in ("day", "is_working_day"))
    if not len(days) or days[0] > 0 or days[-1] < n_days:
        raise PipelineError(
            f"models/intermediate/int_working_days: expected the {n_days} days from {from_on} on, found"
            " a calendar that does not hold them all; extend the model's range"
        )
    return WorkingDays(int(days[0]), is_working.astype(bool))
