"""Stream a delivered CSV file into batches of raw text, in constant memory.

Only the contract's columns are picked from a record; everything else is dropped while it is read.
This reader explains every broken record with its line, for files of any kind. It uses the standard
library's reader because that accounts for every record: DuckDB's loses a whole file, without an
error, when a quote in the header line is broken.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pm_pipeline.ingest.contract.model import Table
from pm_pipeline.ingest.readers.batches import BATCH_ROWS, RawBatch, raw_table
from pm_pipeline.ingest.readers.csv.footer import Footer, refuse_undeclared
from pm_pipeline.ingest.readers.csv.header import MAX_LINE, LongLine, take_header, text_lines
from pm_pipeline.ingest.readers.opening import find_encoding_fault, open_text
from pm_pipeline.ingest.rejects.findings import row_findings
from pm_pipeline.ingest.rejects.reasons import Reason, Refusal, RefusedError


def read_csv_exact(
    path: Path, table: Table, name: str | None = None, batch_rows: int = BATCH_ROWS
) -> Iterator[RawBatch]:
    """Yield the records of a CSV file in file order; at least one batch, empty for a header only.

    Blank lines are no records. Raises RefusedError for a file that is refused as a whole: EMPTY,
    NOT_CSV, ENCODING, NUL_BYTE, BAD_HEADER, HEADER_MISMATCH, DUPLICATE_COLUMN, UNTERMINATED_QUOTE,
    TRUNCATED, FOOTER, TOO_LARGE, UNREADABLE. A record that is broken alone becomes a reject.
    """
    name = name or path.name
    raw, text = open_text(path, name, table.encoding)
    try:
        yield from read_records(text_lines(text, name), table, name, batch_rows)
    except UnicodeError:
        raise find_encoding_fault(path, name, table.encoding) from None
    finally:
        text.close()
        raw.close()


def read_records(
    lines: Iterator[str], table: Table, name: str, batch_rows: int = BATCH_ROWS
) -> Iterator[RawBatch]:
    """The same from the lines of a file."""
    yield from _Records(lines, table, name).batches(batch_rows)


class _Records:
    """The records of one file behind its header."""

    def __init__(self, lines: Iterator[str], table: Table, name: str) -> None:
        self._table, self._name = table, name
        self._last_line = ""
        self._has_long_line = False
        header = take_header(lines, table, name)
        self._header, self._layout, self._before = header.names, header.layout, header.n_lines
        self._footer = Footer(lines, table, name, header.n_lines) if table.footer else None
        if self._footer:
            lines = self._footer.lines
        self._reader = csv.reader(
            self._remembered(lines), delimiter=table.delimiter, strict=True
        )

    def _remembered(self, lines: Iterator[str]) -> Iterator[str]:
        for line in lines:
            if isinstance(line, LongLine):
                # A stand-in that is no row, whatever the record around it.
                self._has_long_line = True
                line = self._table.delimiter * self._layout.width + "\n"
            self._last_line = line
            yield line

    def batches(self, batch_rows: int) -> Iterator[RawBatch]:
        header, width, reader = self._header, self._layout.width, self._reader
        pick = _picker(list(self._layout.positions.values()))
        rows: list[tuple[Any, ...]] = []
        starts: list[int] = []
        bad: list[tuple[int, Reason, str, str]] = []
        yielded = False
        start = reader.line_num + 1
        last_bad: tuple[int, Reason, str, str] | None = None
        last_record: list[str] = []
        n_records = last_good = 0
        while True:
            try:
                for record in reader:
                    if len(record) == width and record[0] != header[0] and not self._has_long_line:
                        rows.append(pick(record))
                        starts.append(start + self._before)
                    elif record:
                        fault = self._fault(record)
                        if fault is None:
                            rows.append(pick(record))
                            starts.append(start + self._before)
                        else:
                            last_bad, last_record = (start + self._before, *fault), record
                            bad.append(last_bad)
                    start = reader.line_num + 1
                    if len(rows) + len(bad) >= batch_rows:
                        n_records += len(rows) + len(bad)
                        last_good = max([last_good, *starts[-1:]])
                        yield self._batch(rows, starts, bad)
                        rows, starts, bad, yielded = [], [], [], True
                break
            except csv.Error as error:
                last_bad = (start + self._before, *self._broken(str(error), start))
                bad.append(last_bad)
                self._has_long_line = False
                start = reader.line_num + 1
        if last_bad and last_bad[0] > max([last_good, *starts[-1:]]):
            self._refuse_torn_end(last_bad, last_record)
        if self._footer:
            self._footer.check(n_records + len(rows) + len(bad))
        if rows or bad or not yielded:
            yield self._batch(rows, starts, bad)

    def _batch(
        self, rows: list[tuple[Any, ...]], starts: list[int],
        bad: list[tuple[int, Reason, str, str]],
    ) -> RawBatch:
        values = raw_table(self._table, rows, starts)
        return RawBatch(
            values, row_findings(bad), self._layout.unlisted_columns, self._layout.absent_columns
        )

    def _fault(self, record: list[str]) -> tuple[Reason, str, str] | None:
        if self._has_long_line:
            self._has_long_line = False
            return Reason.TOO_LONG, f"a line of at most {MAX_LINE} characters", "a longer line"
        if record == self._header:
            return Reason.REPEATED_HEADER, "a data row", "the header line"
        if len(record) != self._layout.width:
            return Reason.FIELD_COUNT, f"{self._layout.width} fields", f"{len(record)} fields"
        return None

    def _broken(self, error: str, start: int) -> tuple[Reason, str, str]:
        """The reject for one broken line; a fault that swallowed lines refuses the file."""
        # The parser's text holds no value, it is only used to tell two kinds of fault apart.
        at_end = "unexpected end" in error
        if at_end or self._reader.line_num > start:
            raise RefusedError(
                Refusal.UNTERMINATED_QUOTE, f"{self._name}, line {start + self._before}",
                "a quote is opened in this record and not closed properly, so that the rows after "
                "it cannot be told apart. Mend the quote in the source and deliver again.",
            )
        if "field limit" in error:
            return Reason.TOO_LONG, f"at most {MAX_LINE} characters", "a longer field"
        return Reason.BAD_QUOTE, "a delimiter after the closing quote", "other text"

    def _refuse_torn_end(
        self, bad: tuple[int, Reason, str, str], record: list[str]
    ) -> None:
        """The last line of the file is no row: it was cut off, or is no row at all."""
        line, reason, expected, found = bad
        where = f"{self._name}, line {line}"
        ends_its_line = self._last_line.endswith(("\n", "\r"))
        if not ends_its_line and reason in (Reason.FIELD_COUNT, Reason.BAD_QUOTE):
            raise RefusedError(
                Refusal.TRUNCATED, where,
                f"the last row is not complete: expected {expected}, found {found} and no "
                "line break. Deliver the whole file again.",
            )
        if reason is Reason.FIELD_COUNT:
            refuse_undeclared(self._table, record, self._layout.width, where)


def _picker(positions: list[int | None]) -> Any:
    """A function that takes the wanted fields of a record, None where the file has no column."""
    from operator import itemgetter

    if len(positions) > 1 and None not in positions:
        return itemgetter(*positions)
    return lambda record: tuple(None if p is None else record[p] for p in positions)
