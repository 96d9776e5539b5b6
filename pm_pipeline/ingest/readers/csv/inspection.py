"""One pass over a CSV file that proves it regular and counts its records, before a parser sees it."""

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from pm_pipeline.ingest.readers.csv.counting import (
    IrregularError,
    RecordScan,
    whole_lines,
    without_lines,
)
from pm_pipeline.ingest.readers.csv.header import CsvHeader
from pm_pipeline.ingest.readers.opening import DeliveredBytes, is_utf8
from pm_pipeline.ingest.rejects.reasons import RefusedError

_CHUNK = 1024 * 1024
_BOM = codecs.BOM_UTF8


@dataclass(frozen=True)
class Inspection:
    """What the bytes of a CSV file say of its records, without a CSV parser.

    ``n_records``: behind the header and without blank lines; None where broken quotes or bytes
    leave it open. ``is_regular``: every record is sound and has as many fields as the header, so
    that every RFC 4180 parser reads the same. ``repeated_headers``: which records (from 0) are the
    header once more. ``spans_lines``: whether a record is longer than one line.
    """

    n_records: int | None
    is_regular: bool = False
    spans_lines: bool = False
    repeated_headers: tuple[int, ...] = ()


def inspect_csv(path: Path, name: str, encoding: str, header: CsvHeader) -> Inspection:
    """Scan a file whose header is known. Memory: a few chunks of 1 MB, whatever the file's size.

    A file that is damaged is not refused here: it counts as irregular, and the reader that explains
    the damage with its line is the one to read it.
    """
    if not header.ends_its_line or not header.delimiter.isascii():
        return Inspection(None)
    scan = RecordScan(header.delimiter, header.layout.width, header.names)
    try:
        with DeliveredBytes(path, name) as raw:
            for piece in data_lines(raw, encoding, header):
                _check_utf8(piece)
                scan.feed(piece)
        scan.finish()
    except (IrregularError, UnicodeError, RefusedError):
        return Inspection(None)
    # A parser may take an empty line of a table of one column as a record, or not.
    is_regular = scan.is_regular and header.layout.width > 1
    return Inspection(
        scan.n_records, is_regular, scan.spans_lines, tuple(scan.repeated_headers)
    )


def data_lines(raw: DeliveredBytes, encoding: str, header: CsvHeader) -> Iterator[bytes]:
    """The lines behind the header as UTF-8, in pieces of whole lines.

    Raises UnicodeError, IrregularError (a very long line) and what ``raw`` raises.
    """
    return without_lines(whole_lines(_utf8_chunks(raw, encoding)), header.n_lines)


def _utf8_chunks(raw: DeliveredBytes, encoding: str) -> Iterator[bytes]:
    file = io.BufferedReader(raw, _CHUNK)
    if not is_utf8(encoding):
        decoder = codecs.getincrementaldecoder(encoding)()
        while chunk := file.read(_CHUNK):
            yield decoder.decode(chunk).encode()
        yield decoder.decode(b"", final=True).encode()
        return
    yield file.read(max(_CHUNK, len(_BOM))).removeprefix(_BOM)
    while chunk := file.read(_CHUNK):
        yield chunk


def _check_utf8(piece: bytes) -> None:
    """Raise UnicodeError for bytes that are no UTF-8; pieces end between characters."""
    offsets = pa.py_buffer(np.array([0, len(piece)], np.int32).tobytes())
    text = pa.Array.from_buffers(pa.string(), 1, [None, offsets, pa.py_buffer(piece)])
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        raise UnicodeError from None
