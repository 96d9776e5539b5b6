"""The step of a short series at a day, with an interval that knows how little it rests on.

A value of four weeks is the mean of a few cases, around a level that wanders from month to month:

    value = what was there already + step + wandering + chance of the few cases
    wandering ~ Normal(0, tau² rho^distance),   chance ~ Normal(0, within / cases)

``within`` is known from the cases themselves; ``tau`` and ``rho`` are not, and a dozen values do not
tell them. So no value of theirs is chosen: every one of a grid gets the weight of its restricted
likelihood (Patterson and Thompson 1971, Biometrika 58; Harville 1974, Biometrika 61) under a flat prior
on the standard deviation (Gelman 2006, Bayesian Analysis 1(3)), and the interval is the mixture's.
What it covers, beside ordinary, Newey-West and Prais-Winsten intervals, stands in the decision log.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

_RHOS = (0.0, 0.3, 0.6, 0.85)
#: Standard deviations of the wandering that are tried, in those of what the model leaves over.
_TAUS = (0.0, 0.15, 0.3, 0.45, 0.6, 0.8, 1.0, 1.3, 1.7, 2.5)
_HALF = 0.025


@dataclass(frozen=True)
class Step:
    """A coefficient with its 95 % interval; ``tau`` and ``rho`` are the weighted means of the grid."""

    size: float
    low: float
    high: float
    standard_error: float
    tau: float
    rho: float

    @property
    def in_errors(self) -> float:
        return self.size / self.standard_error


def step_of(design: "Array", values: "Array", periods: "Array", chance: "Array", column: int) -> Step:
    """The coefficient of one column of a design.

    Args:
        design: periods × columns, of full rank, with more rows than columns.
        values: the mean of each period.
        periods: its number; distances of time are differences of these.
        chance: the variance that a period's mean has because its cases are few.
        column: which coefficient.

    Raises:
        ValueError: nothing varies, or the design leaves nothing over.
    """
    import numpy as np

    n, p = design.shape
    if n <= p or np.linalg.matrix_rank(design) < p:
        raise ValueError(f"{n} periods do not carry {p} coefficients")
    left = values - design @ np.linalg.lstsq(design, values, rcond=None)[0]
    unit = float(np.sqrt(left @ left / (n - p)))
    if not unit > 1e-9 and not chance.max() > 1e-12:
        raise ValueError("nothing varies")
    taus, rhos = (grid.ravel() for grid in np.meshgrid(np.array(_TAUS) * unit, _RHOS, indexing="ij"))
    # a level that does not wander has no memory
    kept = (taus > 0) | (rhos == 0)
    taus, rhos = taus[kept], rhos[kept]
    factor = np.linalg.cholesky(covariance(periods, chance, taus, rhos))
    both = np.column_stack([design, values])
    white = np.linalg.solve(factor, np.broadcast_to(both, (len(taus), n, p + 1)))
    x, y = white[..., :p], white[..., p:]
    inverse = np.linalg.inv(x.transpose(0, 2, 1) @ x)
    coefficients = inverse @ x.transpose(0, 2, 1) @ y
    misfit = ((y - x @ coefficients) ** 2).sum(axis=(1, 2))
    likelihood = (
        -np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(axis=1)
        + 0.5 * np.linalg.slogdet(inverse)[1] - 0.5 * misfit
    )
    # flat in tau: each value stands for the gap around it, each in as many rows as it has memories
    gaps = dict(zip(np.array(_TAUS) * unit, np.gradient(_TAUS), strict=True))
    prior = np.array([gaps[tau] for tau in taus]) / np.where(taus > 0, len(_RHOS), 1)
    weights = prior * np.exp(likelihood - likelihood.max())
    weights /= weights.sum()
    centers, spreads = coefficients[:, column, 0], np.sqrt(inverse[:, column, column])
    size = float(weights @ centers)
    low, high = (_quantile(share, weights, centers, spreads) for share in (_HALF, 1 - _HALF))
    return Step(
        size, low, high,
        float(np.sqrt(weights @ (spreads**2 + (centers - size) ** 2))),
        float(np.sqrt(weights @ taus**2)), float(weights @ rhos),
    )


def covariance(periods: "Array", chance: "Array", taus: "Array", rhos: "Array") -> "Array":
    """Grid × periods × periods: wandering and chance."""
    import numpy as np

    apart = np.abs(periods[:, None] - periods[None, :])
    wandering = taus[:, None, None] ** 2 * rhos[:, None, None] ** apart
    # a trace of the whole keeps a period without chance from being told exactly
    trace = 1e-9 * (taus.max() ** 2 + chance.max())
    found: Array = wandering + np.diag(np.maximum(chance, 1e-12) + trace)
    return found


def standard_error(
    design: "Array", periods: "Array", chance: "Array", tau: float, rho: float, column: int
) -> float:
    """Of a coefficient, were the wandering known: what a longer series would tell."""
    import numpy as np

    (spread,) = covariance(periods, chance, np.array([tau]), np.array([rho]))
    information = design.T @ np.linalg.solve(spread, design)
    return float(np.sqrt(np.linalg.inv(information)[column, column]))


def _quantile(share: float, weights: "Array", centers: "Array", spreads: "Array") -> float:
    """Of a mixture of normal distributions, by halving."""
    from scipy.special import ndtr

    reach = 10 * spreads.max()
    low, high = float((centers - reach).min()), float((centers + reach).max())
    for _ in range(60):
        middle = (low + high) / 2
        if float(weights @ ndtr((middle - centers) / spreads)) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2
