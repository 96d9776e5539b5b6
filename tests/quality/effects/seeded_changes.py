"""The models of dated changes on tables made by hand: rendered as dbt would, run in DuckDB."""

from pathlib import Path

import duckdb
import jinja2

PROJECT = Path(__file__).resolve().parents[3] / "dbt_project"
_SCHEMAS = {
    path.stem: path.relative_to(PROJECT / "models").parts[0]
    for path in (PROJECT / "models").rglob("*.sql")
}
_ALIASES = {"activity_codes": "activities"}
_MACROS = ("limit.sql", "municipality_id.sql", "change_measure.sql", "deliveries_in_turn.sql",
           "min_group_size.sql")


def render(name: str) -> str:
    """The SQL of a model; tables by their schema, seeds in ``reference``."""
    path = next((PROJECT / "models").rglob(f"{name}.sql"))
    macros = "".join((PROJECT / "macros" / one).read_text("utf-8") for one in _MACROS)
    return jinja2.Template(macros + path.read_text("utf-8")).render(
        ref=lambda one: f"{_SCHEMAS.get(one, 'reference')}.{_ALIASES.get(one, one)}",
        source=lambda schema, one: f"{schema}.{one}",
        config=lambda **_: "",
        env_var=lambda name, default="": {"PM_MUNICIPALITY": "901"}.get(name, default),
    )


def build(connection: duckdb.DuckDBPyConnection, *names: str) -> None:
    for name in names:
        kind = "view" if "materialized='view'" in _source(name) else "table"
        connection.execute(f"create or replace {kind} {_SCHEMAS[name]}.{name} as {render(name)}")


def with_limits(connection: duckdb.DuckDBPyConnection) -> None:
    """The schemas, and the limits as shipped."""
    for schema in ("core", "quality", "intermediate", "reference"):
        connection.execute(f"create schema if not exists {schema}")
    path = PROJECT / "detectors" / "quality_limits.csv"
    connection.execute(f"create table reference.quality_limits as from read_csv('{path}')")


def _source(name: str) -> str:
    return next((PROJECT / "models").rglob(f"{name}.sql")).read_text("utf-8")
