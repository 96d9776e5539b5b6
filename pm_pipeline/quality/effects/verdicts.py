"""From a step and its uncertainty to what may be said of it."""

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

from pm_pipeline.quality.effects.comparison import Verdict
from pm_pipeline.quality.effects.limits import Limits

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

# Of the transformation that makes the spread of a count the same whatever its size (Anscombe 1948,
# Biometrika 35: the square root of the count plus 3/8).
_ANSCOMBE = 0.375
_TWO_SIDED = 0.975
# So many there are in Denmark: what takes more of them is seen nowhere.
_MUNICIPALITIES = 98


@dataclass(frozen=True)
class Effect:
    """Sizes of steps, as arrays over items: ``expected`` and ``size`` with its interval, and the
    smallest step (in the units of the test) that would be worth seeing."""

    measure: str
    expected: "Array"
    size: "Array"
    low: "Array"
    high: "Array"
    smallest: float
    without_season: float
    smallest_step: "Array"


def share_effect(after: "Array", step: "Array", low: "Array", high: "Array", limits: Limits) -> Effect:
    """Cohen's h (1988, ch. 6) of the share after the change against the share that was foretold."""
    import numpy as np

    def angle(share: "Array") -> "Array":
        return 2 * np.arcsin(np.sqrt(np.clip(share, 0, 1)))

    expected = np.clip(after - step, 0, 1)
    half = limits.smallest_share_effect / 2
    root = np.arcsin(np.sqrt(expected))
    upwards = np.sin(np.minimum(root + half, np.pi / 2)) ** 2 - expected
    downwards = expected - np.sin(np.maximum(root - half, 0)) ** 2
    return Effect(
        "cohens_h", expected,
        size=angle(after) - angle(expected),
        low=angle(after) - angle(after - low),
        high=angle(after) - angle(after - high),
        smallest=limits.smallest_share_effect,
        without_season=limits.effect_without_season,
        smallest_step=np.maximum(upwards, downwards),
    )


def volume_effect(after: "Array", step: "Array", low: "Array", high: "Array", limits: Limits) -> Effect:
    """Log of the ratio of events a week; steps are of the square roots of :func:`stable`."""
    import numpy as np

    def rate(root: "Array") -> "Array":
        return np.maximum(np.maximum(root, 0) ** 2 - _ANSCOMBE, 0)

    def ratio(foretold: "Array") -> "Array":
        # half an event a month in place of none: the logarithm of nothing says nothing
        return np.log((after + 0.125) / (foretold + 0.125))

    now = stable(after)
    expected = rate(now - step)
    more = limits.smallest_volume_ratio
    return Effect(
        "log_rate_ratio", expected,
        size=ratio(expected), low=ratio(rate(now - low)), high=ratio(rate(now - high)),
        smallest=float(np.log(more)),
        without_season=float(np.log(2)),
        smallest_step=stable(np.maximum(expected, 1) * more) - stable(np.maximum(expected, 1)),
    )


def stable(counts: "Array") -> "Array":
    import numpy as np

    return np.sqrt(counts + _ANSCOMBE)


def adjusted(p_values: "Array", families: "Array") -> "Array":
    """Benjamini and Hochberg's (1995) within each family; NaN stays NaN and counts as no test."""
    import numpy as np

    found = np.full(len(p_values), np.nan)
    for family in np.unique(families):
        mine = np.flatnonzero((families == family) & ~np.isnan(p_values))
        order = mine[np.argsort(p_values[mine])]
        # as scipy.stats.false_discovery_control, whose import takes longer than all the tests
        scaled = p_values[order] * len(order) / np.arange(1, len(order) + 1)
        found[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1)
    return found


def weeks_to_wait(
    weeks_after: int, standard_error: float, smallest_step: float, limits: Limits
) -> float:
    """Weeks after the change after which the smallest effect worth seeing would be seen.

    The variance of a step falls as the weeks grow; infinite where it cannot be foretold.
    """
    normal = NormalDist()
    reach = normal.inv_cdf(_TWO_SIDED) + normal.inv_cdf(limits.power)
    if not smallest_step > 0 or not standard_error >= 0 or weeks_after == 0:
        return float("inf")
    return float(weeks_after * (reach * standard_error / smallest_step) ** 2)


@dataclass(frozen=True)
class Said:
    """A verdict with why it is no other, and what it takes where it cannot be told yet.

    ``weeks_worth``: weeks of data in all, of this municipality or of several like it.
    """

    verdict: Verdict
    reason: str | None = None
    weeks_needed: int | None = None
    municipalities_needed: int | None = None
    weeks_worth: float | None = None


def verdict_of(
    *, p_adjusted: float, size: float, raw_size: float, effect: Effect, weeks_after: int, wait: float,
    knows_season: bool, limits: Limits,
) -> Said:
    """``raw_size``: of the weeks after against the weeks before, trend and season left in."""
    import math

    if not weeks_after:
        return Said(Verdict.CANNOT_TELL_YET, "no_weeks_after")
    if math.isnan(p_adjusted):
        return _too_few(wait, limits)
    is_seen = p_adjusted <= limits.level
    if is_seen and abs(size) < effect.smallest:
        return Said(Verdict.NO_CHANGE_SHOWN, "smaller_than_worth_seeing")
    if is_seen and not knows_season and abs(size) < effect.without_season:
        return Said(Verdict.CANNOT_TELL_YET, "season_unknown")
    if is_seen:
        return Said(Verdict.CHANGED)
    if wait > weeks_after:
        return _too_few(wait, limits)
    goes_on = abs(raw_size) >= effect.smallest
    return Said(Verdict.NO_CHANGE_SHOWN, "trend_or_season" if goes_on else None)


def _too_few(wait: float, limits: Limits) -> Said:
    """Weeks beyond the window are never compared with those before it: who needs more of them than it
    holds waits in vain, and must be looked at together with others."""
    import math

    if math.isinf(wait):
        return Said(Verdict.CANNOT_TELL_YET, "too_few")
    if wait <= limits.window_weeks:
        return Said(Verdict.CANNOT_TELL_YET, "too_few", math.ceil(wait), weeks_worth=wait)
    together = math.ceil(wait / limits.window_weeks)
    if together > _MUNICIPALITIES:
        return Said(Verdict.CANNOT_TELL_YET, "too_few_alone")
    return Said(
        Verdict.CANNOT_TELL_YET, "too_few_alone", municipalities_needed=together, weeks_worth=wait
    )
