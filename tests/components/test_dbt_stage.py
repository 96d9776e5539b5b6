"""The dbt project as assets: which are shown, and what a part of them builds."""

from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pm_pipeline import warehouse
from pm_pipeline.components.dbt_stage import build_dbt_stage, models_of_unused_systems
from pm_pipeline.components.freshness import known_contracts
from pm_pipeline.ingest.lake.files import ensure_empty_tables
from pm_pipeline.ingest.landing.deliveries import register_delivery
from pm_pipeline.ingest.loading.load import load_delivery
from pm_pipeline.settings import Settings
from pm_pipeline.synthetic import generate
from pm_pipeline.transform.build import build_warehouse

MUNICIPALITY = "903"


def _manifest(parents: dict[str, list[str]]) -> dict[str, Any]:
    """A manifest of models with these parents; a name with a dot is a source or a seed already."""
    names = {one for several in parents.values() for one in several}
    return {
        "nodes": {
            f"model.p.{name}": {"depends_on": {"nodes": [_id(one) for one in several]}}
            for name, several in parents.items()
        },
        "sources": {_id(one): {"name": one.split(".")[-1]} for one in names if "lake." in one},
    }


def _id(name: str) -> str:
    return f"source.p.{name}" if "lake." in name else name if "." in name else f"model.p.{name}"


def test_models_over_nothing_but_unused_systems_are_not_shown() -> None:
    manifest = _manifest({
        "stg_a": ["lake.a_rows"],
        "stg_b": ["lake.b_rows"],
        "int_b": ["stg_b"],
        "union": ["stg_a", "int_b"],
        "days": ["seed.p.calendar"],
        "mapped_b": ["stg_b", "seed.p.mapping"],
    })
    hidden = models_of_unused_systems(manifest, frozenset({"b_rows"}))
    # a seed qualifies rows and brings none; a model over seeds alone belongs to every field
    assert hidden == {"model.p.stg_b", "model.p.int_b", "model.p.mapped_b"}
    assert models_of_unused_systems(manifest, frozenset()) == frozenset()


def test_what_tells_of_deliveries_or_of_changed_numbers_brings_no_rows() -> None:
    manifest = _manifest({
        "stg_a": ["lake.a_rows", "lake.deliveries", "stg_links"],
        "stg_b": ["lake.b_rows", "lake.deliveries", "stg_links"],
        "stg_links": ["lake.a_links", "lake.deliveries"],
        "deliveries": ["lake.deliveries"],
        "rejected": ["lake.rejects"],
    })
    links = frozenset({"a_links"})
    assert models_of_unused_systems(manifest, frozenset({"b_rows"}), links) == {"model.p.stg_b"}
    without_a = models_of_unused_systems(manifest, frozenset({"a_rows", "a_links"}), links)
    assert without_a == {"model.p.stg_a", "model.p.stg_links"}


@pytest.fixture
def loaded(settings: Settings, tmp_path: Path) -> Settings:
    """A fasit municipality of forty citizens, its core built."""
    contracts = known_contracts(settings)
    generate(MUNICIPALITY, "fasit", tmp_path / "export", seed=11, n_citizens=40)
    ensure_empty_tables(contracts.values(), settings.lake_dir(MUNICIPALITY))
    for day in sorted(path for path in (tmp_path / "export").iterdir() if path.is_dir()):
        delivery = register_delivery(
            settings.landing_dir,
            MUNICIPALITY,
            contracts["fasit"].latest,
            date.fromisoformat(day.name),
            sorted(day.iterdir()),
        )
        load_delivery(
            delivery, contracts["fasit"], settings.lake_dir(MUNICIPALITY), settings.key_dir
        )
    build_warehouse(settings, MUNICIPALITY, "core")
    return settings


def _tables(settings: Settings) -> dict[str, int]:
    with warehouse.connect(settings.warehouse_path(MUNICIPALITY)) as connection:
        return dict(
            connection.execute(
                "select schema_name || '.' || table_name, estimated_size from duckdb_tables()"
            ).fetchall()
        )


@pytest.mark.slow
def test_one_mart_alone_is_built_on_the_warehouse_that_is_there(loaded: Settings) -> None:
    marts = build_dbt_stage(loaded, "marts")
    before = _tables(loaded)
    assert before["core.events"] > 100 and "marts.kpi_lead_time" not in before

    def materialise(name: str) -> dg.ExecuteInProcessResult:
        with dg.DagsterInstance.ephemeral() as instance:
            return dg.materialize(
                [marts],
                selection=[dg.AssetKey(["marts", name])],
                partition_key=MUNICIPALITY,
                instance=instance,
            )

    for name in ("kpi_lead_time", "kpi_rework"):
        result = materialise(name)
        made = [event.materialization for event in result.get_asset_materialization_events()]
        assert [one.asset_key.path for one in made] == [["marts", name]]
        rows = made[0].metadata["dagster/partition_row_count"].value
        assert _tables(loaded) == before | {f"marts.{name}": rows}
        before = _tables(loaded)
        schema = made[0].metadata["dagster/column_schema"].value
        assert isinstance(schema, dg.TableSchema)
        assert "n_citizens" in {column.name for column in schema.columns}


@pytest.mark.slow
def test_a_mart_of_a_municipality_without_a_warehouse_says_what_to_do_first(
    settings: Settings,
) -> None:
    marts = build_dbt_stage(settings, "marts")
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize(
            [marts],
            selection=[dg.AssetKey(["marts", "kpi_lead_time"])],
            partition_key=MUNICIPALITY,
            instance=instance,
            raise_on_error=False,
        )
    assert not result.success
    [failure] = result.get_step_failure_events()
    assert "materialise the core assets" in str(failure.step_failure_data.error)
