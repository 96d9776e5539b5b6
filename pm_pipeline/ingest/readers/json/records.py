"""Find the contract's fields in JSON objects: a header with dots is a path into inner objects."""

from typing import Any

from pm_pipeline.ingest.contract.model import Table
from pm_pipeline.ingest.contract.names import normalised
from pm_pipeline.ingest.readers.gathering import Gathering
from pm_pipeline.ingest.readers.headers import (
    listed_headers,
    missing_columns_message,
    refuse_forbidden,
    wanted_fields,
)
from pm_pipeline.ingest.readers.json.values import NotTextError, TwiceKeyed, scalar_text
from pm_pipeline.ingest.rejects.reasons import Reason, Refusal, RefusedError

_MOST_KEYS = 10_000
_MAX_DEPTH = 100


class _RejectError(Exception):
    """Why a record is rejected: reason, expected, found."""

    def __init__(self, reason: Reason, expected: str, found: str) -> None:
        super().__init__(reason.value)
        self.fault = (reason, expected, found)


class JsonRecords:
    """Takes records (decoded objects) and gathers their wanted fields."""

    def __init__(self, table: Table, name: str, batch_rows: int) -> None:
        self._table, self._name = table, name
        self._fields = wanted_fields(table)
        self._places = {
            normalised(header): place
            for place, (_, _, headers) in enumerate(self._fields) for header in headers
        }
        self._listed = listed_headers(table)
        self._forbidden = {normalised(h) for c in table.forbidden_columns for h in c.headers}
        self._known: dict[str, int | None] = {}
        self._unlisted: set[str] = set()
        self._seen: set[int] = set()
        self.rows = Gathering(table, batch_rows)

    @property
    def unlisted_columns(self) -> int:
        """Fields that the contract does not name."""
        return len(self._unlisted)

    def add(self, source_row: int, record: Any, weight: int) -> None:
        """One record; ``weight``: its size in characters. What is no record becomes a reject.

        Raises RefusedError FORBIDDEN_COLUMN.
        """
        values: list[str | None] = [None] * len(self._fields)
        filled: set[int] = set()
        try:
            if not isinstance(record, dict):
                raise _RejectError(Reason.BAD_RECORD, "an object", "another kind of value")
            self._walk(record, "", values, filled, 0, in_array=False)
        except _RejectError as reject:
            self.rows.reject(source_row, *reject.fault)
        else:
            self.rows.add(source_row, tuple(values), weight)

    def refuse_missing(self) -> None:
        """At the end of a file: raise RefusedError HEADER_MISMATCH for a field no record has."""
        missing = [
            headers[0] for place, (_, column, headers) in enumerate(self._fields)
            if column.is_required and place not in self._seen
        ]
        if missing and self.rows.n_records:
            raise RefusedError(
                Refusal.HEADER_MISMATCH, self._name,
                missing_columns_message(self._table, missing, self._known),
            )

    def _walk(
        self, record: dict[str, Any], prefix: str, values: list[str | None], filled: set[int],
        depth: int, *, in_array: bool,
    ) -> None:
        if isinstance(record, TwiceKeyed):
            raise _RejectError(Reason.DUPLICATE_KEY, "each key once", "the same key twice")
        if depth > _MAX_DEPTH:
            raise _RejectError(
                Reason.BAD_RECORD, f"at most {_MAX_DEPTH} levels", "objects nested deeper"
            )
        known = self._known
        for key, value in record.items():
            path = prefix + key
            place = known[path] if path in known else self._place(path, isinstance(value, dict))
            if place is not None:
                self._fill(place, value, values, filled, in_array)
            elif isinstance(value, dict):
                self._walk(value, path + ".", values, filled, depth + 1, in_array=in_array)
            elif isinstance(value, list):
                for item in value:
                    if isinstance(item, dict):
                        self._walk(item, path + ".", values, filled, depth + 1, in_array=True)

    def _fill(
        self, place: int, value: Any, values: list[str | None], filled: set[int], in_array: bool
    ) -> None:
        if in_array:
            raise _RejectError(Reason.NESTED_VALUE, "one value", "a value in each of an array")
        if place in filled:
            raise _RejectError(Reason.DUPLICATE_KEY, "each field once", "two names of one field")
        filled.add(place)
        try:
            values[place] = scalar_text(value, self._table.decimal)
        except NotTextError as fault:
            raise _RejectError(fault.reason, "one value", fault.found) from None

    def _place(self, path: str, is_object: bool) -> int | None:
        name = normalised(path)
        if name in self._forbidden:
            refuse_forbidden(self._table, [name], self._name)
        place = self._places.get(name)
        if len(self._known) < _MOST_KEYS or name in self._listed:
            self._known[path] = place
            if name not in self._listed and not is_object:
                self._unlisted.add(path)
        if place is not None:
            self._seen.add(place)
        return place
