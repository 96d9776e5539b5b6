"""Rows of facts without a fault, and where the shipped suites lie."""

from datetime import date
from pathlib import Path

import duckdb
import yaml

from pm_pipeline.quality.suites.datasets import ColumnKind, Dataset

REPOSITORY = Path(__file__).resolve().parents[2]
EXPECTATIONS = REPOSITORY / "expectations"
TODAY = date(2026, 11, 22)
SQL_TYPES = {
    ColumnKind.TEXT: "varchar",
    ColumnKind.COUNT: "bigint",
    ColumnKind.PERCENT: "double",
    ColumnKind.DATE: "date",
}
CLEAN_CODES = {
    "activity_id": "JOBSAMTALE",
    "target_group": "6.1",
    "resource_type": "human",
    "responsible_party": "municipality",
    "org_unit_id": "TEAM-7",
}


def clean_row(dataset: Dataset, process_id: str | None, regime_id: str | None) -> dict[str, object]:
    row: dict[str, object] = {}
    for name, kind in dataset.columns.items():
        is_share = f"{name}_percent" in dataset.columns or kind is ColumnKind.PERCENT
        if kind in (ColumnKind.COUNT, ColumnKind.PERCENT):
            row[name] = 0 if is_share else 100
        elif kind is ColumnKind.DATE:
            row[name] = "2020-01-01"
    return row | {"municipality_id": "901", "process_id": process_id, "regime_id": regime_id}


def described(model: str) -> list[str]:
    """The columns of a table of facts as its YAML describes them."""
    folder = REPOSITORY / "dbt_project" / "models" / "quality"
    files = [yaml.safe_load(path.read_text("utf-8")) for path in folder.glob("*.yml")]
    (found,) = [one for file in files for one in file["models"] if one["name"] == model]
    return [column["name"] for column in found["columns"]]


def assert_is_declared(connection: duckdb.DuckDBPyConnection, table: str, dataset: Dataset) -> None:
    """A table that SQL made has the columns and types that suites may name, and the YAML tells them."""
    made = connection.execute(f"describe {table}").fetchall()
    assert {column: kind.lower() for column, kind, *_ in made} == {
        column: SQL_TYPES[kind] for column, kind in dataset.columns.items()
    }
    assert described(dataset.name) == list(dataset.columns)


def insert(connection: duckdb.DuckDBPyConnection, table: str, row: dict[str, object]) -> None:
    marks = ", ".join("?" for _ in row)
    connection.execute(
        f"insert into quality.{table} ({', '.join(row)}) values ({marks})", list(row.values())
    )


def copy(made: duckdb.DuckDBPyConnection, into: duckdb.DuckDBPyConnection, table: str) -> None:
    """Have the facts of one table as SQL made them elsewhere, in place of the clean ones."""
    into.execute(f"delete from quality.{table}")
    found = made.execute(f"select * from {table}")
    names = [name for name, *_ in found.description]
    for values in found.fetchall():
        insert(into, table, dict(zip(names, values, strict=True)))
