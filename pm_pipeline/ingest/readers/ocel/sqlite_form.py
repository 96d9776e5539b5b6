"""Stream an object-centric event log in OCEL 2.0 SQLite, plain or gzip, into batches of raw text.

A delivered database is not trusted: it is opened unwritable and only its plain tables with the names
of the standard are read, column by column, with no function, view, trigger, virtual table or
extension in reach. A packed one is unpacked into memory, never into a file.
"""

import io
import sqlite3
from array import array
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np

from pm_pipeline.ingest.contract.model import Table
from pm_pipeline.ingest.readers.batches import BATCH_ROWS, RawBatch
from pm_pipeline.ingest.readers.ocel.elements import OLD_OCEL, not_ocel
from pm_pipeline.ingest.readers.ocel.index import Index, Kind, Raw
from pm_pipeline.ingest.readers.ocel.rows import MOST_NAMES, Row, read_part
from pm_pipeline.ingest.readers.opening import DeliveredBytes
from pm_pipeline.ingest.rejects.reasons import Reason, Refusal, RefusedError

_MAGIC = b"SQLite format 3\x00"
_MOST_UNPACKED = 512 * 1024 * 1024
_MOST_BYTES = 10_000_000  # of one value
_TABLES = {
    "event": ("ocel_id", "ocel_type"),
    "object": ("ocel_id", "ocel_type"),
    "event_object": ("ocel_event_id", "ocel_object_id", "ocel_qualifier"),
    "object_object": ("ocel_source_id", "ocel_target_id", "ocel_qualifier"),
    "event_map_type": ("ocel_type", "ocel_type_map"),
    "object_map_type": ("ocel_type", "ocel_type_map"),
}
_OWN = {"ocel_id", "ocel_time", "ocel_changed_field"}
#: What a column's declared type says of the attribute, by its first letters.
_DECLARED = {"int": "integer", "bool": "boolean", "real": "float", "float": "float", "doub": "float",
             "num": "float", "time": "time", "date": "time"}
_READING = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_PRAGMA}


def read_ocel_sqlite(
    path: Path, table: Table, name: str | None = None, batch_rows: int = BATCH_ROWS
) -> Iterator[RawBatch]:
    """Yield the rows of one part of a log; see ``rows.read_part``.

    Raises RefusedError: EMPTY, NOT_OCEL (version 1.0 as well), MISSING_TABLE, HEADER_MISMATCH,
    TRUNCATED, TOO_LARGE, UNREADABLE, FORBIDDEN_COLUMN.
    """
    return read_part(_SqliteLog, path, table, name or path.name, batch_rows)


class _SqliteLog:
    """One file; every look at it opens it anew."""

    def __init__(self, path: Path, name: str) -> None:
        self._path, self._name = path, name

    def index(self) -> Index:
        index = Index()
        with self._opened() as database:
            for kind in ("event", "object"):
                population = index.of(kind)
                for type_, _, columns in database.types(kind):
                    population.declare(type_, columns)
                for id_, type_ in database.select(kind, _TABLES[kind]):
                    population.add(_text(id_), _text(type_))
        return index.close()

    def rows(self, part: str) -> Iterator[Row]:
        with self._opened() as database:
            if part == "events":
                yield from database.events()
            elif part == "objects":
                for number, row in enumerate(database.select("object", _TABLES["object"]), start=1):
                    yield _row(number, *row, None)
            elif part in ("event_objects", "object_objects"):
                table = part.removesuffix("s")
                for number, row in enumerate(database.select(table, _TABLES[table]), start=1):
                    yield _row(number, *row)
            elif part == "event_attributes":
                yield from database.event_attributes()
            else:
                yield from database.object_attributes()

    @contextmanager
    def _opened(self) -> Iterator["_Database"]:
        connection = _connect(self._path, self._name)
        try:
            yield _Database(connection, self._name)
        except sqlite3.DataError:
            raise RefusedError(
                Refusal.TOO_LARGE, self._name, f"found a value of more than {_MOST_BYTES} bytes."
            ) from None
        except (sqlite3.Error, UnicodeDecodeError):
            # SQLite's own text may quote a value, so it is not told.
            raise RefusedError(
                Refusal.UNREADABLE, self._name,
                "the database is damaged, or holds what is no plain table of text in UTF-8.",
            ) from None
        finally:
            connection.close()


class _Database:
    """The tables of the standard in one open database."""

    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        self._connection, self._name = connection, name
        listed = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchmany(
            10 * MOST_NAMES
        )
        plain = {
            str(table) for kind, table, sql in listed
            if kind == "table" and not str(sql).lstrip().upper().startswith("CREATE VIRTUAL")
        }
        folded = {table.casefold(): table for table in plain}
        if {"events", "objects", "relations"} <= set(folded):
            raise RefusedError(Refusal.NOT_OCEL, name, OLD_OCEL)
        self._plain = folded
        absent = [table for table in _TABLES if table not in folded]
        if len(absent) == len(_TABLES):
            raise not_ocel(name, "a database with none of its tables")
        if absent:
            raise self._missing(absent)
        for table, wanted in _TABLES.items():
            self._check_columns(table, wanted)
        self._types: dict[str, list[tuple[str, str, dict[str, str]]]] = {}

    def _missing(self, tables: list[str]) -> RefusedError:
        return RefusedError(
            Refusal.MISSING_TABLE, self._name,
            f"the database has no plain table {', '.join(repr(one) for one in tables)}. Deliver all "
            "tables of OCEL 2.0.",
        )

    def _check_columns(self, table: str, wanted: tuple[str, ...]) -> None:
        columns = self._columns(table)
        missing = [one for one in wanted if one not in columns]
        if missing:
            raise RefusedError(
                Refusal.HEADER_MISMATCH, self._name,
                f"the table '{table}' has no column {', '.join(repr(one) for one in missing)}.",
            )

    def _columns(self, table: str) -> dict[str, str]:
        """Column names of a plain table with their declared types. Hidden (computed) ones stay out."""
        listed = self._connection.execute(f"PRAGMA table_info({_quoted(table)})").fetchall()
        return {str(row[1]): str(row[2]) for row in listed}

    def select(self, table: str, columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
        """Some columns of all rows of a table, as they lie in it."""
        names = ", ".join(map(_quoted, columns))
        return iter(self._connection.execute(f"SELECT {names} FROM {_quoted(table)}"))

    def types(self, kind: Kind) -> list[tuple[str, str, dict[str, str]]]:
        """Each type: its name, the table of its rows, the declared types of its attributes."""
        if kind not in self._types:
            found = []
            pairs = self._connection.execute(
                f"SELECT ocel_type, ocel_type_map FROM {_quoted(kind + '_map_type')}"
            ).fetchmany(MOST_NAMES)
            for type_, word in pairs:
                table = f"{kind}_{_text(word)}"
                if table.casefold() not in self._plain:
                    raise self._missing([table])
                self._check_columns(table, ("ocel_id", "ocel_time"))
                attributes = {
                    name: _declared(told) for name, told in self._columns(table).items()
                    if name not in _OWN
                }
                found.append((str(_text(type_)), table, attributes))
            self._types[kind] = found
        return self._types[kind]

    def events(self) -> Iterator[Row]:
        """Events in the order of their tables, then those that have no row in the one of their type.

        The number of an event is that of its row in ``event``.
        """
        listed = _Listed(
            (_text(id_), _text(type_)) for id_, type_ in self.select("event", _TABLES["event"])
        )
        for type_, table, attributes in self.types("event"):
            names = tuple(attributes)
            for id_, time, *values in self.select(table, ("ocel_id", "ocel_time", *names)):
                place = listed.take((_text(id_), type_))
                # A row of a type that has no event, or not for the first time.
                fault = Reason.UNKNOWN_EVENT if place is None else None
                row = _row(place or 0, id_, type_, time, fault=fault)
                try:
                    row.attributes.update(zip(names, map(_text, values), strict=True))
                except _BlobError:
                    row.fault = Reason.BAD_RECORD
                yield row
        for number, (id_, type_) in enumerate(self.select("event", _TABLES["event"]), start=1):
            if not listed.is_taken(number):
                yield _row(number, id_, type_, None)

    def event_attributes(self) -> Iterator[Row]:
        """One row per value that is there."""
        for type_, table, attributes in self.types("event"):
            names = tuple(attributes)
            for number, (id_, *values) in enumerate(self.select(table, ("ocel_id", *names)), start=1):
                for name, value in zip(names, values, strict=True):
                    if value is not None:
                        yield _row(number, id_, type_, name, value)

    def object_attributes(self) -> Iterator[Row]:
        """One row per value and time: a row that names a changed field tells of that field alone."""
        for type_, table, attributes in self.types("object"):
            names = tuple(attributes)
            has_changes = "ocel_changed_field" in self._columns(table)
            fixed = ("ocel_id", "ocel_time", *(("ocel_changed_field",) if has_changes else ()))
            for number, row in enumerate(self.select(table, (*fixed, *names)), start=1):
                id_, time = row[0], row[1]
                changed = _text(row[2]) if has_changes else None
                if changed:
                    value = dict(zip(names, row[3:], strict=True)).get(changed)
                    yield _row(number, id_, type_, changed, time, value)
                    continue
                for name, value in zip(names, row[len(fixed):], strict=True):
                    if value is not None:
                        yield _row(number, id_, type_, name, time, value)


class _Listed:
    """The events of the table ``event``, each to be found once by id and type: 17 bytes a row."""

    def __init__(self, keys: Iterable[tuple[Raw, Raw]]) -> None:
        numbers = array("q", map(hash, keys))
        hashes = np.frombuffer(numbers, np.int64) if numbers else np.empty(0, np.int64)
        self._order = np.argsort(hashes, kind="stable")
        self._sorted = hashes[self._order]
        self._taken = np.zeros(len(hashes), bool)

    def take(self, key: tuple[Raw, Raw]) -> int | None:
        """The number of the first row with this key that was not taken yet."""
        wanted = hash(key)
        place = int(np.searchsorted(self._sorted, wanted))
        while place < len(self._sorted) and self._sorted[place] == wanted:
            number = int(self._order[place])
            if not self._taken[number]:
                self._taken[number] = True
                return number + 1
            place += 1
        return None

    def is_taken(self, number: int) -> bool:
        """Whether the row of this number was found."""
        return bool(self._taken[number - 1])


class _BlobError(Exception):
    """A value of bytes, which no attribute of the standard has."""


def _row(number: int, *values: Any, fault: Reason | None = None) -> Row:
    try:
        return Row(number, tuple(map(_text, values)), {}, fault)
    except _BlobError:
        return Row(number, (None,) * len(values), {}, Reason.BAD_RECORD)


def _text(value: Any) -> Raw:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes):
        raise _BlobError
    return str(value)


def _declared(told: str) -> str:
    word = told.casefold()
    return next((kind for start, kind in _DECLARED.items() if word.startswith(start)), "string")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _connect(path: Path, name: str) -> sqlite3.Connection:
    """Open a database so that nothing in it can act. Raises RefusedError for what is none."""
    with DeliveredBytes(path, name) as raw:
        head = raw.head()
        if not head:
            raise RefusedError(Refusal.EMPTY, name, "the file is empty. Deliver it again.")
        if not head.startswith(_MAGIC):
            raise not_ocel(name, "what is no SQLite database")
        is_packed = raw.is_packed
        content = bytearray(io.BufferedReader(raw).read(_MOST_UNPACKED + 1) if is_packed else b"")
    size = len(content) if is_packed else path.stat().st_size
    if size > _MOST_UNPACKED and is_packed:
        raise RefusedError(
            Refusal.TOO_LARGE, name,
            f"the database unpacks to more than {_MOST_UNPACKED >> 20} MB. Deliver it unpacked.",
        )
    _refuse_torn(head, size, name)
    if is_packed:
        connection = sqlite3.connect(":memory:")
        # What a write-ahead log would add was not delivered; without one the file reads as it is.
        content[18:20] = b"\x01\x01"
        connection.deserialize(content)
    else:
        connection = sqlite3.connect(
            f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1", uri=True
        )
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_BYTES)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    for setting in ("trusted_schema = OFF", "query_only = ON", "cell_size_check = ON",
                    "mmap_size = 0", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {setting}")
    connection.set_authorizer(_may_read)
    return connection


def _may_read(
    action: int, first: str | None, _second: str | None, _database: str | None, inside: str | None
) -> int:
    """Only plain reading: no function, no view's or trigger's inside, no writing, no attaching."""
    if action not in _READING or inside is not None:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_PRAGMA and first != "table_info":
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def _refuse_torn(head: bytes, size: int, name: str) -> None:
    """A database says how many pages it has; a copy that ended early, or forgot its log, has fewer."""
    page = int.from_bytes(head[16:18], "big")
    page = 65536 if page == 1 else page
    pages = int.from_bytes(head[28:32], "big")
    is_stated = head[24:28] == head[92:96] and pages > 0
    if len(head) < 100 or (is_stated and size < page * pages):
        raise RefusedError(
            Refusal.TRUNCATED, name,
            "the database is shorter than it says. Deliver the whole file again, written out and "
            "closed by the program that made it.",
        )
