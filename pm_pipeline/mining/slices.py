"""Mining of one municipality: a map and a model for each process under each regime."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from pm_pipeline.mining import artefacts
from pm_pipeline.mining.discovery.miners import MINERS, Miner
from pm_pipeline.mining.log import Slice, VariantLog, count_citizens, read_log, read_slices
from pm_pipeline.mining.models import NewModel, Wanted, make_model, read_model, write_model
from pm_pipeline.mining.pictures.map import draw_map, read_map
from pm_pipeline.mining.pictures.objects import ObjectMap, draw_object_map, read_object_maps
from pm_pipeline.mining.pictures.render import Drawing, render_all
from pm_pipeline.mining.pictures.style import Label
from pm_pipeline.mining.report import DrawnObjectMap, MinedSlice, MiningReport, write_tables


@dataclass
class _Work:
    """One call of :func:`mine`: what is to be drawn and written once all slices are known."""

    connection: duckdb.DuckDBPyConnection
    municipality_id: str
    out_dir: Path
    min_group_size: int
    say: Callable[[str], None]
    labels: dict[str, Label]
    process_labels: Mapping[str, str]
    drawings: dict[str, Drawing] = field(default_factory=dict)
    new_models: dict[str, NewModel] = field(default_factory=dict)
    models: list[str] = field(default_factory=list)
    reused: set[str] = field(default_factory=set)

    def process_name(self, process_id: str) -> str:
        return self.process_labels.get(process_id, process_id)

    def folder(self, content_id: str) -> Path:
        return self.out_dir / "artefacts" / content_id


def mine(
    connection: duckdb.DuckDBPyConnection,
    municipality_id: str,
    out_dir: Path,
    *,
    min_group_size: int,
    process_labels: Mapping[str, str],
    on_progress: Callable[[str], None] | None = None,
    about: Mapping[str, str] | None = None,
) -> MiningReport:
    """Map and model every slice of a warehouse, and write the tables and artefacts to ``out_dir``.

    What is there already under the same id is used again; nothing old is removed. When nothing is
    new, neither pm4py nor Graphviz is started.

    Args:
        min_group_size: citizens behind every step of a model and every figure of a map, at least.
        process_labels: process id to its name in the pictures; an unnamed one keeps its id.
        on_progress: called with a sentence per slice.

    Raises:
        PipelineError: the warehouse contradicts itself, a model cannot be measured, or Graphviz
            failed. Tables of an earlier run are then untouched.
    """
    work = _Work(
        connection, municipality_id, out_dir, min_group_size, on_progress or (lambda _: None),
        _read_labels(connection), process_labels,
    )
    slices = tuple(_mine_slice(work, slice_) for slice_ in read_slices(connection))
    object_maps = tuple(
        _prepare_object_map(work, one) for one in read_object_maps(connection, min_group_size)
    )
    if work.drawings:
        work.say(f"drawing {len(work.drawings)} pictures")
    pictures = render_all(work.drawings)
    for content_id, picture in pictures.items():
        if content_id in work.new_models:
            folder = work.folder(content_id)
            write_model(folder, work.new_models[content_id], picture, work.labels)
        else:
            drawing = work.drawings[content_id]
            summary = {"title": drawing.title, "description": drawing.description}
            artefacts.write(work.folder(content_id), {"map.svg": picture.svg}, summary)
    report = MiningReport(
        municipality_id=municipality_id,
        models=tuple(read_model(work.folder(one), municipality_id) for one in work.models),
        slices=slices,
        object_maps=object_maps,
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
    model_id = None
    for miner in MINERS:
        found = _prepare_model(work, miner, log, shown)
        model_id = found if miner.is_main else model_id
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
    return _keep_drawing(work, drawing)


def _prepare_object_map(work: _Work, found: ObjectMap) -> DrawnObjectMap:
    name = work.process_name(found.process_id)
    map_id = _keep_drawing(
        work, draw_object_map(found, work.labels, name, work.min_group_size)
    )
    return DrawnObjectMap(
        work.municipality_id, found.process_id, len(found.type_labels), len(found.arcs),
        found.n_citizens, map_id, f"artefacts/{map_id}",
    )


def _keep_drawing(work: _Work, drawing: Drawing) -> str:
    """The id of a map, found again or to be drawn."""
    titles = sorted(drawing.node_titles.items())
    map_id = artefacts.content_id(kind="map", dot=drawing.dot, titles=titles)
    if artefacts.read(work.folder(map_id)):
        work.reused.add(map_id)
    else:
        work.drawings[map_id] = drawing
    return map_id


def _prepare_model(
    work: _Work, miner: Miner, log: VariantLog, shown: VariantLog
) -> str | None:
    """The id of a slice's model, found again or made now; None when none can be measured."""
    process_name = work.process_name(log.process_id)
    wanted = Wanted(miner, log, shown, work.min_group_size, work.labels, process_name)
    model_id = wanted.model_id
    if artefacts.read(work.folder(model_id)):
        work.reused.add(model_id)
    else:
        new = make_model(wanted)
        if new is None:
            work.say(f"{log.slice_name}: no model of {miner.algorithm} could be measured")
            return None
        work.new_models[model_id] = new
        work.drawings[model_id] = new.drawing
    work.models.append(model_id)
    return model_id


class _Labels(dict[str, Label]):
    """Labels by activity id; an activity without a label is called by its id."""

    def __missing__(self, activity_id: str) -> Label:
        return Label(activity_id)


def _read_labels(connection: duckdb.DuckDBPyConnection) -> dict[str, Label]:
    rows = connection.execute(
        "select activity_id, coalesce(label_da, activity_id), family from core.activities"
    ).fetchall()
    return _Labels({activity_id: Label(text, family) for activity_id, text, family in rows})
