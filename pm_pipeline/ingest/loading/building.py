"""Turn the files of one table into a Parquet file of typed, pseudonymised rows.

Works batch by batch, so memory does not grow with the file (beside 8 bytes a row, to find
duplicates). Everything it writes is already pseudonymised.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pm_pipeline.ingest.contract.model import PROVENANCE, Contract, Table
from pm_pipeline.ingest.loading.reports import FileReport, RejectCount
from pm_pipeline.ingest.private_files import private_file
from pm_pipeline.ingest.readers.formats import reader_of
from pm_pipeline.ingest.rejects.findings import REJECT_SCHEMA, reject_records
from pm_pipeline.ingest.values.pseudonymise import Pseudonymiser
from pm_pipeline.ingest.values.typist import HASH_COLUMN, Typist

Progress = Callable[[int], None]
_GROUP_ROWS = 122_880  # a row group of DuckDB


@dataclass(frozen=True)
class SourceFile:
    """A file to read: where it lies, what it was delivered as, and the table it belongs to."""

    path: Path
    name: str
    table: Table
    sha256: str
    size_bytes: int


@dataclass(frozen=True)
class Job:
    """What is the same for all files of one delivery."""

    contract: Contract
    municipality_id: str
    delivery_id: str
    delivered_on: date
    received_at: datetime
    pseudonymiser: Pseudonymiser


@dataclass(frozen=True)
class BuiltTable:
    """``path``: the rows (Parquet); one report per file; filled and rejected values by column."""

    table: Table
    path: Path
    files: tuple[FileReport, ...]
    filled: dict[str, int]
    refused: dict[str, int]


class ParquetSink(AbstractContextManager["ParquetSink"]):
    """A Parquet file of a known schema that is written piece by piece, mode 0600."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._context = private_file(path)
        self._writer = pq.ParquetWriter(self._context.__enter__(), schema, compression="zstd")
        self._waiting: list[pa.Table] = []

    def write(self, rows: pa.Table) -> None:
        """Add rows; they are written when a row group is full, at the latest on leaving."""
        self._waiting.append(rows)
        if sum(part.num_rows for part in self._waiting) >= _GROUP_ROWS:
            self._flush()

    def _flush(self) -> None:
        if any(part.num_rows for part in self._waiting):
            rows = pa.concat_tables(self._waiting)
            self._writer.write_table(rows, row_group_size=rows.num_rows)
        self._waiting.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._flush()
        finally:
            self._writer.close()
            self._context.__exit__(None, None, None)


@dataclass
class _Tally:
    """Running counts of one file."""

    source: SourceFile
    rows_in_file: int = 0
    rows_typed: int = 0
    rows_rejected: int = 0
    unlisted_columns: int = 0
    rejects: Counter[tuple[str | None, str]] = field(default_factory=Counter)

    def report(self, duplicates: int) -> FileReport:
        source = self.source
        return FileReport(
            source.table.name, source.name, source.sha256, source.size_bytes, self.rows_in_file,
            self.rows_typed - duplicates, self.rows_rejected, duplicates, self.unlisted_columns,
            tuple(
                RejectCount(column, reason, count)
                for (column, reason), count in sorted(
                    self.rejects.items(), key=lambda item: (item[0][0] or "", item[0][1])
                )
            ),
        )


def build_table(
    job: Job, table: Table, sources: Sequence[SourceFile], folder: Path, rejects: ParquetSink,
    on_progress: Progress | None = None,
) -> BuiltTable:
    """Read, type, pseudonymise and write the files of one table; exact duplicates are left out.

    Raises RefusedError for a file that is refused as a whole.
    """
    path = folder / f"{table.name}.parquet"
    schema = table.lake_schema()
    hashes: list[np.ndarray] = []
    tallies = [_Tally(source) for source in sources]
    filled: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    with ParquetSink(path, schema) as rows_out, Typist(table, job.contract.timezone) as typist:
        for tally in tallies:
            source = tally.source
            for batch in reader_of(table, source.name)(source.path, table, source.name):
                typed = typist.type_batch(batch.values, tally.source.name)
                hashes.append(typed.rows[HASH_COLUMN].to_numpy())
                rows_out.write(_lake_rows(job, table, tally.source, typed.rows))
                for name in schema.names[:-len(PROVENANCE.names)]:
                    column = typed.rows[name]
                    filled[name] += len(column) - column.null_count
                for findings in (batch.rejects, typed.findings):
                    _count(findings, tally, refused)
                    rejects.write(reject_records(
                        findings, job.municipality_id, job.contract.system, job.delivery_id,
                        table.name, tally.source.name,
                    ))
                tally.rows_in_file += batch.n_records
                tally.rows_typed += typed.rows.num_rows
                tally.rows_rejected += batch.rejects.num_rows + typed.rows_rejected
                tally.unlisted_columns = batch.unlisted_columns
                if on_progress:
                    on_progress(batch.n_records)
    # Only a table whose rows have a key can say that equal rows are one row told twice: names are
    # gone by now, and two acts of one day may look the same.
    duplicates = (
        _drop_duplicates(path, schema, np.concatenate(hashes)) if table.natural_key
        else Counter[str]()
    )
    reports = tuple(tally.report(duplicates[tally.source.name]) for tally in tallies)
    return BuiltTable(table, path, reports, dict(filled), dict(refused))


def open_rejects(folder: Path) -> ParquetSink:
    """The rejects of a delivery, to be written while its tables are built."""
    return ParquetSink(folder / "rejects.parquet", REJECT_SCHEMA)


def _lake_rows(job: Job, table: Table, source: SourceFile, rows: pa.Table) -> pa.Table:
    schema = table.lake_schema()
    rows = job.pseudonymiser.pseudonymise(rows, table)
    constant = {
        "delivery_id": job.delivery_id, "delivered_on": job.delivered_on,
        "received_at": job.received_at, "source_file": source.name,
    }
    arrays = [
        pa.repeat(pa.scalar(constant[f.name], f.type), rows.num_rows) if f.name in constant
        else rows[f.name] for f in schema
    ]
    return pa.table(arrays, schema=schema)


def _count(findings: pa.Table, tally: _Tally, refused: Counter[str]) -> None:
    if not findings.num_rows:
        return
    groups = findings.group_by(["column_name", "reason", "row_kept"]).aggregate([([], "count_all")])
    for group in groups.to_pylist():
        tally.rejects[(group["column_name"], group["reason"])] += group["count_all"]
        if group["row_kept"]:
            refused[group["column_name"]] += group["count_all"]


def _drop_duplicates(path: Path, schema: pa.Schema, hashes: np.ndarray) -> Counter[str]:
    """Rewrite the file without rows whose content came before; the number left out by file.

    Equal hashes only point at candidates, their content is compared. Usually there are none, and
    the file stays as it is.
    """
    dropped: Counter[str] = Counter()
    ordered = np.sort(hashes)
    twice = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    if not len(twice):
        return dropped
    candidate = np.isin(hashes, twice)
    content = [name for name in schema.names if name not in PROVENANCE.names]
    seen: set[bytes] = set()
    rewritten = path.with_suffix(".distinct")
    position = 0
    with ParquetSink(rewritten, schema) as sink, pq.ParquetFile(path) as file:
        for number in range(file.num_row_groups):
            rows = file.read_row_group(number)
            mine = candidate[position: position + rows.num_rows]
            position += rows.num_rows
            keep = np.ones(rows.num_rows, dtype=bool)
            places = np.flatnonzero(mine)
            some = rows.take(places)
            files = [str(name) for name in some["source_file"].to_pylist()]
            columns = [some[name].to_pylist() for name in content]
            for place, name, values in zip(places, files, zip(*columns, strict=True), strict=True):
                digest = blake2b(repr(values).encode(), digest_size=16).digest()
                if digest in seen:
                    keep[place] = False
                    dropped[name] += 1
                seen.add(digest)
            sink.write(rows.filter(keep))
    rewritten.replace(path)
    return dropped
