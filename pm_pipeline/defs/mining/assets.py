"""Models and maps of how the work of a municipality flows, per process and regime."""

import base64
import re
from pathlib import Path
from typing import Any

import dagster as dg

from pm_pipeline import warehouse
from pm_pipeline.components.partitions import WAREHOUSE_POOL, municipalities
from pm_pipeline.components.recipes import code_versions, recipe_of
from pm_pipeline.components.results import DISCOVERED_MODELS, MADE_FROM
from pm_pipeline.law.register import load_checked_registry
from pm_pipeline.mining import MiningReport, mine
from pm_pipeline.settings import Settings, get_settings

#: What Dagster's Markdown dialog shows without cutting, in pixels.
_DIALOG_WIDTH = 1060

_SOUND = {True: "yes", False: "no", None: "not known"}


@dg.asset(
    key=list(DISCOVERED_MODELS.asset),
    group_name="mining",
    kinds={"python", "parquet", "svg"},
    owners=["team:data"],
    partitions_def=municipalities(),
    code_version=code_versions(get_settings()).results[DISCOVERED_MODELS.name],
    pool=WAREHOUSE_POOL,
    deps=[dg.AssetKey(list(table)) for table in DISCOVERED_MODELS.reads],
)
def discovered_models(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
    """One row per discovered model with fitness and precision; BPMN, PNML and pictures beside it."""
    settings = get_settings()
    municipality_id = context.partition_key
    out_dir = settings.mining_dir(municipality_id)
    recipe = recipe_of(settings, municipality_id, DISCOVERED_MODELS)
    with warehouse.connect(settings.warehouse_path(municipality_id)) as connection:
        report = mine(
            connection,
            municipality_id,
            out_dir,
            min_group_size=settings.min_group_size,
            process_labels={
                process.process_id: process.label_da
                for process in load_checked_registry(settings.seeds_dir).processes
            },
            on_progress=context.log.info,
            about={MADE_FROM: recipe},
        )
    return dg.MaterializeResult(
        data_version=dg.DataVersion(recipe),
        metadata={
            "dagster/partition_row_count": len(report.models),
            "slices without a model": len(report.skipped),
            "reused": len(report.reused),
            "models": dg.MetadataValue.md(_table(report)),
            **_previews(settings, report),
        }
    )


def _table(report: MiningReport) -> str:
    lines = [
        "| slice | algorithm | cases | variants | coverage | fitness | precision | generalisation "
        "| simplicity | sound |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {model.regime_id} | {model.algorithm} | {model.n_cases} | {model.n_variants} | "
        f"{model.coverage:.0%} | {_measured(model.fitness, model.fitness_coverage)} | "
        f"{_measured(model.precision, model.precision_coverage)} | "
        f"{_measured(model.generalisation, model.generalisation_coverage)} | "
        f"{model.simplicity:.2f} | {_SOUND[model.is_sound]} {model.unmeasured_reason or ''} |"
        for model in report.models
    ]
    lines += [f"| {row.regime_id} | | | | | {row.reason} | | | | |" for row in report.skipped]
    return "\n".join(lines)


def _measured(value: float | None, coverage: float | None) -> str:
    """The figure, and on how much of the log it rests."""
    if value is None or coverage is None:
        return "not measured"
    return f"{value:.2f} (on {coverage:.0%})"


def _previews(settings: Settings, report: MiningReport) -> dict[str, dg.MarkdownMetadataValue]:
    """The map and the model of each slice, as pictures the UI shows."""
    folder = settings.mining_dir(report.municipality_id)
    previews = {}
    for row in report.slices:
        if row.map_dir:
            previews[f"map {row.regime_id}"] = _picture(folder / row.map_dir / "map.svg")
    for found in report.object_maps:
        previews[f"objects {found.process_id}"] = _picture(folder / found.map_dir / "map.svg")
    for model in report.models:
        picture = _picture(folder / model.artefact_dir / "model.svg")
        previews[f"model {model.regime_id} {model.algorithm}"] = picture
    return previews


def _picture(path: Path) -> dg.MarkdownMetadataValue:
    """The picture as the UI's dialog shows it: scaled to its width where it is wider."""
    svg = path.read_text(encoding="utf-8")
    size = re.search(r' width="([\d.]+)pt" height="[\d.]+pt"', svg)
    if size and float(size[1]) > _DIALOG_WIDTH:
        svg = svg.replace(size[0], f' width="{_DIALOG_WIDTH}"', 1)
    encoded = base64.b64encode(svg.encode()).decode()
    return dg.MetadataValue.md(f"![{path.stem}](data:image/svg+xml;base64,{encoded})")
