"""Stream an event log in XES (IEEE 1849), plain or gzip, into batches of raw text.

One record per event, and one for a trace without any event (``keys.TRACE_ALONE``). Attributes of
the trace get the prefix ``case:``. What a log says beside its events is not applied to them: defaults
(``global``) fill no missing value, classifiers rename nothing, attributes inside attributes, lists and
containers are no attributes of the event. Traces of one name are told row by row: they are one case,
because the name is its identity. The events of a trace without a name have no case and are rejected.
A document type (DOCTYPE) is refused, so that no entity can be expanded and no other file read.

Traces written the usual way are read many at once (``plain``), all else by expat (``exact``).
"""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from pm_pipeline.ingest.contract.model import Table
from pm_pipeline.ingest.readers.batches import BATCH_ROWS, RawBatch, raw_columns
from pm_pipeline.ingest.readers.opening import DeliveredBytes
from pm_pipeline.ingest.readers.xes.exact import ExactLog
from pm_pipeline.ingest.readers.xes.keys import AttributePlaces
from pm_pipeline.ingest.readers.xes.plain import END_OF_TRACE, PlainTraces, scan_traces
from pm_pipeline.ingest.rejects.findings import row_findings
from pm_pipeline.ingest.rejects.reasons import Refusal, RefusedError

_CHUNK = 4 * 1024 * 1024
# One odd trace sends no more than this to the exact reader.
_SMALL_PIECE = 64 * 1024
_LONGEST_TRACE = 8 * _CHUNK
# Encodings whose bytes are those of UTF-8, or become so by decoding.
_ENCODINGS = ("utf-8", "us-ascii", "iso-8859-1")
_BEGIN_OF_TRACE = b"<trace"


def read_xes(
    path: Path, table: Table, name: str | None = None, batch_rows: int = BATCH_ROWS
) -> Iterator[RawBatch]:
    """Yield the events of a log in file order; at least one batch, empty when the log is.

    Attribute keys are matched with the contract's headers; a missing one is null. ``source_row`` is
    the line of the event element (of the trace, where it has none); where several events stand in one
    line, each counts one on. Memory: one batch, one piece of
    the file and one trace. Raises RefusedError: EMPTY, NOT_XES, XML_UNSAFE, ENCODING, TRUNCATED,
    UNREADABLE, TOO_LARGE, FORBIDDEN_COLUMN, HEADER_MISMATCH (no event has a required attribute).
    """
    name = name or path.name
    with DeliveredBytes(path, name) as raw:
        if not raw.head().strip():
            raise RefusedError(Refusal.EMPTY, name, "the file is empty. Deliver it again.")
        reader = _Reader(table, name, batch_rows)
        yielded = False
        while chunk := raw.read(_CHUNK):
            for batch in reader.read(chunk):
                yield batch
                yielded = True
        for batch in reader.finish():
            yield batch
            yielded = True
        if not yielded:
            yield reader.empty()


class _Reader:
    """Cuts the file at the ends of traces and gives each piece to the reader that can read it."""

    def __init__(self, table: Table, name: str, batch_rows: int) -> None:
        self._table, self._batch_rows = table, batch_rows
        self._places = AttributePlaces(table)
        self._exact = ExactLog(table, name, self._places)
        self._rest = b""
        self._piece = _CHUNK

    def read(self, chunk: bytes) -> Iterator[RawBatch]:
        """Everything in the chunk that can be told yet; the end of it may have to wait."""
        text = self._rest + chunk
        at = 0
        while at < len(text):
            if self._may_be_plain():
                end = self._end_of_piece(text, at)
                if end is None:
                    break
                traces = self._scan(text[at:end])
                if traces is not None:
                    self._piece = min(2 * self._piece, _CHUNK)
                    yield from self._batches(traces)
                elif end - at > _SMALL_PIECE and self._piece > _SMALL_PIECE:
                    self._piece = _SMALL_PIECE
                    continue
                else:
                    yield from self._read_exactly(text[at:end])
            else:
                # A trace can begin here or later, but not before the next tag of that name.
                end = text.find(_BEGIN_OF_TRACE, at + 1)
                end = len(text) if end < 0 else end
                yield from self._read_exactly(text[at:end])
            at = end
        self._rest = text[at:]

    def finish(self) -> Iterator[RawBatch]:
        """The end of the file."""
        yield from self._read_exactly(self._rest)
        self._exact.finish()
        if self._exact.rows or self._exact.bad:
            yield self._exact.take(None)

    def empty(self) -> RawBatch:
        """A batch of no record."""
        return self._exact.take(None)

    def _may_be_plain(self) -> bool:
        return self._exact.encoding in _ENCODINGS and self._exact.is_between_traces

    def _end_of_piece(self, text: bytes, at: int) -> int | None:
        """Behind the last trace that ends within a piece, else behind the next; None: wait for more."""
        end = text.rfind(END_OF_TRACE, at, at + self._piece)
        if end < 0:
            end = text.find(END_OF_TRACE, at)
        if end < 0:
            return len(text) if len(text) - at > _LONGEST_TRACE else None
        return end + len(END_OF_TRACE)

    def _scan(self, piece: bytes) -> PlainTraces | None:
        if self._exact.encoding == "iso-8859-1":
            piece = piece.decode("latin-1").encode()
        return scan_traces(piece, self._places) if piece.endswith(END_OF_TRACE) else None

    def _read_exactly(self, piece: bytes) -> Iterator[RawBatch]:
        self._exact.feed(piece)
        while len(self._exact.rows) + len(self._exact.bad) >= self._batch_rows:
            yield self._exact.take(self._batch_rows)

    def _batches(self, traces: PlainTraces) -> Iterator[RawBatch]:
        if self._exact.rows or self._exact.bad:
            yield self._exact.take(None)
        lines = pa.array(self._exact.numbered(traces.lines + self._exact.line), pa.int64())
        self._exact.skip(len(traces.lines), traces.n_lines)
        values = raw_columns(self._table, traces.columns, lines)
        for at in range(0, values.num_rows, self._batch_rows):
            rows = values.slice(at, self._batch_rows)
            yield RawBatch(rows, row_findings([]), self._places.n_unlisted)
