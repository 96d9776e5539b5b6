"""The models of a slice: made by each miner, measured, drawn, and kept under the id of their input."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pm_pipeline.mining import artefacts
from pm_pipeline.mining.behaviour.soundness import soundness
from pm_pipeline.mining.discovery.inductive import miner_version
from pm_pipeline.mining.discovery.miners import Found, Miner
from pm_pipeline.mining.fit.alignments import (
    FITNESS_MEASURE,
    NO_WAY_TO_THE_END,
    NOT_ALIGNED,
    UnmeasurableError,
)
from pm_pipeline.mining.fit.generalisation import GENERALISATION_MEASURE
from pm_pipeline.mining.fit.measure import ModelFit, measure
from pm_pipeline.mining.fit.precision import PRECISION_MEASURE
from pm_pipeline.mining.fit.simplicity import SIMPLICITY_MEASURE, simplicity
from pm_pipeline.mining.log import VariantLog
from pm_pipeline.mining.notation.bpmn import BpmnGraph, draw_bpmn, to_bpmn, to_xml
from pm_pipeline.mining.notation.petri import to_pnml
from pm_pipeline.mining.pictures.net import draw_net
from pm_pipeline.mining.pictures.render import Drawing, Picture
from pm_pipeline.mining.pictures.style import Label, number, percent, slice_title
from pm_pipeline.mining.report import DiscoveredModel

# The miners find no cut in the rarest paths: of a log of a million events and 30,900 variants 2,000
# gave a better model than 500 or 5,000 (see DECISIONLOG.md). The share of cases they hold is told.
MAX_VARIANTS = 2_000

_REASONS = {
    NO_WAY_TO_THE_END: "der er ikke fundet en vej gennem modellen fra start til slut",
    NOT_ALIGNED: "intet forløb kunne sammenholdes med modellen inden for søgningens grænse",
}
_SOUND = {
    True: "Modellen kan altid føres til ende.",
    False: "Modellen er ikke sund: nogle veje ind i den kan ikke føres til ende.",
    None: "Om modellen altid kan føres til ende, vides ikke.",
}
_MEASURES = (FITNESS_MEASURE, PRECISION_MEASURE, GENERALISATION_MEASURE, SIMPLICITY_MEASURE)


@dataclass(frozen=True)
class Wanted:
    """One model that a slice is to have: which miner's, of which log, called what.

    Attributes:
        log: the whole slice, by which the model is judged.
        shown: the part of it that may be shown, of which the model is made.
    """

    miner: Miner
    log: VariantLog
    shown: VariantLog
    min_group_size: int
    labels: Mapping[str, Label]
    process_name: str

    @property
    def parameters(self) -> dict[str, Any]:
        return {
            "max_variants": MAX_VARIANTS, "min_group_size": self.min_group_size,
            "max_places": self.miner.max_places, **self.miner.parameters,
        }

    @property
    def model_id(self) -> str:
        """The id of everything the model depends on, known before it is made."""
        labels = {activity: self.labels[activity] for activity in self.log.activities}
        return artefacts.content_id(
            kind="model", algorithm=self.miner.algorithm, parameters=self.parameters,
            pm4py=miner_version(), log=self.log.fingerprint(), measures=_MEASURES,
            labels=[[a, x.text, x.family] for a, x in sorted(labels.items())],
            process=self.process_name,
        )

    @property
    def title(self) -> str:
        return f"Model: {slice_title(self.process_name, self.log.regime_id)}"


@dataclass(frozen=True)
class NewModel:
    """A model that is measured but not yet drawn; ``row`` is its summary."""

    row: dict[str, Any]
    drawing: Drawing
    graph: BpmnGraph | None
    pnml: str
    title: str


def make_model(wanted: Wanted) -> NewModel | None:
    """The first model of the miner that can be measured.

    None when none can, unless the miner is one of those shown beside the main one: then its model is
    told with the reason why it is not judged.
    """
    shown = wanted.shown.most_frequent(MAX_VARIANTS)
    miner = wanted.miner
    for found in miner.find(wanted.log, shown):
        try:
            fit = measure(found.tree or found.net, wanted.log, max_places_per_log=miner.max_places)
        except UnmeasurableError as error:
            if not miner.is_main:
                return _new_model(wanted, shown, found, None, error.reason)
            continue
        return _new_model(wanted, shown, found, fit, None)
    return None


def _new_model(
    wanted: Wanted, shown: VariantLog, found: Found, fit: ModelFit | None, reason: str | None
) -> NewModel:
    log, net = wanted.log, found.net
    parameters = {**wanted.parameters, **found.chosen}
    sound = True if wanted.miner.is_sound else soundness(net).is_sound
    row = {
        "model_id": wanted.model_id, "process_id": log.process_id, "regime_id": log.regime_id,
        "algorithm": wanted.miner.algorithm, "parameters": json.dumps(parameters, sort_keys=True),
        "n_cases": log.n_cases, "n_citizens": log.n_citizens,
        "covered_cases": shown.n_cases, "coverage": shown.n_cases / log.n_cases,
        "n_variants": len(log.variants), **_figures(fit),
        "simplicity": simplicity(net), "simplicity_measure": SIMPLICITY_MEASURE,
        "is_sound": sound, "unmeasured_reason": reason,
        "n_activities": len(net.activities), "n_places": len(net.places),
        "n_transitions": len(net.transitions),
        "process_tree": str(found.tree) if found.tree else None,
        "input_fingerprint": log.fingerprint(), "pm4py_version": miner_version(),
        "created_at": datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="seconds"),
        "artefact_dir": f"artefacts/{wanted.model_id}",
    }
    notes = [
        f"Lavet af {percent(shown.n_cases / log.n_cases)} af {number(log.n_cases)} forløb; skridt "
        f"med færre end {wanted.min_group_size} borgere er udeladt.",
        *_fit_notes(fit, reason), f"Enkelhed {percent(simplicity(net))}. {_SOUND[sound]}",
    ]
    names = {activity: wanted.labels[activity].text for activity in net.activities}
    graph, title = None, wanted.title
    if found.tree is None:
        drawing = draw_net(net, wanted.labels, title, notes)
    else:
        notes.append("× er et valg eller en gentagelse, + er arbejde i vilkårlig rækkefølge.")
        graph = to_bpmn(found.tree)
        drawing = draw_bpmn(graph, dict(wanted.labels), title, notes)
    return NewModel(row, drawing, graph, to_pnml(net, names, title), title)


def _figures(fit: ModelFit | None) -> dict[str, Any]:
    return {
        "fitness": fit and fit.fitness, "fitness_measure": FITNESS_MEASURE,
        "fitness_coverage": fit and fit.coverage,
        "perfectly_fitting": fit and fit.perfectly_fitting,
        "precision": fit and fit.precision, "precision_measure": PRECISION_MEASURE,
        "precision_coverage": fit and fit.precision_coverage,
        "generalisation": fit and fit.generalisation,
        "generalisation_measure": GENERALISATION_MEASURE,
        "generalisation_coverage": fit and fit.generalisation_coverage,
    }


def _fit_notes(fit: ModelFit | None, reason: str | None) -> list[str]:
    if fit is None:
        return [f"Fitness, præcision og generalisering er ikke målt: {_REASONS[reason or '']}."]
    return [
        f"Fitness {percent(fit.fitness)}, målt på {percent(fit.coverage)} af forløbene; præcision "
        f"{percent(fit.precision)}, målt på {percent(fit.precision_coverage)} af skridtene.",
        f"Generalisering {percent(fit.generalisation)}, målt på "
        f"{percent(fit.generalisation_coverage)} af skridtene.",
    ]


def write_model(
    folder: Path, new: NewModel, picture: Picture, labels: Mapping[str, Label]
) -> None:
    """The files of a model that has been drawn, and its summary."""
    files = {"model.pnml": new.pnml, "model.svg": picture.svg}
    if new.graph is not None:
        files["model.bpmn"] = to_xml(new.graph, dict(labels), new.title, picture)
    artefacts.write(folder, files, new.row)


def read_model(folder: Path, municipality_id: str) -> DiscoveredModel:
    """The row of a model whose files are all there."""
    summary = artefacts.read(folder)
    assert summary is not None, f"{folder} was written or found whole a moment ago"
    files = summary.pop("sha256")
    summary["created_at"] = datetime.fromisoformat(summary["created_at"])
    name = "model.bpmn"
    bpmn = (folder / name).read_text(encoding="utf-8") if name in files else None
    return DiscoveredModel(municipality_id=municipality_id, bpmn=bpmn, **summary)
