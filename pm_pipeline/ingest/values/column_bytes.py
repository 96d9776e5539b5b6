"""What can be said of a whole column of text by looking at its bytes at once."""

from typing import Any

import numpy as np
import pyarrow as pa

# The stubs of pyarrow know too little of arrays to be of help here.
Text = Any
_BLANK, _LAST_SIGN = 0x20, 0x7E


def text_bytes(texts: Text) -> tuple[np.ndarray, np.ndarray]:
    """The bytes of a string column end to end, and where each text starts (one more at the end).

    A null has no bytes.
    """
    _, offsets, data = texts.buffers()
    if not len(texts) or offsets is None:
        return np.zeros(0, np.uint8), np.zeros(len(texts) + 1, np.int32)
    places = _numbers(offsets, np.int32)[texts.offset: texts.offset + len(texts) + 1]
    signs = _numbers(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    return signs[places[0]: places[-1]], places - places[0]


def is_clean(texts: Text) -> bool:
    """Whether every text is printable ASCII without a blank at an end: as cleaning would leave it."""
    signs, places = text_bytes(texts)
    if not len(signs):
        return True
    if signs.min() < _BLANK or signs.max() > _LAST_SIGN:
        return False
    if not np.any(signs == _BLANK):
        return True
    starts, ends = places[:-1], places[1:]
    filled = starts < ends
    return not (
        np.any(signs[starts[filled]] == _BLANK) or np.any(signs[ends[filled] - 1] == _BLANK)
    )


def from_numpy(values: np.ndarray, kind: pa.DataType, valid: np.ndarray | None = None) -> Any:
    """An Arrow column of integers, dates or timestamps on the values' own memory."""
    validity = None
    if valid is not None and not valid.all():
        validity = pa.py_buffer(np.packbits(valid, bitorder="little").tobytes())
    return pa.Array.from_buffers(kind, len(values), [validity, _as_buffer(values)])


def _as_buffer(values: np.ndarray) -> pa.Buffer:
    memory: Any = np.ascontiguousarray(values)
    return pa.py_buffer(memory)


def _numbers(buffer: Any, kind: type) -> np.ndarray:
    return np.frombuffer(buffer, kind)
