"""Type a batch of raw text by the contract, column by column, in DuckDB.

The connection lives in memory, may not spill to disk and is closed with the object: raw values
must not be left in a temporary file.
"""

from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pm_pipeline.errors import PipelineError
from pm_pipeline.ingest.contract.model import Table
from pm_pipeline.ingest.rejects.findings import FINDING_SCHEMA
from pm_pipeline.ingest.values.column_bytes import from_numpy
from pm_pipeline.ingest.values.columns import ColumnTypist, TypedColumn

# A record of the same delivery and table with the same content has the same hash.
HASH_COLUMN = "_content_hash"


@dataclass(frozen=True)
class TypedBatch:
    """``rows``: the lake's columns, ``source_row`` and a hash of the content (identifiers are still
    in the clear); ``findings``: rejected values and rows (FINDING_SCHEMA); ``rows_rejected``;
    ``values_cleaned``: values whose odd blanks, zero-width signs or split letters were made plain."""

    rows: pa.Table
    findings: pa.Table
    rows_rejected: int
    values_cleaned: int


class Typist:
    """Types the batches of one table; use as a context manager.

    Raises PipelineError (without any value) when DuckDB fails on a batch.
    """

    def __init__(self, table: Table, zone: str) -> None:
        self._table = table
        # One thread: rows come back in the order in which they went in.
        self._connection = duckdb.connect(config={"temp_directory": "", "threads": 1})
        self._connection.execute("SET TimeZone = 'UTC'")
        self._columns = [
            ColumnTypist(column, table, zone, self._connection) for column in table.kept_columns
        ]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def type_batch(self, values: pa.Table, source_file: str) -> TypedBatch:
        """Type raw values (``source_row`` and one text column per wanted field)."""
        try:
            typed = [column.type(values) for column in self._columns]
        except duckdb.Error as error:
            # DuckDB's own text may quote the value, so only its kind is told.
            raise PipelineError(
                f"{source_file}, table {self._table.name}: the rows could not be typed "
                f"({type(error).__name__}). This is a fault of the contract or of the program."
            ) from None
        starts: Any = values["source_row"]
        rejected = self._rejected(typed)
        fields = {name: array for column in typed for name, array in column.fields.items()}
        hashes = np.zeros(values.num_rows, np.uint64)
        for column in typed:
            hashes = hashes * np.uint64(0x9E3779B97F4A7C15) + (hashes >> np.uint64(31)) + column.hashes
        rows = pa.table({
            "source_row": starts, **fields, HASH_COLUMN: from_numpy(hashes, pa.uint64()),
        })
        findings = self._findings(typed, starts, rejected)
        n_cleaned = sum(column.n_cleaned for column in typed)
        if rejected is None:
            return TypedBatch(rows, findings, 0, n_cleaned)
        n_rejected = int(pc.sum(rejected).as_py())
        return TypedBatch(rows.filter(pc.invert(rejected)), findings, n_rejected, n_cleaned)

    def _rejected(self, typed: list[TypedColumn]) -> Any | None:
        """Which rows are rejected because a value is, without which they may not be; None if none."""
        rejected: Any = None
        for column, found in zip(self._columns, typed, strict=True):
            if not column.column.nullable and found.reasons is not None:
                bad: Any = pc.is_valid(found.reasons)
                rejected = bad if rejected is None else pc.or_(rejected, bad)
        return rejected

    def _findings(self, typed: list[TypedColumn], starts: Any, rejected: Any | None) -> pa.Table:
        parts = [FINDING_SCHEMA.empty_table()]
        for column, found in zip(self._columns, typed, strict=True):
            if found.reasons is None:
                continue
            mask: Any = pc.is_valid(found.reasons)
            count = int(pc.sum(mask).as_py())
            kept: Any = (
                pa.repeat(pa.scalar(True), count) if rejected is None
                else pc.invert(rejected.filter(mask))
            )
            parts.append(pa.table([
                starts.filter(mask),
                pa.repeat(column.column.lake_name, count),
                found.reasons.filter(mask),
                pa.repeat(column.expected, count),
                found.classes.filter(mask) if found.classes is not None
                else pa.nulls(count, pa.string()),
                kept,
            ], schema=FINDING_SCHEMA))
        return pa.concat_tables(parts)
