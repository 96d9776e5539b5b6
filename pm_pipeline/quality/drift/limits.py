"""From when on the detector says that there is a change, as the maintainer wrote it in
``detectors/quality_limits.csv``.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pm_pipeline.errors import PipelineError

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class DriftLimits:
    """What a change must be to be told.

    Attributes:
        level: share of logs without any change in which one is told all the same (of one process).
        n_permutations: shuffles behind a p-value; the smallest one that can be told is 1 in this + 1.
        fewest: units (cases, or blocks of cases) on each side of a change.
        most_units: more cases than this are looked at in blocks of equal size, so that the cost is the
            same for a thousand cases and for a million; the place of a change is known to one block.
        smallest_size: Cohen's h of the relation that moved most.
        rarest: share of the cases that must have a relation, and lack it, for it to be looked at.
        near_days: a dated change so many days from a change is named beside it.
        most_relations: relations looked at, those that vary most. Of the working, not of the meaning.
        most_directions: principal directions of the relations looked at. The same.
    """

    level: float
    n_permutations: int
    fewest: int
    most_units: int
    smallest_size: float
    rarest: float
    near_days: int
    most_relations: int = 60
    most_directions: int = 24

    @property
    def fewest_cases(self) -> int:
        """Cases a process must have before anything can be said of it."""
        return 2 * self.fewest


_ROWS = (
    "drift_level", "drift_permutations", "drift_fewest_units", "drift_most_units",
    "drift_smallest_size", "drift_rarest", "drift_near_days",
)  # fmt: skip


def read_limits(connection: "duckdb.DuckDBPyConnection") -> DriftLimits:
    """The limits as built into the warehouse.

    Raises:
        PipelineError: a row is missing.
    """
    amounts = dict(
        connection.execute("select limit_id, amount from reference.quality_limits").fetchall()
    )
    missing = [row for row in _ROWS if amounts.get(row) is None]
    if missing:
        raise PipelineError(
            f"detectors/quality_limits.csv: expected a row with an amount for {', '.join(missing)}, "
            "found none; add it"
        )
    return DriftLimits(
        level=float(amounts["drift_level"]),
        n_permutations=int(amounts["drift_permutations"]),
        fewest=int(amounts["drift_fewest_units"]),
        most_units=int(amounts["drift_most_units"]),
        smallest_size=float(amounts["drift_smallest_size"]),
        rarest=float(amounts["drift_rarest"]),
        near_days=int(amounts["drift_near_days"]),
    )
