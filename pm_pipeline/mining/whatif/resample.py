"""Weeks drawn anew: once for what the log does not say of the town, once for what a year may bring.

Blocks of weeks side by side, as weeks side by side are alike (circular block bootstrap: Politis and
Romano 1992). A replay that only drew weeks would take what was seen for what is; a second draw, of the
weeks drawn first, adds how far the weeks seen may be from the town (Efron and Tibshirani 1993, ch. 25).
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.random import Generator
    from numpy.typing import NDArray

    Array = NDArray[np.int64]


def drawn_weeks(
    n_weeks: int, n_drawn: int, n_replays: int, block: int, rng: "Generator"
) -> "Array":
    """Replays × ``n_drawn``, numbers of weeks below ``n_weeks``, drawn twice."""
    import numpy as np

    first = _blocks(n_weeks, n_weeks, n_replays, block, rng)
    second = _blocks(n_weeks, n_drawn, n_replays, block, rng)
    return np.take_along_axis(first, second, axis=1)


def _blocks(
    n_weeks: int, n_drawn: int, n_replays: int, block: int, rng: "Generator"
) -> "Array":
    import numpy as np

    n_blocks = -(-n_drawn // block)
    begins = rng.integers(0, n_weeks, size=(n_replays, n_blocks))
    weeks = (begins[:, :, None] + np.arange(block)) % n_weeks
    return weeks.reshape(n_replays, -1)[:, :n_drawn]
