"""The first lines of a CSV file: a ``sep=`` line that is skipped, and the header."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pm_pipeline.ingest.contract.model import Table
from pm_pipeline.ingest.readers.headers import Layout, lay_out, other_delimiter, other_encoding
from pm_pipeline.ingest.readers.opening import find_encoding_fault, open_text
from pm_pipeline.ingest.rejects.reasons import Refusal, RefusedError

MAX_LINE = 2_000_000  # characters


@dataclass(frozen=True)
class CsvHeader:
    """``names`` as the file has them; ``skipped``: lines in front of the header (0 or 1).

    ``ends_its_line``: the lines up to here end with a line feed.
    """

    names: list[str]
    layout: Layout
    skipped: int
    delimiter: str
    ends_its_line: bool

    @property
    def n_lines(self) -> int:
        """Lines of the file in front of the first record."""
        return self.skipped + 1


def read_header(path: Path, table: Table, name: str) -> CsvHeader:
    """The header of a CSV file, read alone. Raises RefusedError as reading the whole file does."""
    raw, text = open_text(path, name, table.encoding)
    try:
        return take_header(text_lines(text, name), table, name)
    except UnicodeError:
        raise find_encoding_fault(path, name, table.encoding) from None
    finally:
        text.close()
        raw.close()


def take_header(lines: Iterator[str], table: Table, name: str) -> CsvHeader:
    """Take the lines up to the header from ``lines``.

    Raises RefusedError: HEADER_MISMATCH, BAD_HEADER, DUPLICATE_COLUMN, ENCODING.
    """
    first, skipped, ends = next(lines, ""), 0, True
    if re.fullmatch(r'"?sep=.?"?\s*', first):
        skipped, ends = 1, first.endswith("\n")
        first = next(lines, "")
    where = f"{name}, line {1 + skipped}"
    names = _fields(first, table.delimiter, where)
    layout = _lay_out(table, names, first, where)
    return CsvHeader(names, layout, skipped, table.delimiter, ends and first.endswith("\n"))


def text_lines(text: Any, name: str) -> Iterator[str]:
    """The lines of a file. Raises RefusedError: NUL_BYTE, TOO_LARGE (a line that is no line)."""
    number = 0
    while line := text.readline(MAX_LINE + 1):
        number += 1
        if "\0" in line:
            raise RefusedError(
                Refusal.NUL_BYTE, f"{name}, line {number}",
                "found a NUL character. The file is damaged; deliver it again.",
            )
        if len(line) > MAX_LINE:
            raise RefusedError(
                Refusal.TOO_LARGE, f"{name}, line {number}",
                f"the line has more than {MAX_LINE} characters. Is it a CSV file?",
            )
        yield line


def _fields(first: str, delimiter: str, where: str) -> list[str]:
    if not first.strip():
        raise RefusedError(
            Refusal.HEADER_MISMATCH, where, "expected the header, found an empty line."
        )
    csv.field_size_limit(MAX_LINE)
    try:
        records = list(csv.reader([first], delimiter=delimiter, strict=True))
    except csv.Error:
        records = []
    if len(records) != 1 or not records[0]:
        raise RefusedError(
            Refusal.BAD_HEADER, where,
            "the quotes in the header line do not match. Deliver the file again.",
        )
    return records[0]


def _lay_out(table: Table, names: list[str], first: str, where: str) -> Layout:
    try:
        return lay_out(table, names, where)
    except RefusedError as refused:
        if refused.code is not Refusal.HEADER_MISMATCH:
            raise
        line = first.rstrip("\r\n")
        encoding = other_encoding(table, line)
        if encoding:
            raise RefusedError(Refusal.ENCODING, where, encoding) from None
        delimiter = other_delimiter(table, line)
        if delimiter:
            raise RefusedError(Refusal.HEADER_MISMATCH, where, delimiter) from None
        raise
