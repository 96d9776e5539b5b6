"""Read many traces of an event log at once, where they are written the way tools write them.

Nearly every log is a long row of ``<trace>``, ``<event>`` and ``<string key="…" value="…"/>`` with
white space between. Such a piece is read with a few passes over its bytes, several times faster than
element by element. Whatever is written in another way, even if it is sound XML, is left to the exact
reader: nothing is guessed here, every byte outside the values is compared.
"""

import re
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pm_pipeline.ingest.readers.xes.keys import OF_TRACE, AttributePlaces

Text = Any  # an Arrow array; the stubs know too little of computed ones to be of help here
Places = npt.NDArray[np.int32]
Marks = npt.NDArray[np.bool_]
Words = npt.NDArray[np.uint64]
END_OF_TRACE = b"</trace>"
_TYPES = (b"string", b"date", b"int", b"float", b"boolean", b"id")
_REFERENCE = re.compile(rb"&(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});")
_NO_CHARACTERS = re.compile(b"\xef\xbf[\xbe\xbf]")
_SPECIAL = "[&\t\n\r]"


class _NotPlainError(Exception):
    """The piece has something that only the exact reader understands, or that is wrong."""


@dataclass(frozen=True)
class PlainTraces:
    """The events of a piece, in order: one text array per wanted field, null where absent.

    ``lines``: of each event element, 0 for the piece's first line; ``n_lines``: line ends in the piece.
    """

    columns: list[Text]
    lines: npt.NDArray[np.int64]
    n_lines: int


@dataclass(frozen=True)
class _Tags:
    """Where the tags of a piece begin, and what each is; ``attributes`` is an index of the tags."""

    starts: Places
    opens_trace: Marks
    opens_event: Marks
    ends_trace: Marks
    ends_event: Marks
    attributes: npt.NDArray[np.intp]


def scan_traces(piece: bytes, places: AttributePlaces) -> PlainTraces | None:
    """Read whole traces in UTF-8, the last byte being that of ``</trace>``; None: not plain.

    A trace without an event, two values under one key, a nested attribute, a list, a comment or
    anything misspelt make a piece not plain. Memory: about twice the piece.
    """
    try:
        characters = np.frombuffer(piece, np.uint8)
        line_ends = _check_characters(piece, characters)
        quotes = np.flatnonzero(characters == ord('"')).astype(np.int32)
        words: Words = np.ndarray((len(piece) - 7,), dtype="<u8", buffer=piece, strides=(1,))
        tags = _tags(characters, words)
        if len(quotes) != 4 * len(tags.attributes) or not len(quotes):
            raise _NotPlainError
        ends = _check_attributes(words, tags, quotes)
        _check_between(piece, characters, tags, ends)
        in_event = _check_nesting(tags)
        columns = _columns(piece, tags, quotes, in_event, places)
    except _NotPlainError:
        return None
    lines = np.searchsorted(line_ends, tags.starts[tags.opens_event])
    return PlainTraces(columns, lines, len(line_ends))


def _word(text: bytes) -> np.uint64:
    return np.uint64(int.from_bytes(text.ljust(8, b"\0"), "little"))


def _is(words: Words, text: bytes) -> Marks:
    """Which of the eight-byte words begin with the text (at most eight bytes)."""
    if len(text) < 8:
        words = words & np.uint64((1 << (8 * len(text))) - 1)
    found: Marks = words == _word(text)
    return found


def _check_characters(
    piece: bytes, characters: npt.NDArray[np.uint8]
) -> npt.NDArray[np.intp]:
    """Refuse what XML allows nowhere, or reads in another way than byte by byte; gives line ends."""
    low_places = np.flatnonzero(characters < ord(" "))
    low = characters[low_places]
    line_ends: npt.NDArray[np.intp] = low_places[low == ord("\n")]
    n_returns = np.count_nonzero(low == ord("\r"))
    if len(line_ends) + n_returns + np.count_nonzero(low == ord("\t")) != len(low):
        raise _NotPlainError
    if n_returns and n_returns != piece.count(b"\r\n"):
        raise _NotPlainError  # a lone carriage return is a line of its own
    if not piece.isascii():
        try:
            piece.decode("utf-8")
        except UnicodeDecodeError:
            raise _NotPlainError from None
        if _NO_CHARACTERS.search(piece):
            raise _NotPlainError
    n_references = np.count_nonzero(characters == ord("&"))
    if n_references:
        found = _REFERENCE.findall(piece)
        if len(found) != n_references:
            raise _NotPlainError
        _as_xml_reads_it(b"".join(set(found)).decode())
    return line_ends


def _tags(characters: npt.NDArray[np.uint8], words: Words) -> _Tags:
    """Every ``<`` begins a tag: XML allows it nowhere else outside comments and CDATA."""
    starts = np.flatnonzero(characters == ord("<")).astype(np.int32)
    heads = words[starts]
    opens_trace, opens_event = _is(heads, b"<trace>"), _is(heads, b"<event>")
    ends_trace, ends_event = _is(heads, END_OF_TRACE), _is(heads, b"</event>")
    others = np.flatnonzero(~(opens_trace | opens_event | ends_trace | ends_event))
    return _Tags(starts, opens_trace, opens_event, ends_trace, ends_event, others)


def _check_attributes(words: Words, tags: _Tags, quotes: Places) -> Places:
    """Each is ``<type key="…" value="…"/>`` to the byte; gives the end of every tag."""
    first, second, third, fourth = (quotes[number::4] for number in range(4))
    starts = tags.starts[tags.attributes]
    heads, lengths = words[starts], first - starts
    is_sound = np.zeros(len(starts), np.bool_)
    for name in _TYPES:
        text = b"<" + name + b" key="
        is_sound |= _is(heads, text[:8]) & (lengths == len(text))
    is_sound &= _is(words[first - 5], b' key="')
    is_sound &= _is(words[second + 1], b' value="') & (third == second + 8)
    tails = words[fourth + 1]
    is_spaced = _is(tails, b" />")
    is_sound &= is_spaced | _is(tails, b"/>")
    if not is_sound.all():
        raise _NotPlainError
    ends = tags.starts + np.where(tags.ends_trace | tags.ends_event, 8, 7).astype(np.int32)
    ends[tags.attributes] = fourth + 3 + is_spaced
    return ends


def _check_between(
    piece: bytes, characters: npt.NDArray[np.uint8], tags: _Tags, ends: Places
) -> None:
    """White space and nothing else stands before, between and behind the tags."""
    following = tags.starts[1:]
    ends = ends[:-1]
    if piece[: tags.starts[0]].strip(b" \t\r\n") or (ends > following).any():
        raise _NotPlainError
    has_gap = ends < following
    gaps = np.empty(2 * np.count_nonzero(has_gap), np.intp)
    gaps[::2], gaps[1::2] = ends[has_gap], following[has_gap]
    if len(gaps) and np.add.reduceat(characters > ord(" "), gaps, dtype=np.int32)[::2].any():
        raise _NotPlainError


def _check_nesting(tags: _Tags) -> Marks:
    """Traces hold events, events hold attributes; which attributes are those of an event."""
    steps = tags.opens_trace.astype(np.int8) + tags.opens_event - tags.ends_trace - tags.ends_event
    levels = np.cumsum(steps, dtype=np.int32)
    of_attributes = levels[tags.attributes]
    is_sound = (
        (levels[tags.opens_trace] == 1).all() and (levels[tags.opens_event] == 2).all()
        and (levels[tags.ends_event] == 1).all() and (levels[tags.ends_trace] == 0).all()
        and (of_attributes >= 1).all() and levels[-1] == 0
    )
    structure = steps != 0
    opens, ends = tags.opens_trace[structure], tags.ends_trace[structure]
    if not is_sound or (opens[:-1] & ends[1:]).any():
        raise _NotPlainError
    in_event: Marks = of_attributes == 2
    return in_event


def _columns(
    piece: bytes, tags: _Tags, quotes: Places, in_event: Marks, places: AttributePlaces
) -> list[Text]:
    """One text array per wanted field: the event's own value, else that of its trace."""
    first, second, third, fourth = (quotes[number::4] for number in range(4))
    n_attributes = len(first)
    every = np.arange(n_attributes, dtype=np.int32)
    keys = _texts(piece, first, second, every, every >= 0).dictionary_encode()
    codes = keys.indices.to_numpy()
    event_numbers = np.cumsum(tags.opens_event, dtype=np.int32) - 1
    trace_numbers = np.cumsum(tags.opens_trace, dtype=np.int32) - 1
    trace_of_event = trace_numbers[tags.opens_event]
    of_event = np.full((len(places.fields), len(trace_of_event)), -1, np.int32)
    of_trace = np.full((len(places.fields), int(trace_numbers[-1]) + 1), -1, np.int32)
    for owned, prefix, slots, numbers in (
        (in_event, "", of_event, event_numbers), (~in_event, OF_TRACE, of_trace, trace_numbers)
    ):
        owners = numbers[tags.attributes]
        present = np.bincount(codes[owned], minlength=len(keys.dictionary))
        for code in np.flatnonzero(present):
            place = places.place(prefix + _as_xml_reads_it(keys.dictionary[int(code)].as_py()))
            if place is None:
                continue
            mine = np.flatnonzero((codes == code) & owned)
            n_taken = np.count_nonzero(slots[place] >= 0)
            slots[place, owners[mine]] = mine
            if np.count_nonzero(slots[place] >= 0) != n_taken + len(mine):
                raise _NotPlainError  # twice in one event: the exact reader judges
    columns = []
    for own, lent in zip(of_event, of_trace, strict=True):
        chosen = np.where(own >= 0, own, lent[trace_of_event])
        columns.append(_plain_text(_texts(piece, third, fourth, chosen, chosen >= 0)))
    return columns


def _texts(piece: bytes, opening: Places, closing: Places, chosen: Places, is_there: Marks) -> Text:
    """The text between the quotes of the chosen attributes, null where it is not there."""
    # Text and what lies between in turns: an Arrow array over the piece itself, copied only in part.
    offsets = np.empty(2 * len(opening), np.int32)
    offsets[::2], offsets[1::2] = opening + 1, closing
    turns: Text = pa.StringArray.from_buffers(
        len(offsets) - 1, pa.py_buffer(offsets.data), pa.py_buffer(piece)
    )
    return turns.take(pa.array(2 * chosen, pa.int32(), mask=~is_there))


def _plain_text(texts: Any) -> Text:
    """References resolved and line breaks made spaces, as XML says of attribute values."""
    characters = np.frombuffer(texts.buffers()[2] or b"", np.uint8)
    if not ((characters == ord("&")) | (characters < ord(" "))).any():
        return texts
    encoded = texts.dictionary_encode()
    words = [
        _as_xml_reads_it(word) if special else word
        for word, special in zip(
            encoded.dictionary.to_pylist(),
            pc.match_substring_regex(encoded.dictionary, _SPECIAL).to_pylist(), strict=True,
        )
    ]
    return pa.array(words, pa.string()).take(encoded.indices)


def _as_xml_reads_it(text: str) -> str:
    """An attribute's text the way the exact reader would give it."""
    if not any(sign in text for sign in "&\t\n\r"):
        return text
    found: list[str] = []

    def keep(_: str, attributes: list[str]) -> None:
        found.append(attributes[1])

    parser = expat.ParserCreate("utf-8")
    parser.ordered_attributes = True
    parser.StartElementHandler = keep
    try:
        parser.Parse(f'<a v="{text}"/>'.encode(), True)
    except expat.ExpatError:
        raise _NotPlainError from None
    return found[0]
