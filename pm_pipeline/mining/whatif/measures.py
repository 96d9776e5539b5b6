"""What is told of a queue: how many talks were held by their day, how late the others, who waits."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: In the order in which they are told.
MEASURES = ("share_on_time", "mean_days_late", "p90_days_late", "n_waiting")


def measured(late: "NDArray[np.int64]", waiting: "NDArray[np.int64]") -> "NDArray[np.float64]":
    """The measures of some replays.

    Args:
        late: replays × days: talks held so many days after their due day, 0 = by it.
        waiting: of each replay, the open cases that are due and wait at its end.

    Returns:
        replays × :data:`MEASURES`; not a number where a replay held no talk.
    """
    import numpy as np

    held = late.sum(axis=1)
    days = np.arange(late.shape[1])
    with np.errstate(invalid="ignore"):
        share = late[:, 0] / held
        mean = (late @ days) / held
        enough = late.cumsum(axis=1) >= 0.9 * held[:, None]
    p90 = np.where(held > 0, enough.argmax(axis=1), np.nan)
    return np.column_stack([share, mean, p90, waiting.astype(float)])
