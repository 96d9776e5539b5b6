"""Where the records of a CSV stream end, found with vectorised scans in constant memory.

The scan knows no parser: it counts quotes, delimiters and line feeds. What it counts can therefore
check what a parser yields.
"""

import csv
from collections.abc import Iterable, Iterator

import numpy as np

# Beyond these a file is left to the exact reader, which knows the limits of one line and field.
MAX_LINE_BYTES = 256 * 1024
MAX_RECORD_BYTES = 1_000_000
_MAX_REPEATED_HEADERS = 10_000
_LF, _CR, _QUOTE = 10, 13, 34


class IrregularError(Exception):
    """The bytes are not of the kind whose records this scan can tell apart. Holds no value."""


def whole_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The stream cut behind line feeds; one is added where the last line has none.

    Raises IrregularError for a line longer than MAX_LINE_BYTES.
    """
    rest = b""
    for chunk in chunks:
        cut = chunk.rfind(b"\n") + 1
        if not cut:
            rest += chunk
        else:
            if len(rest) + chunk.index(b"\n") > MAX_LINE_BYTES:
                raise IrregularError
            yield rest + chunk[:cut] if rest else chunk[:cut] if cut < len(chunk) else chunk
            rest = chunk[cut:]
        if len(rest) > MAX_LINE_BYTES:
            raise IrregularError
    if rest:
        yield rest + b"\n"


def without_lines(chunks: Iterable[bytes], count: int) -> Iterator[bytes]:
    """The stream behind its first ``count`` lines."""
    chunks = iter(chunks)
    for chunk in chunks:
        while count and chunk:
            _, found, chunk = chunk.partition(b"\n")
            count -= bool(found)
        if chunk:
            yield chunk


class RecordScan:
    """Follows records of ``width`` fields through pieces that each end with a line feed.

    ``is_regular``: so far each record had ``width`` fields and none was blank. ``n_records``:
    the records so far, blank lines not counted. Raises IrregularError for what leaves even the number
    of records open: a quote that is no RFC 4180 quote, a lone carriage return, a NUL, a record
    longer than MAX_RECORD_BYTES, or an end inside quotes.
    """

    def __init__(self, delimiter: str, width: int, header: list[str] | None = None) -> None:
        self._delimiter = ord(delimiter)
        self._width = width
        self._header = header
        self._header_starts = _written(header[0], delimiter) if header else ()
        self._in_quotes = False
        self._fields = 0  # delimiters of the record that is open
        self._open_bytes = 0
        self._text_delimiter = delimiter
        self.is_regular = True
        self.n_records = 0
        self.n_lines = 0
        self.repeated_headers: list[int] = []

    @property
    def spans_lines(self) -> bool:
        """Whether a record was longer than a line (true as well after a blank line)."""
        return self.n_lines != self.n_records

    def feed(self, piece: bytes) -> np.ndarray:
        """Take a piece; the line, counted from 0, behind each record that ends in it."""
        if 0 in piece:
            raise IrregularError
        text = np.frombuffer(piece, np.uint8)
        has_returns = b"\r" in piece
        if has_returns and np.any((text[:-1] == _CR) & (text[1:] != _LF)):
            raise IrregularError
        signs = np.flatnonzero((text == self._delimiter) | (text == _LF))
        feeds = text[signs] == _LF
        began_earlier = self._in_quotes
        if self._in_quotes or b'"' in piece:
            inside = self._inside_quotes(text, signs)
            outside = ~inside
            feed_ends_record = outside[feeds]
            signs, feeds = signs[outside], feeds[outside]
            ends = signs[feeds]
            lines = np.flatnonzero(feed_ends_record) + 1
            n_lines = len(feed_ends_record)
        else:
            ends = signs[feeds]
            n_lines = len(ends)
            lines = np.arange(1, n_lines + 1)
        self._measure(piece, ends)
        if self.is_regular:
            # Records of n fields and line feeds alone: each n-th sign ends one, and no other.
            expected = feeds[self._width - 1 - self._fields:: self._width]
            self.is_regular = len(expected) == len(ends) and bool(expected.all())
            self._fields = (self._fields + len(signs)) % self._width
        if self.is_regular:
            if self._header:
                self._find_headers(piece, text, ends, began_earlier)
            self.n_records += len(ends)
        else:
            self.n_records += len(ends) - _blank(text, ends, began_earlier)
        lines = lines + self.n_lines
        self.n_lines += n_lines
        return lines

    def finish(self) -> None:
        """The stream is at its end, which must be the end of a record."""
        if self._in_quotes:
            raise IrregularError

    def _inside_quotes(self, text: np.ndarray, signs: np.ndarray) -> np.ndarray:
        """Which signs stand inside quotes; every quote must be a proper one."""
        quotes = np.flatnonzero(text == _QUOTE)
        opening = quotes[int(self._in_quotes):: 2]
        closing = quotes[int(not self._in_quotes):: 2]
        # The piece ends with a line feed, so index -1 stands for the one before its start.
        before, after = text[opening - 1], text[closing + 1]
        if not np.all((before == self._delimiter) | (before == _LF) | (before == _QUOTE)):
            raise IrregularError
        if not np.all((after == self._delimiter) | (after == _LF) | (after == _QUOTE)
                      | (after == _CR)):
            raise IrregularError
        begin = np.searchsorted(signs, opening)
        end = np.searchsorted(signs, closing)
        if self._in_quotes:
            begin = np.concatenate(([0], begin))
        if len(begin) > len(end):
            end = np.concatenate((end, [len(signs)]))
        self._in_quotes = bool((len(quotes) + self._in_quotes) % 2)
        holds = begin < end
        steps = np.zeros(len(signs) + 1, np.int8)
        steps[begin[holds]] += 1
        steps[end[holds]] -= 1
        inside: np.ndarray = np.cumsum(steps[:-1], dtype=np.int8).astype(bool)
        return inside

    def _measure(self, piece: bytes, ends: np.ndarray) -> None:
        longest = self._open_bytes + (int(ends[0]) if len(ends) else len(piece))
        if longest > MAX_RECORD_BYTES:
            raise IrregularError
        self._open_bytes = len(piece) - int(ends[-1]) - 1 if len(ends) else longest

    def _find_headers(
        self, piece: bytes, text: np.ndarray, ends: np.ndarray, began_earlier: bool
    ) -> None:
        """Note the records that are the header once more; they stand in one line each."""
        starts = ends[:-1] + 1
        if len(ends) and not began_earlier:
            starts = np.concatenate(([0], starts))
        for written in self._header_starts:
            fitting = starts
            for place, sign in enumerate(written):
                fitting = fitting[fitting + place < len(text)]
                fitting = fitting[text[fitting + place] == sign]
                if not len(fitting):
                    break
            for start in fitting.tolist():
                line = piece[start: piece.index(b"\n", start)].decode().rstrip("\r")
                number = self.n_records + int(np.searchsorted(ends, start))
                if next(csv.reader([line], delimiter=self._text_delimiter)) == self._header:
                    self.repeated_headers.append(number)
        self.repeated_headers.sort()
        if len(self.repeated_headers) > _MAX_REPEATED_HEADERS:
            raise IrregularError


def _written(field: str, delimiter: str) -> tuple[bytes, ...]:
    """The ways in which a first field may be written, with the delimiter behind it."""
    quoted = '"' + field.replace('"', '""') + '"'
    return (field + delimiter).encode(), (quoted + delimiter).encode()


def _blank(text: np.ndarray, ends: np.ndarray, began_earlier: bool) -> int:
    """How many of the records are blank lines; one that began in an earlier piece is none."""
    if not len(ends):
        return 0
    lengths = ends - np.concatenate(([0], ends[:-1] + 1))
    lengths -= (lengths > 0) & (text[ends - 1] == _CR)
    return int(np.sum(lengths[int(began_earlier):] == 0))
