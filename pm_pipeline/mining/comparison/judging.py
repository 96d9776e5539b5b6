"""Which lines of a comparison differ: every line tested on exact counts, corrected for all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pm_pipeline.mining.comparison.line import Reason, Verdict
from pm_pipeline.mining.comparison.shares import design_effect, share_p_values
from pm_pipeline.mining.comparison.shifts import Shift, shift_of
from pm_pipeline.mining.comparison.sides import Comparison, Counted, LineKey, OfSide, Side

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

#: The share of the lines called different that may be called so by chance.
FALSE_DISCOVERIES = 0.05
#: An interval of ranks rests on its outer values: of a side of few they would be the shortest and the
#: longest there are, and such are never told (as with percentiles, publish/policy.py).
INTERVAL_FACTOR = 4
#: Half of a side's people on the other side as well, and what is left is a choice of those who are not.
_MOSTLY = 1.0


@dataclass(frozen=True)
class Judged:
    """What is known of the differences of one comparison.

    ``effects``: design effects of both sides per line. ``shifts``: of the lines whose durations were
    tested. ``p_adjusted``, ``verdicts``: by (line, measure); a line of fewer than the minimum group is
    in neither.
    """

    effects: Mapping[LineKey, tuple[float, float]]
    shifts: Mapping[LineKey, Shift]
    p_adjusted: Mapping[tuple[LineKey, str], float]
    verdicts: Mapping[tuple[LineKey, str], Verdict]


def why_not(comparison: Comparison, min_group_size: int) -> Reason | None:
    """Why the two sides are not comparable, if they are not."""
    sides = (comparison.first, comparison.second)
    if not all(side.is_known for side in sides):
        return Reason.NO_SUCH_FILTER
    smaller = min(sides, key=lambda side: side.n_citizens)
    if smaller.n_citizens_on_both_sides > _MOSTLY * smaller.n_citizens:
        return Reason.SAME_CITIZENS
    if smaller.n_citizens == 0:
        return Reason.NOBODY_FOLLOWED
    return Reason.BELOW_MINIMUM_GROUP if smaller.n_citizens < min_group_size else None


def judge(
    comparison: Comparison, lines: Sequence[Counted], days: Mapping[LineKey, tuple["Array", "Array"]],
    min_group_size: int,
) -> Judged:
    """Test every line that enough citizens of both sides together have, then correct for all of them.

    Which lines are tested follows from what the sides have together, never from how they differ: else
    the correction would not be for what was looked at. Benjamini and Hochberg 1995 (JRSS B 57:289).
    """
    import numpy as np
    from scipy import stats

    looked_at = [
        line for line in lines
        if line.first.n_citizens + line.second.n_citizens >= min_group_size
    ]
    first, one = _effective(comparison.first, [line.first for line in looked_at])
    second, two = _effective(comparison.second, [line.second for line in looked_at])
    effects = {
        line.key: (float(one[at]), float(two[at])) for at, line in enumerate(looked_at)
    }
    spare = comparison.first.n_citizens + comparison.second.n_citizens - 2
    p_values = share_p_values(
        first, comparison.first.n_cases / one, second, comparison.second.n_cases / two,
        np.where((one > 1) | (two > 1), spare, np.inf),
    )
    shares = (second / (comparison.second.n_cases / two)) - (first / (comparison.first.n_cases / one))
    tested = {
        (line.key, "share"): (float(p_values[at]), float(shares[at]))
        for at, line in enumerate(looked_at)
    }
    shifts = {
        key: shift_of(*values) for key, values in days.items()
        if min(map(len, values)) >= INTERVAL_FACTOR * min_group_size
    }
    tested |= {(key, "days"): (shift.p_value, shift.delta) for key, shift in shifts.items()}
    if not tested:
        return Judged(effects, shifts, {}, {})
    adjusted = stats.false_discovery_control(np.array([p for p, _ in tested.values()]), method="bh")
    p_adjusted = dict(zip(tested, map(float, adjusted), strict=True))
    verdicts = {
        name: _verdict(p_adjusted[name], distance) for name, (_, distance) in tested.items()
    }
    verdicts |= {
        (key, "days"): Verdict.CANNOT_TELL for key in days if key not in shifts
    }
    return Judged(effects, shifts, p_adjusted, verdicts)


def _verdict(p_adjusted: float, distance: float) -> Verdict:
    if p_adjusted > FALSE_DISCOVERIES or distance == 0:
        return Verdict.NO_DIFFERENCE_SHOWN
    return Verdict.HIGHER if distance > 0 else Verdict.LOWER


def _effective(side: Side, lines: Sequence[OfSide]) -> tuple["Array", "Array"]:
    """Cases that have each line, divided by their design effect, and that effect."""
    import numpy as np

    found = np.array(
        [(line.n, line.sum_of_squares, line.sum_of_products) for line in lines], dtype=float
    ).reshape(-1, 3)
    effects = design_effect(
        found[:, 0], side.n_cases, side.n_citizens, found[:, 1], found[:, 2], side.sum_of_squares
    )
    return found[:, 0] / effects, effects
