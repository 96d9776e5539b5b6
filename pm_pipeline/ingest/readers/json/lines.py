"""Stream JSON Lines, one object a line, into batches of raw text."""

from collections.abc import Iterator
from pathlib import Path

from pm_pipeline.ingest.contract.model import Table
from pm_pipeline.ingest.readers.batches import BATCH_ROWS, RawBatch
from pm_pipeline.ingest.readers.json.pages import Pages
from pm_pipeline.ingest.readers.json.records import JsonRecords
from pm_pipeline.ingest.readers.json.values import json_decoder
from pm_pipeline.ingest.readers.opening import find_encoding_fault, open_text
from pm_pipeline.ingest.rejects.reasons import Reason, Refusal, RefusedError

MAX_LINE = 16_000_000  # characters; a page of a thousand records has about two million


def read_json_lines(
    path: Path, table: Table, name: str | None = None, batch_rows: int = BATCH_ROWS
) -> Iterator[RawBatch]:
    """Yield the objects of a file in file order; with ``part`` each line is a page of several.

    Blank lines are no records; ``source_row`` is the line, or, where lines are pages, the number of the
    record. A line that is no JSON is a reject, or, where lines are pages, refuses the file. Raises
    RefusedError: EMPTY, WRONG_TYPE, NOT_JSON, ENCODING, NUL_BYTE, HEADER_MISMATCH, FORBIDDEN_COLUMN,
    TRUNCATED, TOO_LARGE, COUNT_MISMATCH, UNREADABLE.
    """
    name = name or path.name
    raw, text = open_text(path, name, table.encoding, "JSON Lines", Refusal.NOT_JSON)
    records, pages = JsonRecords(table, name, batch_rows), Pages(table, name)
    decoder, number, ordinal = json_decoder(), 0, 0
    try:
        while line := text.readline(MAX_LINE + 1):
            number += 1
            where = f"{name}, line {number}"
            if len(line) > MAX_LINE:
                raise RefusedError(
                    Refusal.TOO_LARGE, where,
                    f"the line has more than {MAX_LINE} characters. Is it JSON Lines?",
                )
            if "\0" in line:
                raise RefusedError(
                    Refusal.NUL_BYTE, where,
                    "found a NUL character. The file is damaged; deliver it again.",
                )
            if line.isspace():
                continue
            try:
                page = decoder.decode(line)
            except (ValueError, RecursionError):
                _reject_line(records, table, number, where, line)
                continue
            for record in pages.records_in(page):
                ordinal += 1
                row = ordinal if table.part else number
                records.add(row, record, len(line) if not table.part else 0)
                if records.rows.is_full:
                    yield records.rows.take(records.unlisted_columns)
    except UnicodeError:
        raise find_encoding_fault(path, name, table.encoding) from None
    finally:
        text.close()
        raw.close()
    pages.is_found = pages.is_found or not table.part
    pages.check(records.rows.n_records)
    records.refuse_missing()
    if records.rows.is_due:
        yield records.rows.take(records.unlisted_columns)


def _reject_line(
    records: JsonRecords, table: Table, number: int, where: str, line: str
) -> None:
    if not line.endswith(("\n", "\r")):
        raise RefusedError(
            Refusal.TRUNCATED, where,
            "the last line is no whole JSON and has no line break. Deliver the whole file again.",
        )
    if table.part:
        raise RefusedError(
            Refusal.NOT_JSON, where, "the page in this line is no valid JSON. Deliver it again."
        )
    records.rows.reject(number, Reason.BAD_RECORD, "valid JSON", "a line that is none")
