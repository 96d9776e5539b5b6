"""Which module reads which format. A reader's libraries are loaded when a file of its kind comes."""

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from pm_pipeline.ingest.contract.model import Table
from pm_pipeline.ingest.readers.batches import RawBatch

#: Reads the records of one table from a file: path, table, name for messages.
Reader = Callable[[Path, Table, str], Iterator[RawBatch]]
_READERS = {
    "csv": ("csv.files", "read_csv"),
    "insight_csv": ("csv.insight", "read_insight_csv"),
    "xes": ("xes.log", "read_xes"),
    "xlsx": ("xlsx.workbook", "read_xlsx"),
    "json": ("json.document", "read_json"),
    "jsonl": ("json.lines", "read_json_lines"),
    "ocel_json": ("ocel.json_form", "read_ocel_json"),
    "ocel_xml": ("ocel.xml_form", "read_ocel_xml"),
    "ocel_sqlite": ("ocel.sqlite_form", "read_ocel_sqlite"),
    "parquet": ("parquet", "read_parquet"),
    "database": ("parquet", "read_parquet"),  # as it was extracted into landing
}


#: The formats that only say what a file holds: in which form is told by the ending of its name.
ENDINGS: dict[str, dict[str, str]] = {
    "log": {".xes": "xes", ".csv": "csv"},
    "ocel": {
        ".jsonocel": "ocel_json", ".json": "ocel_json", ".xmlocel": "ocel_xml", ".xml": "ocel_xml",
        ".sqlite": "ocel_sqlite", ".sqlite3": "ocel_sqlite", ".db": "ocel_sqlite",
    },
}


def form_of(format_: str, file_name: str) -> str | None:
    """The form of a file of this format, by the ending of its name (a .gz is ignored) where the format
    leaves it open; None for an ending that tells of none."""
    if format_ not in ENDINGS:
        return format_
    plain = file_name.casefold().removesuffix(".gz")
    return next((form for end, form in ENDINGS[format_].items() if plain.endswith(end)), None)


def place_word(table: Table, file_name: str) -> str:
    """What ``source_row`` counts in a file of this table: lines of a text, rows, or records."""
    kind = form_of(table.format, file_name)
    if kind in ("csv", "insight_csv", "xes"):
        return "line"
    return "row" if kind in ("xlsx", "parquet", "database") else "record"


def reader_of(table: Table, file_name: str) -> Reader:
    """The reader for a file of this table. ``log`` and ``ocel`` have forms, see ``ENDINGS``."""
    kind = form_of(table.format, file_name) or ""
    module, function = _READERS[kind]
    reader: Reader = getattr(import_module(f"pm_pipeline.ingest.readers.{module}"), function)
    return reader
