"""Models and maps of how the work of a municipality flows, per process and regime."""

import base64
from typing import Any

import dagster as dg

from pm_pipeline import warehouse
from pm_pipeline.components.partitions import WAREHOUSE_POOL, municipalities
from pm_pipeline.mining import MiningReport, mine
from pm_pipeline.settings import Settings, get_settings


@dg.asset(
    key=["mining", "discovered_models"],
    group_name="mining",
    kinds={"python", "parquet", "svg"},
    owners=["team:data"],
    partitions_def=municipalities(),
    pool=WAREHOUSE_POOL,
    deps=[
        dg.AssetKey(["core", "variants"]),
        dg.AssetKey(["core", "directly_follows"]),
        dg.AssetKey(["core", "start_end_activities"]),
        dg.AssetKey(["core", "cases"]),
        dg.AssetKey(["core", "activities"]),
        # the data is judged before anybody looks at a model of it
        dg.AssetKey(["quality", "rule_results"]),
    ],
)
def discovered_models(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
    """One row per discovered model with fitness and precision; BPMN, PNML and pictures beside it."""
    settings = get_settings()
    municipality_id = context.partition_key
    out_dir = settings.mining_dir(municipality_id)
    with warehouse.connect(settings.warehouse_path(municipality_id)) as connection:
        report = mine(
            connection,
            municipality_id,
            out_dir,
            min_group_size=settings.min_group_size,
            noise_threshold=settings.noise_threshold,
            on_progress=context.log.info,
        )
    return dg.MaterializeResult(
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
        "| slice | cases | variants | coverage | fitness | precision |", "|---|---|---|---|---|---|"
    ]
    lines += [
        f"| {model.regime_id} | {model.n_cases} | {model.n_variants} | {model.coverage:.0%} | "
        f"{model.fitness:.2f} | {model.precision:.2f} |"
        for model in report.models
    ]
    lines += [f"| {row.regime_id} | | | | {row.reason} | |" for row in report.skipped]
    return "\n".join(lines)


def _previews(settings: Settings, report: MiningReport) -> dict[str, dg.MarkdownMetadataValue]:
    """The map and the model of each slice, as pictures the UI shows."""
    folder = settings.mining_dir(report.municipality_id)
    previews = {}
    for row in report.slices:
        if row.map_dir and row.model_id:
            previews[f"map {row.regime_id}"] = _picture(folder / row.map_dir / "map.svg")
            model = folder / "artefacts" / row.model_id / "model.svg"
            previews[f"model {row.regime_id}"] = _picture(model)
    return previews


def _picture(path: Any) -> dg.MarkdownMetadataValue:
    encoded = base64.b64encode(path.read_bytes()).decode()
    return dg.MetadataValue.md(f"![{path.stem}](data:image/svg+xml;base64,{encoded})")
