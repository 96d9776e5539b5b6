"""Builds a publication as a candidate folder: published.duckdb, Parquet, models, receipt.

The candidate lies beside what is published and is seen by nobody until
:func:`pm_pipeline.publish.swap.promote` makes it the publication.
"""

import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from pm_pipeline.errors import PipelineError
from pm_pipeline.publish.artefacts import Slice, copy_models
from pm_pipeline.publish.comparison_maps import copy_comparison_maps
from pm_pipeline.publish.disclosure import (
    released_sql,
    require_permitted_group,
    suppression_sql,
)
from pm_pipeline.publish.documentation import Description, read_documentation
from pm_pipeline.publish.marts import read_marts, require_same_generation
from pm_pipeline.publish.metadata import TableCounts, write_metadata
from pm_pipeline.publish.policy import PUBLISHED_TABLES
from pm_pipeline.publish.published_table import PublishedTable
from pm_pipeline.publish.receipts import RECEIPT_FILE, Receipt

DATABASE_FILE = "published.duckdb"
PARQUET_DIR = "parquet"
MODELS_DIR = "models"
# The oldest storage format: read by every DuckDB since 1.0, and so by older ODBC drivers.
STORAGE_VERSION = "v1.0.0"
_READABLE_FILE, _READABLE_DIR = 0o644, 0o755


@dataclass(frozen=True)
class Candidate:
    """A publication that nobody sees yet. ``path`` is its folder."""

    path: Path
    municipality_id: str
    generation: str
    tables: tuple[TableCounts, ...]
    n_models: int

    @property
    def database(self) -> Path:
        return self.path / DATABASE_FILE

    @property
    def parquet_dir(self) -> Path:
        return self.path / PARQUET_DIR

    @property
    def models_dir(self) -> Path:
        return self.path / MODELS_DIR


def build_candidate(
    warehouse_path: Path,
    rule_results_path: Path,
    candidate_dir: Path,
    *,
    municipality_id: str,
    min_group_size: int,
    withheld: Collection[Slice],
    receipt: Receipt,
    mining_dir: Path,
    marts_yaml: Path,
) -> Candidate:
    """Build the publication of one municipality in ``candidate_dir``, which must not exist.

    On failure nothing of the candidate is left, and what is published stays as it is. The files
    are world-readable (0644): they hold only what may leave the pseudonymised zone, and BI reads
    them under another account.

    Args:
        withheld: (process_id, regime_id) of the slices that failed a critical quality rule; with
            (None, None) the whole delivery failed one, and nothing that rests on it is published.
        receipt: must be of this municipality and minimum group.
        mining_dir: see :func:`pm_pipeline.publish.artefacts.copy_models` and
            :func:`pm_pipeline.publish.comparison_maps.copy_comparison_maps`.
        marts_yaml: texts for ``documentation`` and the comments.

    Raises:
        PipelineError: the minimum group is below the floor, a mart is missing, has other columns
            than the allow-list or another municipality's rows, or is older than the quality
            results; a text is missing; the disk is full.
    """
    k = require_permitted_group(min_group_size)
    if (receipt.municipality_id, receipt.min_group_size) != (municipality_id, k):
        raise PipelineError(
            f"the receipt is of municipality {receipt.municipality_id} and a minimum group of "
            f"{receipt.min_group_size}, expected {municipality_id} and {k}; make a new receipt"
        )
    texts = read_documentation(marts_yaml)
    marts = read_marts(warehouse_path, municipality_id)
    require_same_generation(marts["quality_summary"], rule_results_path)
    try:
        candidate_dir.mkdir(parents=True)
    except OSError as error:
        raise PipelineError(
            f"{candidate_dir}: the folder of the candidate cannot be made ({error.strerror})"
        ) from error
    try:
        for folder in (PARQUET_DIR, MODELS_DIR):
            (candidate_dir / folder).mkdir()
        with duckdb.connect(config={"temp_directory": ""}) as connection:
            counts = _write_database(
                connection, candidate_dir, marts, texts, receipt, withheld, rule_results_path
            )
        n_models = copy_models(
            mining_dir, candidate_dir / MODELS_DIR, withheld=withheld, min_group_size=k
        )
        n_models += copy_comparison_maps(
            mining_dir, candidate_dir / MODELS_DIR, withheld=withheld, min_group_size=k
        )
        (candidate_dir / RECEIPT_FILE).write_text(receipt.model_dump_json(indent=2) + "\n", "utf-8")
        _open_to_readers(candidate_dir)
    except BaseException as error:
        shutil.rmtree(candidate_dir, ignore_errors=True)
        if isinstance(error, OSError | duckdb.Error):
            is_storage = isinstance(error, OSError | duckdb.IOException)
            raise PipelineError(
                f"{candidate_dir.parent}: the publication could not be written "
                f"({type(error).__name__}{': is the disk full?' if is_storage else ''}); "
                "what was published before stays"
            ) from error
        raise
    return Candidate(candidate_dir, municipality_id, receipt.generation, counts, n_models)


def _write_database(
    connection: duckdb.DuckDBPyConnection,
    candidate_dir: Path,
    marts: Mapping[str, pa.Table],
    texts: Sequence[Description],
    receipt: Receipt,
    withheld: Collection[Slice],
    rule_results_path: Path,
) -> tuple[TableCounts, ...]:
    """Write every table to published.duckdb and Parquet; what was left out, per mart."""
    connection.execute("set enable_progress_bar = false")
    database = _quoted(candidate_dir / DATABASE_FILE)
    connection.execute(f"attach {database} as published (storage_version '{STORAGE_VERSION}')")
    connection.execute("begin")  # one commit to disk instead of one per table and comment
    connection.execute("create temp table withheld (process_id varchar, regime_id varchar)")
    if withheld:
        connection.executemany("insert into withheld values (?, ?)", sorted(withheld, key=str))
    counts = tuple(
        _write_mart(connection, table, marts[table.name], receipt.min_group_size)
        for table in PUBLISHED_TABLES.values()
    )
    write_metadata(connection, receipt, counts, texts, rule_results_path)
    connection.execute("commit")
    for (name,) in connection.execute(
        "select table_name from duckdb_tables() where database_name = 'published' order by all"
    ).fetchall():
        target = _quoted(candidate_dir / PARQUET_DIR / f"{name}.parquet")
        connection.execute(f"copy published.{name} to {target} (format parquet, compression zstd)")
    connection.execute("checkpoint published")
    connection.execute("detach published")
    return counts


def _write_mart(
    connection: duckdb.DuckDBPyConnection, table: PublishedTable, mart: pa.Table, k: int
) -> TableCounts:
    connection.register("mart_rows", mart)
    connection.execute(
        f"create table published.{table.name} as " + released_sql(table, "mart_rows", "withheld", k)
    )
    rows_withheld, rows_removed, cells_masked = connection.execute(
        suppression_sql(table, "mart_rows", "withheld", k)
    ).fetchall()[0]
    connection.unregister("mart_rows")
    rows = connection.execute(f"select count(*) from published.{table.name}").fetchall()[0][0]
    return TableCounts(table.name, rows, rows_removed, rows_withheld, cells_masked)


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _open_to_readers(folder: Path) -> None:
    folder.chmod(_READABLE_DIR)
    for path in folder.rglob("*"):
        path.chmod(_READABLE_DIR if path.is_dir() else _READABLE_FILE)
