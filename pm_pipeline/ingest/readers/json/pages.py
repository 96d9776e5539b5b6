"""Where the records stand in JSON, and how many there are to be by what the pages themselves say."""

from collections.abc import Iterator
from typing import Any

from pm_pipeline.ingest.contract.model import Table
from pm_pipeline.ingest.contract.names import normalised
from pm_pipeline.ingest.readers.json.values import TwiceKeyed
from pm_pipeline.ingest.rejects.reasons import Refusal, RefusedError

MAX_DEPTH = 50
Path = tuple[str, ...]


class Pages:
    """The path to the records and to the total of a table. Arrays are no step of a path: a file may
    hold one page or an array of them. ``is_found``: something stood where records are agreed."""

    def __init__(self, table: Table, name: str) -> None:
        self._table, self._name = table, name
        self.part = _path(table.part)
        self._total_path = _path(table.total) if table.total else None
        self._totals: set[str] = set()
        self.is_found = False

    def take_scalar(self, path: Path, value: Any) -> None:
        """A scalar of a page: the total, if it stands where the contract says."""
        if path == self._total_path:
            self._totals.add(str(value))

    def records_in(self, page: Any, path: Path = (), depth: int = 0) -> Iterator[Any]:
        """The records of a decoded page, its total noted. Raises RefusedError for a key twice."""
        if depth > MAX_DEPTH:
            raise RefusedError(
                Refusal.NOT_JSON, self._name, f"found pages nested more than {MAX_DEPTH} deep."
            )
        if path == self.part:
            self.is_found = True
            if isinstance(page, list):
                yield from page
            elif page is not None:
                yield page
        elif isinstance(page, list):
            for item in page:
                yield from self.records_in(item, path, depth + 1)
        elif isinstance(page, dict):
            if isinstance(page, TwiceKeyed):
                raise self.twice()
            for key, value in page.items():
                yield from self.records_in(value, (*path, normalised(key)), depth + 1)
        else:
            self.take_scalar(path, page)

    def twice(self) -> RefusedError:
        """The refusal of a page that has the same key twice."""
        return RefusedError(
            Refusal.NOT_JSON, self._name, "a page of the file has the same key twice."
        )

    def check(self, n_records: int) -> None:
        """At the end of a file: the records must be where, and as many as, was agreed.

        Raises RefusedError: HEADER_MISMATCH, TRUNCATED, COUNT_MISMATCH.
        """
        if not self.is_found:
            raise RefusedError(
                Refusal.HEADER_MISMATCH, self._name,
                f"expected the records at '{self._table.part}', found nothing there. Deliver the "
                "file as agreed, or change 'part' in the contract.",
            )
        if self._total_path is None:
            return
        totals = {int(t) for t in self._totals if t.isascii() and t.isdecimal() and len(t) < 16}
        if len(self._totals) > len(totals) or not totals:
            raise RefusedError(
                Refusal.HEADER_MISMATCH, self._name,
                f"expected the number of all records at '{self._table.total}', found none.",
            )
        if len(totals) > 1:
            raise RefusedError(
                Refusal.COUNT_MISMATCH, self._name,
                "the pages tell different totals: rows came or went while they were fetched. Fetch "
                "them again.",
            )
        total = totals.pop()
        if total != n_records:
            raise RefusedError(
                Refusal.TRUNCATED if n_records < total else Refusal.COUNT_MISMATCH, self._name,
                f"expected {total} records as the pages say, found {n_records}. Deliver all pages of "
                "the result in one file, each once.",
            )


def _path(text: str | None) -> Path:
    return tuple(normalised(step) for step in text.split(".")) if text else ()
