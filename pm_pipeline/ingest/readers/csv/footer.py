"""The footer line of a CSV file, where the contract says there is one: it tells the number of rows."""

import re
from collections.abc import Iterator

from pm_pipeline.ingest.contract.model import Table
from pm_pipeline.ingest.readers.csv.header import LongLine
from pm_pipeline.ingest.rejects.reasons import Refusal, RefusedError

# A last record with no more than this many filled fields, and fewer than the header has, is no row.
_FEW_FIELDS = 2
_OTHER_DELIMITERS = ";,\t|"


class Footer:
    """Takes the last line that is not blank off a file and knows what it says.

    ``lines``: the lines in front of it, to be read to their end before ``check``.
    """

    def __init__(self, lines: Iterator[str], table: Table, name: str, lines_before: int) -> None:
        self._pattern = table.footer or ""
        self._name = name
        self._line = lines_before
        self._last: str | None = None
        self.lines = self._held_back(lines)

    def _held_back(self, lines: Iterator[str]) -> Iterator[str]:
        waiting: list[str] = []  # the last line with text, and the blank ones behind it
        for line in lines:
            if waiting and (line.strip("\r\n") or isinstance(line, LongLine)):
                self._line += len(waiting)
                yield from waiting
                waiting = []
            waiting.append(line)
        if waiting:
            self._line += 1
            self._last = waiting[0]

    def check(self, n_records: int) -> None:
        """Raise RefusedError TRUNCATED when there is no footer, or it tells of other rows."""
        found = re.fullmatch(self._pattern, (self._last or "").strip())
        where = f"{self._name}, line {self._line}"
        if found is None:
            raise RefusedError(
                Refusal.TRUNCATED, where,
                "the footer line that the contract names does not end the file. Deliver the whole "
                "file again, or change 'footer' in the contract.",
            )
        told = int(re.sub(r"[^0-9]", "", found["rows"]) or -1)
        if told != n_records:
            raise RefusedError(
                Refusal.TRUNCATED, where,
                f"the footer says {told} rows, {n_records} are in the file. Deliver the whole file "
                "again.",
            )


def refuse_undeclared(table: Table, record: list[str], width: int, where: str) -> None:
    """Raise RefusedError FOOTER when the last record of a file is no row but some line of text."""
    filled = sum(1 for field in record if field.strip())
    # A row that another delimiter would divide rightly is a broken row, and is rejected as one.
    is_row = any(len(record) == 1 and record[0].count(d) == width - 1 for d in _OTHER_DELIMITERS)
    if table.footer is None and len(record) < width and not is_row \
            and 1 <= filled <= _FEW_FIELDS < width:
        raise RefusedError(
            Refusal.FOOTER, where,
            f"the last line has {len(record)} fields where a row has {width}: a footer, or a row that "
            "was cut off. Deliver the file without it, or describe it under 'footer' in the contract.",
        )
