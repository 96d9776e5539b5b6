"""How many numbers are missing in the columns whose identifiers are numbers given out one by one.

A gap is a row that somebody deleted, or that was not delivered. It can only be counted here: behind the
door an identifier is a pseudonym. The numbers themselves are kept nowhere.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pm_pipeline.ingest.contract.model import Table

_NUMBER = "^[0-9]{1,18}$"


def numbered_columns(table: Table) -> tuple[str, ...]:
    """The columns of a table that the contract calls numbered."""
    return tuple(column.name for column in table.kept_columns if column.numbered)


class Numbering:
    """The different numbers of each numbered column of one file; 8 bytes for each."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        self._seen: dict[str, np.ndarray] = {
            name: np.empty(0, dtype=np.int64) for name in columns
        }

    def add(self, values: pa.Table) -> None:
        """Note the numbers of a batch of raw text; what is no whole number is passed over."""
        for name in self._seen:
            if name not in values.column_names:
                continue
            texts = pc.utf8_trim_whitespace(values[name].cast(pa.string()))
            numbers = texts.filter(pc.match_substring_regex(texts, _NUMBER)).cast(pa.int64())
            found = np.concatenate([self._seen[name], numbers.to_numpy()])
            self._seen[name] = np.unique(found)

    def missing(self) -> int | None:
        """Numbers between the smallest and the largest that are not there; None without a column."""
        if not self._seen:
            return None
        return sum(
            int(seen[-1] - seen[0]) + 1 - len(seen) for seen in self._seen.values() if len(seen)
        )
