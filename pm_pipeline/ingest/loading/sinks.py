"""A Parquet file that is written while its rows are made."""

from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from pm_pipeline.ingest.private_files import private_file

_GROUP_ROWS = 122_880  # a row group of DuckDB


class ParquetSink(AbstractContextManager["ParquetSink"]):
    """A Parquet file of a known schema that is written piece by piece, mode 0600."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._context = private_file(path)
        self._writer = pq.ParquetWriter(self._context.__enter__(), schema, compression="zstd")
        self._waiting: list[pa.Table] = []

    def write(self, rows: pa.Table) -> None:
        """Add rows; they are written when a row group is full, at the latest on leaving."""
        self._waiting.append(rows)
        if sum(part.num_rows for part in self._waiting) >= _GROUP_ROWS:
            self._flush()

    def _flush(self) -> None:
        if any(part.num_rows for part in self._waiting):
            rows = pa.concat_tables(self._waiting)
            self._writer.write_table(rows, row_group_size=rows.num_rows)
        self._waiting.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._flush()
        finally:
            self._writer.close()
            self._context.__exit__(None, None, None)
