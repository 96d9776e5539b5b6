"""Find the contract's columns in the header of a file, by name and never by position."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pm_pipeline.ingest.contract.model import Column, Table
from pm_pipeline.ingest.contract.names import normalised
from pm_pipeline.ingest.readers.opening import is_utf8
from pm_pipeline.ingest.rejects.reasons import Refusal, RefusedError

TIME_SUFFIX = "__time"
_DELIMITERS = {";": "semicolon", ",": "comma", "\t": "tab", "|": "bar"}


@dataclass(frozen=True)
class Layout:
    """Where each wanted field stands in a record: ``positions[field]`` or None when absent.

    A field is a column's name, or the name with ``__time`` for the header that holds its time.
    """

    positions: dict[str, int | None]
    width: int
    unlisted_columns: int

    @property
    def absent_columns(self) -> tuple[str, ...]:
        """The wanted fields that the file has no column for."""
        return tuple(name for name, position in self.positions.items() if position is None)


def wanted_fields(table: Table) -> list[tuple[str, Column, tuple[str, ...]]]:
    """Each raw field the reader keeps: its name, its column and the headers it may have."""
    fields = []
    for column in table.kept_columns:
        fields.append((column.name, column, column.headers))
        if column.time_header:
            fields.append((column.name + TIME_SUFFIX, column, (column.time_header,)))
    return fields


def lay_out(table: Table, header: Sequence[str], where: str) -> Layout:
    """Match a file's header with the contract.

    Raises RefusedError: DUPLICATE_COLUMN, or HEADER_MISMATCH naming what is missing and, where
    one is close enough, the header that may be meant.
    """
    names = [normalised(name) for name in header]
    listed = listed_headers(table)
    # A column that nobody reads may stand twice: no value can be taken from the wrong one.
    for position, name in enumerate(names, start=1):
        if name in listed and names.count(name) > 1:
            raise RefusedError(
                Refusal.DUPLICATE_COLUMN, f"{where}, column {position}",
                "the same column name stands more than once. Deliver each column once.",
            )
    refuse_forbidden(table, names, where)
    positions: dict[str, int | None] = {}
    missing: list[str] = []
    for field, column, headers in wanted_fields(table):
        found = [names.index(normalised(h)) for h in headers if normalised(h) in names]
        if len(found) > 1:
            raise RefusedError(
                Refusal.DUPLICATE_COLUMN, where,
                f"the file has both '{headers[0]}' and another name of the same column.",
            )
        positions[field] = found[0] if found else None
        if not found and column.is_required:
            missing.append(headers[0])
    if missing:
        raise RefusedError(
            Refusal.HEADER_MISMATCH, where, missing_columns_message(table, missing, names)
        )
    return Layout(positions, len(names), sum(1 for name in names if name not in listed))


def refuse_forbidden(table: Table, names: Iterable[str], where: str) -> None:
    """Raise RefusedError FORBIDDEN_COLUMN when a file has a column that it may not have at all."""
    forbidden = {normalised(header) for c in table.forbidden_columns for header in c.headers}
    found = sorted(forbidden & set(names))
    if found:
        raise RefusedError(
            Refusal.FORBIDDEN_COLUMN, where,
            f"the file has the column(s) {', '.join(repr(name) for name in found)}, which may not be "
            "delivered. Deliver the file without them.",
        )


def listed_headers(table: Table) -> set[str]:
    """Every header the contract knows, dropped columns included, in normalised form."""
    listed = {normalised(header) for column in table.columns for header in column.headers}
    return listed | {normalised(c.time_header) for c in table.columns if c.time_header}


def missing_columns_message(table: Table, missing: list[str], names: Iterable[str]) -> str:
    """What is missing and which header may be meant; never a name that could be a value."""
    # A file without a header line has data in its first line: only words close to a header of
    # the contract, and without digits, are repeated in the message.
    words = [name for name in names if name and not any(sign.isdigit() for sign in name)]
    listed = listed_headers(table)
    free = [name for name in words if name not in listed]
    hints = []
    for header in missing:
        close = difflib.get_close_matches(normalised(header), free, n=1, cutoff=0.75)
        if close:
            hints.append(f"'{close[0]}' may be '{header}'")
    text = f"expected the column(s) {', '.join(repr(h) for h in missing)}, not found."
    if hints:
        text += f" Renamed? {'; '.join(hints)}."
    if not any(name in listed for name in words):
        text += " No column of the contract was found: is the header line missing?"
    return text + " Deliver the file as agreed, or add the new name under 'aliases'."


def other_delimiter(table: Table, first_line: str) -> str | None:
    """A sentence naming the delimiter with which the header would fit better, if there is one."""
    listed = listed_headers(table)

    def fitting(delimiter: str) -> int:
        return sum(normalised(p.strip('"')) in listed for p in first_line.split(delimiter))

    best = max(_DELIMITERS, key=fitting)
    if best == table.delimiter or fitting(best) <= fitting(table.delimiter):
        return None
    return (
        f"expected the delimiter '{table.delimiter}', but the header fits {_DELIMITERS[best]} "
        f"({best!r}). Deliver it with '{table.delimiter}', or change 'delimiter' in the contract."
    )


def other_encoding(table: Table, first_line: str) -> str | None:
    """A sentence naming UTF-8 when the header is UTF-8 that was read as a one-byte encoding."""
    if is_utf8(table.encoding):
        return None
    try:
        repaired = first_line.encode(table.encoding).decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return None
    listed = listed_headers(table)
    parts = [normalised(part.strip('"')) for part in repaired.split(table.delimiter)]
    if repaired == first_line or not any(part in listed for part in parts):
        return None
    return (
        f"expected {table.encoding}, but the header is UTF-8. Deliver it in {table.encoding}, or "
        "write 'encoding: utf-8-sig' in the contract."
    )
