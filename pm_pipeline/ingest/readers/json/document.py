"""Stream the records of one JSON document into batches of raw text.

Only the way to the records is parsed step by step; each record is decoded as a whole in C.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from pm_pipeline.ingest.contract.model import Table
from pm_pipeline.ingest.contract.names import normalised
from pm_pipeline.ingest.readers.batches import BATCH_ROWS, RawBatch
from pm_pipeline.ingest.readers.json.pages import MAX_DEPTH, Pages
from pm_pipeline.ingest.readers.json.pages import Path as Steps
from pm_pipeline.ingest.readers.json.records import JsonRecords
from pm_pipeline.ingest.readers.json.values import json_decoder
from pm_pipeline.ingest.readers.opening import find_encoding_fault, open_text
from pm_pipeline.ingest.rejects.reasons import Refusal, RefusedError

MAX_RECORD = 4_000_000  # characters of one record
_CHUNK = 256 * 1024
_BLANKS = " \t\r\n"
# Of a word, and of what stands behind the first digits of a number.
_BEGINNINGS = {
    *(word[:n] for word in ("true", "false", "null") for n in range(1, 5)),
    "-", ".", *(sign + more for sign in "eE" for more in ("", "+", "-")),
}


def read_json(
    path: Path, table: Table, name: str | None = None, batch_rows: int = BATCH_ROWS
) -> Iterator[RawBatch]:
    """Yield the records at the table's ``part`` (``data``, ``result.items``), or the document's own.

    The document may be one page or an array of pages. ``source_row`` is the ordinal of the record in
    the file. Raises RefusedError: EMPTY, WRONG_TYPE, NOT_JSON, ENCODING, NUL_BYTE, HEADER_MISMATCH,
    FORBIDDEN_COLUMN, TRUNCATED, TOO_LARGE, COUNT_MISMATCH, UNREADABLE.
    """
    name = name or path.name
    raw, text = open_text(path, name, table.encoding, "JSON", Refusal.NOT_JSON)
    records, pages = JsonRecords(table, name, batch_rows), Pages(table, name)
    try:
        document = _Document(text, name, pages)
        for record, size in document.records():
            records.add(records.rows.n_records + 1, record, size)
            if records.rows.is_full:
                yield records.rows.take(records.unlisted_columns)
        document.finish()
    except UnicodeError:
        raise find_encoding_fault(path, name, table.encoding) from None
    finally:
        text.close()
        raw.close()
    pages.check(records.rows.n_records)
    records.refuse_missing()
    if records.rows.is_due:
        yield records.rows.take(records.unlisted_columns)


class _Document:
    """The text of a document, of which a piece is held that grows only for a record."""

    def __init__(self, text: TextIO, name: str, pages: Pages) -> None:
        self._source, self._name, self._pages = text, name, pages
        self._decode = json_decoder().raw_decode
        self._text, self._at, self._line = "", 0, 1
        self._is_whole = False

    def records(self) -> Iterator[tuple[Any, int]]:
        """The records with their size in characters, one after the other."""
        yield from self._value((), 0)

    def finish(self) -> None:
        """Raise RefusedError when something stands behind the document."""
        if self._peek():
            raise self._broken("more than one document. Is it JSON Lines (format: jsonl)?")

    def _value(self, path: Steps, depth: int) -> Iterator[tuple[Any, int]]:
        if depth > MAX_DEPTH:
            raise self._broken(f"objects nested more than {MAX_DEPTH} deep.")
        sign = self._peek()
        if path == self._pages.part:
            self._pages.is_found = True
            if sign == "[":
                for _ in self._items("]"):
                    yield self._whole()
            else:
                record, size = self._whole()
                if record is not None:
                    yield record, size
        elif sign == "[":
            for _ in self._items("]"):
                yield from self._value(path, depth + 1)
        elif sign == "{":
            keys: set[str] = set()
            for _ in self._items("}"):
                if self._peek() != '"':
                    raise self._unexpected()
                key, _size = self._whole()
                if key in keys:
                    raise self._pages.twice()
                keys.add(key)
                self._skip(":")
                yield from self._value((*path, normalised(key)), depth + 1)
        else:
            self._pages.take_scalar(path, self._whole()[0])

    def _items(self, end: str) -> Iterator[None]:
        """One step per item of the array or object that begins here; the item is the caller's."""
        self._at += 1
        if self._peek() == end:
            self._at += 1
            return
        while True:
            yield
            sign = self._peek()
            if sign != "," and sign != end:
                raise self._unexpected()
            self._at += 1
            if sign == end:
                return

    def _whole(self) -> tuple[Any, int]:
        """The value that begins here, decoded as a whole, and its size."""
        self._peek()
        while True:
            fault = len(self._text)
            try:
                value, end = self._decode(self._text, self._at)
                # A number may go on in the part that is not read yet.
                if end < len(self._text) or self._is_whole:
                    size, self._at = end - self._at, end
                    return value, size
            except RecursionError:
                raise self._broken("a record nested too deep.") from None
            except ValueError as error:
                # JSONDecodeError tells where; what it says beside may quote the document.
                fault = getattr(error, "pos", self._at)
            if self._is_whole:
                raise self._unexpected(fault)
            if len(self._text) - self._at > MAX_RECORD:
                raise RefusedError(
                    Refusal.TOO_LARGE, self._where(),
                    f"a record has more than {MAX_RECORD} characters, or is no valid JSON. Where the "
                    "records stand deeper in the document, say so in the contract (part).",
                )
            self._read(max(_CHUNK, len(self._text) - self._at))

    def _peek(self) -> str:
        """The next sign that is no blank, still to be read; empty at the end."""
        while True:
            text, at = self._text, self._at
            while at < len(text) and text[at] in _BLANKS:
                at += 1
            self._at = at
            if at < len(text):
                return text[at]
            if self._is_whole:
                return ""
            self._read(_CHUNK)

    def _skip(self, sign: str) -> None:
        if self._peek() != sign:
            raise self._unexpected()
        self._at += 1

    def _read(self, size: int) -> None:
        piece = self._source.read(size)
        self._line += self._text.count("\n", 0, self._at)
        self._text, self._at = self._text[self._at:] + piece, 0
        self._is_whole = not piece
        if "\0" in piece:
            line = self._line + self._text[: self._text.index("\0")].count("\n")
            raise RefusedError(
                Refusal.NUL_BYTE, f"{self._name}, line {line}",
                "found a NUL character. The file is damaged; deliver it again.",
            )

    def _where(self, at: int | None = None) -> str:
        passed = self._text.count("\n", 0, self._at if at is None else at)
        return f"{self._name}, line {self._line + passed}"

    def _unexpected(self, at: int | None = None) -> RefusedError:
        """The refusal at a sign that should not stand there: torn off at the end, or no JSON."""
        place = self._at if at is None else at
        if self._is_whole and _is_torn(self._text[place:]):
            return RefusedError(
                Refusal.TRUNCATED, self._where(len(self._text)),
                "the document ends too early. Deliver the whole file again.",
            )
        return self._broken("what is no valid JSON.", place)

    def _broken(self, found: str, at: int | None = None) -> RefusedError:
        return RefusedError(Refusal.NOT_JSON, self._where(at), f"expected JSON, found {found}")


def _is_torn(rest: str) -> bool:
    """Whether what cannot be decoded is the beginning of something that could be."""
    if not rest.strip(_BLANKS) or rest.startswith("\\"):
        return True
    if rest.startswith('"'):
        # A text that is not closed is told by the place where it begins.
        return '"' not in rest[1:].replace("\\\\", "").replace('\\"', "")
    return rest in _BEGINNINGS
