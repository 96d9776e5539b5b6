"""One small table in every format: the contract, its rows, and files that hold them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from pm_pipeline.ingest.contract.model import Contract
from pm_pipeline.ingest.contract.reading import load_contract
from pm_pipeline.ingest.readers.batches import RawBatch

CONTRACT = """\
type: pm_pipeline.components.CaseSystemExport
attributes:
  system: small
  version: "1"
  valid_from: "2020-01-01"
  certainty: illustrative
  description: A small system for tests.
  tables:
    events:
      description: One row per event.
      files: "events*"
      format: FORMAT
      natural_key: [row_id]
      max_rejected_percent: 50
      columns:
        row_id: {header: Id, type: identifier, domain: record, nullable: false}
        citizen_id: {header: CPR, type: identifier, domain: citizen, normalise: cpr, nullable: no}
        activity: {header: Hændelse, aliases: [Aktivitet], type: code}
        occurred_at: {header: Tid, type: timestamp, formats: [iso8601]}
        due_on: {header: Frist, type: date, formats: ["%Y-%m-%d"], presence: optional}
        hours: {header: Timer, type: decimal, presence: optional}
        talks: {header: Antal, type: integer, presence: optional}
        is_closed: {header: Lukket, type: boolean, presence: optional}
        created_by: {header: Oprettet af, type: resource, robots: ["RPA*"], presence: optional}
        note: {header: Notat, type: free_text, treatment: presence_only, presence: optional}
        name: {header: Navn, treatment: drop}
        ethnicity: {header: Etnicitet, presence: forbidden}
"""
HEADER = (
    "Id", "CPR", "Hændelse", "Tid", "Frist", "Timer", "Antal", "Lukket", "Oprettet af", "Notat",
    "Navn",
)
CPR, DIGITS = "610180-9753", "6101809753"
NAME, STAFF, NOTE = "Canarina Fugl", "Sagsbeh Kanari", "Ringede om kanariefuglen"
CANARIES = (CPR, DIGITS, NAME, STAFF, NOTE, "Fugl", "kanarie")
# The table as a program has it, types and all; the second row has nothing that may be missing.
ROWS: tuple[tuple[Any, ...], ...] = (
    ("a1", CPR, "Samtale æøå", datetime(2024, 3, 1, 9, 15, 30), date(2024, 3, 15), Decimal("7.5"), 3,
     True, STAFF, NOTE, NAME),
    ("a2", "620280-1001", None, None, None, None, None, None, None, None, None),
    ("a3", "630380-1002", "Plan; \"ny\"\nlinje", datetime(2024, 7, 31, 0, 0), date(2024, 8, 1),
     Decimal("-1234.25"), 0, False, "RPA-7", "  ", "Øjvind Å"),
)


def contract(
    folder: Path, format_: str, *changes: tuple[str, str], part: str | None = None
) -> Contract:
    """The contract of the table in one format, with some pieces of its text replaced."""
    named = format_ if part is None else (
        f"{format_}\n      part: {json.dumps(part, ensure_ascii=False)}"
    )
    text = CONTRACT.replace("FORMAT", named)
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path = folder / "small.yaml"
    path.write_text(text, encoding="utf-8")
    return load_contract(path)


def sheet(
    rows: Sequence[Sequence[Any]], header: Sequence[Any] = HEADER, title: str = "Ark1",
    change: Callable[[Any], None] | None = None,
) -> bytes:
    """An Excel workbook as openpyxl writes it; ``change`` is handed the sheet before it is saved."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = title
    for row in [header, *rows]:
        book.active.append([float(v) if isinstance(v, Decimal) else v for v in row])
    if change:
        change(book.active)
    memory = io.BytesIO()
    book.save(memory)
    return memory.getvalue()


def rezipped(content: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """A workbook whose parts were changed; None takes a part away."""
    memory = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, \
            zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
    return memory.getvalue()


def raw_sheet(body: str, strings: Sequence[str] = (), styles: str = "", book: str = "") -> bytes:
    """A workbook of one sheet from the XML of its rows, as small as Excel opens it."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    shared = "".join(f"<si><t>{text}</t></si>" for text in strings)
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="rId1" '
                       f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}">{book}<sheets>'
                           '<sheet name="Ark1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels":
            f'<Relationships xmlns="{package}">'
            f'<Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="rId2" Type="{office}/sharedStrings" Target="sharedStrings.xml"/>'
            f'<Relationship Id="rId3" Type="{office}/styles" Target="/xl/styles.xml"/>'
            "</Relationships>",
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{shared}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}">{styles}</styleSheet>',
        "xl/worksheets/sheet1.xml":
            f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>',
    }
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return memory.getvalue()


def column(batches: Sequence[RawBatch] | Iterator[RawBatch], name: str) -> list[Any]:
    """One raw column of all batches."""
    return [value for batch in batches for value in batch.values[name].to_pylist()]


def reasons(batches: Sequence[RawBatch]) -> list[tuple[int, str]]:
    return [(r["source_row"], r["reason"]) for b in batches for r in b.rejects.to_pylist()]


def canaries_in(text: str) -> list[str]:
    return [canary for canary in CANARIES if canary in text]
