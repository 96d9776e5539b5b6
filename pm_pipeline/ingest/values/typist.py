"""Type a batch of raw text by the contract: one SQL projection per table, run in DuckDB.

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
from pm_pipeline.ingest.contract.model import Column, Table
from pm_pipeline.ingest.rejects.findings import FINDING_SCHEMA
from pm_pipeline.ingest.rejects.reasons import Reason
from pm_pipeline.ingest.values.expressions import expressions
from pm_pipeline.ingest.values.instants import TWO_DIGIT_YEAR
from pm_pipeline.ingest.values.sql_text import quoted

# A record of the same delivery and table with the same content has the same hash.
HASH_COLUMN = "_content_hash"
_CHUNK_ROWS = 15_360
_POSITION = "_position"


@dataclass(frozen=True)
class TypedBatch:
    """``rows``: the lake's columns, ``source_row`` and a hash of the content (identifiers are still
    in the clear); ``findings``: rejected values and rows (FINDING_SCHEMA); ``rows_rejected``."""

    rows: pa.Table
    findings: pa.Table
    rows_rejected: int


def projection(table: Table, zone: str) -> str:
    """The SQL that types the raw table ``batch`` of one contract table; ``zone`` is its time zone.

    It yields ``source_row``, the lake's fields, per column ``r_<name>`` (reason or null) and
    ``f_<name>`` (class of the rejected value), ``row_rejected`` and the content hash.
    """
    columns = [(column, expressions(column, table, zone)) for column in table.kept_columns]
    trimmed = [item for _, e in columns for item in e.trimmed.items()]
    cleaned = [item for _, e in columns for item in e.cleaned.items()]
    # A helper that begins i_ is used by the other helpers, so it needs a layer of its own.
    first = [item for _, e in columns for item in e.parsed.items() if item[0].startswith("i_")]
    second = [item for _, e in columns for item in e.parsed.items() if item not in first]
    reasons = _list([(f"r_{c.name}", e.reason) for c, e in columns])
    classes = _list([(f"f_{c.name}", _class(c)) for c, _ in columns if c.treatment == "keep"
                     or c.treatment == "pseudonymise"])
    typed = [item for _, e in columns for item in e.typed.items()]
    must = [f"r_{c.name} IS NOT NULL" for c, _ in columns if not c.nullable]
    kept_reasons = ", ".join(f"r_{c.name}" for c, _ in columns)
    fields = ", ".join(f'"{name}"' for name, _ in typed)
    return f"""
        WITH trimmed AS (SELECT *, {_list(trimmed) or 'NULL AS no_trimmed'} FROM batch),
        cleaned AS (SELECT *, {_list(cleaned) or 'NULL AS no_cleaned'} FROM trimmed),
        parts AS (SELECT *, {_list(first) or 'NULL AS no_first'} FROM cleaned),
        stamps AS (SELECT *, {_list(second) or 'NULL AS no_second'} FROM parts),
        judged AS (SELECT *, {reasons} FROM stamps),
        typed AS (SELECT {_POSITION}, source_row, {_list(typed)}, {kept_reasons},
            {classes or 'NULL AS no_class'}, {' OR '.join(must) or 'false'} AS row_rejected
            FROM judged)
        SELECT *, hash({fields}) AS {HASH_COLUMN} FROM typed
    """


class Typist:
    """Types the batches of one table; use as a context manager.

    Raises PipelineError (without any value) when DuckDB fails on a batch.
    """

    def __init__(self, table: Table, zone: str) -> None:
        self._table = table
        self._sql = projection(table, zone)
        self._expected = {
            column.name: expressions(column, table, zone).expected for column in table.kept_columns
        }
        self._fields = [
            field for column in table.kept_columns for field in column.lake_fields()
        ]
        self._connection = duckdb.connect(config={"temp_directory": "", "threads": 2})
        self._connection.execute("SET TimeZone = 'UTC'")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def type_batch(self, values: pa.Table, source_file: str) -> TypedBatch:
        """Type raw values (``source_row`` and one text column per wanted field)."""
        # DuckDB types one chunk per thread, and hands them back in any order.
        numbered = values.append_column(_POSITION, pa.array(np.arange(values.num_rows)))
        chunks = numbered.to_batches(max_chunksize=_CHUNK_ROWS)
        batch = pa.Table.from_batches(chunks, numbered.schema)
        self._connection.register("batch", batch)
        try:
            result = self._connection.sql(self._sql).to_arrow_table()
        except duckdb.Error as error:
            # DuckDB's own text may quote the value, so only its kind is told.
            raise PipelineError(
                f"{source_file}, table {self._table.name}: the rows could not be typed "
                f"({type(error).__name__}). This is a fault of the contract or of the program."
            ) from None
        finally:
            self._connection.unregister("batch")
        positions = result[_POSITION].to_numpy()
        if np.any(positions[1:] < positions[:-1]):
            result = result.take(np.argsort(positions))
        judged: Any = result["row_rejected"]
        rejected: Any = pc.fill_null(judged, False)
        n_rejected = int(pc.sum(rejected).as_py() or 0)
        kept = result.filter(pc.invert(rejected)) if n_rejected else result
        names = ["source_row", *(field.name for field in self._fields), HASH_COLUMN]
        schema = pa.schema([
            pa.field("source_row", pa.int64()), *self._fields, pa.field(HASH_COLUMN, pa.uint64()),
        ])
        return TypedBatch(
            kept.select(names).cast(schema), self._findings(result, rejected), n_rejected
        )

    def _findings(self, result: pa.Table, rejected: Any) -> pa.Table:
        parts = [FINDING_SCHEMA.empty_table()]
        for column in self._table.kept_columns:
            reasons = result[f"r_{column.name}"]
            if reasons.null_count == len(reasons):
                continue
            mask: Any = pc.is_valid(reasons)
            count = int(pc.sum(mask).as_py())
            classes = (
                result[f"f_{column.name}"].filter(mask)
                if f"f_{column.name}" in result.column_names else pa.nulls(count, pa.string())
            )
            parts.append(pa.table([
                result["source_row"].filter(mask),
                pa.repeat(column.lake_name, count),
                reasons.filter(mask),
                pa.repeat(self._expected[column.name], count),
                classes,
                pc.invert(rejected.filter(mask)),
            ], schema=FINDING_SCHEMA))
        return pa.concat_tables(parts)


def _list(items: list[tuple[str, str]]) -> str:
    return ", ".join(f'{sql} AS "{name}"' for name, sql in items)


def _two_digit_year(column: Column) -> str:
    """The commonest other form of a date has a word of its own."""
    if column.type not in ("date", "timestamp"):
        return ""
    match = f"regexp_full_match(v_{column.name}, {quoted(TWO_DIGIT_YEAR)})"
    return f"WHEN r_{column.name} = '{Reason.DATE_FORMAT}' AND {match} THEN 'two-digit year' "


def _class(column: Column) -> str:
    """What kind of thing a rejected value is, as words that hold nothing of the value."""
    value = f"v_{column.name}"
    return (
        f"CASE WHEN r_{column.name} IS NULL THEN NULL WHEN {value} IS NULL THEN 'empty' "
        f"{_two_digit_year(column)}"
        f"WHEN regexp_full_match({value}, '[0-9]+') "
        f"THEN 'number of ' || length({value}) || ' digits' "
        f"ELSE 'text of ' || length({value}) || ' characters' END"
    )
