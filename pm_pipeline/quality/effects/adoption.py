"""From which day does everybody work by the new law? Scanned forward from the day it came into force.

Two ways of taking up a law are tried for every week: some begin at once and the rest follow evenly
until that week, or nobody does until that week and all from then on. The week that explains the
shares best is the day of adoption; the weeks that explain them nearly as well are its interval
(profile likelihood, likelihood ratio against the 95th percentile of chi-square with one degree of
freedom, the deviance divided by the overdispersion of the weeks).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

_CHI_SQUARE_95 = 3.841
_AT_ONCE = (0.0, 0.25, 0.5, 0.75)
_LEVELS = 25
# To say that a new level holds, so many weeks of it must be there to look at.
_FEWEST_WEEKS = 4


@dataclass(frozen=True)
class Adoption:
    """``on`` is None where the new way had not settled before the data end; ``to_on`` is None where
    nobody can say yet how long it takes."""

    on: date | None
    from_on: date
    to_on: date | None
    days: int | None


def adoption_of(
    parts: "Array", wholes: "Array", days_from_change: "Array", changed_on: date
) -> Adoption | None:
    """The day from which the share stays at its new level.

    Args:
        parts, wholes: per week.
        days_from_change: of the first day of each week, negative before the change.

    Returns:
        None where there is nothing before, or fewer than eight weeks after the change.
    """
    import numpy as np

    is_told = wholes > 0
    parts, wholes, days = parts[is_told], wholes[is_told], days_from_change[is_told]
    before = days < 0
    after = ~before
    if not before.any() or after.sum() < 2 * _FEWEST_WEEKS:
        return None
    old = (parts[before].sum() + 0.5) / (wholes[before].sum() + 1)
    parts, wholes, middle = parts[after], wholes[after], days[after] + 3.5
    last = float(days[after][-_FEWEST_WEEKS])
    settled = np.arange(0.0, last + 1, 7)
    taken_up = _taken_up(middle, settled)
    likelihood, new = _at_its_best_level(parts, wholes, old, taken_up)
    by_week = likelihood.max(axis=0)
    best = int(by_week.argmax())
    way = int(likelihood[:, best].argmax())
    fitted = _shares(old, new[way, best], taken_up[way, best])
    pearson = ((parts - wholes * fitted) ** 2 / (wholes * fitted * (1 - fitted))).sum()
    spread = max(1.0, float(pearson) / max(len(parts) - 3, 1))
    nearly = np.flatnonzero(2 * (by_week[best] - by_week) <= _CHI_SQUARE_95 * spread)
    is_open = bool(nearly[-1] == len(settled) - 1)
    is_settled = best < len(settled) - 1
    return Adoption(
        on=_day(changed_on, settled[best]) if is_settled else None,
        from_on=_day(changed_on, settled[nearly[0]]),
        to_on=None if is_open else _day(changed_on, settled[nearly[-1]]),
        days=int(settled[best]) if is_settled else None,
    )


def _at_its_best_level(
    parts: "Array", wholes: "Array", old: float, taken_up: "Array"
) -> tuple["Array", "Array"]:
    """The likelihood of each way × day of adoption, with the new share that makes it most likely.

    Looked for twice, the second time around the best of the first: between the points of one coarse
    grid lies a share that a step does not fit, but a ramp that never ends averages to.
    """
    import numpy as np

    angles = np.linspace(0.02, np.pi / 2 - 0.02, _LEVELS)[:, None, None] * np.ones(taken_up.shape[:2])
    step = angles[1, 0, 0] - angles[0, 0, 0]
    for around in (step, 0.0):
        new = np.sin(angles) ** 2
        shares = _shares(old, new[..., None], taken_up[None])
        likelihood = (parts * np.log(shares) + (wholes - parts) * np.log1p(-shares)).sum(axis=3)
        best = likelihood.argmax(axis=0)[None]
        nearest = np.take_along_axis(angles, best, axis=0)
        if around:
            angles = np.clip(
                nearest + np.linspace(-around, around, _LEVELS)[:, None, None], 0.0, np.pi / 2
            )
    return np.take_along_axis(likelihood, best, axis=0)[0], np.sin(nearest[0]) ** 2


def _shares(old: float, new: "Array", taken_up: "Array") -> "Array":
    import numpy as np

    shares: Array = np.clip(old + (new - old) * taken_up, 1e-4, 1 - 1e-4)
    return shares


def _taken_up(middle: "Array", settled: "Array") -> "Array":
    """Ways × days of adoption × weeks: how much of the new way is in use."""
    import numpy as np

    progress = np.clip(middle[None, :] / np.maximum(settled, 1e-9)[:, None], 0, 1)
    ramps = [begin + (1 - begin) * progress for begin in _AT_ONCE]
    return np.stack([*ramps, (middle[None, :] >= settled[:, None]).astype(float)])


def _day(changed_on: date, days: float) -> date:
    return changed_on + timedelta(days=int(days))
