"""Reference models: how the work of a regime is meant to flow, one BPMN file a regime.

``<folder>/<regime_id>.bpmn``. A regime without a file has no reference model, and is told so.
"""

from collections.abc import Set
from pathlib import Path

from pm_pipeline.errors import PipelineError
from pm_pipeline.mining.behaviour.soundness import soundness
from pm_pipeline.mining.notation.bpmn_reading import read_bpmn
from pm_pipeline.mining.notation.petri import PetriNet


def read_reference_models(
    folder: Path, regimes: Set[str], activities: Set[str]
) -> dict[str, PetriNet]:
    """The sound net of each regime that has a file; empty where there is no folder.

    Raises:
        PipelineError: every file that names no regime, cannot be read or is not sound, with what to do.
    """
    models: dict[str, PetriNet] = {}
    faults: list[str] = []
    for path in sorted(folder.glob("*.bpmn")):
        if path.stem not in regimes:
            faults.append(
                f"{path}: expected the name of a regime, found '{path.stem}'; name the file "
                "after a row of seeds/law/regimes.csv"
            )
            continue
        try:
            net = read_bpmn(path, activities)
        except PipelineError as error:
            faults.append(str(error))
            continue
        fault = soundness(net).fault
        if fault:
            faults.append(f"{path}: expected a model that every case can follow to its end: {fault}")
        models[path.stem] = net
    if faults:
        raise PipelineError("\n".join(faults))
    return models
