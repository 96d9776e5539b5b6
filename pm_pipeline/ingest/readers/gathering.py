"""Gather records one by one into batches of raw text."""

from typing import Any

from pm_pipeline.ingest.contract.model import Table
from pm_pipeline.ingest.readers.batches import RawBatch, raw_table
from pm_pipeline.ingest.rejects.findings import row_findings
from pm_pipeline.ingest.rejects.reasons import Reason

_MOST_CHARACTERS = 64 * 1024 * 1024


class Gathering:
    """The records of a file that no batch has been made of yet; ``n_records`` counts all there were."""

    def __init__(self, table: Table, batch_rows: int) -> None:
        self._table, self._batch_rows = table, batch_rows
        self._rows: list[tuple[Any, ...]] = []
        self._starts: list[int] = []
        self._bad: list[tuple[int, Reason, str, str]] = []
        self._taken = False
        self._weight = 0
        self.n_records = 0

    def add(self, source_row: int, values: tuple[str | None, ...], weight: int = 0) -> None:
        """One record: a text or None per wanted field. ``weight``: its size in characters."""
        self._weight += weight
        self._rows.append(values)
        self._starts.append(source_row)
        self.n_records += 1

    def reject(self, source_row: int, reason: Reason, expected: str, found: str) -> None:
        """One record that cannot be read."""
        self._bad.append((source_row, reason, expected, found))
        self.n_records += 1

    @property
    def is_full(self) -> bool:
        """Whether a batch should be taken now: enough records, or few that are large."""
        return (
            len(self._rows) + len(self._bad) >= self._batch_rows or self._weight > _MOST_CHARACTERS
        )

    @property
    def is_due(self) -> bool:
        """Whether a last batch is to be taken at the end of the file."""
        return bool(self._rows or self._bad) or not self._taken

    def take(self, unlisted_columns: int, absent_columns: tuple[str, ...] = ()) -> RawBatch:
        """All that was gathered, as a batch."""
        values = raw_table(self._table, self._rows, self._starts)
        batch = RawBatch(values, row_findings(self._bad), unlisted_columns, absent_columns)
        self._rows, self._starts, self._bad, self._taken, self._weight = [], [], [], True, 0
        return batch
