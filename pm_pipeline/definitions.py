"""The code location: everything in `defs/`, and the contracts of another field where one is set."""

import dagster as dg

from pm_pipeline.components.case_system_export import CaseSystemExport
from pm_pipeline.components.reference_models import load_reference_models
from pm_pipeline.law.whole import LawFolders, refuse_law_that_is_not_whole
from pm_pipeline.settings import get_settings


@dg.definitions
def defs() -> dg.Definitions:
    """All assets, checks, jobs and sensors of the active field."""
    settings = get_settings()
    refuse_law_that_is_not_whole(LawFolders.of(settings))
    # A faulty one stops here, not in the run that compares cases with it.
    load_reference_models(settings)
    parts = [dg.load_from_defs_folder(project_root=settings.project_dir)]
    if settings.field_dir:
        parts += CaseSystemExport.of_field(settings.field_dir / "contracts")
    return dg.Definitions.merge(
        # Steps run in the process of their run: a process per step would load every library anew.
        dg.Definitions(executor=dg.in_process_executor),
        *parts,
    )
