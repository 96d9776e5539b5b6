"""A plan in Dagster's own words: which assets and which checks a run selects."""

from dataclasses import dataclass
from typing import Any

import dagster as dg
from dagster._core.definitions.assets.graph.base_asset_graph import BaseAssetGraph

from pm_pipeline.components.plan import Plan
from pm_pipeline.components.results import RULE_RESULTS

_RULE_RESULTS = dg.AssetKey(list(RULE_RESULTS.asset))


@dataclass(frozen=True)
class Selection:
    """What a run materialises and checks, sorted."""

    assets: tuple[dg.AssetKey, ...]
    checks: tuple[dg.AssetCheckKey, ...]


def select(plan: Plan, graph: "BaseAssetGraph[Any]") -> Selection | None:
    """The selection of a plan; None where everything is to be made.

    The checks are those that the selected assets make themselves, and those that show the quality
    results where these are made anew (they stand on tables that need not be).
    """
    if plan.assets is None:
        return None
    wanted = {dg.AssetKey(list(asset)) for asset in plan.assets}
    assets = wanted & set(graph.materializable_asset_keys)
    checks = set()
    for key in graph.asset_check_keys:
        shows_results = _RULE_RESULTS in graph.get(key).parent_entity_keys
        if (_RULE_RESULTS if shows_results else key.asset_key) in assets:
            checks.add(key)
    return Selection(tuple(sorted(assets)), tuple(sorted(checks)))
