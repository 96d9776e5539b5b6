"""What a call names: a municipality that takes part, a system with a contract, files that are there."""

from collections.abc import Sequence
from pathlib import Path

from pm_pipeline.errors import PipelineError, UsageError
from pm_pipeline.ingest.contract.versions import SystemContract, load_contracts
from pm_pipeline.law.register import load_checked_registry
from pm_pipeline.registry import Municipality, Registry
from pm_pipeline.settings import Settings


def contract_of(settings: Settings, system_id: str) -> SystemContract:
    """The contract of a system of this field; UsageError naming the known ones otherwise."""
    load_checked_registry(settings.seeds_dir).system(system_id)
    contracts = load_contracts(settings.contract_dirs)
    if system_id not in contracts:
        folders = ", ".join(str(folder) for folder in settings.contract_dirs)
        raise PipelineError(
            f"system {system_id} is in registry/case_systems.csv but has no contract; "
            f"write <folder>/{system_id}/defs.yaml in one of: {folders}"
        )
    return contracts[system_id]



def taking_part(registry: Registry, municipality_id: str) -> Municipality:
    municipality = registry.municipality(municipality_id)
    if not municipality.is_active:
        raise UsageError(
            f"municipality {municipality_id} {municipality.name} takes no part yet: set is_active "
            "to true in its row of registry/municipalities.csv"
        )
    return municipality



def existing(files: Sequence[Path]) -> None:
    missing = [str(file) for file in files if not file.exists()]
    if missing:
        raise UsageError(f"no such file: {', '.join(missing)}")



def make_data_dir(settings: Settings) -> None:
    """The data folder itself is open: BI passes through it to `published`. Landing and work are not."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
