"""A stage of the dbt project (core, marts) as Dagster assets and checks, built in this process."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtProject, dbt_assets

from pm_pipeline import warehouse
from pm_pipeline.components.freshness import code_fingerprint, known_contracts, law_fingerprint
from pm_pipeline.components.partitions import WAREHOUSE_POOL, municipalities, municipality_check
from pm_pipeline.components.plan import stale_nodes
from pm_pipeline.components.recipes import code_versions, recipes_for, sources_of
from pm_pipeline.ingest.loading.state import lake_state
from pm_pipeline.law.register import load_checked_registry
from pm_pipeline.settings import Settings
from pm_pipeline.transform.build import SELECTION, NodeResult, Stage, build_warehouse
from pm_pipeline.transform.manifest import manifest_path
from pm_pipeline.transform.one_piece import GENERATION, BuiltFrom
from pm_pipeline.transform.recipes import UNKNOWN, recipes_of
from pm_pipeline.transform.record import read_record

# Sources about the deliveries of every system.
_OF_ALL_SYSTEMS = frozenset({"deliveries", "rejects"})
_UNIQUE_ID = "dagster_dbt/unique_id"
#: What every load leaves beside its tables: it qualifies the rows of all systems and brings none.
_RECORDS = frozenset({"deliveries", "rejects", "changes"})


class Translator(DagsterDbtTranslator):
    """Names dbt nodes as the product does: key = (schema, table), group = stage.

    ``hidden`` are models of systems that the field does not use: dbt builds them, over empty tables,
    because the unions name them; a data engineer is not shown them. ``versions`` are the code versions.
    """

    def __init__(self, hidden: frozenset[str], versions: Mapping[str, str]) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_asset_checks=True))
        self._hidden = hidden
        self._versions = versions

    def get_asset_spec(
        self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetSpec:
        spec = super().get_asset_spec(manifest, unique_id, project)
        properties = self.get_resource_props(manifest, unique_id)
        if properties["resource_type"] == "source":
            return spec
        schema = properties["schema"]
        hidden = {
            self.get_asset_spec(manifest, parent, project).key
            for parent in properties["depends_on"].get("nodes", [])  # a seed has none
            if parent in self._hidden
        }
        return spec.replace_attributes(
            key=dg.AssetKey([schema, properties["alias"]]),
            deps=[dep for dep in spec.deps if dep.asset_key not in hidden],
            group_name=schema,
            description=_description(properties),
            owners=["team:data"],
            kinds={"dbt", "duckdb"},
            code_version=self._versions[unique_id],
        ).merge_attributes(metadata={"dagster/table_name": f"{schema}.{properties['alias']}"})

    def get_asset_check_spec(
        self,
        asset_spec: dg.AssetSpec,
        manifest: Mapping[str, Any],
        unique_id: str,
        project: DbtProject | None,
    ) -> dg.AssetCheckSpec | None:
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        if spec is None:
            return None
        return municipality_check(
            spec.name,
            asset=spec.asset_key,
            description=spec.description or f"Structural dbt test {spec.name}; it stops the build.",
            blocking=spec.blocking,
            additional_deps=[dep.asset_key for dep in spec.additional_deps],
            metadata=dict(spec.metadata or {}),
        )


def _description(properties: Mapping[str, Any]) -> str:
    return str(properties.get("description") or "").strip()


def models_of_unused_systems(
    manifest: Mapping[str, Any],
    unused_tables: frozenset[str],
    link_tables: frozenset[str] = frozenset(),
) -> frozenset[str]:
    """The models (dbt unique ids) whose rows come from nothing but these lake tables.

    What tells of deliveries qualifies the rows of every system and brings none; so do ``link_tables``
    (citizens whose number changed), except to the models that are made of nothing else.
    """

    @cache
    def sources(unique_id: str) -> frozenset[str]:
        if unique_id.startswith("source."):
            return frozenset({manifest["sources"][unique_id]["name"]}) - _RECORDS
        if unique_id.startswith("seed."):
            return frozenset()  # a seed qualifies the rows of a system, it brings none
        parents = manifest["nodes"][unique_id]["depends_on"]["nodes"]
        return frozenset().union(*map(sources, parents))

    models = [unique_id for unique_id in manifest["nodes"] if unique_id.startswith("model.")]

    def is_unused(unique_id: str) -> bool:
        rows = sources(unique_id) - _OF_ALL_SYSTEMS
        rows = rows - link_tables or rows
        return bool(rows) and rows <= unused_tables

    return frozenset(one for one in models if is_unused(one))


def _unused_tables(settings: Settings) -> frozenset[str]:
    in_use = {system.system_id for system in load_checked_registry(settings.seeds_dir).systems}
    return frozenset(
        f"{contract.system}_{table.name}"
        for contract in known_contracts(settings).values()
        if contract.system not in in_use
        for table in contract.tables
    )


def _link_tables(settings: Settings) -> frozenset[str]:
    return frozenset(
        f"{contract.system}_{table.name}"
        for contract in known_contracts(settings).values()
        for table in contract.tables
        if table.row == "citizen_link"
    )


def build_dbt_stage(settings: Settings, stage: Stage) -> dg.AssetsDefinition:
    """The assets and checks of one dbt stage, built as a single step per municipality."""
    manifest = json.loads(manifest_path(settings).read_text(encoding="utf-8"))
    hidden = models_of_unused_systems(manifest, _unused_tables(settings), _link_tables(settings))
    translator = Translator(hidden, _versions(settings))

    @dbt_assets(
        manifest=manifest,
        select=SELECTION[stage],
        exclude=" ".join(sorted(unique_id.split(".")[-1] for unique_id in hidden)),
        name=f"dbt_{stage}",
        dagster_dbt_translator=translator,
        partitions_def=municipalities(),
        pool=WAREHOUSE_POOL,
    )
    def assets(
        context: dg.AssetExecutionContext,
    ) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
        municipality_id = context.partition_key
        # the context's definition holds the selected keys only: the whole stage is the one made here
        is_whole = set(context.selected_asset_keys) == set(assets.keys)
        only = () if is_whole else (
            *_selected_ids(context), *_stale_hidden(settings, municipality_id, stage, hidden)
        )
        results = build_warehouse(
            settings,
            municipality_id,
            stage,
            only,
            built_from=BuiltFrom(
                sources=sources_of(settings, municipality_id),
                lake_state=lake_state(
                    known_contracts(settings), settings.lake_dir(municipality_id)
                ),
                code=code_fingerprint(settings),
                law=law_fingerprint(settings),
            ),
        )
        yield from _report(context, settings, municipality_id, results)

    return assets


def _selected_ids(context: dg.AssetExecutionContext) -> Iterator[str]:
    for key in sorted(context.selected_asset_keys):
        yield context.assets_def.specs_by_key[key].metadata[_UNIQUE_ID]


def _versions(settings: Settings) -> dict[str, str]:
    """The code version of each node: its recipe and tests; of what tells all code, all code."""
    recipes, versions = recipes_of(settings), code_versions(settings).nodes
    generation = recipes.node_of(*GENERATION)
    return {
        **{one: f"{recipe}.{recipes.tests(one)[:8]}" for one, recipe in versions.items()},
        generation: code_fingerprint(settings),
    }


def _stale_hidden(
    settings: Settings, municipality_id: str, stage: Stage, hidden: frozenset[str]
) -> list[str]:
    """What nobody can select because nobody is shown it, and what is shown rests on."""
    if not hidden or not settings.warehouse_path(municipality_id).exists():
        return []
    recipes = recipes_of(settings)
    record = read_record(settings.warehouse_path(municipality_id))
    stale = stale_nodes(recipes, record, recipes_for(settings, municipality_id).nodes)
    return sorted(one for one in hidden & stale if recipes.stage(one) == stage)


def _report(
    context: dg.AssetExecutionContext,
    settings: Settings,
    municipality_id: str,
    results: tuple[NodeResult, ...],
) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
    by_id = {result.unique_id: result for result in results}
    tables = {
        spec.metadata[_UNIQUE_ID]: spec.key
        for spec in context.assets_def.specs
        if spec.key in context.selected_asset_keys
    }
    sizes = _sizes(settings, municipality_id, [tuple(key.path) for key in tables.values()])
    # dbt's results come in the order of the graph, which Dagster asks for
    for result in results:
        if result.unique_id in tables:
            key = tables[result.unique_id]
            rows, schema = sizes[tuple(key.path)]
            yield dg.MaterializeResult(
                asset_key=key,
                data_version=_data_version(result),
                metadata={
                    **({"dagster/partition_row_count": rows} if rows is not None else {}),
                    "dagster/column_schema": schema,
                    "seconds": round(result.seconds, 2),
                },
            )
    for check in context.assets_def.check_specs:
        tested = by_id.get((check.metadata or {}).get(_UNIQUE_ID, ""))
        if tested is not None:
            yield dg.AssetCheckResult(
                asset_key=check.asset_key,
                check_name=check.name,
                passed=tested.passed,
                metadata={"failing_rows": tested.failures or 0},
            )


def _data_version(result: NodeResult) -> dg.DataVersion | None:
    """The recipe: a table that was made once more by the same one makes nothing stale."""
    if result.recipe in {None, UNKNOWN}:
        return None
    return dg.DataVersion(str(result.recipe))


def _sizes(
    settings: Settings, municipality_id: str, tables: list[tuple[str, ...]]
) -> dict[tuple[str, ...], tuple[int | None, dg.TableSchema]]:
    """Rows (None for a view) and columns of each table, read from DuckDB's own catalogue."""
    found: dict[tuple[str, ...], tuple[int | None, dg.TableSchema]] = {}
    with warehouse.connect(settings.warehouse_path(municipality_id)) as connection:
        counts: dict[tuple[str, str], int] = {
            (schema, name): rows
            for schema, name, rows in connection.execute(
                "select schema_name, table_name, estimated_size from duckdb_tables()"
            ).fetchall()
        }
        columns: dict[tuple[str, str], list[dg.TableColumn]] = {}
        for schema, table, column, kind in connection.execute(
            "select schema_name, table_name, column_name, data_type from duckdb_columns() "
            "order by schema_name, table_name, column_index"
        ).fetchall():
            columns.setdefault((schema, table), []).append(dg.TableColumn(column, kind))
    for path in tables:
        schema, table = path[-2], path[-1]
        found[path] = (
            counts.get((schema, table)),
            dg.TableSchema(columns=columns.get((schema, table), [])),
        )
    return found
