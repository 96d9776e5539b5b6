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
        PipelineError: the file does not exist, another process is building it, or it is damaged.
    """
    if not path.exists():
        raise PipelineError(
            f"{path}: there is no warehouse yet; run `pm-pipeline run` for this municipality first"
        )
    if path.with_name(f"{path.name}.wal").exists():
        # A build leaves no log behind; DuckDB would play one of any other file into what is read.
        raise _damaged(path, "a write-ahead log lies beside it, so something else wrote there")
    try:
        connection = duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        if "set lock" in str(error):
            raise PipelineError(
                f"{path}: the warehouse cannot be opened (is another run building it?): "
                f"{str(error).splitlines()[0]}"
            ) from error
        raise _damaged(path, error) from error
    try:
        connection.execute("set enable_progress_bar = false")
        yield connection
    except (duckdb.IOException, duckdb.SerializationException, duckdb.FatalException) as error:
        raise _damaged(path, error) from error
    finally:
        connection.close()


def _damaged(path: Path, error: duckdb.Error | str) -> PipelineError:
    """A warehouse is derived: what is in it can always be made again from what was delivered."""
    kind = error if isinstance(error, str) else f"{type(error).__name__}: {str(error)[:200]}"
    return PipelineError(
        f"{path}: the warehouse is damaged ({kind.splitlines()[0]}). Nothing is lost: "
        "`pm-pipeline run --force` for this municipality builds it again from landing."
    )


@contextmanager
def connect_both(before: Path, after: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Two warehouses of one municipality read-only, as the catalogs ``before`` and ``after``.

    Raises:
        PipelineError: as :func:`connect`, of either.
    """
    with connect(after), connect(before):
        pass  # each is told by its own name where it is missing, being built or damaged
    connection = duckdb.connect()
    try:
        connection.execute("set enable_progress_bar = false")
        for name, path in (("before", before), ("after", after)):
            quoted = str(path).replace("'", "''")
            connection.execute(f"attach '{quoted}' as \"{name}\" (read_only)")
        yield connection
    finally:
        connection.close()
