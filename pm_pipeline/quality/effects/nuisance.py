"""What moves a weekly figure without the change under test: trend, season, and other dated changes.

Season is taken from the same weeks of the years before (placebo dates: the same calendar day of another
year): a half year that always lies higher after that day is no effect of the day.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

_YEAR = 365.25 / 7
# A year and a half: the same day of the year before, with half a year on each side of it.
SEASON_WEEKS = 78


def nuisance_terms(
    weeks_from_change: "Array", steps_at: list[float], *, bends: bool = False
) -> "Array":
    """Weeks × terms. ``weeks_from_change``: 0 is the first week from the day on.

    ``steps_at``: other changes, in weeks from this one; each gets a step of its own. ``bends``: the
    trend may be curved, as that of a volume is while cases gather from the first day of the data on.
    """
    import numpy as np

    at = weeks_from_change
    terms = [np.ones_like(at), at / 52.0]
    if bends:
        terms.append((at / 52.0) ** 2)
    if knows_season(at):
        phase = np.mod(at, _YEAR)
        terms.append((phase < _YEAR / 2).astype(float))
        terms += seasons(at)
    terms += [(at >= other).astype(float) for other in steps_at]
    return np.stack(terms, axis=1)


def seasons(weeks: "Array") -> "list[Array]":
    """The wave of a year, as two terms; ``weeks``: from any day."""
    import numpy as np

    return [np.sin(2 * np.pi * weeks / _YEAR), np.cos(2 * np.pi * weeks / _YEAR)]


def knows_season(weeks_from_change: "Array") -> bool:
    """Whether the weeks reach so far back that the day of the year before can be compared as well."""
    return bool(len(weeks_from_change)) and float(weeks_from_change.min()) <= -SEASON_WEEKS
