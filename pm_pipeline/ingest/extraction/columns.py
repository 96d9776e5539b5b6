"""The values of a database's column as one Arrow type, or as text where they have no one type."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pyarrow as pa

from pm_pipeline.ingest.readers.native_text import float_text, shortest_text

TEXT = pa.string()
_DECIMAL = pa.decimal128(38, 10)
_KINDS: dict[type, pa.DataType] = {
    bool: pa.bool_(), int: pa.int64(), float: pa.float64(), Decimal: _DECIMAL, date: pa.date32(),
    time: pa.time64("us"), str: TEXT, uuid.UUID: TEXT,
}


class UnreadableError(Exception):
    """A value that is neither text, number, date nor time. Holds only the name of its type."""


def type_of(values: Sequence[Any]) -> pa.DataType:
    """The type that holds all of these values exactly; text where there is none, or no value."""
    kinds = {_kind(value) for value in values if value is not None}
    if len(kinds) != 1:
        return TEXT
    [kind] = kinds
    try:
        pa.array(values, kind)
    except (pa.ArrowException, OverflowError):
        return TEXT
    return kind


def arrow(values: Sequence[Any], kind: pa.DataType, sign: str) -> Any:
    """The values as that type, None when one does not fit; ``sign``: the table's decimal sign."""
    if kind == TEXT:
        return pa.array([_text(value, sign) for value in values], TEXT)
    if any(value is not None and _kind(value) != kind for value in values):
        return None
    try:
        return pa.array(values, kind)
    except (pa.ArrowException, OverflowError):
        return None


def _kind(value: Any) -> pa.DataType:
    if isinstance(value, datetime):
        return pa.timestamp("us", "UTC" if value.tzinfo else None)
    if isinstance(value, time) and value.tzinfo:
        return TEXT  # Arrow would leave the offset out
    kind = _KINDS.get(type(value))
    if kind is None:
        raise UnreadableError(type(value).__name__)
    return kind


def _text(value: Any, sign: str) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return shortest_text(value, sign)
    if isinstance(value, float):
        return float_text(value, sign)
    if isinstance(value, int | uuid.UUID):
        return str(value)
    raise UnreadableError(type(value).__name__)
