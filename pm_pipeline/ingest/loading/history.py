"""A delivery against those before it: what a full one would remove, and volumes that do not fit.

A file that was cut at the end of a line is whole to every reader. Only its size tells.
"""

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import pyarrow.parquet as pq

from pm_pipeline.ingest.contract.model import Table
from pm_pipeline.ingest.lake.files import EMPTY_FILE, loaded_markers
from pm_pipeline.ingest.loading.building import BuiltTable, Job
from pm_pipeline.ingest.rejects.reasons import Refusal, RefusedError
from pm_pipeline.ingest.values.sql_text import quoted

_LEAST_SHARE = 0.5
_FEWEST_ROWS = 20
_FEWEST_DELIVERIES = 2


def tells_everything(built: BuiltTable) -> bool:
    """Whether a row that this delivery lacks was deleted at the source.

    A full delivery that left a row out at the door does not say so: the row it lacks may be that one.
    It then counts as an increment, until the next one is whole.
    """
    return built.table.delivers == "full" and not any(f.rows_rejected for f in built.files)


def too_many_removed(job: Job, built: BuiltTable, lake_dir: Path) -> list[RefusedError]:
    """A finding when a full delivery lacks more of the rows known before than the contract allows."""
    table = built.table
    if table.delivers != "full":
        return []
    earlier = _since_last_full(job, table, lake_dir)
    if not earlier:
        return []
    keys = table.natural_key or tuple(c.name for c in table.kept_columns if c.role == "case")
    # An earlier version of the contract may have known the rows by fewer columns.
    keys = tuple(
        name for name in keys if all(name in pq.read_schema(path).names for path in earlier)
    )
    if not keys:
        return []
    columns = ", ".join(f'"{name}"' for name in keys)
    source = ", ".join(quoted(str(path)) for path in earlier)
    with duckdb.connect(config={"temp_directory": "", "threads": 2}) as connection:
        known, removed = connection.execute(f"""
            WITH known AS (
                SELECT DISTINCT {columns} FROM read_parquet([{source}], union_by_name = true)
            ),
            told AS (SELECT DISTINCT {columns} FROM read_parquet({quoted(str(built.path))}))
            SELECT (SELECT count(*) FROM known),
                (SELECT count(*) FROM (FROM known EXCEPT FROM told))
        """).fetchall()[0]
    # The rows left out at the door are missing too, and have a reason of their own.
    removed = max(0, removed - sum(file.rows_rejected for file in built.files))
    if not known or removed * 100 <= table.max_removed_percent * known:
        return []
    files = ", ".join(file.source_file for file in built.files)
    return [RefusedError(
        Refusal.TOO_MANY_REMOVED, files,
        f"a full delivery of {table.name}: {removed} of {known} rows known before are missing, "
        f"expected at most {table.max_removed_percent:g} percent. Is the export whole? If they were "
        "deleted, raise 'max_removed_percent' in the contract for this delivery.",
    )]


def _since_last_full(job: Job, table: Table, lake_dir: Path) -> list[Path]:
    """The files whose rows are the state before this delivery: the last full one and what followed."""
    told: dict[tuple[Any, Any, str], bool] = {}
    for row in _marker_rows(lake_dir, job.contract.system):
        if row["table_name"] == table.name:
            order = (row["delivered_on"], row["received_at"], row["delivery_id"])
            told[order] = told.get(order, False) or row["is_complete"]
    before = sorted(
        order for order in told
        if order[:2] < (job.delivered_on, job.received_at) and order[2] != job.delivery_id
    )
    full = [place for place, order in enumerate(before) if told[order]]
    state = before[full[-1]:] if full else before
    paths = [
        lake_dir / job.contract.system / table.name / f"{order[2]}.parquet" for order in state
    ]
    return [path for path in paths if path.exists()]


def volume_findings(lake_dir: Path, system: str, table: Table) -> list[str]:
    """Sentences about the newest delivery of a table that does not fit those before it.

    Fewer than half the rows of the median delivery of the same kind, or a column without any value
    that had values before. An empty list when all is as before, or there are too few deliveries.
    """
    told: dict[tuple[Any, Any, str], int] = {}
    kinds: dict[tuple[Any, Any, str], str] = {}
    for row in _marker_rows(lake_dir, system):
        if row["table_name"] == table.name:
            order = (row["delivered_on"], row["received_at"], row["delivery_id"])
            told[order] = told.get(order, 0) + row["rows_in_file"]
            kinds[order] = row["delivers"]
    if len(told) < _FEWEST_DELIVERIES:
        return []
    *earlier, newest = sorted(told)
    found = []
    alike = [told[order] for order in earlier if kinds[order] == kinds[newest]]
    # One earlier delivery is a history only where each tells of everything.
    if len(alike) >= (1 if kinds[newest] == "full" else _FEWEST_DELIVERIES):
        usual = median(alike)
        if usual >= _FEWEST_ROWS and told[newest] < _LEAST_SHARE * usual:
            found.append(
                f"{newest[2]}: {told[newest]} rows, expected about {usual:g} as before. Is the "
                "export whole?"
            )
    folder = lake_dir / system / table.name
    now = _filled(folder, [newest[2]])
    before = _filled(folder, [order[2] for order in earlier])
    if now is not None and before is not None and now[0] >= _FEWEST_ROWS:
        emptied = sorted(
            name for name, filled in before[1].items() if filled and now[1].get(name) == 0
        )
        if emptied:
            found.append(
                f"{newest[2]}: no value at all in {', '.join(emptied)}, which had values before."
            )
    return found


def _filled(folder: Path, delivery_ids: Sequence[str]) -> tuple[int, dict[str, int]] | None:
    """Rows and values by column of some deliveries, from the statistics of their files."""
    rows, filled, seen = 0, dict[str, int](), False
    for delivery_id in delivery_ids:
        path = folder / f"{delivery_id}.parquet"
        if path.name == EMPTY_FILE or not path.exists():
            continue
        seen = True
        metadata = pq.read_metadata(path)
        rows += metadata.num_rows
        for number in range(metadata.num_row_groups):
            group = metadata.row_group(number)
            for place in range(group.num_columns):
                column = group.column(place)
                statistics = column.statistics
                nulls = statistics.null_count if statistics is not None else 0
                name = column.path_in_schema
                filled[name] = filled.get(name, 0) + group.num_rows - (nulls or 0)
    return (rows, filled) if seen else None


def _marker_rows(lake_dir: Path, system: str) -> list[dict[str, Any]]:
    columns = ["table_name", "delivery_id", "delivered_on", "received_at", "delivers", "is_complete",
               "rows_in_file"]
    return [
        row
        for marker in loaded_markers(lake_dir) if marker.name.startswith(f"{system}__")
        for row in pq.read_table(marker, columns=columns).to_pylist()
    ]
