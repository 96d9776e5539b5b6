"""Reads the marts of a warehouse, as they may be read: whole, listed, of one municipality."""

from pathlib import Path

import duckdb
import pyarrow as pa

from pm_pipeline.errors import PipelineError
from pm_pipeline.publish.disclosure import require_listed_columns
from pm_pipeline.publish.policy import PUBLISHED_TABLES
from pm_pipeline.warehouse import connect


def read_marts(warehouse_path: Path, municipality_id: str) -> dict[str, pa.Table]:
    """All marts of the allow-list by name; the warehouse is open no longer than this takes.

    Raises:
        PipelineError: a mart is missing, has other columns than the allow-list, or holds rows of
            another municipality.
    """
    marts: dict[str, pa.Table] = {}
    with connect(warehouse_path) as connection:
        present = {
            row[0]
            for row in connection.execute(
                "select table_name from duckdb_tables() where schema_name = 'marts'"
            ).fetchall()
        }
        for table in PUBLISHED_TABLES.values():
            if table.name not in present:
                raise PipelineError(
                    f"{warehouse_path}: the mart marts.{table.name} is missing; build the marts"
                )
            mart = connection.sql(f"select * from marts.{table.name}").to_arrow_table()
            require_listed_columns(table, mart.column_names)
            strangers = set(mart["municipality_id"].unique().to_pylist()) - {municipality_id}
            if strangers:
                raise PipelineError(
                    f"marts.{table.name}: rows of another municipality than {municipality_id}; "
                    "build the warehouse of this municipality again"
                )
            marts[table.name] = mart
    return marts


def require_same_generation(quality_summary: pa.Table, rule_results_path: Path) -> None:
    """Refuse to publish marts that were built before the quality results they speak of.

    Raises:
        PipelineError: the two differ in how often each rule had each outcome.
    """
    if not rule_results_path.is_file():
        raise PipelineError(f"{rule_results_path}: no rule results yet; run the quality step first")
    sql = "select rule_id, outcome, count(*) from {} group by all order by all"
    with duckdb.connect() as connection:
        connection.register("summary", quality_summary)
        published = connection.execute(sql.format("summary")).fetchall()
        judged = connection.execute(
            sql.format("read_parquet($path)"), {"path": str(rule_results_path)}
        ).fetchall()
    if published != judged:
        raise PipelineError(
            f"marts.quality_summary does not agree with {rule_results_path}: the marts were built "
            "from other quality results; build the marts again"
        )
