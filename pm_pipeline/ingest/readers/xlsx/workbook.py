"""Stream one sheet of an Excel workbook into batches of raw text.

The sheet is read with expat and not with a library for workbooks. openpyxl takes twice the time for
the cells alone, and tells either formulas or values, so that a formula without a value is not seen;
calamine loads the sheet whole, and gives numbers as floats. Dates come as ISO 8601.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from pm_pipeline.ingest.contract.model import Table
from pm_pipeline.ingest.readers.batches import BATCH_ROWS, RawBatch
from pm_pipeline.ingest.readers.gathering import Gathering
from pm_pipeline.ingest.readers.headers import Layout, lay_out
from pm_pipeline.ingest.readers.xlsx.number_formats import NumberFormat, cell_text, read_formats
from pm_pipeline.ingest.readers.xlsx.package import (
    MAX_DEPTH,
    Workbook,
    column_number,
    plain_names,
    refuse_depth,
)
from pm_pipeline.ingest.readers.xlsx.strings import MAX_TEXT, SharedStrings, unescaped
from pm_pipeline.ingest.rejects.reasons import Reason, Refusal, RefusedError

_MOST_COLUMNS = 2_000
_REMEMBERED = 20_000
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_BOOLEANS = {"1": "true", "0": "false"}
_PLAIN = NumberFormat("number")
# What a cell holds beside a text: a fault that rejects its row if the column is wanted.
Fault = tuple[Reason, str, str]
_NO_VALUE: Fault = (
    Reason.FORMULA_WITHOUT_VALUE, "a value", "a formula that was never calculated"
)
_ERROR: Fault = (Reason.CELL_ERROR, "a value", "an error of the spreadsheet, such as #N/A")
_LONG: Fault = (Reason.TOO_LONG, f"at most {MAX_TEXT} characters", "a longer text")


def read_xlsx(
    path: Path, table: Table, name: str | None = None, batch_rows: int = BATCH_ROWS
) -> Iterator[RawBatch]:
    """Yield the rows of the sheet named by the table's ``part``, or of the only one.

    The header stands in row ``skip_lines`` + 1; rows without any value are no records; hidden ones
    are. ``source_row`` is the number of the row in the sheet. Memory: one batch and the texts that
    the workbook's cells share. Raises RefusedError: those of Workbook, HEADER_MISMATCH,
    DUPLICATE_COLUMN, FORBIDDEN_COLUMN, MERGED_CELLS.
    """
    name = name or path.name
    with Workbook(path, name) as workbook:
        part = workbook.sheet_part(table.part)
        sheet = _Sheet(workbook, table, name, batch_rows)
        for _ in workbook.parse(part, sheet.parser):
            if sheet.rows.is_full:
                layout = sheet.layout
                yield sheet.rows.take(layout.unlisted_columns, layout.absent_columns)
        layout = sheet.layout
        if sheet.rows.is_due:
            yield sheet.rows.take(layout.unlisted_columns, layout.absent_columns)


class _Sheet:
    """Collects the rows of a sheet while expat calls back."""

    def __init__(self, workbook: Workbook, table: Table, name: str, batch_rows: int) -> None:
        self._table, self._name = table, name
        self._formats = read_formats(workbook)
        self._strings = SharedStrings(workbook, name)
        self._uses_1904 = workbook.uses_1904
        self._header_row = table.skip_lines + 1
        self._layout: Layout | None = None
        self._header: list[str] = []
        self._wanted: list[int | None] = []
        self._first = 0
        self.rows = Gathering(table, batch_rows)
        self._row = self._column = self._depth = 0
        self._null_words = frozenset(table.null_words)
        self._cells: dict[int, str | Fault] = {}
        self._type = self._style = ""
        self._has_formula = self._collects = False
        self._in_phonetic = 0
        self._pieces: list[str] = []
        self._length = 0
        self._numbers: dict[tuple[str, str], str] = {}
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start_first
        self.parser.CharacterDataHandler = self._characters

    @property
    def layout(self) -> Layout:
        """Where the wanted columns stand. Raises RefusedError when there is no header."""
        if self._layout is None:
            raise RefusedError(
                Refusal.HEADER_MISMATCH, f"{self._name}, row {self._header_row}",
                "expected the header in this row, found an empty one. Say in the contract how many "
                "rows stand in front of it (skip_lines).",
            )
        return self._layout

    def _start_first(self, tag: str, attributes: dict[str, str]) -> None:
        """Names of elements have a prefix in some workbooks; in the usual ones none is looked for."""
        start, end = plain_names(self._start, self._end) if ":" in tag else (self._start, self._end)
        self.parser.StartElementHandler, self.parser.EndElementHandler = start, end
        start(tag, attributes)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if tag == "c":
            get = attributes.get
            self._type, self._style, self._has_formula = get("t", "n"), get("s", ""), False
            place = get("r")
            self._column = column_number(place) if place else self._column + 1
        elif tag == "v" or tag == "t":
            self._collects = not self._in_phonetic
        elif tag == "f":
            self._has_formula = True
        elif tag == "row":
            number = attributes.get("r", "")
            self._row = int(number) if number.isdecimal() else self._row + 1
            self._column = -1
            self._cells = {}
        elif tag == "rPh":
            self._in_phonetic += 1
        elif tag == "mergeCell":
            self._refuse_merged(attributes.get("ref", ""))
        if self._depth > MAX_DEPTH:
            refuse_depth(self._name)

    def _characters(self, piece: str) -> None:
        if self._collects:
            self._length += len(piece)
            if self._length <= MAX_TEXT:
                self._pieces.append(piece)

    def _end(self, tag: str) -> None:
        self._depth -= 1
        if tag == "v" or tag == "t":
            self._collects = False
        elif tag == "c":
            value = self._value()
            if value is not None:
                self._keep(value)
        elif tag == "row" and self._cells:
            self._end_row()
        elif tag == "rPh":
            self._in_phonetic -= 1

    def _keep(self, value: str | Fault) -> None:
        if self._column >= _MOST_COLUMNS:
            raise RefusedError(
                Refusal.TOO_LARGE, f"{self._name}, row {self._row}",
                f"the sheet has a value in a column beyond the first {_MOST_COLUMNS}. Delete what "
                "stands beside the table and deliver it again.",
            )
        self._cells[self._column] = value

    def _value(self) -> str | Fault | None:
        kind = self._type
        is_long, self._length = self._length > MAX_TEXT, 0
        raw = "".join(self._pieces)
        self._pieces.clear()
        if is_long:
            return _LONG
        if kind == "e":
            # an error that the contract names among its words for a missing value is one
            return raw if raw in self._null_words else _ERROR
        if not raw:
            return _NO_VALUE if self._has_formula and kind != "str" else None
        if kind == "n":
            return self._number(raw)
        if kind == "s":
            return self._shared(raw)
        return _BOOLEANS.get(raw, raw) if kind == "b" else unescaped(raw)

    def _shared(self, raw: str) -> str | Fault | None:
        try:
            text = self._strings.text(int(raw))
        except (IndexError, ValueError):
            raise RefusedError(
                Refusal.UNREADABLE, f"{self._name}, row {self._row}",
                "a cell points at a text that the workbook does not have. Save the workbook again "
                "and deliver it.",
            ) from None
        return _LONG if text is None else text or None

    def _number(self, raw: str) -> str:
        known = self._numbers.get((raw, self._style))
        if known is not None:
            return known
        style = int(self._style) if self._style.isdecimal() else -1
        form = self._formats[style] if 0 <= style < len(self._formats) else _PLAIN
        try:
            text = cell_text(raw, form, self._table.decimal, self._uses_1904)
        except (ValueError, OverflowError):
            return raw  # no number: the typing step says what was expected
        if len(self._numbers) >= _REMEMBERED:
            self._numbers.clear()
        self._numbers[raw, self._style] = text
        return text

    def _end_row(self) -> None:
        if self._layout is None:
            if self._row == self._header_row:
                self._take_header()
            elif self._row > self._header_row:
                _ = self.layout
            return
        values: list[str | None] = []
        fault: Fault | None = None
        for place in self._wanted:
            value = None if place is None else self._cells.get(place)
            if isinstance(value, tuple):
                fault = fault or value
            else:
                values.append(value)
        if fault:
            self.rows.reject(self._row, *fault)
        elif max(self._cells) >= len(self._header):
            self.rows.reject(
                self._row, Reason.FIELD_COUNT, f"{len(self._header)} fields",
                f"a value in column {max(self._cells) + 1}",
            )
        elif self._is_header():
            self.rows.reject(
                self._row, Reason.REPEATED_HEADER, "a data row", "the header line"
            )
        else:
            self.rows.add(self._row, tuple(values), sum(len(text) for text in values if text))

    def _is_header(self) -> bool:
        cells, first = self._cells, self._first
        return cells.get(first) == self._header[first] and all(
            cells.get(n, "") == text for n, text in enumerate(self._header)
        )

    def _take_header(self) -> None:
        where = f"{self._name}, row {self._row}"
        cells = [self._cells.get(n, "") for n in range(max(self._cells) + 1)]
        self._header = [cell if isinstance(cell, str) else "" for cell in cells]
        self._layout = lay_out(self._table, self._header, where)
        self._wanted = list(self._layout.positions.values())
        self._first = next(n for n, text in enumerate(self._header) if text)

    def _refuse_merged(self, reference: str) -> None:
        """Only the first of merged cells holds the value: what the others show would be lost."""
        first, _, last = reference.partition(":")
        corner, end = _PLACE.fullmatch(first), _PLACE.fullmatch(last or first)
        if not corner or not end or self._layout is None:
            return
        columns = range(column_number(first), column_number(last or first) + 1)
        if int(end[2]) > self._header_row and any(place in columns for place in self._wanted):
            raise RefusedError(
                Refusal.MERGED_CELLS, f"{self._name}, cells {reference}",
                "the cells are merged, so that only the first of them has the value. Split them, "
                "fill in the value in each row and deliver the workbook again.",
            )
