"""What each asset is made from today, as fingerprints: of dbt nodes, quality results and models alike.

The recipe of an asset covers its own definition and those of everything before it. Dagster's own
notion of staleness is not transitive (1.13): an edited seed alone would be marked. So recipes, with
the contracts in place of the lake, are the code versions that the UI compares; with the state of a
municipality's lake they are what a run compares with what its warehouse says of itself.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from pm_pipeline.components.freshness import code_fingerprint, known_contracts
from pm_pipeline.components.results import RESULTS, PythonResult, law_in_force, made_from
from pm_pipeline.ingest.loading.load import load_fingerprint
from pm_pipeline.ingest.loading.state import lake_state
from pm_pipeline.law.dates import today
from pm_pipeline.registry import Registry, load_registry
from pm_pipeline.settings import Settings
from pm_pipeline.transform.recipes import UNKNOWN, Recipes, recipes_of
from pm_pipeline.transform.recipes import forget_recipes as forget_dbt_recipes
from pm_pipeline.transform.record import read_record

#: The group of dbt sources that the ingest writes; the others are results made in Python.
LAKE = "lake"


@dataclass(frozen=True)
class AssetRecipes:
    """The recipes of all assets past the lake: ``nodes`` by dbt's unique id, ``results`` by name."""

    nodes: Mapping[str, str]
    results: Mapping[str, str]
    sources: Mapping[str, str]


def recipes_for(settings: Settings, municipality_id: str) -> AssetRecipes:
    """What the assets of a municipality would be made from, on the lake as it is now."""
    state = lake_state(known_contracts(settings), settings.lake_dir(municipality_id))
    recipes = recipes_of(settings)
    law = _law(settings, recipes, municipality_id, today())
    return _resolve(settings, recipes, lambda _: state, law)


@lru_cache(maxsize=4)
def code_versions(settings: Settings) -> AssetRecipes:
    """The recipes with contracts in place of deliveries: what the UI compares.

    Without the law in force: a code location that was loaded yesterday would call stale what a run of
    today has made.
    """
    recipes = recipes_of(settings)
    return _resolve(settings, recipes, lambda name: _contract_fingerprint(settings, name), None)


def sources_of(settings: Settings, municipality_id: str) -> dict[str, str]:
    """What each dbt source of a municipality was made from, as the files themselves say."""
    state = lake_state(known_contracts(settings), settings.lake_dir(municipality_id))
    told = {
        one.name: made_from(one.path(settings, municipality_id)) or UNKNOWN for one in RESULTS
    }
    return _sources(recipes_of(settings), lambda _: state, told)


def recipe_of(settings: Settings, municipality_id: str, result: PythonResult) -> str:
    """What a result would be made from, on the tables that are in the warehouse now.

    Raises:
        PipelineError: there is no warehouse, or it is damaged or in use.
    """
    recipes = recipes_of(settings)
    record = read_record(settings.warehouse_path(municipality_id))
    law = _law(settings, recipes, municipality_id, today())
    return _result_recipe(settings, recipes, result, record.made_from(recipes), law)


def publication_version(settings: Settings) -> str:
    """The code version of what is published: its receipt tells all code, so all of it counts."""
    return _hash([
        code_fingerprint(settings),
        str(settings.min_group_size),
        str(settings.max_unmapped_percent),
    ])


def forget_recipes() -> None:
    """Look at the files again at the next question: for processes that outlive an edit."""
    code_versions.cache_clear()
    forget_dbt_recipes()
    _made_by.cache_clear()
    _registry.cache_clear()


@lru_cache(maxsize=32)
def _made_by(settings: Settings, result: PythonResult, recipes: Recipes) -> str:
    """``recipes`` is a new object whenever a seed was edited, and with it the registry."""
    return _hash(result.made_by(settings))


@lru_cache(maxsize=4)
def _registry(settings: Settings, recipes: Recipes) -> Registry:
    """As with :func:`_made_by`: an edited seed is seen."""
    return load_registry(settings.seeds_dir)


def _law(settings: Settings, recipes: Recipes, municipality_id: str, day: date) -> str:
    return law_in_force(_registry(settings, recipes), municipality_id, day)


def _resolve(
    settings: Settings, recipes: Recipes, lake: Callable[[str], str], law: str | None
) -> AssetRecipes:
    # No result is made of a mart, so the tables that results read need no result to be known.
    before = recipes.made_from(
        _sources(recipes, lake, dict.fromkeys((one.name for one in RESULTS), UNKNOWN)).__getitem__
    )
    results = {one.name: _result_recipe(settings, recipes, one, before, law) for one in RESULTS}
    sources = _sources(recipes, lake, results)
    return AssetRecipes(recipes.made_from(sources.__getitem__), results, sources)


def _result_recipe(
    settings: Settings, recipes: Recipes, result: PythonResult, nodes: Mapping[str, str],
    law: str | None,
) -> str:
    parents = [nodes.get(recipes.node_of(*table), UNKNOWN) for table in result.reads]
    made_by = _made_by(settings, result, recipes)
    in_force = [law] if law is not None and result.follows_law_in_force else []
    return UNKNOWN if UNKNOWN in parents else _hash([*parents, made_by, *in_force])


def _sources(
    recipes: Recipes, lake: Callable[[str], str], results: Mapping[str, str]
) -> dict[str, str]:
    return {
        unique_id: lake(table) if group == LAKE else results[table]
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


def _hash(parts: Iterable[str]) -> str:
    """32 hex digits over texts, each told apart from the next."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(f"{len(part)}\0{part}\0".encode())
    return digest.hexdigest()[:32]
