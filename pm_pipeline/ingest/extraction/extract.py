"""Write the database tables of a contract into Parquet files, one each, in bounded memory."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from pm_pipeline.errors import PipelineError
from pm_pipeline.ingest.contract.model import Contract, Table
from pm_pipeline.ingest.extraction.columns import TEXT, UnreadableError, arrow, type_of
from pm_pipeline.ingest.extraction.connection import reading
from pm_pipeline.ingest.private_files import private_file
from pm_pipeline.ingest.readers.headers import Layout, lay_out
from pm_pipeline.ingest.rejects.reasons import Refusal, RefusedError

if TYPE_CHECKING:
    import sqlalchemy as sa

BATCH_ROWS = 10_000
_QUERY = re.compile(r"\s*(select|with)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Extracted:
    """One table: the file it was written to, and its rows."""

    table: str
    path: Path
    n_rows: int


@dataclass(frozen=True)
class _Source:
    """``names``: the wanted columns in the file's order, ``places`` where each stands in a row."""

    table: Table
    names: list[str]
    places: list[int]


class _OtherTypeError(Exception):
    """A column whose later values do not have the type of its first."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self.place = place


def database_tables(contract: Contract) -> list[Table]:
    """The tables of a contract that lie in a database."""
    return [table for table in contract.tables if table.format == "database"]


def extract(
    contract: Contract, address: Path, folder: Path, batch_rows: int = BATCH_ROWS
) -> list[Extracted]:
    """Write each database table into ``folder`` as ``<table>.parquet``, all from one view of the data.

    Of a table only the contract's columns are asked for; of a query (a ``part`` that begins with
    SELECT or WITH) only they are kept. Raises PipelineError when the database fails, RefusedError
    (HEADER_MISMATCH, DUPLICATE_COLUMN, FORBIDDEN_COLUMN, COLUMN_UNREADABLE, NOT_CONSERVED) when a
    table is not what the contract says.
    """
    try:
        with reading(address) as connection:
            return [
                _extract(connection, table, folder / f"{table.name}.parquet", batch_rows)
                for table in database_tables(contract)
            ]
    except OSError as error:
        raise PipelineError(
            f"{folder}: the tables could not be written ({error.strerror}). Nothing was kept."
        ) from None


def _extract(
    connection: sa.Connection, table: Table, path: Path, batch_rows: int
) -> Extracted:
    as_text: set[int] = set()
    while True:
        try:
            n_rows = _write(connection, table, path, batch_rows, as_text)
            break
        except _OtherTypeError as other:
            # Seldom: the whole table is read again, with that column as text from the first row on.
            as_text.add(other.place)
        except UnreadableError as unreadable:
            raise RefusedError(
                Refusal.COLUMN_UNREADABLE, f"table {table.name}",
                f"expected text, numbers, dates and times, found a value of the type {unreadable}. "
                "Leave the column out, or let a query turn it into text.",
            ) from None
    if not _is_query(table):
        import sqlalchemy as sa

        count = sa.select(sa.func.count()).select_from(_from(table))
        counted = connection.execute(count).scalar_one()
        if counted != n_rows:
            raise RefusedError(
                Refusal.NOT_CONSERVED, f"table {table.name}",
                f"the database counts {counted} rows and gave {n_rows}: rows came or went while it was "
                "read. Try again.",
            )
    return Extracted(table.name, path, n_rows)


def _write(
    connection: sa.Connection, table: Table, path: Path, batch_rows: int, as_text: set[int]
) -> int:
    result, source = _result(connection, table, batch_rows)
    n_rows = 0
    schema: pa.Schema | None = None
    writer: pq.ParquetWriter | None = None
    with private_file(path) as file:
        try:
            for rows in _batches(result, batch_rows):
                columns = [[row[place] for row in rows] for place in source.places]
                if schema is None:
                    schema = pa.schema([
                        (name, TEXT if number in as_text else type_of(values))
                        for number, (name, values) in enumerate(
                            zip(source.names, columns, strict=True)
                        )
                    ])
                    writer = pq.ParquetWriter(file, schema, compression="zstd")
                assert writer is not None
                writer.write_batch(_batch(columns, schema, table.decimal))
                n_rows += len(rows)
        finally:
            result.close()
            if writer is not None:
                writer.close()
    return n_rows


def _batch(columns: Sequence[Sequence[Any]], schema: pa.Schema, sign: str) -> pa.RecordBatch:
    arrays = []
    for number, (values, field) in enumerate(zip(columns, schema, strict=True)):
        array = arrow(values, field.type, sign)
        if array is None:
            raise _OtherTypeError(number)
        arrays.append(array)
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _batches(result: sa.CursorResult[Any], batch_rows: int) -> Iterator[Sequence[Any]]:
    """The rows in batches; one empty batch for a table without rows, so that it has a file."""
    given = False
    for rows in result.partitions(batch_rows):
        yield rows
        given = True
    if not given:
        yield []


def _result(
    connection: sa.Connection, table: Table, batch_rows: int
) -> tuple[sa.CursorResult[Any], _Source]:
    """The rows of a table from a cursor on the server, and which of its columns are wanted."""
    import sqlalchemy as sa

    where = f"table {table.name}"
    streaming = connection.execution_options(stream_results=True, max_row_buffer=batch_rows)
    if _is_query(table):
        result = streaming.execute(sa.text(str(table.part).replace(":", r"\:")))
        names = list(result.keys())
        places = _wanted(lay_out(table, names, where))
        return result, _Source(table, [names[place] for place in places], places)
    schema, _, name = str(table.part).rpartition(".")
    known = [
        str(column["name"]) for column in sa.inspect(connection).get_columns(name, schema or None)
    ]
    wanted = [known[place] for place in _wanted(lay_out(table, known, where))]
    chosen = sa.select(*[sa.column(name) for name in wanted]).select_from(_from(table))
    return streaming.execute(chosen), _Source(table, wanted, list(range(len(wanted))))


def _wanted(layout: Layout) -> list[int]:
    """The places of the wanted columns in a row, each once."""
    return list(dict.fromkeys(p for p in layout.positions.values() if p is not None))


def _is_query(table: Table) -> bool:
    return _QUERY.match(str(table.part)) is not None


def _from(table: Table) -> sa.TableClause:
    import sqlalchemy as sa

    schema, _, name = str(table.part).rpartition(".")
    return sa.table(name, schema=schema or None)
