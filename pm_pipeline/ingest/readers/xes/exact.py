"""Read an event log element by element (expat): slower, and right for everything XML allows."""

from typing import Any
from xml.parsers import expat

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pm_pipeline.ingest.contract.model import Table
from pm_pipeline.ingest.contract.names import normalised
from pm_pipeline.ingest.readers.batches import RawBatch, raw_table
from pm_pipeline.ingest.readers.headers import missing_columns_message, refuse_forbidden
from pm_pipeline.ingest.readers.xes.keys import OF_TRACE, TRACE_ALONE, AttributePlaces
from pm_pipeline.ingest.rejects.findings import row_findings
from pm_pipeline.ingest.rejects.reasons import Reason, Refusal, RefusedError

_VALUES = {"string", "date", "int", "float", "boolean", "id"}
_CODES = expat.errors.codes
_TORN = {
    _CODES[expat.errors.XML_ERROR_NO_ELEMENTS],
    _CODES[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
    _CODES[expat.errors.XML_ERROR_PARTIAL_CHAR],
    _CODES[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION],
}
_OWN_ENCODINGS = {"utf-8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "iso-8859-1"}
_MAX_DEPTH = 200
Row = list[str | None]


class ExactLog:
    """Collects rows while expat calls back; a row has one value per wanted field.

    ``rows``, ``starts`` (line of each, see ``numbered``) and ``bad`` wait to be taken. Raises
    RefusedError: NOT_XES, ENCODING, XML_UNSAFE, TRUNCATED, FORBIDDEN_COLUMN, HEADER_MISMATCH.
    """

    def __init__(self, table: Table, name: str, places: AttributePlaces) -> None:
        self._table, self._name, self._places = table, name, places
        self.encoding = "utf-8"
        self.rows: list[tuple[str | None, ...]] = []
        self.starts: list[int] = []
        self.bad: list[tuple[int, Reason, str, str]] = []
        self._n_events = 0
        self._fed = 0
        self._skipped_lines = 0
        self._last_row = 0
        self._level: list[str] = []
        self._in_cdata = False
        self._trace: Row | None = None
        self._event: Row | None = None
        self._trace_line = self._event_line = 0
        self._twice = self._trace_twice = False
        self._waiting: list[tuple[Row, int, bool]] = []
        parser = self._parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._doctype
        parser.XmlDeclHandler = self._declaration
        parser.StartCdataSectionHandler = lambda: self._cdata(True)
        parser.EndCdataSectionHandler = lambda: self._cdata(False)

    @property
    def is_between_traces(self) -> bool:
        """Whether all that was fed is understood, and the log is open and nothing inside it."""
        return (
            self._level == ["log"] and not self._in_cdata
            and self._parser.CurrentByteIndex == self._fed
        )

    def feed(self, chunk: bytes, final: bool = False) -> None:
        """Read on. ``chunk`` may end anywhere."""
        try:
            self._parser.Parse(chunk, final)
        except expat.ExpatError as error:
            where = f"{self._name}, line {error.lineno + self._skipped_lines}"
            if error.code in _TORN and self._level:
                raise RefusedError(
                    Refusal.TRUNCATED, where,
                    "the log ends too early. Deliver the whole file again.",
                ) from None
            raise RefusedError(
                Refusal.NOT_XES, where, "expected XES (XML), found what is no valid XML."
            ) from None
        self._fed += len(chunk)

    def skip(self, n_events: int, n_lines: int) -> None:
        """Whole traces at this place were read by somebody else."""
        self._n_events += n_events
        self._skipped_lines += n_lines

    def numbered(self, lines: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The lines of the next events as numbers of which none comes twice, in their order.

        A log may have all its events in one line: each then counts one on, or nothing would tell
        them apart, nor in which order equal moments stand.
        """
        if not len(lines):
            return lines
        steps = np.arange(len(lines))
        rows: npt.NDArray[np.int64] = np.maximum.accumulate(
            np.maximum(lines - steps, self._last_row + 1)
        ) + steps
        self._last_row = int(rows[-1])
        return rows

    def _numbered(self, line: int) -> int:
        self._last_row = max(line, self._last_row + 1)
        return self._last_row

    def finish(self) -> None:
        """End of file: the log must be whole and its events must have what the contract asks."""
        self.feed(b"", final=True)
        refuse_forbidden(self._table, map(normalised, self._places.keys), self._name)
        missing = self._places.missing()
        if missing and self._n_events:
            raise RefusedError(
                Refusal.HEADER_MISMATCH, self._name,
                missing_columns_message(self._table, missing, self._places.keys),
            )

    def take(self, count: int | None) -> RawBatch:
        """The first rows that wait (None: all of them), and every reject so far."""
        rows, self.rows = self.rows[:count], self.rows[len(self.rows[:count]):]
        starts, self.starts = self.starts[:count], self.starts[len(rows):]
        bad, self.bad = self.bad, []
        values: pa.Table = raw_table(self._table, rows, starts)
        return RawBatch(values, row_findings(bad), self._places.n_unlisted)

    @property
    def line(self) -> int:
        """The line of the file in which the element begins that is read, or will be next."""
        return self._parser.CurrentLineNumber + self._skipped_lines

    def _declaration(self, _: str, encoding: str | None, __: int) -> None:
        self.encoding = (encoding or "utf-8").lower()
        if self.encoding not in _OWN_ENCODINGS and not _is_one_byte(self.encoding):
            raise RefusedError(
                Refusal.ENCODING, f"{self._name}, line {self.line}",
                "the log declares an encoding that cannot be read. Deliver it in UTF-8.",
            )

    def _cdata(self, is_open: bool) -> None:
        self._in_cdata = is_open

    def _doctype(self, *_: object) -> None:
        raise RefusedError(
            Refusal.XML_UNSAFE, f"{self._name}, line {self.line}",
            "found a document type (DOCTYPE), which no event log needs. Deliver it without.",
        )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if ":" in tag:
            tag = tag.rpartition(":")[2]
        level = self._level
        parent = level[-1] if level else None
        if parent is None and tag != "log":
            raise RefusedError(
                Refusal.NOT_XES, f"{self._name}, line {self.line}",
                "expected an event log (element 'log'), found another kind of XML.",
            )
        if len(level) > _MAX_DEPTH:
            raise RefusedError(
                Refusal.XML_UNSAFE, f"{self._name}, line {self.line}",
                f"found elements nested more than {_MAX_DEPTH} deep.",
            )
        level.append(tag)
        if tag in _VALUES:
            if parent == "event" and self._event is not None:
                self._keep(self._event, attributes.get("key", ""), attributes.get("value"))
            elif parent == "trace" and self._trace is not None:
                self._keep(
                    self._trace, OF_TRACE + attributes.get("key", ""), attributes.get("value")
                )
        elif tag == "event" and parent in ("trace", "log"):
            self._event = [None] * len(self._places.fields)
            self._event_line = self.line
            self._twice = False
        elif tag == "trace" and parent == "log":
            self._trace = [None] * len(self._places.fields)
            self._trace_line = self.line
            self._trace_twice = False

    def _keep(self, target: Row, key: str, value: str | None) -> None:
        place = self._places.place(key)
        if place is None:
            return
        # Two different values under one key: which is right cannot be known, so none is chosen.
        if target[place] is not None and target[place] != value:
            if target is self._trace:
                self._trace_twice = True
            else:
                self._twice = True
        target[place] = value

    def _end(self, _: str) -> None:
        level = self._level
        closed = level.pop()
        if closed == "event" and self._event is not None and level[-1] in ("trace", "log"):
            self._waiting.append((self._event, self._numbered(self._event_line), self._twice))
            self._event = None
            self._n_events += 1
            if level[-1] == "log":
                self._release(None)
        elif closed == "trace" and level == ["log"] and self._trace is not None:
            if not self._waiting and self._places.activity is not None:
                self._keep_alone(self._trace, self._places.activity)
            self._release(self._trace)
            self._trace = None

    def _keep_alone(self, trace: Row, activity: int) -> None:
        """A case in which nothing happened is still a case: one row that says so."""
        trace[activity] = TRACE_ALONE
        case, row = self._places.case, self._numbered(self._trace_line)
        if case is not None and trace[case] is None:
            # Only its place in the file tells it from other nameless ones.
            trace[case] = f"{TRACE_ALONE} at line {row}"
        self._waiting.append(([None] * len(trace), row, False))

    def _release(self, trace: Row | None) -> None:
        """Attributes of a trace may stand behind its events, so events wait for its end."""
        for event, line, twice in self._waiting:
            if twice or (trace is not None and self._trace_twice):
                self.bad.append(
                    (line, Reason.DUPLICATE_KEY, "each attribute once", "two different values")
                )
                continue
            merged: Any = event if trace is None else [
                own if own is not None else of_case
                for own, of_case in zip(event, trace, strict=True)
            ]
            self.rows.append(tuple(merged))
            self.starts.append(line)
        self._waiting.clear()


def _is_one_byte(encoding: str) -> bool:
    """Whether Python knows the encoding, and each byte is a character in it: expat needs both."""
    try:
        return len(bytes(range(256)).decode(encoding, "replace")) == 256
    except (LookupError, UnicodeError):
        return False
