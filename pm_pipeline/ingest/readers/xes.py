"""Stream an event log in XES (IEEE 1849), plain or gzip, into batches of raw text.

One record per event. Attributes of the trace get the prefix ``case:``. A document type (DOCTYPE) is
refused, so that no entity can be expanded and no other file read.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.parsers import expat

from pm_pipeline.ingest.contract.model import Table
from pm_pipeline.ingest.contract.rules import normalised
from pm_pipeline.ingest.readers.batches import BATCH_ROWS, RawBatch, raw_table
from pm_pipeline.ingest.readers.headers import listed_headers, missing_columns_message, wanted_fields
from pm_pipeline.ingest.readers.opening import DeliveredBytes
from pm_pipeline.ingest.rejects.findings import row_findings
from pm_pipeline.ingest.rejects.reasons import Reason, Refusal, RefusedError

_VALUES = {"string", "date", "int", "float", "boolean", "id"}
_TORN = {
    expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
    expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR],
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION],
}
_CHUNK = 256 * 1024
_MOST_KEYS = 10_000
_MAX_DEPTH = 200


def read_xes(
    path: Path, table: Table, name: str | None = None, batch_rows: int = BATCH_ROWS
) -> Iterator[RawBatch]:
    """Yield the events of a log in file order; at least one batch, empty when there is no event.

    Attribute keys are matched with the contract's headers; a missing one is null. ``source_row`` is
    the line of the event element. Memory: one batch and one trace. Raises RefusedError: EMPTY,
    NOT_XES, XML_UNSAFE, TRUNCATED, UNREADABLE, TOO_LARGE, HEADER_MISMATCH (no event of the log has
    a required attribute).
    """
    name = name or path.name
    with DeliveredBytes(path, name) as raw:
        if not raw.head().strip():
            raise RefusedError(Refusal.EMPTY, name, "the file is empty. Deliver it again.")
        log = _Log(table, name)
        yielded = False
        while chunk := raw.read(_CHUNK):
            log.feed(chunk)
            while len(log.rows) + len(log.bad) >= batch_rows:
                yield log.take(batch_rows)
                yielded = True
        log.finish()
        if log.rows or log.bad or not yielded:
            yield log.take(None)


class _Log:
    """Collects rows while expat calls back; a row has one value per wanted field."""

    def __init__(self, table: Table, name: str) -> None:
        self._table, self._name = table, name
        self._fields = wanted_fields(table)
        self._places = {
            normalised(header): place
            for place, (_, _, headers) in enumerate(self._fields) for header in headers
        }
        self._listed = listed_headers(table)
        self._by_key: dict[str, int | None] = {}
        self._unlisted: set[str] = set()
        self.rows: list[tuple[Any, ...]] = []
        self.starts: list[int] = []
        self.bad: list[tuple[int, Reason, str, str]] = []
        self._depth = 0
        self._level: list[str] = []
        self._trace: list[str | None] | None = None
        self._event: list[str | None] | None = None
        self._event_line = 0
        self._twice = self._trace_twice = False
        self._waiting: list[tuple[list[str | None], int, bool]] = []
        self._seen: set[int] = set()
        self._events = 0
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, chunk: bytes, final: bool = False) -> None:
        try:
            self._parser.Parse(chunk, final)
        except expat.ExpatError as error:
            where = f"{self._name}, line {error.lineno}"
            if error.code in _TORN and self._level:
                raise RefusedError(
                    Refusal.TRUNCATED, where,
                    "the log ends too early. Deliver the whole file again.",
                ) from None
            raise RefusedError(
                Refusal.NOT_XES, where, "expected XES (XML), found what is no valid XML."
            ) from None

    def finish(self) -> None:
        """End of file: the log must be whole and its events must have what the contract asks."""
        self.feed(b"", final=True)
        missing = [
            headers[0] for place, (_, column, headers) in enumerate(self._fields)
            if column.is_required and place not in self._seen
        ]
        if missing and self._events:
            raise RefusedError(
                Refusal.HEADER_MISMATCH, self._name,
                missing_columns_message(self._table, missing, [*self._by_key]),
            )

    def take(self, count: int | None) -> RawBatch:
        rows, self.rows = self.rows[:count], self.rows[len(self.rows[:count]):]
        starts, self.starts = self.starts[:count], self.starts[len(rows):]
        bad, self.bad = self.bad, []
        values = raw_table(self._table, rows, starts)
        return RawBatch(values, row_findings(bad), len(self._unlisted))

    def _doctype(self, *_: object) -> None:
        raise RefusedError(
            Refusal.XML_UNSAFE, f"{self._name}, line {self._parser.CurrentLineNumber}",
            "found a document type (DOCTYPE), which no event log needs. Deliver it without.",
        )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if ":" in tag:
            tag = tag.rpartition(":")[2]
        parent = self._level[-1] if self._level else None
        if parent is None and tag != "log":
            raise RefusedError(
                Refusal.NOT_XES, f"{self._name}, line {self._parser.CurrentLineNumber}",
                "expected an event log (element 'log'), found another kind of XML.",
            )
        if len(self._level) > _MAX_DEPTH:
            raise RefusedError(
                Refusal.XML_UNSAFE, f"{self._name}, line {self._parser.CurrentLineNumber}",
                f"found elements nested more than {_MAX_DEPTH} deep.",
            )
        self._level.append(tag)
        if tag == "event" and parent in ("trace", "log"):
            self._event = [None] * len(self._fields)
            self._event_line = self._parser.CurrentLineNumber
            self._twice = False
        elif tag == "trace" and parent == "log":
            self._trace = [None] * len(self._fields)
            self._trace_twice = False
        elif tag in _VALUES and parent == "event" and self._event is not None:
            self._keep(self._event, attributes.get("key", ""), attributes.get("value"))
        elif tag in _VALUES and parent == "trace" and self._trace is not None:
            self._keep(self._trace, "case:" + attributes.get("key", ""), attributes.get("value"))

    def _keep(self, target: list[str | None], key: str, value: str | None) -> None:
        if key in self._by_key:
            place = self._by_key[key]
        else:
            place = self._places.get(normalised(key))
            if len(self._by_key) < _MOST_KEYS:
                self._by_key[key] = place
                if place is None and normalised(key) not in self._listed:
                    self._unlisted.add(key)
        if place is None:
            return
        self._seen.add(place)
        # Two different values under one key: which is right cannot be known, so none is chosen.
        if target[place] is not None and target[place] != value:
            if target is self._trace:
                self._trace_twice = True
            else:
                self._twice = True
        target[place] = value

    def _end(self, tag: str) -> None:
        closed = self._level.pop()
        if closed == "event" and self._event is not None and self._level[-1] in ("trace", "log"):
            self._waiting.append((self._event, self._event_line, self._twice))
            self._event = None
            if self._level[-1] == "log":
                self._release(None)
        elif closed == "trace" and self._level == ["log"]:
            self._release(self._trace)
            self._trace = None

    def _release(self, trace: list[str | None] | None) -> None:
        """Attributes of a trace may stand behind its events, so events wait for its end."""
        for event, line, twice in self._waiting:
            self._events += 1
            if twice or (trace is not None and self._trace_twice):
                self.bad.append(
                    (line, Reason.DUPLICATE_KEY, "each attribute once", "two different values")
                )
                continue
            merged = event if trace is None else [
                own if own is not None else of_case
                for own, of_case in zip(event, trace, strict=True)
            ]
            self.rows.append(tuple(merged))
            self.starts.append(line)
        self._waiting.clear()
