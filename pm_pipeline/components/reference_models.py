"""How the work of each regime is meant to flow: the reference models of the field, checked."""

from functools import lru_cache
from pathlib import Path

from pm_pipeline.law.register import load_checked_registry
from pm_pipeline.mining.conformance.reference import read_reference_models
from pm_pipeline.mining.notation.petri import PetriNet
from pm_pipeline.settings import Settings


def load_reference_models(settings: Settings) -> dict[str, PetriNet]:
    """The net of each regime that has a model; a faulty file stops whoever loads them.

    Raises:
        PipelineError: every fault, with file, line, element and what to do.
    """
    return dict(_load(settings.reference_models_dir, settings.seeds_dir))


@lru_cache(maxsize=4)
def _load(folder: Path, seeds_dir: Path) -> dict[str, PetriNet]:
    registry = load_checked_registry(seeds_dir)
    return read_reference_models(
        folder,
        {one.regime_id for one in registry.regimes},
        {one.activity_id for one in registry.activities},
    )
