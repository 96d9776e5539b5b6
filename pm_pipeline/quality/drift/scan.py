"""How far the two sides of every possible split lie apart, and how far shuffled cases would.

The statistic is the largest difference of means over all splits, in windows of several widths at once
(a change that is undone later is invisible to a split of the whole; Eichinger & Kirch 2018, MOSUM), of
two kinds: summed over all directions (many relations move a little) and of the one relation that moves
most. Each is brought to the scale it has among shuffled cases, and the largest counts. Its p-value is
that of a permutation test of this maximum over all splits, widths and kinds, so looking everywhere
costs no false alarms.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pm_pipeline.quality.drift.limits import DriftLimits

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Shuffles that tell the scale of each statistic; they are not counted for the p-value.
_PILOT = 60


@dataclass(frozen=True)
class Signal:
    """A process as numbers, one column per unit in order of start.

    Attributes:
        summed: (directions, units), uncorrelated and of unit variance.
        single: (relations, units), each of mean 0 and unit variance.
    """

    summed: "NDArray[np.float32]"
    single: "NDArray[np.float32]"

    @property
    def n_units(self) -> int:
        return int(self.summed.shape[1])

    def stacked(self) -> "NDArray[np.float32]":
        import numpy as np

        return np.vstack([self.summed, self.single])


@dataclass(frozen=True)
class Tested:
    """``place``: units before the most likely split; ``p_value`` of the largest statistic."""

    place: int
    p_value: float
    n_permutations: int


def permutation_test(
    stacked: "NDArray[np.float32]", n_summed: int, fewest: int, limits: DriftLimits,
    random: "np.random.Generator",
) -> Tested | None:
    """Whether there is a change somewhere among these units; None where they are too few.

    Shuffling ends as soon as the p-value cannot come below the level any more (Besag & Clifford 1991):
    units without a change cost little.
    """
    import numpy as np

    n_units = stacked.shape[1]
    if n_units < 2 * fewest:
        return None
    widths = _widths(n_units, fewest)

    places = _scan(stacked, n_summed, widths, fewest)[1]
    # A unit is a row, so that a shuffle copies whole rows; each relation has mean 0, so that what lies
    # before a split tells what comes after it.
    rows = np.ascontiguousarray(stacked.T - stacked.mean(axis=1))
    summed, single = np.array(rows[:, :n_summed]), np.array(rows[:, n_summed:])

    def shuffled() -> "NDArray[Any]":
        order = random.permutation(n_units)
        return _strengths(summed[order], single[order], widths, fewest)

    strength = _strengths(summed, single, widths, fewest)
    pilot = np.array([shuffled() for _ in range(_PILOT)])
    centre, spread = pilot.mean(axis=0), pilot.std(axis=0) + 1e-9
    scaled = (strength - centre) / spread
    allowed = limits.level * (limits.n_permutations + 1) - 1
    drawn = as_large = 0
    while drawn < limits.n_permutations and as_large <= allowed:
        drawn += 1
        as_large += bool(((shuffled() - centre) / spread).max() >= scaled.max())
    return Tested(int(places[scaled.argmax()]), (1 + as_large) / (1 + drawn), drawn)


def best_split(summed: "NDArray[np.float32]", fewest: int) -> int:
    """The split of all units whose sides differ most."""
    return int(_scan(summed, len(summed), (), fewest)[1][0])


def _widths(n_units: int, fewest: int) -> tuple[int, ...]:
    widths = []
    width = fewest
    while 2 * width <= n_units:
        widths.append(width)
        width *= 2
    return tuple(widths)


def _scan(
    stacked: "NDArray[np.float32]", n_summed: int, widths: tuple[int, ...], fewest: int
) -> "tuple[NDArray[Any], NDArray[Any]]":
    """The largest statistic and its place: of the split of all units, then per width of window."""
    import numpy as np

    n_units = stacked.shape[1]
    sums = np.zeros((stacked.shape[0], n_units + 1), dtype=np.float32)
    np.cumsum(stacked, axis=1, out=sums[:, 1:])
    before = np.arange(fewest, n_units - fewest + 1, dtype=np.float32)
    gaps = sums[:, fewest : n_units - fewest + 1] - sums[:, -1:] * (before / n_units)
    gaps *= np.sqrt(n_units / (before * (n_units - before)))
    found = [*_largest(gaps, n_summed, fewest)]
    for width in widths:
        gaps = 2 * sums[:, width : n_units - width + 1]
        gaps -= sums[:, : n_units - 2 * width + 1]
        gaps -= sums[:, 2 * width :]
        gaps *= (2 * width) ** -0.5
        found += _largest(gaps, n_summed, width)
    return np.array([strength for strength, _ in found]), np.array([place for _, place in found])


def _strengths(
    summed: "NDArray[Any]", single: "NDArray[Any]", widths: tuple[int, ...], fewest: int
) -> "NDArray[Any]":
    """The statistics of :func:`_scan` without their places, of units × directions and units ×
    relations of mean 0: all that is asked of a shuffle.
    """
    import numpy as np

    n_units = len(summed)
    before = np.arange(fewest, n_units - fewest + 1, dtype=np.float32)
    scale = n_units / (before * (n_units - before))
    sums, alone = np.cumsum(summed, axis=0), np.cumsum(single, axis=0)
    split = slice(fewest - 1, n_units - fewest)
    found = [(np.einsum("ij,ij->i", sums[split], sums[split]) * scale).max()]
    if single.shape[1]:
        farthest = np.maximum(alone[split].max(axis=1), -alone[split].min(axis=1))
        found.append((farthest * np.sqrt(scale)).max())
    for width in widths:
        gaps = _gaps(sums, width)
        found.append(np.einsum("ij,ij->i", gaps, gaps).max() / (2 * width))
        if single.shape[1]:
            gaps = _gaps(alone, width)
            found.append(max(gaps.max(), -gaps.min()) * (2 * width) ** -0.5)
    return np.array(found)


def _gaps(sums: "NDArray[Any]", width: int) -> "NDArray[Any]":
    """What the units of each window of this width have more than those of the next one."""
    import numpy as np

    within = np.empty((len(sums) - width + 1, sums.shape[1]), dtype=sums.dtype)
    within[0] = sums[width - 1]
    np.subtract(sums[width:], sums[:-width], out=within[1:])
    return np.asarray(within[:-width] - within[width:])


def _largest(
    gaps: "NDArray[Any]", n_summed: int, first: int
) -> "list[tuple[float, int]]":
    """Over all splits, the first of which lies after ``first`` units: summed, then of one relation."""
    import numpy as np

    together = np.einsum("ij,ij->j", gaps[:n_summed], gaps[:n_summed])
    places = [(float(together.max()), first + int(together.argmax()))]
    if len(gaps) > n_summed:
        alone = np.abs(gaps[n_summed:]).max(axis=0)
        places.append((float(alone.max()), first + int(alone.argmax())))
    return places
