"""The thresholds of the verdicts, as the maintainer wrote them in ``detectors/quality_limits.csv``."""

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from pm_pipeline.errors import PipelineError

if TYPE_CHECKING:
    import duckdb

_PREFIX = "initiative_"


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
    rows = connection.execute("select limit_id, amount from reference.quality_limits").fetchall()
    amounts = {limit_id: amount for limit_id, amount in rows}
    names = [field.name for field in fields(Limits)]
    missing = [_PREFIX + name for name in names if amounts.get(_PREFIX + name) is None]
    if missing:
        raise PipelineError(
            f"detectors/quality_limits.csv: expected a row with an amount for {', '.join(missing)}, "
            "found none; add it"
        )
    return Limits(**{name: float(amounts[_PREFIX + name]) for name in names})
