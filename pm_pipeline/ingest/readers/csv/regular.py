"""Stream a CSV file that an inspection has proven regular; ten times as fast as the exact reader.

Arrow parses the wanted columns as text. It is never trusted with anything that can be wrong: every
record is known to be sound, and how many there are.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from pm_pipeline.ingest.contract.model import Table
from pm_pipeline.ingest.readers.batches import RawBatch, raw_columns
from pm_pipeline.ingest.readers.csv.counting import RecordScan
from pm_pipeline.ingest.readers.csv.header import CsvHeader
from pm_pipeline.ingest.readers.csv.inspection import Inspection, data_lines
from pm_pipeline.ingest.readers.headers import wanted_fields
from pm_pipeline.ingest.readers.opening import DeliveredBytes
from pm_pipeline.ingest.rejects.findings import row_findings
from pm_pipeline.ingest.rejects.reasons import Reason, Refusal, RefusedError

# Blocks that fit the processor's cache are parsed twice as fast as large ones; the steps behind the
# reader have a fixed cost per batch, so blocks are put together again.
BLOCK_BYTES = 2 * 1024 * 1024
_BATCH_BYTES = 8 * 1024 * 1024


def read_csv_regular(
    path: Path, table: Table, name: str, header: CsvHeader, inspection: Inspection,
    block_bytes: int = BLOCK_BYTES,
) -> Iterator[RawBatch]:
    """Yield the records of a regular file in file order; at least one batch.

    The batches hold what the exact reader would yield for the file. Raises RefusedError
    NOT_CONSERVED when the parser finds other records than the inspection did, which is no fault of
    the file.
    """
    repeated = np.array(inspection.repeated_headers, np.int64)
    layout = header.layout
    position = 0
    with DeliveredBytes(path, name) as raw:
        lines = _Lines(data_lines(raw, table.encoding, header), header, inspection.spans_lines)
        for parsed in _parsed(
            lines, table, header, inspection.n_records or 0, block_bytes, name
        ):
            count = parsed.num_rows
            starts = lines.starts(position, count)
            rejects = row_findings([])
            within = repeated[(repeated >= position) & (repeated < position + count)] - position
            position += count
            if len(within):
                keep = np.ones(count, bool)
                keep[within] = False
                rejects = row_findings([
                    (int(starts[place]), Reason.REPEATED_HEADER, "a data row", "the header line")
                    for place in within
                ])
                starts, parsed = starts[keep], parsed.filter(pa.array(keep))
            yield RawBatch(
                _values(table, layout.positions, parsed, starts), rejects,
                layout.unlisted_columns, layout.absent_columns,
            )
    if position != inspection.n_records:
        raise _other_records(name)


def _parsed(
    lines: "_Lines", table: Table, header: CsvHeader, n_records: int, block_bytes: int,
    name: str,
) -> Iterator[Any]:
    """The wanted columns, named by their position, batch by batch; at least one."""
    from pyarrow import csv

    wanted = sorted({str(p) for p in header.layout.positions.values() if p is not None}, key=int)
    if not wanted:
        # No column is there (each is optional): any one tells how many records there are.
        wanted = ["0"]
    if not n_records:
        empty = [pa.array([], pa.string()) for _ in wanted]
        yield pa.RecordBatch.from_arrays(empty, names=wanted)
        return
    try:
        file: Any = lines
        blocks = csv.open_csv(
            file,
            read_options=csv.ReadOptions(
                column_names=[str(number) for number in range(header.layout.width)],
                block_size=block_bytes,
            ),
            parse_options=csv.ParseOptions(
                delimiter=table.delimiter, double_quote=True, escape_char=False,
                newlines_in_values=lines.spans_lines, ignore_empty_lines=True,
            ),
            convert_options=csv.ConvertOptions(
                include_columns=wanted, column_types=dict.fromkeys(wanted, pa.string()),
                strings_can_be_null=False, check_utf8=False,
            ),
        )
        yield from _joined(blocks)
    except pa.ArrowInvalid:
        # Arrow's own text quotes the record, so nothing of it is told.
        raise _other_records(name) from None


def _joined(blocks: Iterable[Any]) -> Iterator[Any]:
    """Blocks put together to batches of about _BATCH_BYTES."""
    join: Any = pa.concat_batches  # type: ignore[attr-defined]  # the stubs do not know it
    waiting: list[Any] = []
    for block in blocks:
        waiting.append(block)
        if sum(part.nbytes for part in waiting) >= _BATCH_BYTES:
            yield join(waiting)
            waiting = []
    if waiting:
        yield join(waiting)


def _values(
    table: Table, positions: dict[str, int | None], parsed: Any, starts: np.ndarray
) -> pa.Table:
    texts = [
        pa.nulls(parsed.num_rows, pa.string()) if positions[field] is None
        else parsed.column(str(positions[field]))
        for field, _, _ in wanted_fields(table)
    ]
    return raw_columns(table, texts, pa.array(starts, pa.int64()))


class _Lines:
    """The file that Arrow reads from; remembers in which line each record starts."""

    closed = False

    def __init__(self, pieces: Iterator[bytes], header: CsvHeader, spans_lines: bool) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")
        self._before = header.n_lines + 1
        self.spans_lines = spans_lines
        self._scan = RecordScan(header.delimiter, header.layout.width)
        self._next_start = 0
        self._waiting: deque[np.ndarray] = deque()

    def read(self, size: int) -> bytes:
        """The next bytes: ``size``, fewer only at the end of the file."""
        parts, missing = [], size
        while missing and (self._rest or self._pull()):
            part, self._rest = self._rest[:missing], self._rest[missing:]
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def _pull(self) -> bool:
        piece = next(self._pieces, b"")
        if piece and self.spans_lines:
            self._waiting.append(self._scan.feed(piece))
        self._rest = memoryview(piece)
        return bool(piece)

    def starts(self, position: int, count: int) -> np.ndarray:
        """The line of the file in which each of the next ``count`` records starts."""
        if not self.spans_lines:
            return np.arange(position, position + count) + self._before
        parts, missing = [np.array([self._next_start])], count
        while missing > 0 and self._waiting:
            ends = self._waiting.popleft()
            parts.append(ends[:missing])
            if len(ends) > missing:
                self._waiting.appendleft(ends[missing:])
            missing -= min(missing, len(ends))
        starts = np.concatenate(parts)
        self._next_start = int(starts[-1])
        return starts[:count] + self._before

    def close(self) -> None:
        """Arrow closes what it reads from; the file below has an owner of its own."""


def _other_records(name: str) -> RefusedError:
    return RefusedError(
        Refusal.NOT_CONSERVED, name,
        "the file has other records than were read. This is a fault of the program; report it.",
    )
