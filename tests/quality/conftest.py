"""Clean facts of a municipality, to plant one fault in at a time."""

from collections.abc import Iterator
from dataclasses import replace

import duckdb
import pytest

from pm_pipeline.quality.suites.datasets import DATASETS
from pm_pipeline.registry import Registry, load_registry
from tests.quality.clean_facts import CLEAN_CODES, REPOSITORY, SQL_TYPES, clean_row, insert

#: Of each process and regime that a test asks about, forty citizens with three events each.
PEOPLE = """
    create table core.cases as
    select
        p || n::varchar as case_id, n::varchar as citizen_id, p as process_id, r as regime_id,
        3 as n_events
    from range(40) numbers(n), (values
        ('forsikrede_ledige', 'forsikrede_ledige__20240101'),
        ('kontanthjaelp', 'kontanthjaelp__20240101')) slices(p, r)
"""


@pytest.fixture(scope="session")
def registry() -> Registry:
    """As shipped, less the rules of the log: they are rules of every folder of suites."""
    return replace(load_registry(REPOSITORY / "dbt_project" / "seeds"), log_rules=())


@pytest.fixture(scope="session")
def clean_warehouse(registry: Registry) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("create schema quality; create schema core")
        connection.execute(PEOPLE)
        for dataset in DATASETS.values():
            columns = ", ".join(f"{name} {SQL_TYPES[k]}" for name, k in dataset.columns.items())
            connection.execute(f"create table quality.{dataset.name} ({columns})")
        for regime in registry.regimes:
            for name in (
                "quality_events", "quality_cases", "quality_volumes", "quality_imperfections",
            ):
                row = clean_row(DATASETS[name], regime.process_id, regime.regime_id)
                insert(connection, name, row)
            for column, code in CLEAN_CODES.items():
                row = {
                    "municipality_id": "901",
                    "process_id": regime.process_id,
                    "regime_id": regime.regime_id,
                    "kind": column,
                    column: code,
                    "uses": 9,
                }
                insert(connection, "quality_codes", row)
        for table in ("contacts", "tasks"):
            for name in (
                "quality_rows", "quality_labels", "quality_law_codes", "quality_restated",
            ):  # fmt: skip
                row = clean_row(DATASETS[name], None, None)
                row |= {"system_id": "momentum", "source_table": table}
                insert(connection, name, row)
        yield connection


@pytest.fixture
def warehouse(
    clean_warehouse: duckdb.DuckDBPyConnection,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Facts without a fault: a row for every process and regime, all shares 0 of 100.

    What a test plants is rolled back after it.
    """
    clean_warehouse.begin()
    yield clean_warehouse
    clean_warehouse.rollback()
