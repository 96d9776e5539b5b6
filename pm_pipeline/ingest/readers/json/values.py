"""JSON as the standard library decodes it, without what it would change in silence.

Numbers stay the text they were written as, an object that has a key twice is known for it, and NaN
is no JSON. The standard library decodes in C, as quickly as ijson, which hides a key that comes twice
and puts a question mark where half a character stands.
"""

import json
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from pm_pipeline.ingest.readers.native_text import decimal_text
from pm_pipeline.ingest.rejects.reasons import Reason


class Number(str):
    """A number, as it was written."""

    __slots__ = ()


class TwiceKeyed(dict[str, Any]):
    """An object in which a key stands twice; it has the last value only."""


class NotTextError(Exception):
    """A value that is no single text: the reason of the reject, and what was found (no value)."""

    def __init__(self, reason: Reason, found: str) -> None:
        super().__init__(found)
        self.reason, self.found = reason, found


def json_decoder() -> json.JSONDecoder:
    """A decoder whose ``raw_decode`` raises ValueError or RecursionError for what is no JSON."""
    return json.JSONDecoder(
        object_pairs_hook=_object, parse_int=Number, parse_float=Number, parse_constant=_refuse
    )


def scalar_text(value: Any, sign: str) -> str | None:
    """A value of a field as text; numbers without exponent and with the table's decimal sign.

    An array of scalars is told as JSON, an empty one is null. Raises NotTextError for an object, an
    array that holds one, and a text that is no text (half a surrogate pair, a NUL).
    """
    if isinstance(value, str):
        if isinstance(value, Number):
            return _number_text(value, sign)
        if not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                raise NotTextError(Reason.BAD_RECORD, "half a character") from None
        if "\0" in value:
            raise NotTextError(Reason.BAD_RECORD, "a NUL character")
        return value
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        if any(isinstance(item, dict | list) for item in value):
            raise NotTextError(Reason.NESTED_VALUE, "an array of objects or arrays")
        texts = [scalar_text(item, sign) for item in value]
        return json.dumps(texts, ensure_ascii=False) if texts else None
    raise NotTextError(Reason.NESTED_VALUE, "an object")


def _number_text(number: Number, sign: str) -> str:
    if "e" not in number and "E" not in number:
        return number.replace(".", sign)
    try:
        return decimal_text(Decimal(number), sign)
    except InvalidOperation:  # an exponent beyond every number
        return str(number)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    known = dict(pairs)
    return known if len(known) == len(pairs) else TwiceKeyed(known)


def _refuse(_: str) -> NoReturn:
    raise ValueError  # NaN, Infinity
