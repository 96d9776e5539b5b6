"""The rows of one part of an OCEL 2.0 log, judged against the whole log, as batches of raw text.

The formats (JSON, XML, SQLite) tell the same rows; their fields have the names of the standard's
relational form. What the contract names of ``events`` beside these are attributes of the events; of
the two parts that list attributes only those leave the reader that the contract allows by name.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Protocol

from pm_pipeline.ingest.contract.model import Table
from pm_pipeline.ingest.contract.names import normalised
from pm_pipeline.ingest.contract.ocel_parts import OCEL_PARTS
from pm_pipeline.ingest.readers.batches import BATCH_ROWS, RawBatch, raw_table
from pm_pipeline.ingest.readers.headers import (
    listed_headers,
    missing_columns_message,
    refuse_forbidden,
    wanted_fields,
)
from pm_pipeline.ingest.readers.ocel.index import Index, Kind, Raw
from pm_pipeline.ingest.rejects.findings import row_findings
from pm_pipeline.ingest.rejects.reasons import Reason, Refusal, RefusedError

#: Expected and found, by reason.
_TOLD = {
    Reason.DUPLICATE_ID: ("an id that one record has", "an id that more than one has"),
    Reason.UNDECLARED_TYPE: ("a type (of an attribute too) that the log declares", "another one"),
    Reason.UNKNOWN_OBJECT: ("the id of a sound object of the file", "an id that none has"),
    Reason.UNKNOWN_EVENT: ("the id of a sound event of the file", "an id that none has"),
    Reason.DUPLICATE_KEY: ("each name once", "one that stands twice"),
    Reason.BAD_RECORD: ("a record built as OCEL 2.0 says", "another structure"),
    Reason.NUMBER_FORMAT: ("a number, as the attribute is declared", "another text"),
    Reason.BOOLEAN_FORMAT: ("true or false, as the attribute is declared", "another text"),
    Reason.DATE_FORMAT: ("a time, as the attribute is declared", "another text"),
}
#: The most type and attribute names of a log: more are data in the place of a schema.
MOST_NAMES = 10_000


@dataclass(slots=True)
class Row:
    """A row of a part: the number of its record in the file, its fields in the order of
    ``OCEL_PARTS``, the attributes of an event, and the fault by which it cannot be used."""

    number: int
    values: tuple[Raw, ...]
    attributes: dict[str, Raw] = field(default_factory=dict)
    fault: Reason | None = None


class OcelSource(Protocol):
    """A log in one of the three forms. Both raise RefusedError for a file that cannot be read."""

    def index(self) -> Index:
        """Types and ids of the whole log; the file is known to be whole when this returns."""

    def rows(self, part: str) -> Iterator[Row]:
        """The rows of one part in file order."""


def read_part(
    open_source: Callable[[Path, str], OcelSource], path: Path, table: Table, name: str,
    batch_rows: int = BATCH_ROWS,
) -> Iterator[RawBatch]:
    """Yield the rows of the table's part; at least one batch, empty when there is no row.

    ``source_row`` is the number of the event or object that tells of the row (SQLite: of the row in
    its table). Raises RefusedError: what the form's reader does, HEADER_MISMATCH, FORBIDDEN_COLUMN.
    """
    state = path.stat()
    index = _indexed(open_source, path, name, state.st_size, state.st_mtime_ns)
    judge = _Judge(table, index, name)
    rows = judge.wanted(open_source(path, name).rows(judge.part))
    yielded = False
    while batch := list(islice(rows, batch_rows)):
        yield judge.batch(batch)
        yielded = True
    if not yielded:
        yield judge.batch([])


@lru_cache(maxsize=1)
def _indexed(
    open_source: Callable[[Path, str], OcelSource], path: Path, name: str, size: int, changed: int
) -> Index:
    """The index of the file that is being read: its parts are read one after the other."""
    index = open_source(path, name).index()
    for population in (index.events, index.objects):
        if len(population.declared) + len(population.attributes) > MOST_NAMES:
            raise RefusedError(
                Refusal.TOO_LARGE, name,
                f"the log declares more than {MOST_NAMES} types and attributes.",
            )
    return index


class _Judge:
    """Knows for one part which rows are sound, and which of their fields the contract asks for."""

    def __init__(self, table: Table, index: Index, name: str) -> None:
        self.part = str(table.part)
        self._table, self._index = table, index
        kind: Kind = "event" if self.part.startswith("event") else "object"
        self._population = index.of(kind)
        self._names = OCEL_PARTS[self.part]
        fixed = {header: place for place, header in enumerate(self._names)}
        attributes = self._population.attributes
        by_name = {normalised(one): one for one in sorted(attributes)}
        refuse_forbidden(table, by_name, name)
        named = {
            word for column in table.kept_columns if column.header == "ocel_attribute"
            for word in column.allowed
        }
        self._allowed = named if "ocel_attribute" in fixed else None
        listed = listed_headers(table)
        self._unlisted = sum(
            one not in listed and by_name[one] not in named for one in by_name
        ) if self.part in ("events", "event_attributes", "object_attributes") else 0
        self._places: list[int | str | None] = []
        missing = []
        for _, column, headers in wanted_fields(table):
            place: int | str | None = next((fixed[h] for h in headers if h in fixed), None)
            if place is None and self.part == "events":
                place = next(
                    (by_name[normalised(h)] for h in headers if normalised(h) in by_name), None
                )
            self._places.append(place)
            if place is None and column.is_required:
                missing.append(headers[0])
        if missing:
            raise RefusedError(
                Refusal.HEADER_MISMATCH, name,
                missing_columns_message(table, missing, [*fixed, *by_name]),
            )
        self._citizens = {normalised(one) for one in table.citizen_types}

    def wanted(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows the contract names: of attributes only those that are allowed by name."""
        if self._allowed is None:
            return iter(rows)
        place = self._names.index("ocel_attribute")
        allowed = self._allowed
        return (row for row in rows if row.values[place] in allowed)

    def batch(self, rows: list[Row]) -> RawBatch:
        """Some rows, split into sound ones and rejects."""
        sound, starts, bad = [], [], []
        for row, reason in zip(rows, self._faults(rows), strict=True):
            if reason is not None:
                bad.append((row.number, reason, *_TOLD[reason]))
                continue
            starts.append(row.number)
            values = row.values if self.part != "objects" else self._with_citizen(row.values)
            sound.append(tuple(
                None if place is None
                else values[place] if isinstance(place, int) else row.attributes.get(place)
                for place in self._places
            ))
        return RawBatch(raw_table(self._table, sound, starts), row_findings(bad), self._unlisted)

    def _with_citizen(self, values: tuple[Raw, ...]) -> tuple[Raw, ...]:
        """An object whose type is one of citizens has its id as that of a citizen as well."""
        id_, type_ = values[0], values[1]
        is_citizen = type_ is not None and normalised(type_) in self._citizens
        return (id_, type_, id_ if is_citizen else None)

    def _faults(self, rows: list[Row]) -> list[Reason | None]:
        if self.part in ("events", "objects"):
            found = self._population.faults(
                [row.values[0] for row in rows], [row.values[1] for row in rows]
            )
            return [
                row.fault or reason for row, reason in zip(rows, found, strict=True)
            ]
        objects = self._index.objects
        first = self._population.is_sound([row.values[0] for row in rows])
        unknown = Reason.UNKNOWN_EVENT if self.part.startswith("event") else Reason.UNKNOWN_OBJECT
        if self.part in ("event_objects", "object_objects"):
            second = objects.is_sound([row.values[1] for row in rows])
            return [
                unknown if not one else Reason.UNKNOWN_OBJECT if not other else row.fault
                for row, one, other in zip(rows, first, second, strict=True)
            ]
        attribute = self._names.index("ocel_attribute")
        return [
            unknown if not is_sound else row.fault or self._population.attribute_fault(
                row.values[1], row.values[attribute], row.values[-1]
            )
            for row, is_sound in zip(rows, first, strict=True)
        ]
