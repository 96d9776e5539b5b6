"""Columns that have types of their own (Arrow) as the text that the typing step reads."""

import uuid
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pm_pipeline.ingest.readers.native_text import float_text, shortest_text

# The stubs of pyarrow know too little of computed arrays to be of help here.
Array = Any


def is_readable(kind: pa.DataType) -> bool:
    """Whether a column of this type holds one value a row that can be told as text."""
    if isinstance(kind, pa.DictionaryType):
        return is_readable(kind.value_type)
    if isinstance(kind, pa.BaseExtensionType):
        return isinstance(kind, pa.UuidType) or is_readable(kind.storage_type)
    return not pa.types.is_nested(kind) and not pa.types.is_fixed_size_binary(kind) and not (
        pa.types.is_duration(kind) or pa.types.is_interval(kind)
    )


def as_text(values: Array, sign: str) -> Array:
    """Values of a readable type as text; ``sign``: the table's decimal sign.

    Numbers have no exponent and no zeros behind the last digit that counts; dates and times are
    ISO 8601, with the offset of their zone where the type has one. Raises ArrowInvalid for bytes that
    are no UTF-8.
    """
    kind = values.type
    if isinstance(kind, pa.DictionaryType):
        return as_text(values.dictionary, sign).take(values.indices)
    if isinstance(kind, pa.UuidType):
        return _each(values.storage, lambda value: str(uuid.UUID(bytes=value)))
    if isinstance(kind, pa.BaseExtensionType):
        return as_text(values.storage, sign)
    if pa.types.is_decimal(kind):
        return _each(values, lambda value: shortest_text(value, sign))
    texts: Any = values.cast(pa.string())
    if pa.types.is_floating(kind):
        odd: Any = pc.match_substring(texts, "e")  # an exponent; true of "nan" and "inf" it is not
        if pc.any(odd).as_py():
            texts = _each(values, lambda value: float_text(value, sign))
        return pc.replace_substring(texts, ".", sign)
    if pa.types.is_time(kind):
        return pc.replace_substring_regex(texts, r"\.0+$", "")
    return texts


def _each(values: Array, text: Callable[[Any], str]) -> Array:
    return pa.array(
        [None if value is None else text(value) for value in values.to_pylist()], pa.string()
    )
