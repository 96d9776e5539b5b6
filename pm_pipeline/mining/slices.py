"""Mining of one municipality: a map and a model for each process under each regime."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from pm_pipeline.mining import artefacts
from pm_pipeline.mining.discovery.inductive import ALGORITHM, discover, miner_version
from pm_pipeline.mining.fit.measure import (
    FITNESS_MEASURE,
    PRECISION_MEASURE,
    UnmeasurableError,
    measure,
)
from pm_pipeline.mining.log import Slice, VariantLog, count_citizens, read_log, read_slices
from pm_pipeline.mining.notation.bpmn import BpmnGraph, draw_bpmn, to_bpmn, to_xml
from pm_pipeline.mining.notation.petri import to_petri_net, to_pnml
from pm_pipeline.mining.pictures.map import draw_map, read_map
from pm_pipeline.mining.pictures.render import Drawing, Picture, render_all
from pm_pipeline.mining.pictures.style import Label, number, percent, slice_title
from pm_pipeline.mining.report import DiscoveredModel, MinedSlice, MiningReport, write_tables

# More variants cost minutes and add what no model can show: on a log of a million events the thousand
# most frequent held 76 % of the cases and took a twentieth of the time.
MAX_VARIANTS = 1000
NOISE_STEPS = (0.4, 0.6, 0.8, 1.0)


@dataclass
class _Work:
    """One call of :func:`mine`: what is to be drawn and written once all slices are known."""

    connection: duckdb.DuckDBPyConnection
    municipality_id: str
    out_dir: Path
    min_group_size: int
    noise_threshold: float
    say: Callable[[str], None]
    labels: dict[str, Label]
    process_labels: Mapping[str, str]
    drawings: dict[str, Drawing] = field(default_factory=dict)
    new_models: dict[str, "_NewModel"] = field(default_factory=dict)
    models: dict[str, str] = field(default_factory=dict)  # model id → regime, in order
    reused: set[str] = field(default_factory=set)

    def process_name(self, process_id: str) -> str:
        return self.process_labels.get(process_id, process_id)

    def folder(self, content_id: str) -> Path:
        return self.out_dir / "artefacts" / content_id


@dataclass(frozen=True)
class _NewModel:
    """A model that is measured but not yet drawn; ``row`` lacks ``bpmn``."""

    row: dict[str, Any]
    graph: BpmnGraph
    pnml: str
    title: str


def mine(
    connection: duckdb.DuckDBPyConnection,
    municipality_id: str,
    out_dir: Path,
    *,
    min_group_size: int,
    noise_threshold: float,
    process_labels: Mapping[str, str],
    on_progress: Callable[[str], None] | None = None,
    about: Mapping[str, str] | None = None,
) -> MiningReport:
    """Map and model every slice of a warehouse, and write the tables and artefacts to ``out_dir``.

    What is there already under the same id is used again; nothing old is removed. When nothing is
    new, neither pm4py nor Graphviz is started.

    Args:
        min_group_size: citizens behind every step of a model and every figure of a map, at least.
        noise_threshold: of the inductive miner, 0 to 1.
        process_labels: process id to its name in the pictures; an unnamed one keeps its id.
        on_progress: called with a sentence per slice.

    Raises:
        PipelineError: the warehouse contradicts itself, a model cannot be measured, or Graphviz
            failed. Tables of an earlier run are then untouched.
    """
    work = _Work(
        connection, municipality_id, out_dir, min_group_size, noise_threshold,
        on_progress or (lambda _: None), _read_labels(connection),
        process_labels,
    )
    slices = tuple(_mine_slice(work, slice_) for slice_ in read_slices(connection))
    if work.drawings:
        work.say(f"drawing {len(work.drawings)} pictures")
    pictures = render_all(work.drawings)
    for content_id, picture in pictures.items():
        if content_id in work.new_models:
            _write_model(work, content_id, picture)
        else:
            drawing = work.drawings[content_id]
            summary = {"title": drawing.title, "description": drawing.description}
            artefacts.write(work.folder(content_id), {"map.svg": picture.svg}, summary)
    report = MiningReport(
        municipality_id=municipality_id,
        models=tuple(_read_model(work, model_id) for model_id in work.models),
        slices=slices,
        reused=frozenset(work.reused),
    )
    write_tables(report, out_dir, about)
    return report


def _mine_slice(work: _Work, slice_: Slice) -> MinedSlice:
    row = MinedSlice(
        work.municipality_id, slice_.process_id, slice_.regime_id, slice_.n_cases,
        slice_.n_citizens, "too_few_cases", None, None, None, None,
    )
    if slice_.regime_id is None:
        reason = "these cases began before the first regime of their process"
        return replace(row, outcome="outside_regimes", reason=reason)
    log = read_log(work.connection, slice_)
    shown = log.supported(work.min_group_size)
    citizens = count_citizens(work.connection, shown)
    if citizens < work.min_group_size or not shown.activities:
        # The exact number of so few is itself nobody's business.
        reason = (
            f"fewer than {work.min_group_size} citizens have a path each step of which at least "
            f"{work.min_group_size} citizens walked"
        )
        work.say(f"{log.slice_name}: no model, {reason}")
        return replace(row, reason=reason)
    map_id = _prepare_map(work, slice_)
    model_id = _prepare_model(work, log, shown)
    if model_id is None:
        reason = "the work varies so much that no model of it, however simple, could be measured"
        work.say(f"{log.slice_name}: {reason}")
        return replace(
            row, outcome="too_complex", reason=reason, map_id=map_id, map_dir=f"artefacts/{map_id}"
        )
    known = "reused" if model_id in work.reused else "mined"
    work.say(f"{log.slice_name}: {log.n_cases} cases, {len(log.variants)} variants, {known}")
    return replace(
        row, outcome="mined", model_id=model_id, map_id=map_id, map_dir=f"artefacts/{map_id}"
    )


def _prepare_map(work: _Work, slice_: Slice) -> str:
    process_map = read_map(work.connection, slice_, work.min_group_size)
    drawing = draw_map(process_map, work.labels, work.process_name(slice_.process_id))
    titles = sorted(drawing.node_titles.items())
    map_id = artefacts.content_id(kind="map", dot=drawing.dot, titles=titles)
    if artefacts.read(work.folder(map_id)):
        work.reused.add(map_id)
    else:
        work.drawings[map_id] = drawing
    return map_id


def _prepare_model(work: _Work, log: VariantLog, shown: VariantLog) -> str | None:
    """The id of the slice's model, found again or made now; None when none can be measured.

    The rule, stated in the parameters: the most frequent variants, and the lowest noise threshold
    from the configured one upwards whose model can be measured.
    """
    shown = shown.most_frequent(MAX_VARIANTS)
    for noise_threshold in (
        work.noise_threshold, *(step for step in NOISE_STEPS if step > work.noise_threshold)
    ):
        try:
            return _prepare_model_at(work, log, shown, noise_threshold)
        except UnmeasurableError as error:
            work.say(f"{error} at noise threshold {noise_threshold:g}; trying a simpler model")
    return None


def _prepare_model_at(
    work: _Work, log: VariantLog, shown: VariantLog, noise_threshold: float
) -> str:
    parameters = {
        "max_variants": MAX_VARIANTS, "min_group_size": work.min_group_size,
        "noise_threshold": noise_threshold,
    }
    labels = {activity: work.labels[activity] for activity in log.activities}
    model_id = artefacts.content_id(
        kind="model", algorithm=ALGORITHM, parameters=parameters, pm4py=miner_version(),
        log=log.fingerprint(), labels=[[a, x.text, x.family] for a, x in sorted(labels.items())],
        measures=[FITNESS_MEASURE, PRECISION_MEASURE], process=work.process_name(log.process_id),
    )
    if artefacts.read(work.folder(model_id)):
        work.models[model_id] = log.slice_name
        work.reused.add(model_id)
        return model_id
    tree = discover(shown, noise_threshold)
    net = to_petri_net(tree)
    fit = measure(tree, log)
    work.models[model_id] = log.slice_name
    title = f"Model: {slice_title(work.process_name(log.process_id), log.regime_id)}"
    row = {
        "model_id": model_id, "process_id": log.process_id, "regime_id": log.regime_id,
        "algorithm": ALGORITHM, "parameters": json.dumps(parameters, sort_keys=True),
        "n_cases": log.n_cases, "n_citizens": log.n_citizens,
        "covered_cases": shown.n_cases, "coverage": shown.n_cases / log.n_cases,
        "n_variants": len(log.variants), "fitness": fit.fitness,
        "fitness_measure": FITNESS_MEASURE, "fitness_coverage": fit.coverage,
        "perfectly_fitting": fit.perfectly_fitting, "precision": fit.precision,
        "precision_measure": PRECISION_MEASURE, "precision_coverage": fit.precision_coverage,
        "n_activities": len(set(tree.activities())), "n_places": len(net.places),
        "n_transitions": len(net.transitions), "process_tree": str(tree),
        "input_fingerprint": log.fingerprint(), "pm4py_version": miner_version(),
        "created_at": datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="seconds"),
        "artefact_dir": f"artefacts/{model_id}",
    }
    notes = [
        f"Lavet af {percent(shown.n_cases / log.n_cases)} af {number(log.n_cases)} forløb; skridt "
        f"med færre end {work.min_group_size} borgere er udeladt.",
        f"Fitness {percent(fit.fitness)}, målt på {percent(fit.coverage)} af forløbene; præcision "
        f"{percent(fit.precision)}, målt på {percent(fit.precision_coverage)} af skridtene.",
        "× er et valg eller en gentagelse, + er arbejde i vilkårlig rækkefølge.",
    ]
    graph = to_bpmn(tree)
    names = {activity: label.text for activity, label in labels.items()}
    work.drawings[model_id] = draw_bpmn(graph, labels, title, notes)
    work.new_models[model_id] = _NewModel(row, graph, to_pnml(net, names, title), title)
    return model_id


def _write_model(work: _Work, model_id: str, picture: Picture) -> None:
    new = work.new_models[model_id]
    bpmn = to_xml(new.graph, work.labels, new.title, picture)
    files = {"model.bpmn": bpmn, "model.pnml": new.pnml, "model.svg": picture.svg}
    artefacts.write(work.folder(model_id), files, new.row)


def _read_model(work: _Work, model_id: str) -> DiscoveredModel:
    folder = work.folder(model_id)
    summary = artefacts.read(folder)
    assert summary is not None, f"{folder} was written or found whole a moment ago"
    summary.pop("sha256")
    summary["created_at"] = datetime.fromisoformat(summary["created_at"])
    bpmn = (folder / "model.bpmn").read_text(encoding="utf-8")
    return DiscoveredModel(municipality_id=work.municipality_id, bpmn=bpmn, **summary)


class _Labels(dict[str, Label]):
    """Labels by activity id; an activity without a label is called by its id."""

    def __missing__(self, activity_id: str) -> Label:
        return Label(activity_id)


def _read_labels(connection: duckdb.DuckDBPyConnection) -> dict[str, Label]:
    rows = connection.execute(
        "select activity_id, coalesce(label_da, activity_id), family from core.activities"
    ).fetchall()
    return _Labels({activity_id: Label(text, family) for activity_id, text, family in rows})
