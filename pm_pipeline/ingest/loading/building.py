"""Turn the files of one table into a Parquet file of typed, pseudonymised rows.

Works batch by batch, so memory does not grow with the file. Every row it writes is already
pseudonymised.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pm_pipeline.ingest.contract.model import PROVENANCE, Contract, Table
from pm_pipeline.ingest.loading.ahead import Ahead
from pm_pipeline.ingest.loading.digests import Digests
from pm_pipeline.ingest.loading.duplicates import HashFile, drop_duplicates
from pm_pipeline.ingest.loading.numbering import Numbering, numbered_columns
from pm_pipeline.ingest.loading.reports import FileReport, FirstRejects, RejectCount
from pm_pipeline.ingest.loading.sinks import ParquetSink
from pm_pipeline.ingest.readers.batches import RawBatch
from pm_pipeline.ingest.readers.formats import place_word, reader_of
from pm_pipeline.ingest.readers.opening import refuse_unnamed_archive
from pm_pipeline.ingest.rejects.findings import REJECT_SCHEMA, reject_records
from pm_pipeline.ingest.rejects.reasons import RefusedError
from pm_pipeline.ingest.values.pseudonymise import Pseudonymiser
from pm_pipeline.ingest.values.typist import HASH_COLUMN, Typist

Progress = Callable[[int], None]
# Places named per kind of reject: enough to open the file and look.
_FIRST_REJECTS = 3


@dataclass(frozen=True)
class SourceFile:
    """A file to read: where it lies, what it was delivered as, and the table it belongs to.

    ``sha256``: what it must have, None where nobody knows yet.
    """

    path: Path
    name: str
    table: Table
    sha256: str | None
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


@dataclass
class _Tally:
    """Running counts of one file."""

    source: SourceFile
    numbering: Numbering
    rows_in_file: int = 0
    rows_typed: int = 0
    rows_rejected: int = 0
    unlisted_columns: int = 0
    values_cleaned: int = 0
    sha256: str = ""
    absent_columns: tuple[str, ...] = ()
    rejects: Counter[tuple[str | None, str]] = field(default_factory=Counter)
    first: dict[tuple[str | None, str], FirstRejects] = field(default_factory=dict)

    def add(self, part: "_Part") -> None:
        self.rows_in_file += part.n_records
        self.rows_typed += part.rows.num_rows
        self.rows_rejected += part.n_rejected
        self.unlisted_columns = part.unlisted_columns
        self.values_cleaned += part.values_cleaned
        self.absent_columns = part.absent_columns

    def report(self, duplicates: int) -> FileReport:
        source = self.source
        return FileReport(
            source.table.name, source.name, self.sha256, source.size_bytes, self.rows_in_file,
            self.rows_typed - duplicates, self.rows_rejected, duplicates, self.unlisted_columns,
            ", ".join(self.absent_columns), self.numbering.missing(), self.values_cleaned,
            tuple(
                RejectCount(column, reason, count, self.first.get((column, reason)))
                for (column, reason), count in sorted(
                    self.rejects.items(), key=lambda item: (item[0][0] or "", item[0][1])
                )
            ),
        )


@dataclass(frozen=True)
class _Part:
    """One batch on its way: its typed rows (identifiers still in the clear), what was rejected, and
    the counts. It never leaves memory."""

    rows: pa.Table
    hashes: np.ndarray
    findings: tuple[pa.Table, ...]
    n_records: int
    n_rejected: int
    unlisted_columns: int
    absent_columns: tuple[str, ...]
    values_cleaned: int


def build_table(
    job: Job, table: Table, sources: Sequence[SourceFile], folder: Path, rejects: ParquetSink,
    digests: Digests, on_progress: Progress | None = None,
) -> BuiltTable:
    """Read, type, pseudonymise and write the files of one table; exact duplicates are left out.

    Reading the next batch, typing this one, and pseudonymising and writing the last go on at the
    same time. Raises RefusedError for a file that is refused as a whole.
    """
    path = folder / f"{table.name}.parquet"
    schema = table.lake_schema()
    content = schema.names[:-len(PROVENANCE.names)]
    numbered = numbered_columns(table)
    tallies = [_Tally(source, Numbering(numbered)) for source in sources]
    filled: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    with HashFile(folder / f"{table.name}.hashes") as hashes:
        with ParquetSink(path, schema) as rows_out, Typist(table, job.contract.timezone) as typist:
            for tally in tallies:
                for part in _parts(job, tally, typist, digests):
                    rows = _lake_rows(job, table, tally.source, part.rows)
                    rows_out.write(rows)
                    hashes.append(part.hashes)
                    for name in content:
                        filled[name] += rows.num_rows - rows[name].null_count
                    for findings in part.findings:
                        _count(findings, tally, refused)
                        rejects.write(reject_records(
                            findings, job.municipality_id, job.contract.system, job.delivery_id,
                            table.name, tally.source.name,
                        ))
                    tally.add(part)
                    if on_progress:
                        on_progress(part.n_records)
        # Only a table whose rows have a key can say that equal rows are one row told twice: names
        # are gone by now, and two acts of one day may look the same.
        duplicates = (
            drop_duplicates(path, schema, hashes) if table.natural_key else Counter[str]()
        )
    reports = tuple(tally.report(duplicates[tally.source.name]) for tally in tallies)
    return BuiltTable(table, path, reports, dict(filled), dict(refused))


def _parts(job: Job, tally: _Tally, typist: Typist, digests: Digests) -> Iterator[_Part]:
    """The batches of one file; none before it is certain that the file is the one delivered."""
    source = tally.source
    read = reader_of(source.table, source.name)(source.path, source.table, source.name)
    try:
        refuse_unnamed_archive(source.path, source.name)
        with Ahead(read) as batches, Ahead(_typed(job, tally, typist, batches)) as parts:
            for part in parts:
                tally.sha256 = tally.sha256 or digests.confirm(source.path, source.sha256)
                yield part
    except RefusedError:
        # What a changed file is refused for is no matter.
        digests.confirm(source.path, source.sha256)
        raise
    digests.confirm_unchanged(source.path)


def _typed(
    job: Job, tally: _Tally, typist: Typist, batches: Iterable[RawBatch]
) -> Iterator[_Part]:
    source = tally.source
    for batch in batches:
        tally.numbering.add(batch.values)
        typed = typist.type_batch(batch.values, source.name)
        yield _Part(
            typed.rows, typed.rows[HASH_COLUMN].to_numpy(),
            (batch.rejects, typed.findings), batch.n_records,
            batch.rejects.num_rows + typed.rows_rejected, batch.unlisted_columns,
            batch.absent_columns, typed.values_cleaned,
        )


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
        kind = (group["column_name"], group["reason"])
        tally.rejects[kind] += group["count_all"]
        if kind not in tally.first:
            tally.first[kind] = _first(findings, *kind, tally.source)
        if group["row_kept"]:
            refused[group["column_name"]] += group["count_all"]


def _first(
    findings: pa.Table, column: str | None, reason: str, source: SourceFile
) -> FirstRejects:
    """The first rejects of a kind, of the batch in which the kind is met first."""
    of_column = pc.field("column_name").is_null() if column is None else (
        pc.field("column_name") == column
    )
    alike = findings.filter(of_column & (pc.field("reason") == reason))
    first = alike.sort_by("source_row").slice(0, _FIRST_REJECTS).to_pylist()
    return FirstRejects(
        place_word(source.table, source.name), tuple(row["source_row"] for row in first),
        first[0]["expected"], first[0]["found_class"] or "something else", first[0]["row_kept"],
    )
