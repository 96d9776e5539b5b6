"""Stream a file of KMD Insight's Custom Data into batches of raw text.

The form has fixed columns: Dato1-5, Klokkeslæt1-2, CPR, Tekst1-30, Numerisk1-15. What they hold stands
either in a row behind the header (a file ``CD_…`` with a first column Metadata, which is 1 in that row)
or in another file (``Meta_…`` beside ``Data_…``); a contract for the latter names the fixed columns.
Source: github.com/Randers-Kommune-Digitalisering/custom-data-connector, docs/CD_Sourcename.csv and
Meta_Sourcename.csv (VERIFIED). UNCERTAIN: that the row with 1 is always the first, and what Metadata is
in other rows; any other value is taken for a data row.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from pm_pipeline.ingest.contract.model import Table
from pm_pipeline.ingest.contract.names import normalised
from pm_pipeline.ingest.readers.batches import BATCH_ROWS, RawBatch
from pm_pipeline.ingest.readers.csv.exact import read_records
from pm_pipeline.ingest.readers.csv.header import LongLine, text_lines
from pm_pipeline.ingest.readers.headers import listed_headers
from pm_pipeline.ingest.readers.opening import find_encoding_fault, open_text
from pm_pipeline.ingest.rejects.reasons import Refusal, RefusedError

_METADATA = "metadata"


def read_insight_csv(
    path: Path, table: Table, name: str | None = None, batch_rows: int = BATCH_ROWS
) -> Iterator[RawBatch]:
    """Yield the records of a file in file order; headers of the contract name a fixed column or what
    the row of metadata calls it.

    Raises RefusedError as reading a CSV file does, and HEADER_MISMATCH when the row of metadata is
    missing.
    """
    name = name or path.name
    raw, text = open_text(path, name, table.encoding)
    try:
        lines = _with_names(text_lines(text, name), table, name)
        yield from read_records(lines, table, name, batch_rows)
    except UnicodeError:
        raise find_encoding_fault(path, name, table.encoding) from None
    finally:
        text.close()
        raw.close()


def _with_names(lines: Iterator[str], table: Table, name: str) -> Iterator[str]:
    """The lines with the contract's names in the header, and a blank one for the row of metadata, so
    that every other keeps its number."""
    first = next(lines, "")
    header = _fields(first, table)
    if not header or normalised(header[0]) != _METADATA:
        yield first
        yield from lines
        return
    labels = _fields(next(lines, ""), table)
    if len(labels) != len(header) or labels[0].strip() != "1":
        raise RefusedError(
            Refusal.HEADER_MISMATCH, f"{name}, line 2",
            "expected the row of metadata (1 in the column Metadata and a field for each column), "
            "found another. Deliver the file with it.",
        )
    listed = listed_headers(table)
    names = [
        label if normalised(label) in listed else column
        for column, label in zip(header, ["", *labels[1:]], strict=True)
    ]
    line = io.StringIO()
    csv.writer(line, delimiter=table.delimiter, lineterminator="\n").writerow(names)
    yield line.getvalue()
    yield "\n"
    yield from lines


def _fields(line: str, table: Table) -> list[str]:
    """The fields of a line; none for one that is broken, which reading the header then explains."""
    if isinstance(line, LongLine):
        return []
    try:
        records = list(csv.reader([line], delimiter=table.delimiter, strict=True))
    except csv.Error:
        return []
    return records[0] if len(records) == 1 else []
