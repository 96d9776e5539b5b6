"""Which module reads which format. A reader's libraries are loaded when a file of its kind comes."""

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from pm_pipeline.ingest.contract.model import Table
from pm_pipeline.ingest.readers.batches import RawBatch

#: Reads the records of one table from a file: path, table, name for messages.
Reader = Callable[[Path, Table, str], Iterator[RawBatch]]
_READERS = {
    "csv": ("csv_files", "read_csv"),
    "xes": ("xes", "read_xes"),
    "xlsx": ("xlsx", "read_xlsx"),
    "json": ("json_document", "read_json"),
    "jsonl": ("json_lines", "read_json_lines"),
}


def reader_of(table: Table, file_name: str) -> Reader:
    """The reader for a file of this table. ``log`` is XES or CSV by the name's ending."""
    kind: str = table.format
    if kind == "log":
        kind = "xes" if file_name.casefold().removesuffix(".gz").endswith(".xes") else "csv"
    module, function = _READERS[kind]
    reader: Reader = getattr(import_module(f"pm_pipeline.ingest.readers.{module}"), function)
    return reader
