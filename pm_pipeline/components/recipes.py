"""What each asset is made from today, as fingerprints: of dbt nodes, quality results and models alike.

The recipe of an asset covers its own definition and those of everything before it. Dagster's own
notion of staleness is not transitive (1.13): an edited seed alone would be marked. So recipes, with
the contracts in place of the lake, are the code versions that the UI compares; with the state of a
municipality's lake they are what a run compares with what its warehouse says of itself.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import pyarrow.parquet as pq

from pm_pipeline.components.freshness import code_fingerprint, known_contracts
from pm_pipeline.ingest.loading.load import load_fingerprint
from pm_pipeline.ingest.loading.state import lake_state
from pm_pipeline.publish.receipts import fingerprint_paths
from pm_pipeline.quality.datasets import DATASETS
from pm_pipeline.quality.reference import Reference
from pm_pipeline.registry import load_registry
from pm_pipeline.settings import Settings
from pm_pipeline.transform.recipes import UNKNOWN, Recipes, recipes_of
from pm_pipeline.transform.recipes import forget_recipes as forget_dbt_recipes
from pm_pipeline.transform.record import read_record

#: Under which name a file of results says what it was made from.
MADE_FROM = "pm_made_from"
_LAKE, _QUALITY, _MINING = "lake", "quality_results", "mining"
#: The tables of core that the miners read.
MINED = ("variants", "directly_follows", "start_end_activities", "cases", "activities")


@dataclass(frozen=True)
class AssetRecipes:
    """The recipes of all assets past the lake; ``nodes`` by dbt's unique id."""

    nodes: Mapping[str, str]
    rule_results: str
    discovered_models: str
    sources: Mapping[str, str]


def recipes_for(settings: Settings, municipality_id: str) -> AssetRecipes:
    """What the assets of a municipality would be made from, on the lake as it is now."""
    state = lake_state(known_contracts(settings), settings.lake_dir(municipality_id))
    return _resolve(settings, recipes_of(settings), lambda _: state)


@lru_cache(maxsize=4)
def code_versions(settings: Settings) -> AssetRecipes:
    """The recipes with contracts in place of deliveries: what the UI compares."""
    recipes = recipes_of(settings)
    return _resolve(settings, recipes, lambda name: _contract_fingerprint(settings, name))


def sources_of(settings: Settings, municipality_id: str) -> dict[str, str]:
    """What each dbt source of a municipality was made from, as the files themselves say."""
    state = lake_state(known_contracts(settings), settings.lake_dir(municipality_id))
    return _sources(
        recipes_of(settings),
        lambda _: state,
        made_from(settings.quality_dir(municipality_id) / "rule_results.parquet") or UNKNOWN,
        made_from(settings.mining_dir(municipality_id) / "discovered_models.parquet") or UNKNOWN,
    )


def nodes_made_from(settings: Settings, municipality_id: str) -> dict[str, str]:
    """By which recipe each node of the warehouse was made, as far as it says so.

    Raises:
        PipelineError: there is no warehouse, or it is damaged or in use.
    """
    record = read_record(settings.warehouse_path(municipality_id))
    return record.made_from(recipes_of(settings))


def made_from(path: Path) -> str | None:
    """What a Parquet file says that it was made from; None where it is missing or says nothing."""
    if not path.exists():
        return None
    found: Mapping[bytes, bytes] = pq.read_schema(path).metadata or {}
    text = found.get(MADE_FROM.encode())
    return text.decode() if text else None


def rule_results_recipe(settings: Settings, nodes: Mapping[str, str]) -> str:
    """What the quality results are made from: facts, suites, reference data and code."""
    recipes = recipes_of(settings)
    facts = [recipes.node_of("quality", dataset) for dataset in DATASETS]
    facts.append(recipes.node_of("core", "deliveries"))
    return _of_tables(nodes, facts, _outside_quality(settings, recipes))


def discovered_models_recipe(settings: Settings, nodes: Mapping[str, str]) -> str:
    """What the models and maps are made from: tables of core, labels, settings and code."""
    recipes = recipes_of(settings)
    tables = [recipes.node_of("core", table) for table in MINED]
    return _of_tables(
        nodes, tables, _outside_mining(settings, recipes),
        f"{settings.min_group_size} {settings.noise_threshold}",
    )


def publication_version(settings: Settings) -> str:
    """The code version of what is published: its receipt tells all code, so all of it counts."""
    return _hash([
        code_fingerprint(settings),
        str(settings.min_group_size),
        str(settings.noise_threshold),
        str(settings.max_unmapped_percent),
    ])


def forget_recipes() -> None:
    """Look at the files again at the next question: for processes that outlive an edit."""
    code_versions.cache_clear()
    forget_dbt_recipes()
    _outside_quality.cache_clear()
    _outside_mining.cache_clear()


@lru_cache(maxsize=4)
def _outside_quality(settings: Settings, recipes: Recipes) -> str:
    """``recipes`` is a new object whenever a seed was edited, and with it the registry."""
    package = settings.project_dir / "pm_pipeline"
    return _hash([
        repr(Reference.of(load_registry(settings.seeds_dir))),
        fingerprint_paths({
            "code": package / "quality",
            "asset": package / "defs" / "quality",
            "suites": settings.expectations_dir,
        }),
        *_versions("great_expectations", "pandas", "duckdb"),
    ])


@lru_cache(maxsize=4)
def _outside_mining(settings: Settings, recipes: Recipes) -> str:
    package = settings.project_dir / "pm_pipeline"
    labels = {one.process_id: one.label_da for one in load_registry(settings.seeds_dir).processes}
    return _hash([
        json.dumps(labels, sort_keys=True),
        fingerprint_paths({"code": package / "mining", "asset": package / "defs" / "mining"}),
        *_versions("pm4py", "r4pm", "pygraphviz", "duckdb"),
    ])


def _resolve(settings: Settings, recipes: Recipes, lake: Callable[[str], str]) -> AssetRecipes:
    before = recipes.made_from(_sources(recipes, lake, UNKNOWN, UNKNOWN).__getitem__)
    rule_results = rule_results_recipe(settings, before)
    discovered_models = discovered_models_recipe(settings, before)
    sources = _sources(recipes, lake, rule_results, discovered_models)
    return AssetRecipes(
        recipes.made_from(sources.__getitem__), rule_results, discovered_models, sources
    )


def _sources(
    recipes: Recipes, lake: Callable[[str], str], rule_results: str, discovered_models: str
) -> dict[str, str]:
    outside = {_QUALITY: rule_results, _MINING: discovered_models}
    return {
        unique_id: lake(table) if group == _LAKE else outside[group]
        for unique_id, (group, table) in recipes.sources.items()
    }


def _contract_fingerprint(settings: Settings, table: str) -> str:
    """Of the system whose table this is; what tells of all systems rests on all contracts."""
    contracts = known_contracts(settings)
    of_system = [
        contract for contract in contracts.values()
        if table in {f"{contract.system}_{one.name}" for one in contract.tables}
    ]
    return _hash(
        load_fingerprint(contract).decode() for contract in of_system or contracts.values()
    )


def _of_tables(nodes: Mapping[str, str], tables: Iterable[str], *outside: str) -> str:
    parents = [nodes.get(table, UNKNOWN) for table in tables]
    return UNKNOWN if UNKNOWN in parents else _hash([*parents, *outside])


def _versions(*libraries: str) -> list[str]:
    return [f"{name} {version(name)}" for name in libraries]


def _hash(parts: Iterable[str]) -> str:
    """32 hex digits over texts, each told apart from the next."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(f"{len(part)}\0{part}\0".encode())
    return digest.hexdigest()[:32]
