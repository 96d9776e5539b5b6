"""The only door of Python to a warehouse: short, read-only connections.

dbt is the only writer. A reader that stays connected would stop the next build, so a connection
lives only as long as its ``with`` block.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pm_pipeline.errors import PipelineError


@contextmanager
def connect(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse at ``path`` read-only and close it when the block ends.

    Raises:
        PipelineError: the file does not exist, or another process is building it.
    """
    if not path.exists():
        raise PipelineError(
            f"{path}: there is no warehouse yet; run `pm-pipeline run` for this municipality first"
        )
    try:
        connection = duckdb.connect(str(path), read_only=True)
    except duckdb.IOException as error:
        raise PipelineError(
            f"{path}: the warehouse cannot be opened (is another run building it?): "
            f"{str(error).splitlines()[0]}"
        ) from error
    try:
        connection.execute("set enable_progress_bar = false")
        yield connection
    finally:
        connection.close()
