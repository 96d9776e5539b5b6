"""What every reader yields: records of one file as raw text, and the rows that could not be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from pm_pipeline.ingest.contract.model import Column, Table
from pm_pipeline.ingest.readers.headers import wanted_fields
from pm_pipeline.ingest.readers.minimise import Text, minimiser

BATCH_ROWS = 30_720  # small enough to stay near the processor, a quarter of a row group


@dataclass(frozen=True)
class RawBatch:
    """Some records of one file. ``n_records`` = rows of ``values`` + rows of ``rejects``.

    ``values`` has ``source_row`` (line in which the record starts, from 1) and one text column per
    wanted field; ``rejects`` follows FINDING_SCHEMA. ``absent_columns``: the optional columns that the
    file does not have.
    """

    values: pa.Table
    rejects: pa.Table
    unlisted_columns: int
    absent_columns: tuple[str, ...] = ()

    @property
    def n_records(self) -> int:
        """Records of the file in this batch."""
        return self.values.num_rows + self.rejects.num_rows


def raw_table(table: Table, rows: list[tuple[Any, ...]], starts: list[int]) -> pa.Table:
    """Rows (one value per wanted field) as Arrow text columns, free text and names reduced."""
    fields = wanted_fields(table)
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(fields)
    texts = [pa.array(values, pa.string()) for values in columns]
    return raw_columns(table, texts, pa.array(starts, pa.int64()))


def raw_columns(table: Table, columns: Sequence[Text], starts: pa.Int64Array) -> pa.Table:
    """The same from columns: one text array per wanted field."""
    fields = wanted_fields(table)
    arrays = [
        reduced(values, column, table)
        for (_, column, _), values in zip(fields, columns, strict=True)
    ]
    return pa.table([starts, *arrays], names=["source_row", *(f[0] for f in fields)])


def reduced(values: Any, column: Column, table: Table) -> Any:
    """The raw text of a column as it may leave a reader."""
    reduce = minimiser(column, table)
    return reduce(values) if reduce else values
