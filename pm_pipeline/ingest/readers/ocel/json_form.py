"""Stream an object-centric event log in OCEL 2.0 JSON, plain or gzip, into batches of raw text.

The file is parsed by ijson, once from end to end to know that it is whole and then once per list that
is wanted: ijson's own building of records is several times faster than one in Python.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from pm_pipeline.ingest.contract.model import Table
from pm_pipeline.ingest.readers.batches import BATCH_ROWS, RawBatch
from pm_pipeline.ingest.readers.ocel.elements import (
    OLD_OCEL,
    Element,
    TypeDeclaration,
    index_of,
    not_ocel,
    rows_of,
)
from pm_pipeline.ingest.readers.ocel.index import Index, Kind, Raw
from pm_pipeline.ingest.readers.ocel.rows import Row, read_part
from pm_pipeline.ingest.readers.opening import DeliveredBytes
from pm_pipeline.ingest.rejects.reasons import Reason, Refusal, RefusedError

_BUFFER = 64 * 1024
_MAX_DEPTH = 50
_MOST_TOKENS = 1_000_000  # of one event or object
_LISTS = ("eventTypes", "objectTypes", "events", "objects")
_BOM = b"\xef\xbb\xbf"
Item = TypeVar("Item")


def read_ocel_json(
    path: Path, table: Table, name: str | None = None, batch_rows: int = BATCH_ROWS
) -> Iterator[RawBatch]:
    """Yield the rows of one part of a log; see ``rows.read_part``.

    Raises RefusedError: EMPTY, NOT_OCEL (version 1.0 as well), TRUNCATED, TOO_LARGE, UNREADABLE,
    HEADER_MISMATCH, FORBIDDEN_COLUMN.
    """
    return read_part(_JsonLog, path, table, name or path.name, batch_rows)


class _Map(dict[str, Any]):
    """A JSON object that knows whether a name stood in it twice."""

    is_torn = False

    def __setitem__(self, key: str, value: Any) -> None:
        if key in self:
            self.is_torn = True
        super().__setitem__(key, value)


class _JsonLog:
    """One file; every look at it opens it anew."""

    def __init__(self, path: Path, name: str) -> None:
        self._path, self._name = path, name

    def index(self) -> Index:
        self._look_through()

        def everything() -> Iterator[TypeDeclaration | Element]:
            yield from self._declared("event", "eventTypes")
            yield from self._declared("object", "objectTypes")
            yield from self._elements("object")
            yield from self._elements("event")

        return index_of(everything())

    def rows(self, part: str) -> Iterator[Row]:
        kind: Kind = "event" if part.startswith("event") else "object"
        return rows_of(self._elements(kind), part)

    def _look_through(self) -> None:
        """Refuse what is no whole OCEL 2.0 document."""
        import ijson

        depth = tokens = 0
        names: list[str] = []
        is_map = False
        lists: set[str] = set()
        for event, value in self._parsed(lambda raw: ijson.basic_parse(raw, buf_size=_BUFFER)):
            tokens += 1
            if event in ("start_map", "start_array"):
                depth += 1
                if depth == 1:
                    is_map = event == "start_map"
                elif depth == 2 and names and event == "start_array":
                    lists.add(names[-1])
                elif depth == 3:
                    tokens = 0
                elif depth > _MAX_DEPTH:
                    raise RefusedError(
                        Refusal.TOO_LARGE, self._name,
                        f"found values nested more than {_MAX_DEPTH} deep.",
                    )
            elif event in ("end_map", "end_array"):
                depth -= 1
            elif event == "map_key" and depth == 1:
                names.append(value)
            if tokens > _MOST_TOKENS and depth > 2:
                raise RefusedError(
                    Refusal.TOO_LARGE, self._name,
                    f"found an event or object with more than {_MOST_TOKENS} values.",
                )
        if is_map and any(one.startswith("ocel:") for one in names):
            raise RefusedError(Refusal.NOT_OCEL, self._name, OLD_OCEL)
        absent = [one for one in _LISTS if one not in lists]
        if not is_map or absent:
            raise not_ocel(
                self._name, "JSON without the list(s) " + ", ".join(absent or _LISTS)
            )
        if any(names.count(one) > 1 for one in _LISTS):
            raise not_ocel(self._name, "JSON in which one of the lists stands twice")

    def _declared(self, kind: Kind, key: str) -> Iterator[TypeDeclaration]:
        for one in self._items(key):
            if isinstance(one, dict) and isinstance(one.get("name"), str):
                attributes = one.get("attributes")
                yield TypeDeclaration(kind, one["name"], {
                    str(attribute["name"]): str(attribute.get("type"))
                    for attribute in (attributes if isinstance(attributes, list) else [])
                    if isinstance(attribute, dict) and "name" in attribute
                })

    def _elements(self, kind: Kind) -> Iterator[Element]:
        for number, one in enumerate(self._items(f"{kind}s"), start=1):
            element = Element(kind, number, None, None)
            try:
                _fill(element, one)
            except _BrokenError as broken:
                element.broken = broken.reason
            yield element

    def _items(self, key: str) -> Iterator[Any]:
        import ijson

        return self._parsed(
            lambda raw: ijson.items(raw, f"{key}.item", map_type=_Map, buf_size=_BUFFER)
        )

    def _parsed(self, parse: Callable[[Any], Iterator[Item]]) -> Iterator[Item]:
        import ijson

        with DeliveredBytes(self._path, self._name) as raw:
            head = raw.head()
            if not head.removeprefix(_BOM).strip():
                raise RefusedError(
                    Refusal.EMPTY, self._name, "the file is empty. Deliver it again."
                )
            if head.startswith(_BOM):
                raw.read(len(_BOM))
            if not head.removeprefix(_BOM).lstrip().startswith(b"{"):
                raise not_ocel(self._name, "what is no JSON object")
            try:
                yield from parse(raw)
            except ijson.JSONError as error:
                # The parser's own text may quote a value, so only its kind is told.
                told = str(error)
                if "premature EOF" in told or "Incomplete JSON" in told:
                    raise RefusedError(
                        Refusal.TRUNCATED, self._name,
                        "the log ends too early. Deliver the whole file again.",
                    ) from None
                if "UTF8" in told or "UTF-8" in told:
                    raise RefusedError(
                        Refusal.ENCODING, self._name,
                        "expected UTF-8, as JSON is written, found a byte that is none.",
                    ) from None
                raise not_ocel(self._name, "what is no valid JSON") from None


class _BrokenError(Exception):
    """A record that is not built as it should be, with the reason for its reject."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def _fill(element: Element, record: Any) -> None:
    """Take an event or object apart. Raises _BrokenError; what was found before stays."""
    if not isinstance(record, _Map):
        raise _BrokenError(Reason.BAD_RECORD)
    element.id, element.type = _text(record.get("id")), _text(record.get("type"))
    element.time = _text(record.get("time"))
    for one in _maps(record, "relationships"):
        element.relations.append((_text(one.get("objectId")), _text(one.get("qualifier"))))
    for one in _maps(record, "attributes"):
        element.attributes.append(
            (_text(one.get("name")), _text(one.get("time")), _text(one.get("value")))
        )
    if record.is_torn:
        raise _BrokenError(Reason.DUPLICATE_KEY)


def _maps(record: _Map, key: str) -> list[_Map]:
    listed = record.get(key)
    if listed is None:
        return []
    if not isinstance(listed, list) or not all(isinstance(one, _Map) for one in listed):
        raise _BrokenError(Reason.BAD_RECORD)
    if any(one.is_torn for one in listed):
        raise _BrokenError(Reason.DUPLICATE_KEY)
    return listed


def _text(value: Any) -> Raw:
    """A JSON value as text."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        # 1E+2 is written out, but not a number of a million digits.
        return f"{value:f}" if abs(value.adjusted()) < 40 else str(value)
    if isinstance(value, int | float):
        return str(value)
    raise _BrokenError(Reason.BAD_RECORD)
