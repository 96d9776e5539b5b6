"""The first lines of a CSV file: those the contract skips, a ``sep=`` line, and the header."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pm_pipeline.ingest.contract.model import Table
from pm_pipeline.ingest.contract.names import normalised
from pm_pipeline.ingest.readers.headers import Layout, lay_out, other_delimiter, other_encoding
from pm_pipeline.ingest.readers.opening import find_encoding_fault, open_text
from pm_pipeline.ingest.rejects.reasons import Refusal, RefusedError

MAX_LINE = 2_000_000  # characters
_LOOK_AHEAD = 30  # lines behind a first one that is no header


@dataclass(frozen=True)
class CsvHeader:
    """``names`` as the file has them; ``skipped``: lines in front of the header.

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
    skipped, ends = 0, True
    for _ in range(table.skip_lines):
        skipped, ends = skipped + 1, next(lines, "").endswith("\n") and ends
    first = next(lines, "")
    if re.fullmatch(r'"?sep=.?"?\s*', first):
        skipped, ends = skipped + 1, ends and first.endswith("\n")
        first = next(lines, "")
    where = f"{name}, line {1 + skipped}"
    if isinstance(first, LongLine):
        raise RefusedError(
            Refusal.TOO_LARGE, where,
            f"the line has more than {MAX_LINE} characters. Is it a CSV file?",
        )
    try:
        names = _fields(first, table.delimiter, where)
        layout = _lay_out(table, names, first, where)
    except RefusedError as refused:
        raise _with_later_header(refused, lines, table, where, skipped) from None
    return CsvHeader(names, layout, skipped, table.delimiter, ends and first.endswith("\n"))


class LongLine(str):
    """Stands for a line of more than MAX_LINE characters, whose text was not kept."""


def text_lines(text: Any, name: str) -> Iterator[str]:
    """The lines of a file; one that is too long is read past in constant memory (LongLine).

    Raises RefusedError: NUL_BYTE, and TOO_LARGE for a long line behind which quotes stay open.
    """
    number = 0
    while line := text.readline(MAX_LINE + 1):
        number += 1
        long, n_quotes = len(line) > MAX_LINE, 0
        while True:
            if "\0" in line:
                raise RefusedError(
                    Refusal.NUL_BYTE, f"{name}, line {number}",
                    "found a NUL character. The file is damaged; deliver it again.",
                )
            if not long:
                break
            n_quotes += line.count('"')
            if line.endswith(("\n", "\r")) or not (line := text.readline(MAX_LINE + 1)):
                break
        if n_quotes % 2:
            raise RefusedError(
                Refusal.TOO_LARGE, f"{name}, line {number}",
                f"the line has more than {MAX_LINE} characters and opens a quote it does not close. "
                "Mend it in the source and deliver again.",
            )
        yield LongLine() if long else line


def _with_later_header(
    refused: RefusedError, lines: Iterator[str], table: Table, where: str, skipped: int
) -> RefusedError:
    """The refusal, with the line in which the header does stand if it comes a little later."""
    if refused.code is not Refusal.HEADER_MISMATCH:
        return refused
    wanted = {normalised(column.header) for column in table.columns if column.is_required}
    for number, line in zip(range(1, _LOOK_AHEAD + 1), lines, strict=False):
        if wanted <= {normalised(part.strip('"\r\n')) for part in line.split(table.delimiter)}:
            return RefusedError(
                Refusal.HEADER_MISMATCH, where,
                f"the header stands in line {1 + skipped + number}. Deliver the file without the "
                f"lines in front of it, or write 'skip_lines: {skipped + number}' in the contract.",
            )
    return refused


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
