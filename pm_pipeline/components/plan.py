"""What a run of one municipality has to make: all of it, or only what an edit has made stale.

Everything is made anew when what was delivered is not (as it is read today) what the warehouse was
built on: a row that was taken back must not lie on in a file, not even as dead space.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from pm_pipeline.components.freshness import known_contracts
from pm_pipeline.components.recipes import LAKE, recipes_for
from pm_pipeline.components.results import DISCOVERED_MODELS, RESULTS, made_from
from pm_pipeline.errors import PipelineError
from pm_pipeline.ingest.landing.deliveries import list_deliveries
from pm_pipeline.ingest.loading.state import follows_landing, lake_state
from pm_pipeline.settings import Settings
from pm_pipeline.transform.one_piece import GENERATION
from pm_pipeline.transform.recipes import UNKNOWN, Recipes, recipes_of
from pm_pipeline.transform.record import Record, read_record

#: An asset by its stage and name.
Asset = tuple[str, str]

#: Made by every run: what was built from which code and law, and what readers see of it.
_ALWAYS: frozenset[Asset] = frozenset({GENERATION, ("publish", "candidate"), ("publish", "database")})
# Tables built anew leave their room in the file; where that were more than this share of it, a file
# built from nothing is both smaller and hardly slower.
_MOST_DEAD = 0.5


@dataclass(frozen=True)
class Plan:
    """``assets``: what to make, None for everything; ``because`` says it in one sentence."""

    assets: frozenset[Asset] | None
    because: str


def plan_run(settings: Settings, municipality_id: str) -> Plan:
    """What must be made so that everything rests on today's deliveries, law, code and settings."""
    contracts = known_contracts(settings)
    lake_dir = settings.lake_dir(municipality_id)
    deliveries = list_deliveries(settings.landing_dir, municipality_id)
    if not follows_landing(deliveries, contracts, lake_dir):
        return Plan(None, "what was delivered, or how it is read, has changed")
    try:
        record = read_record(settings.warehouse_path(municipality_id))
    except PipelineError:  # the run builds it anew, or says what is wrong with it
        return Plan(None, "there is no warehouse that can be read")
    if record.lake_state != lake_state(contracts, lake_dir):
        return Plan(None, "the warehouse was built on another state of the lake")
    return _narrowed(settings, municipality_id, record)


def judged_anew(plan: Plan) -> Plan:
    """The same, and every quality result though nothing of it is stale."""
    if plan.assets is None:
        return plan
    judged = {one.asset for one in RESULTS if one.stage == "quality"}
    return Plan(plan.assets | judged, f"asked for by hand; {plan.because}")


def _narrowed(settings: Settings, municipality_id: str, record: Record) -> Plan:
    recipes = recipes_of(settings)
    expected = recipes_for(settings, municipality_id)
    stale = stale_nodes(recipes, record, expected.nodes)
    results = {one for one, (group, _) in recipes.sources.items() if group != LAKE}
    # what reads a result of Python is stale for what that result was made from, not for an edit
    edited = sorted(
        one.split(".")[-1] for one in stale
        if not (stale | results).intersection(recipes.relations_read(one))
        and recipes.relation(one) != GENERATION
    )
    core = {one for one in stale if recipes.stage(one) == "core"}
    if core and _dead_share(recipes, record, core) > _MOST_DEAD:
        stale = set(recipes.nodes)
    assets = {recipes.relation(one) for one in stale} | _ALWAYS
    for result in RESULTS:
        told = made_from(result.path(settings, municipality_id))
        if told != expected.results[result.name]:
            assets.add(result.asset)
    if not _has_pictures(settings, municipality_id):
        assets.add(DISCOVERED_MODELS.asset)
    what = ", ".join(edited[:3]) + (f" and {len(edited) - 3} more" if len(edited) > 3 else "")
    if what:
        return Plan(frozenset(assets), f"edited: {what}")
    made = sorted(name for _, name in assets & {one.asset for one in RESULTS})
    because = f"made otherwise today: {', '.join(made)}" if made else "nothing but the code around it"
    return Plan(frozenset(assets), because)


def stale_nodes(recipes: Recipes, record: Record, expected: Mapping[str, str]) -> set[str]:
    """The seeds and models that the warehouse lacks, or that today would be made otherwise.

    One whose tests alone changed is built again, to be tested; what rests on it is not.
    """
    made, tested = record.made_from(recipes), record.tests(recipes)
    otherwise = recipes.with_descendants(
        one for one in recipes.nodes
        if recipes.relation(one) not in record.kinds
        or made.get(one) != expected[one]
        or expected[one] == UNKNOWN
    )
    return otherwise | {one for one in recipes.nodes if tested.get(one) != recipes.tests(one)}


def _dead_share(recipes: Recipes, record: Record, stale: Iterable[str]) -> float:
    """The share of the file that a build of these nodes on a copy of it would leave as dead space."""
    freed = sum(record.rows.get(recipes.relation(one), 0) for one in stale)
    rows = sum(record.rows.values()) or 1
    free = record.n_free_blocks / (record.n_blocks or 1)
    return max(freed / rows, free)


def _has_pictures(settings: Settings, municipality_id: str) -> bool:
    """Whether the pictures that the discovered models name are still there."""
    models = DISCOVERED_MODELS.path(settings, municipality_id)
    maps = [models.with_name(f"{name}.parquet") for name in ("slices", "object_maps")]
    if not all(path.exists() for path in (models, *maps)):
        return False
    named = _column(models, "artefact_dir").union(*(_column(path, "map_dir") for path in maps))
    return all((models.parent / one).is_dir() for one in named - {None})


def _column(path: Path, name: str) -> set[Any]:
    with pq.ParquetFile(path) as file:
        return set(file.read(columns=[name])[name].to_pylist())
