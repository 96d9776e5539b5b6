"""From how often each unit has each relation to numbers that a test can add up."""

from typing import TYPE_CHECKING, Any

from pm_pipeline.quality.drift.limits import DriftLimits
from pm_pipeline.quality.drift.scan import Signal

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Share of the variance that the principal directions keep.
_KEPT = 0.95


def signal_of(shares: "NDArray[Any]", limits: DriftLimits) -> Signal | None:
    """The relations that vary, standardised, and their principal directions.

    Args:
        shares: (units, relations), the share of a unit's cases that have the relation (0 to 1).

    Returns:
        None where no relation varies: all cases take the same course.
    """
    import numpy as np

    everywhere = shares.mean(axis=0)
    rarest = max(limits.rarest, 3 / len(shares))
    varies = (np.minimum(everywhere, 1 - everywhere) >= rarest) & (shares.std(axis=0) > 0)
    if not varies.any():
        return None
    # what comes and goes together (a, then always b) is one relation, not several
    kept = np.unique(shares[:, varies].astype(np.float32), axis=1)
    most = np.argsort(-kept.std(axis=0), kind="stable")[: limits.most_relations]
    kept = kept[:, np.sort(most)]
    single = (kept - kept.mean(axis=0)) / kept.std(axis=0)
    left, strength, _ = np.linalg.svd(single.astype(np.float64), full_matrices=False)
    explained = np.cumsum(strength**2) / (strength**2).sum()
    n_directions = min(int(np.searchsorted(explained, _KEPT)) + 1, limits.most_directions)
    summed = left[:, :n_directions] * len(left) ** 0.5
    return Signal(
        np.ascontiguousarray(summed.T, dtype=np.float32),
        np.ascontiguousarray(single.T, dtype=np.float32),
    )
