"""One partition per municipality: each is a data controller of its own."""

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
