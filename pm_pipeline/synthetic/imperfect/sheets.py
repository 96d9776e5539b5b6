"""The delivered CSV sheets of a synthetic municipality, open for editing.

Rows are edited as records (cells by header) and written back as they were delivered: same delimiter,
encoding and order, new rows last. Where a record stands is known when everything is written.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pm_pipeline.errors import UsageError

ENCODINGS = {"fasit": "cp1252", "momentum": "utf-8-sig"}


class Place(NamedTuple):
    """Where a record of a delivery begins (line 1 is the header)."""

    system_id: str
    delivered_on: str
    file: str
    line: int


class Record:
    """One row of a sheet; two records are never equal, also where their cells are."""

    def __init__(self, sheet: "Sheet", cells: dict[str, str]) -> None:
        self.sheet, self.cells = sheet, cells

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def __setitem__(self, column: str, value: str) -> None:
        if column not in self.cells:
            raise KeyError(f"{self.sheet.path.name} has no column {column}")
        self.cells[column] = value


@dataclass(eq=False)
class Sheet:
    """One file; ``records`` in the order of the file."""

    system_id: str
    path: Path
    header: tuple[str, ...]
    records: list[Record]

    @property
    def delivered_on(self) -> str:
        return self.path.parent.name

    def add(self, like: Record | None = None, **cells: str) -> Record:
        """A new last row with these cells, the others as in ``like`` or empty."""
        added = Record(self, dict(like.cells) if like else dict.fromkeys(self.header, ""))
        for column, value in cells.items():
            added[column] = value
        self.records.append(added)
        return added

    def write(self, encoding: str) -> dict[Record, Place]:
        """Write the file anew; where each record stands in it."""
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
        writer.writerow(self.header)
        places: dict[Record, Place] = {}
        line = 2
        for record in self.records:
            row = [record[column] for column in self.header]
            writer.writerow(row)
            places[record] = Place(self.system_id, self.delivered_on, self.path.name, line)
            line += 1 + sum(cell.count("\n") for cell in row)
        self.path.write_text(text.getvalue(), encoding=encoding, newline="")
        return places


def drop(records: Iterable[Record]) -> None:
    """Take records out of their sheets: they are not delivered."""
    gone = set(records)
    for sheet in {record.sheet for record in gone}:
        sheet.records = [record for record in sheet.records if record not in gone]


class Deliveries:
    """Every sheet of one system: ``<folder>/<day>/<table>_<day>.csv``."""

    def __init__(self, folder: Path, system_id: str) -> None:
        """Raises UsageError where no deliveries of that system lie in ``folder``."""
        self.system_id = system_id
        self.sheets: dict[str, list[Sheet]] = defaultdict(list)
        for path in sorted(folder.glob("*/*.csv")):
            table = path.stem.rpartition("_")[0].removeprefix("fasit_")
            self.sheets[table].append(self._read(path))
        if not self.sheets:
            raise UsageError(f"{folder}: expected deliveries of {system_id} (*/*.csv), found none")
        self._last_key = {
            table: max((int(row[sheets[0].header[0]]) for sheet in sheets for row in sheet.records),
                       default=0)
            for table, sheets in self.sheets.items() if table != "cpr_changes"
        }

    def records(self, table: str) -> Iterator[Record]:
        """Both deliveries of a table, the first one first."""
        for sheet in self.sheets[table]:
            yield from sheet.records

    def last(self, table: str) -> Sheet:
        """The sheet of the last delivery."""
        return self.sheets[table][-1]

    def next_key(self, table: str) -> str:
        """A natural key that no row has yet."""
        self._last_key[table] += 1
        return str(self._last_key[table])

    def write(self) -> dict[Record, Place]:
        """Write every sheet; where each record stands."""
        places: dict[Record, Place] = {}
        for sheets in self.sheets.values():
            for sheet in sheets:
                places |= sheet.write(ENCODINGS[self.system_id])
        return places

    def _read(self, path: Path) -> Sheet:
        with path.open(encoding=ENCODINGS[self.system_id], newline="") as file:
            header, *rows = csv.reader(file, delimiter=";")
        sheet = Sheet(self.system_id, path, tuple(header), [])
        sheet.records = [Record(sheet, dict(zip(header, row, strict=True))) for row in rows]
        return sheet
