"""The text of one seed, edited cell by cell: what is not edited keeps its bytes.

A seed is read by people in a diff. Writing a whole file anew would quote other cells than its author
did and hide the one row that changed. The text is expected to be sound: read it with the strict
reader of the registry first.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pm_pipeline.errors import PipelineError

_NEEDS_QUOTES = ('"', ",", "\n", "\r")

Wanted = Callable[[dict[str, str]], bool]


def having(cells: Mapping[str, str]) -> Wanted:
    """True for the rows with all these cells."""
    return lambda row: all(row[column] == value for column, value in cells.items())


@dataclass
class Record:
    """One record: its cells as written (quotes and all) and the line break after it."""

    cells: list[str]
    ending: str

    @property
    def is_blank(self) -> bool:
        return self.cells == [""]

    @property
    def text(self) -> str:
        return ",".join(self.cells) + self.ending


@dataclass
class Sheet:
    """Header and records of one seed file, in their order."""

    columns: tuple[str, ...]
    header: Record
    records: list[Record] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.header.text + "".join(record.text for record in self.records)

    @property
    def rows(self) -> list[dict[str, str]]:
        """The values of every record that is no blank line, by column."""
        return [self.values(record) for record in self._filled()]

    def values(self, record: Record) -> dict[str, str]:
        return dict(zip(self.columns, map(unquoted, record.cells), strict=True))

    def drop(self, unwanted: Wanted) -> None:
        """Take out the records that are unwanted; blank lines stay."""
        self.records = [
            record for record in self.records
            if record.is_blank or not unwanted(self.values(record))
        ]

    def edit(self, wanted: Wanted, cells: Mapping[str, str]) -> int:
        """Set ``cells`` in every wanted record and return how many there were."""
        found = [record for record in self._filled() if wanted(self.values(record))]
        for record in found:
            for column, value in cells.items():
                position = self.columns.index(column)
                if unquoted(record.cells[position]) != value:
                    record.cells[position] = quoted(value)
        return len(found)

    def put(self, row: Mapping[str, str], key: Iterable[str]) -> bool:
        """Replace the record with the key of ``row``, or add ``row`` last. True when it was added."""
        if self.edit(having({name: row[name] for name in key}), row):
            return False
        self.add(row)
        return True

    def add(self, row: Mapping[str, str]) -> None:
        """Append ``row`` (a value for every column)."""
        newline = self.header.ending or "\n"
        last = self.records[-1] if self.records else self.header
        last.ending = last.ending or newline
        self.records.append(Record([quoted(row[name]) for name in self.columns], newline))

    def write(self, path: Path) -> None:
        path.write_bytes(self.text.encode())

    def _filled(self) -> list[Record]:
        return [record for record in self.records if not record.is_blank]


def read_sheet(path: Path) -> Sheet:
    """The sheet of a seed file that the strict reader has accepted."""
    records = _records(path.read_bytes().decode("utf-8"))
    if not records or records[0].is_blank:
        raise PipelineError(f"{path}: expected a header line, found none; write the header line")
    return Sheet(tuple(map(unquoted, records[0].cells)), records[0], records[1:])


def unquoted(cell: str) -> str:
    """The value of a cell as written."""
    return cell[1:-1].replace('""', '"') if cell.startswith('"') else cell


def quoted(value: str) -> str:
    """A cell with this value, in quotes only where it must be."""
    if any(sign in value for sign in _NEEDS_QUOTES):
        return '"' + value.replace('"', '""') + '"'
    return value


def _records(text: str) -> list[Record]:
    """Split at commas and line breaks outside quotes; a doubled quote opens and closes at once."""
    records: list[Record] = []
    cells: list[str] = []
    begins, place, is_quoted = 0, 0, False
    while place < len(text):
        sign = text[place]
        if sign == '"':
            is_quoted = not is_quoted
        elif not is_quoted and sign == ",":
            cells.append(text[begins:place])
            begins = place + 1
        elif not is_quoted and sign in "\r\n":
            ending = "\r\n" if text.startswith("\r\n", place) else sign
            records.append(Record([*cells, text[begins:place]], ending))
            cells, place = [], place + len(ending) - 1
            begins = place + 1
        place += 1
    if begins < len(text) or cells:
        records.append(Record([*cells, text[begins:]], ""))
    return records
