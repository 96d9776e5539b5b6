"""How far apart two shares are: interval, effect size, p-value, and what is left of them in steps.

Everything works on arrays, one element per line of a comparison. Counts are cases; cases of one citizen
are alike, so counts are divided by a design effect first (:func:`design_effect`).
"""

from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

_Z = 1.959963984540054
#: Fewer expected than this in any cell (Cochran 1954) and the exact test is taken.
_FEWEST_EXPECTED = 5


def design_effect(
    n_with: "Array", n: float, n_citizens: float, squares_with: "Array", products: "Array",
    squares: float,
) -> "Array":
    """How many times larger the variance of a share is than if every case were another citizen's.

    Of a ratio over citizens: what Rao and Scott 1992 (Biometrics 48:577) divide clustered counts by; at
    least 1.

    Args:
        n_with, n: cases with it, and all. squares_with: sum over citizens of the square of their cases
            with it; products: of those times all their cases; squares: of the square of the latter.
    """
    import numpy as np

    if n_citizens < 2 or n_citizens == n:
        return np.ones_like(n_with)
    share = n_with / n
    spread = np.maximum(squares_with - 2 * share * products + share**2 * squares, 0.0)
    clustered = n_citizens / (n_citizens - 1) * spread / n**2
    single = share * (1 - share) / n
    return np.maximum(np.divide(clustered, single, out=np.ones_like(share), where=single > 0), 1.0)


def wilson(n_with: "Array", n: "Array") -> tuple["Array", "Array"]:
    """The 95 % interval of a share (Wilson 1927); counts need not be whole. ``n`` above 0."""
    import numpy as np

    share = n_with / n
    middle = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z * np.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2)) / (1 + _Z**2 / n)
    return np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)


def newcombe(
    first: "Array", n_first: "Array", second: "Array", n_second: "Array"
) -> tuple["Array", "Array"]:
    """The 95 % interval of second share less first (Newcombe 1998, Stat Med 17:873, method 10)."""
    import numpy as np

    low_1, high_1 = wilson(first, n_first)
    low_2, high_2 = wilson(second, n_second)
    one, two = first / n_first, second / n_second
    return (
        two - one - np.sqrt((two - low_2) ** 2 + (high_1 - one) ** 2),
        two - one + np.sqrt((high_2 - two) ** 2 + (one - low_1) ** 2),
    )


def cohens_h(first: "Array", second: "Array") -> "Array":
    """The distance of two shares on the arcsine scale, second less first (Cohen 1988, ch. 6)."""
    import numpy as np

    h: Array = 2 * np.arcsin(np.sqrt(second)) - 2 * np.arcsin(np.sqrt(first))
    return h


def share_p_values(
    first: "Array", n_first: "Array", second: "Array", n_second: "Array",
    freedom: "Array | float" = float("inf"),
) -> "Array":
    """Two-sided, of equal shares. ``freedom``: where counts were divided by an estimated design effect,
    how many citizens there were to estimate it from.

    The chi-squared test with N-1 (Campbell 2007, Stat Med 26:3661), and Fisher's exact test on the
    nearest whole counts where fewer than five are expected in a cell: at the small levels that a
    correction for many lines asks for, the former rejects too often there.
    """
    import numpy as np
    from scipy import stats

    total = n_first + n_second
    pooled = (first + second) / total
    variance = pooled * (1 - pooled) * (1 / n_first + 1 / n_second) * total / np.maximum(total - 1, 1)
    distance = np.abs(second / n_second - first / n_first)
    z = np.divide(distance, np.sqrt(variance), out=np.zeros_like(distance), where=variance > 0)
    p: Array = 2 * stats.t.sf(z, freedom)
    fewest = np.minimum(pooled, 1 - pooled) * np.minimum(n_first, n_second)
    for at in np.flatnonzero(fewest < _FEWEST_EXPECTED):
        sizes = np.rint([n_first[at], n_second[at]]).astype(int)
        hits = np.minimum(np.rint([first[at], second[at]]).astype(int), sizes)
        p[at] = stats.fisher_exact([hits, sizes - hits]).pvalue
    return p


def told_range(told: "Array", min_group_size: int) -> tuple["Array", "Array"]:
    """Between which counts one lies that is told in steps (macro ``told_count``); 0 is 0."""
    import numpy as np

    step = np.maximum(
        2.0 * min_group_size, 10.0 ** (np.floor(np.log10(np.maximum(told, 1.0))) - 1)
    )
    low = np.maximum(told - step / 2, min_group_size)
    return np.where(told > 0, low, 0.0), np.where(told > 0, told + step / 2, 0.0)


def possible(
    told: tuple["Array", "Array", "Array", "Array"], smallest: tuple[int, int],
    effects: tuple["Array", "Array"],
) -> Iterator[tuple["Array", "Array", "Array", "Array"]]:
    """The outermost counts that would be told so, divided by their design effects.

    Args:
        told: in steps: with it and in all, of the first and of the second side.
        smallest: the minimum group of both sides, which their steps follow from.
    """
    import numpy as np

    ranges = [
        told_range(one, k) for one, k in zip(told, np.repeat(smallest, 2).tolist(), strict=True)
    ]
    for with_1, of_1, with_2, of_2 in product(*ranges):
        yield (
            np.minimum(with_1, of_1) / effects[0], of_1 / effects[0],
            np.minimum(with_2, of_2) / effects[1], of_2 / effects[1],
        )


def widest(
    told: tuple["Array", "Array", "Array", "Array"], smallest: tuple[int, int],
    effects: tuple["Array", "Array"],
) -> tuple["Array", "Array"]:
    """The interval of a difference of shares of which only told counts are known.

    From the lowest to the highest bound of Newcombe's intervals over :func:`possible`. It is made of
    told counts alone, so nothing is had from it that they do not tell.
    """
    import numpy as np

    found = [newcombe(*counts) for counts in possible(told, smallest, effects)]
    return np.min([low for low, _ in found], axis=0), np.max([high for _, high in found], axis=0)


def largest_p_values(
    told: tuple["Array", "Array", "Array", "Array"], smallest: tuple[int, int],
    effects: tuple["Array", "Array"],
) -> "Array":
    """The p-values of the counts that would be told so and differ least; 1 where they may be equal."""
    import numpy as np

    p_values, signs = [], []
    for counts in possible(told, smallest, effects):
        p_values.append(share_p_values(*counts))
        signs.append(np.sign(counts[2] / counts[3] - counts[0] / counts[1]))
    is_clear = np.abs(np.sum(signs, axis=0)) == len(signs)
    return np.where(is_clear, np.max(p_values, axis=0), 1.0)
