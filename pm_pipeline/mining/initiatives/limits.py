"""The thresholds of the verdicts, as the maintainer wrote them in ``detectors/quality_limits.csv``."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pm_pipeline.mining import limits

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Limits:
    """One field per row ``initiative_<name>`` of the seed."""

    period_days: float
    reach_days: float
    near_days: float
    power: float
    placebo_share: float
    fewest_placebos: float


def read_limits(connection: "duckdb.DuckDBPyConnection") -> Limits:
    """The limits as built into the warehouse.

    Raises:
        PipelineError: a row is missing.
    """
    return limits.read_limits(connection, Limits, "initiative")
