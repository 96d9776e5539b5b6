"""From a seed CSV to typed rows. Every fault of form becomes a finding; none stops the reading."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from pm_pipeline.registry.cells import SeedRow
from pm_pipeline.registry.findings import Finding
from pm_pipeline.registry.saved import text_of

Row = TypeVar("Row", bound=SeedRow)

_EXPECTED_BY_ERROR = {
    "missing": "a value",
    "string_type": "a value",
    "enum": "one of {expected}",
    "string_pattern_mismatch": "an id, or ids separated by single |",
    "decimal_parsing": "a number with a decimal point",
    "date_from_datetime_parsing": "a day that exists",
    "date_type": "a date as yyyy-mm-dd",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "greater_than": "more than {gt}",
    "greater_than_equal": "at least {ge}",
}


def read_seed(seeds_dir: Path, model: type[Row], findings: list[Finding]) -> tuple[Row, ...]:
    """The rows of one seed, in file order. Faults are appended to ``findings``.

    A seed is UTF-8 without byte order mark, separated by commas, with one header line; its columns
    are the fields of ``model`` in any order. An empty cell is None.
    """
    path = seeds_dir / model.file
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        findings.append(
            Finding(model.file, "the file", "none", "add it, with the header line at least")
        )
        return ()
    text = text_of(content, model.file, model.columns(), findings)
    if text is None:
        return ()
    if not text.strip():
        findings.append(
            Finding(model.file, "a header line", "an empty file", "write the header line")
        )
        return ()
    records = _records(text, model, findings)
    header = next(records, None)
    if header is None or not _header_is_right(header[1], model, findings):
        return ()
    rows: list[Row] = []
    for number, (line, cells) in enumerate(records, start=1):
        row = _row(number, line, dict(zip(header[1], cells, strict=False)), len(header[1]),
                   len(cells), model, findings)
        if row is not None:
            rows.append(row)
    _name_duplicates(rows, model, findings)
    return tuple(rows)


def _records(
    text: str, model: type[SeedRow], findings: list[Finding]
) -> Iterator[tuple[int, list[str]]]:
    """Records with the line on which each begins (a quoted cell may hold line breaks)."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    try:
        for cells in reader:
            if cells:
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error:
        findings.append(
            Finding(
                model.file, "cells quoted whole, a quote inside a cell doubled",
                f"a broken quote in the record that begins in line {begins}", "mend the quotes",
            )
        )


def _header_is_right(header: list[str], model: type[SeedRow], findings: list[Finding]) -> bool:
    wanted = model.columns()
    faults = [
        Finding(model.file, "each column once", "it twice", "keep one of them", column=name)
        for name, times in Counter(header).items() if times > 1
    ]
    faults += [
        Finding(
            model.file, f"only the columns {', '.join(wanted)}", "an unknown column",
            "remove or rename it", column=name,
        )
        for name in header if name not in wanted
    ]
    faults += [
        Finding(model.file, "the column in the header", "none", "add it", column=name)
        for name in wanted if name not in header
    ]
    findings += faults
    return not faults


def _row(
    number: int, line: int, cells: dict[str, str], n_columns: int, n_cells: int,
    model: type[Row], findings: list[Finding],
) -> Row | None:
    if n_cells != n_columns:
        findings.append(
            Finding(
                model.file, f"{n_columns} cells", str(n_cells),
                "add or remove commas, or quote the cell that holds one", row=number, line=line,
            )
        )
        return None
    return checked_row(number, line, cells, model, findings)


def checked_row(
    number: int, line: int, cells: dict[str, str], model: type[Row], findings: list[Finding]
) -> Row | None:
    """The row of these cells (a value for every column), or None with its faults in ``findings``."""
    blank_edged = [name for name, cell in cells.items() if cell != cell.strip()]
    findings += [
        Finding(
            model.file, "no blanks around a value", f"'{cells[name]}'", "remove them",
            column=name, row=number, line=line,
        )
        for name in blank_edged
    ]
    values: dict[str, Any] = {name: cell or None for name, cell in cells.items()}
    try:
        return model(row=number, line=line, **values)
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            column = str(fault["loc"][0])
            if column not in blank_edged:
                findings.append(_told(fault, column, cells[column], number, line, model))
        return None


def _told(
    fault: Any, column: str, cell: str, number: int, line: int, model: type[SeedRow]
) -> Finding:
    """Pydantic's error in the words of the seed."""
    context = fault.get("ctx", {})
    if fault["type"] == "value_error":
        expected = str(context["error"])
    else:
        expected = _EXPECTED_BY_ERROR.get(fault["type"], fault["msg"]).format(**context)
    return Finding(
        model.file, expected, f"'{cell}'" if cell else "an empty cell", "correct the cell",
        column=column, row=number, line=line,
    )


def _name_duplicates(
    rows: list[Row], model: type[SeedRow], findings: list[Finding]
) -> None:
    first: dict[tuple[object, ...], int] = {}
    for row in rows:
        key = tuple(getattr(row, name) for name in model.key)
        if key in first:
            shown = ", ".join(str(part) for part in key)
            findings.append(
                Finding(
                    model.file, "a key of its own", f"'{shown}', which row {first[key]} has too",
                    "give one of them another key or remove it",
                    column="+".join(model.key), row=row.row, line=row.line,
                )
            )
        else:
            first[key] = row.row
