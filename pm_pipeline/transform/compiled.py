"""The SQL of some models as dbt would run it, without a warehouse: to be run on made-up rows."""

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pm_pipeline.errors import PipelineError
from pm_pipeline.settings import Settings
from pm_pipeline.transform.manifest import invoke, manifest_path, read_manifest


@dataclass(frozen=True)
class CompiledSeed:
    """A seed table: where it stands and how dbt types its columns."""

    name: str
    relation: str
    column_types: Mapping[str, str]


@dataclass(frozen=True)
class CompiledModel:
    """A model: its table, its query, and the names of the models and seeds that the query reads."""

    name: str
    relation: str
    sql: str
    needs: frozenset[str]


@dataclass(frozen=True)
class CompiledSql:
    """What ``targets`` are made of, down to what is given: models in the order they can be built."""

    given: Mapping[str, str]
    seeds: tuple[CompiledSeed, ...]
    models: tuple[CompiledModel, ...]


def compile_models(
    settings: Settings, targets: Iterable[str], given: Iterable[str], municipality_id: str
) -> CompiledSql:
    """Compile ``targets`` and what they are made of, but nothing that only ``given`` models read.

    ``given`` are names of models whose rows the caller makes; their tables are told, not their SQL.
    ``municipality_id`` is written into the SQL where a warehouse's own code would stand.

    Raises:
        PipelineError: dbt cannot parse or compile the project, or there is no such model.
    """
    path = manifest_path(settings)
    manifest = read_manifest(path, path.stat().st_mtime_ns)
    by_name = {
        node.name: node for node in manifest.nodes.values()
        if node.resource_type in ("model", "seed")
    }
    given = frozenset(given)
    for name in (*targets, *given):
        if name not in by_name:
            raise PipelineError(f"{settings.dbt_project_dir}: there is no model {name}")
    parents = {
        name: [
            manifest.nodes[one].name for one in node.depends_on.nodes if one in manifest.nodes
        ] if node.resource_type == "model" else []
        for name, node in by_name.items()
    }
    order = _in_order(targets, given, parents)
    sql = _compiled(settings, manifest, municipality_id)
    return CompiledSql(
        given={name: by_name[name].relation_name for name in given},
        seeds=tuple(
            CompiledSeed(name, by_name[name].relation_name, dict(by_name[name].config.column_types))
            for name in order if by_name[name].resource_type == "seed"
        ),
        models=tuple(
            CompiledModel(name, by_name[name].relation_name, sql[name], frozenset(parents[name]))
            for name in order if by_name[name].resource_type == "model" and name not in given
        ),
    )


def _in_order(
    targets: Iterable[str], given: frozenset[str], parents: Mapping[str, list[str]]
) -> list[str]:
    """``targets`` and their ancestors, each after what it reads; what is given has none here."""
    order: dict[str, None] = {}

    def visit(name: str) -> None:
        if name not in order:
            for parent in () if name in given else parents[name]:
                visit(parent)
            order[name] = None

    for target in targets:
        visit(target)
    return list(order)


def _compiled(settings: Settings, manifest: object, municipality_id: str) -> dict[str, str]:
    with tempfile.TemporaryDirectory(prefix="pm_pipeline_") as folder:
        result = invoke(
            settings,
            [
                # layers, not models: dbt prints the SQL of a model that is selected by its name
                "compile", "--select", "fqn:pm_pipeline.intermediate", "fqn:pm_pipeline.core",
                "fqn:pm_pipeline.marts", "--indirect-selection", "empty",
                "--no-populate-cache", "--no-introspect",
                "--target-path", folder, "--no-write-json",
            ],
            environment={
                "PM_WAREHOUSE": str(Path(folder) / "warehouse.duckdb"),
                "PM_WORK_DIR": folder,
                "PM_MUNICIPALITY": municipality_id,
            },
            manifest=manifest,
        )
    return {one.node.name: one.node.compiled_code for one in result.results}
