"""One partition per municipality: each is a data controller of its own."""

import warnings
from collections.abc import Sequence
from functools import lru_cache

import dagster as dg

from pm_pipeline.law.register import load_checked_registry
from pm_pipeline.settings import get_settings

#: Everything that opens a warehouse waits in this pool; its limit is the number of parallel runs.
WAREHOUSE_POOL = "warehouse"


@lru_cache(maxsize=1)
def municipalities() -> dg.StaticPartitionsDefinition:
    """The active municipalities of the registry, by code."""
    registry = load_checked_registry(get_settings().seeds_dir)
    return dg.StaticPartitionsDefinition(
        [municipality.municipality_id for municipality in registry.active_municipalities]
    )


def municipality_check(
    name: str,
    *,
    asset: dg.AssetKey,
    description: str,
    blocking: bool = False,
    additional_deps: Sequence[dg.AssetKey] = (),
    metadata: dict[str, str] | None = None,
) -> dg.AssetCheckSpec:
    """An asset check with a result of its own for each municipality.

    Partitions of checks are a preview in Dagster 1.13: without them the UI would show the result of
    whichever municipality ran last as if it were that of all.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", category=dg.PreviewWarning)
        return dg.AssetCheckSpec(
            name,
            asset=asset,
            description=description,
            blocking=blocking,
            additional_deps=list(additional_deps),
            metadata=metadata,
            partitions_def=municipalities(),
        )
