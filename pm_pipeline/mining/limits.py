"""Thresholds of what is mined, as the maintainer wrote them in ``detectors/quality_limits.csv``."""

from dataclasses import fields
from typing import TYPE_CHECKING, TypeVar

from pm_pipeline.errors import PipelineError

if TYPE_CHECKING:
    import duckdb
    from _typeshed import DataclassInstance

Kind = TypeVar("Kind", bound="DataclassInstance")


def read_limits(connection: "duckdb.DuckDBPyConnection", kind: type[Kind], prefix: str) -> Kind:
    """``kind`` filled with the rows ``<prefix>_<field>``, as built into the warehouse.

    Raises:
        PipelineError: a row is missing.
    """
    rows = connection.execute("select limit_id, amount from reference.quality_limits").fetchall()
    amounts = {limit_id: amount for limit_id, amount in rows}
    names = [field.name for field in fields(kind)]
    missing = [f"{prefix}_{name}" for name in names if amounts.get(f"{prefix}_{name}") is None]
    if missing:
        raise PipelineError(
            f"detectors/quality_limits.csv: expected a row with an amount for {', '.join(missing)}, "
            "found none; add it"
        )
    return kind(**{name: float(amounts[f"{prefix}_{name}"]) for name in names})
