"""Stream an object-centric event log in OCEL 2.0 XML, plain or gzip, into batches of raw text.

A document type (DOCTYPE) is refused, so that no entity can be expanded and no other file read.
"""

from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

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
from pm_pipeline.ingest.readers.ocel.index import Index, Kind
from pm_pipeline.ingest.readers.ocel.rows import Row, read_part
from pm_pipeline.ingest.readers.opening import DeliveredBytes
from pm_pipeline.ingest.rejects.reasons import Refusal, RefusedError

_CHUNK = 64 * 1024
_MAX_DEPTH = 50
_MOST_PARTS = 1_000_000  # attributes and relations of one event or object
# A longer value is rejected as too long when it is typed; more of it need not be kept.
_MOST_CHARACTERS = 100_000
_TORN = {
    expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
    expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR],
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION],
}
#: The four lists of a log: the element of each and what it holds.
_LISTS: dict[str, tuple[str, Kind, bool]] = {
    "event-types": ("event-type", "event", True),
    "object-types": ("object-type", "object", True),
    "events": ("event", "event", False),
    "objects": ("object", "object", False),
}


def read_ocel_xml(
    path: Path, table: Table, name: str | None = None, batch_rows: int = BATCH_ROWS
) -> Iterator[RawBatch]:
    """Yield the rows of one part of a log; see ``rows.read_part``.

    Raises RefusedError: EMPTY, NOT_OCEL (version 1.0 as well), XML_UNSAFE, TRUNCATED, TOO_LARGE,
    UNREADABLE, HEADER_MISMATCH, FORBIDDEN_COLUMN.
    """
    return read_part(_XmlLog, path, table, name or path.name, batch_rows)


class _XmlLog:
    """One file; every look at it opens it anew."""

    def __init__(self, path: Path, name: str) -> None:
        self._path, self._name = path, name

    def index(self) -> Index:
        return index_of(self._walked())

    def rows(self, part: str) -> Iterator[Row]:
        return rows_of(self._walked(), part)

    def _walked(self) -> Iterator[TypeDeclaration | Element]:
        with DeliveredBytes(self._path, self._name) as raw:
            if not raw.head().strip():
                raise RefusedError(
                    Refusal.EMPTY, self._name, "the file is empty. Deliver it again."
                )
            walk = _Walk(self._name)
            while chunk := raw.read(_CHUNK):
                walk.feed(chunk)
                yield from walk.found
                walk.found.clear()
            walk.finish()


class _Walk:
    """Collects what is complete while expat calls back."""

    def __init__(self, name: str) -> None:
        self.found: list[TypeDeclaration | Element] = []
        self._name = name
        self._level: list[str] = []
        self._counts: dict[str, int] = {"event": 0, "object": 0}
        self._lists: list[str] = []
        self._type: TypeDeclaration | None = None
        self._element: Element | None = None
        self._text: list[str] | None = None
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
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
            raise not_ocel(where, "what is no valid XML") from None

    def finish(self) -> None:
        """End of file: the log must be closed and have had its four lists, each once."""
        self.feed(b"", final=True)
        absent = [one for one in _LISTS if self._lists.count(one) != 1]
        if absent:
            raise not_ocel(self._name, f"XML without (or with two of) {', '.join(absent)}")

    def _where(self) -> str:
        return f"{self._name}, line {self._parser.CurrentLineNumber}"

    def _doctype(self, *_: object) -> None:
        raise RefusedError(
            Refusal.XML_UNSAFE, self._where(),
            "found a document type (DOCTYPE), which no event log needs. Deliver it without.",
        )

    def _start(self, tag: str, given: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        self._refuse_strangers(tag)
        self._level.append(tag)
        depth = len(self._level)
        if depth == 2:
            self._lists.append(tag)
        elif depth == 3 and self._level[1] in _LISTS:
            member, kind, is_type = _LISTS[self._level[1]]
            if tag == member and is_type:
                self._type = TypeDeclaration(kind, given.get("name", ""))
            elif tag == member:
                self._counts[kind] += 1
                self._element = Element(
                    kind, self._counts[kind], given.get("id"), given.get("type"), given.get("time")
                )
        elif depth == 5 and self._type is not None and tag == "attribute":
            self._type.attributes[given.get("name", "")] = given.get("type", "")
        elif depth == 5 and self._element is not None:
            self._part(self._element, tag, given)

    def _part(self, element: Element, tag: str, given: dict[str, str]) -> None:
        holder = self._level[3]
        if tag == "attribute" and holder == "attributes":
            element.attributes.append((given.get("name"), given.get("time"), None))
            self._text = []
        # The standard's examples call it object, its schema relationship.
        elif tag in ("relationship", "object") and holder in ("objects", "relationships"):
            element.relations.append((given.get("object-id"), given.get("qualifier")))
        if len(element.attributes) + len(element.relations) > _MOST_PARTS:
            raise RefusedError(
                Refusal.TOO_LARGE, self._where(),
                f"found an event or object with more than {_MOST_PARTS} values.",
            )

    def _refuse_strangers(self, tag: str) -> None:
        if not self._level and tag != "log":
            raise not_ocel(self._where(), "another kind of XML")
        if len(self._level) >= _MAX_DEPTH:
            raise RefusedError(
                Refusal.XML_UNSAFE, self._where(),
                f"found elements nested more than {_MAX_DEPTH} deep.",
            )
        if len(self._level) == 1 and tag == "trace":
            raise not_ocel(self._where(), "an event log in XES")
        if len(self._level) == 1 and tag == "global":
            raise RefusedError(Refusal.NOT_OCEL, self._where(), OLD_OCEL)

    def _characters(self, text: str) -> None:
        if self._text is not None and sum(map(len, self._text)) < _MOST_CHARACTERS:
            self._text.append(text)

    def _end(self, tag: str) -> None:
        depth = len(self._level)
        self._level.pop()
        if depth == 5 and self._text is not None and self._element is not None:
            name, time, _ = self._element.attributes[-1]
            self._element.attributes[-1] = (name, time, "".join(self._text))
            self._text = None
        elif depth == 3:
            if self._element is not None:
                self.found.append(self._element)
            elif self._type is not None:
                self.found.append(self._type)
            self._element = self._type = None
