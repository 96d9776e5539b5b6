"""A CSV export file being written, with the faults that every file of its kind carries."""

import csv
from collections import Counter
from datetime import date
from io import TextIOWrapper
from pathlib import Path

from pm_pipeline.synthetic.faults import Broken
from pm_pipeline.synthetic.side_tracks import ROBOTS
from pm_pipeline.synthetic.truth import CorrectedTruth, FileTruth, RejectTruth, Tally

Row = tuple[str, ...]


def resource_type(created_by: str) -> str:
    """human, robot, system or citizen, as the contracts are to tell them apart."""
    if created_by in ROBOTS:
        return "robot"
    if created_by in ("DFDG", "System"):
        return "system"
    return "citizen" if created_by == "Borger" else "human"


class Sheet:
    """One semicolon CSV file; counts rows and knows the line each record starts at."""

    def __init__(
        self, root: Path, delivered_on: date, name: str, table: str, header: Row, encoding: str,
        tally: Tally,
    ) -> None:
        self.table, self.header, self.tally = table, header, tally
        self.delivered_on = delivered_on
        self.path = f"{delivered_on.isoformat()}/{name}"
        target = root / self.path
        target.parent.mkdir(parents=True, exist_ok=True)
        self._file: TextIOWrapper = target.open("w", encoding=encoding, newline="")
        self._writer = csv.writer(self._file, delimiter=";", lineterminator="\r\n")
        self._writer.writerow(header)
        self._line = 2
        self._resources: Counter[str] = Counter()
        self._who = header.index("createdByName") if "createdByName" in header else None
        if "Sagsbehandler" in header:
            self._who = header.index("Sagsbehandler")
        # what every cell of the following rows holds in place of what: a number used at the time
        self.renumbered: tuple[str, str] | None = None
        self.rows = self.rejected = self.duplicates = self.values_rejected = 0

    def write(self, row: Row) -> None:
        """A row that is to load."""
        self._put(row)
        if self._who is not None:
            self._resources[row[self._who]] += 1

    def repeat(self, row: Row) -> None:
        """An exact duplicate of a row that this file already holds."""
        self._put(row)
        self.duplicates += 1

    def write_broken(self, row: Row, column: str, value: str, fault: Broken) -> None:
        """A row with an unusable ``value`` in ``column``."""
        at = self.header.index(column)
        self.tally.rejected.append(RejectTruth(
            self.path, self.table, self._line, column, fault.value[0], fault.row_kept))
        broken = (*row[:at], value, *row[at + 1:])
        if fault.row_kept:
            self.write(broken)
            self.values_rejected += 1
            self.tally.loaded_keys[self.table] += 1
            self.tally.without_time[self.table] += 1
        else:
            self._put(broken)
            self.rejected += 1

    def _put(self, row: Row) -> None:
        if self.renumbered is not None:
            row = tuple(cell.replace(*self.renumbered) for cell in row)
        self._writer.writerow(row)
        self.rows += 1
        # only notes hold line breaks (as \n), and a note is the last column of its sheet
        self._line += 1 + row[-1].count("\n")

    def close(self) -> None:
        """Finish the file and hand its counts to the tally."""
        self._file.close()
        self.tally.files.append(FileTruth(
            self.path, self.table, self.delivered_on, self.rows, self.rejected, self.duplicates,
            self.values_rejected))
        if self._who is not None:
            kinds = self.tally.resource_rows.setdefault(self.table, Counter())
            for name, n in self._resources.items():
                kinds[resource_type(name)] += n


class TwoSheets:
    """The same table in both deliveries; ``tell`` decides what each holds of one record."""

    def __init__(
        self, root: Path, exports: tuple[date, date], name: str, table: str, header: Row,
        encoding: str, tally: Tally,
    ) -> None:
        """``name`` holds ``{day}``, where the day of export goes (yyyymmdd)."""
        first, second = (
            Sheet(root, day, name.format(day=f"{day:%Y%m%d}"), table, header, encoding, tally)
            for day in exports
        )
        self.first, self.second = first, second
        self.table, self.header, self.tally = table, header, tally
        self._last: tuple[Sheet, Row] | None = None

    def tell(
        self, before: Row | None, now: Row | None, *, happened_before_first: bool = False
    ) -> None:
        """Write a record as each export saw it (None: not known yet).

        The second delivery holds only what is new or differs from the first.
        """
        if before is not None:
            self.first.write(before)
            self._last = (self.first, before)
        if now is not None:
            self.tally.loaded_keys[self.table] += 1
            if now != before:
                self.second.write(now)
                self._last = (self.second, now)
                if before is not None:
                    self.tally.superseded[self.table] += 1
                elif happened_before_first:
                    self.tally.late_rows[self.table] += 1

    def end_citizen(self, *, repeats_last: bool) -> None:
        """Deliver the citizen's row that was told last, if there is one, twice in the same file."""
        if repeats_last and self._last is not None:
            sheet, row = self._last
            sheet.repeat(row)
        self._last = None

    def correct(self, key: str, column: str) -> None:
        """Note that the record just told was restated with another value."""
        self.tally.corrected.append(CorrectedTruth(self.table, key, column))

    def close(self) -> None:
        """Finish both files."""
        self.first.close()
        self.second.close()
