"""Stream a Parquet file into batches of raw text. Only the contract's columns are read."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pm_pipeline.ingest.contract.model import Column, Table
from pm_pipeline.ingest.readers.arrow_text import as_text, is_readable
from pm_pipeline.ingest.readers.batches import BATCH_ROWS, RawBatch, raw_columns
from pm_pipeline.ingest.readers.headers import Layout, lay_out, wanted_fields
from pm_pipeline.ingest.readers.opening import refuse_other_types
from pm_pipeline.ingest.rejects.findings import row_findings
from pm_pipeline.ingest.rejects.reasons import Reason, Refusal, RefusedError

MAX_TEXT = 2_000_000  # bytes of one value
_MAX_BATCH_BYTES = 64 * 1024 * 1024
_MAX_HELD = 32 * 1024 * 1024
_BUFFER = 1024 * 1024
_MAGIC, _ENCRYPTED = b"PAR1", b"PARE"
# A file that tells of more rows for each of its bytes, or unpacks to more, is a bomb.
_MAX_ROWS_PER_BYTE, _ROWS_COUNT_FROM = 100, 10_000_000
_MAX_UNPACK_RATIO, _BYTES_COUNT_FROM = 250, 512 * 1024 * 1024


def read_parquet(
    path: Path, table: Table, name: str | None = None, batch_rows: int = BATCH_ROWS
) -> Iterator[RawBatch]:
    """Yield the rows of a file in file order; at least one batch, empty for a file without rows.

    ``source_row`` is the ordinal of the row. Row groups of any size are read batch by batch. Raises
    RefusedError: EMPTY, WRONG_TYPE, TRUNCATED, TOO_LARGE, UNREADABLE, COLUMN_UNREADABLE,
    NOT_CONSERVED, and those of ``lay_out``.
    """
    name = name or path.name
    try:
        with _opened(path, name) as file:
            layout = lay_out(table, file.schema_arrow.names, name)
            columns = _wanted_columns(table, layout, file.schema_arrow, name)
            texts = _held_once(file, columns)
        with pq.ParquetFile(
            path, buffer_size=_BUFFER, pre_buffer=False, read_dictionary=texts,
            page_checksum_verification=True,
        ) as file:
            yield from _batches(file, table, layout, columns, name, batch_rows)
    except (pa.ArrowException, OSError, UnicodeError) as error:
        # Arrow's own text may quote a value, so it only decides between two messages. A damaged
        # name of a column is no UTF-8.
        secret = "crypt" in str(error).lower()
        raise RefusedError(
            Refusal.UNREADABLE, name,
            "the file is encrypted. Deliver it without encryption." if secret else
            "the Parquet file is damaged or of a kind that cannot be read. Write it again.",
        ) from None


def _opened(path: Path, name: str) -> pq.ParquetFile:
    with path.open("rb") as file:
        head = file.read(4096)
        if head.startswith(_ENCRYPTED):
            raise RefusedError(
                Refusal.UNREADABLE, name, "the file is encrypted. Deliver it without encryption."
            )
        refuse_other_types(head, name, "a Parquet file", _MAGIC)
        file.seek(-min(4, len(head)), 2)
        if len(head) < 12 or file.read(4) != _MAGIC:
            raise RefusedError(
                Refusal.TRUNCATED, name, "the file ends too early. Deliver the whole file again."
            )
        size = file.tell()
    opened = pq.ParquetFile(path)
    rows = opened.metadata.num_rows
    is_bomb = rows > _ROWS_COUNT_FROM and rows > _MAX_ROWS_PER_BYTE * size
    for number in range(opened.metadata.num_row_groups):
        unpacked = opened.metadata.row_group(number).total_byte_size
        is_bomb = is_bomb or (
            unpacked > _BYTES_COUNT_FROM and unpacked > _MAX_UNPACK_RATIO * size
        )
    if is_bomb:
        opened.close()
        raise RefusedError(
            Refusal.TOO_LARGE, name,
            f"the file unpacks to more than {_MAX_UNPACK_RATIO} times its size, or to more than "
            f"{_MAX_ROWS_PER_BYTE} rows for each of its bytes. Deliver it as CSV if that is right.",
        )
    return opened


def _wanted_columns(table: Table, layout: Layout, schema: pa.Schema, name: str) -> list[str]:
    wanted = []
    for (field, column, _), place in zip(
        wanted_fields(table), layout.positions.values(), strict=True
    ):
        if place is None:
            continue
        kind = schema.field(place).type
        if not is_readable(kind):
            raise RefusedError(
                Refusal.COLUMN_UNREADABLE, f"{name}, column {column.header}",
                f"expected one value a row for {field}, found the type {_class(kind)}. Deliver the "
                "column flat, or as text.",
            )
        wanted.append(schema.field(place).name)
    return wanted


def _held_once(file: pq.ParquetFile, columns: list[str]) -> list[str]:
    """The columns of text of which each value is held once, however often it comes.

    A long value that comes in every row would fill the memory otherwise. Where a row group has more
    than 32 MB of a column, the values are many and not repeated, and holding them all would grow with
    the row group.
    """
    sizes: dict[str, int] = {}
    for number in range(file.metadata.num_row_groups):
        group = file.metadata.row_group(number)
        for place in range(group.num_columns):
            chunk = group.column(place)
            path = chunk.path_in_schema
            sizes[path] = max(sizes.get(path, 0), chunk.total_uncompressed_size)
    return [
        name for name in columns if _is_text(file.schema_arrow.field(name).type)
        and sizes.get(name, 0) <= _MAX_HELD
    ]


def _class(kind: pa.DataType) -> str:
    """A nested type without the names of its fields."""
    return str(kind).split("<")[0].split("[")[0]


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def _batches(
    file: pq.ParquetFile, table: Table, layout: Layout, columns: list[str], name: str,
    batch_rows: int,
) -> Iterator[RawBatch]:
    n_rows = 0
    yielded = False
    for batch in file.iter_batches(batch_rows, columns=columns, use_threads=False):
        for piece in _pieces(batch):
            yield _raw_batch(piece, table, layout, file.schema_arrow, n_rows)
            n_rows, yielded = n_rows + piece.num_rows, True
    if n_rows != file.metadata.num_rows:
        raise RefusedError(
            Refusal.NOT_CONSERVED, name,
            f"the file tells of {file.metadata.num_rows} rows and holds {n_rows}. Write it again.",
        )
    if not yielded:
        empty = file.schema_arrow.empty_table().select(columns).combine_chunks()
        yield _raw_batch(
            pa.RecordBatch.from_arrays([c.combine_chunks() for c in empty.columns], columns),
            table, layout, file.schema_arrow, 0,
        )


def _lengths(values: Any) -> Any:
    """Bytes of each text of a column; 0 for null."""
    if isinstance(values.type, pa.DictionaryType):
        values = pc.binary_length(values.dictionary).take(values.indices)
    else:
        values = pc.binary_length(values)
    return pc.fill_null(values, 0).to_numpy(zero_copy_only=False).astype(np.int64)


def _pieces(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """A batch cut so that its texts, written out, stay within 64 MB (and one row)."""
    sizes = sum(
        (_lengths(column) for column in batch.columns if _holds_text(column.type)),
        start=np.zeros(batch.num_rows, np.int64),
    )
    cuts = np.cumsum(sizes) // _MAX_BATCH_BYTES
    edges = [0, *(np.flatnonzero(np.diff(cuts)) + 1).tolist(), batch.num_rows]
    for first, last in pairwise(edges):
        yield batch.slice(first, last - first)


def _holds_text(kind: pa.DataType) -> bool:
    inner = kind.value_type if isinstance(kind, pa.DictionaryType) else kind
    return _is_text(inner) or pa.types.is_binary(inner) or pa.types.is_large_binary(inner)


def _raw_batch(
    batch: pa.RecordBatch, table: Table, layout: Layout, schema: pa.Schema, before: int
) -> RawBatch:
    starts: Any = pa.array(np.arange(before + 1, before + batch.num_rows + 1))
    too_long = np.zeros(batch.num_rows, bool)
    for column in batch.columns:
        column.validate(full=True)  # Parquet promises UTF-8 and nobody holds it to that
        if _holds_text(column.type):
            too_long |= _lengths(column) > MAX_TEXT
    bad = [
        (int(row), Reason.TOO_LONG, f"at most {MAX_TEXT} bytes", "a longer value")
        for row in np.flatnonzero(too_long) + before + 1
    ]
    if bad:
        keep = pa.array(~too_long)
        batch, starts = batch.filter(keep), starts.filter(keep)
    columns = [
        pa.nulls(batch.num_rows, pa.string()) if place is None
        else _text(batch.column(schema.field(place).name), column, table)
        for (_, column, _), place in zip(
            wanted_fields(table), layout.positions.values(), strict=True
        )
    ]
    return RawBatch(
        raw_columns(table, columns, starts), row_findings(bad), layout.unlisted_columns,
        layout.absent_columns,
    )


def _text(values: Any, column: Column, table: Table) -> Any:
    """A column as text. Numbers as identifiers or words: the number that is none is a missing value.

    Else every row without a case would be one case, called NaN.
    """
    texts = as_text(values, table.decimal)
    if pa.types.is_floating(values.type) and column.type not in ("integer", "decimal"):
        texts = pc.if_else(pc.is_nan(values), pa.scalar(None, pa.string()), texts)
    return texts
