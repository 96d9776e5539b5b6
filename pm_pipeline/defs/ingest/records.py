"""What every load leaves beside its tables: one row per delivered file, one per reject."""

import dagster as dg

from pm_pipeline.components.freshness import known_contracts
from pm_pipeline.components.partitions import municipalities
from pm_pipeline.law.register import load_checked_registry
from pm_pipeline.settings import get_settings


def _lake_tables() -> list[dg.AssetKey]:
    settings = get_settings()
    in_use = {system.system_id for system in load_checked_registry(settings.seeds_dir).systems}
    return [
        dg.AssetKey(["lake", f"{contract.system}_{table.name}"])
        for contract in known_contracts(settings).values()
        if contract.system in in_use
        for table in contract.tables
    ]


def _record(name: str, description: str) -> dg.AssetSpec:
    return dg.AssetSpec(
        ["lake", name],
        group_name="lake",
        kinds={"parquet"},
        owners=["team:data"],
        partitions_def=municipalities(),
        description=f"{description} Written together with the tables it speaks of.",
        deps=_lake_tables(),
    )


deliveries = _record(
    "deliveries", "One row per file of a loaded delivery: hash, rows in, loaded, rejected."
)
changes = _record(
    "changes", "What each delivery changed of what was told before it, counted per month."
)
rejects = _record("rejects", "One row per value or row that did not fit its contract, no value.")
