"""Series of initiatives of known truth: a few cases per four weeks, around a level that wanders."""

import numpy as np
from numpy.random import Generator

from pm_pipeline.mining.initiatives.series import Arm

#: Standard deviation of a case around the level of its day, in days.
CASE_SPREAD = 6.0


def wandering(rng: Generator, n: int, spread: float, memory: float) -> "np.ndarray":
    """AR(1) in its stationary state."""
    level = np.zeros(n)
    for number in range(n):
        fresh = rng.normal() * spread
        level[number] = (
            memory * level[number - 1] + fresh * np.sqrt(1 - memory**2) if number else fresh
        )
    return level


def arm(
    rng: Generator, n_before: int, n_after: int, *, cases: float = 4, effect: float = 0.0,
    spread: float = 0.0, memory: float = 0.0, season: float = 0.0, yearly: float = 0.5,
    common: "np.ndarray | None" = None,
) -> Arm:
    """Cases skewed as durations are. ``common``: a level that another arm shares."""
    periods = np.arange(-n_before, n_after)
    level = 20 + yearly * periods / 13 + season * np.sin(2 * np.pi * (periods + 3) / 13)
    level = level + effect * (periods >= 0) + wandering(rng, len(periods), spread, memory)
    if common is not None:
        level = level + common
    counts = rng.poisson(cases, len(periods))
    told = [
        one + CASE_SPREAD * (rng.exponential(size=n) - 1) for one, n in zip(level, counts, strict=True)
    ]
    kept = counts > 0
    sizes = counts.astype(float)
    totals = np.array([one.sum() for one in told])
    squares = np.array([(one**2).sum() for one in told])
    return Arm(periods[kept].astype(float), sizes[kept], sizes[kept], totals[kept], squares[kept])
