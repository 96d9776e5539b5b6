"""Where cases leave the model that was discovered and the one that is meant, per process and regime."""

from typing import Any

import dagster as dg

from pm_pipeline import warehouse
from pm_pipeline.components.partitions import WAREHOUSE_POOL, municipalities
from pm_pipeline.components.recipes import code_versions, recipe_of
from pm_pipeline.components.reference_models import load_reference_models
from pm_pipeline.components.results import DEVIATIONS, DISCOVERED_MODELS, MADE_FROM
from pm_pipeline.mining.conformance.deviations import DeviationRow, write_deviations
from pm_pipeline.settings import get_settings


@dg.asset(
    key=list(DEVIATIONS.asset),
    group_name="mining",
    kinds={"python", "parquet"},
    owners=["team:data"],
    partitions_def=municipalities(),
    code_version=code_versions(get_settings()).results[DEVIATIONS.name],
    pool=WAREHOUSE_POOL,
    deps=[dg.AssetKey(list(one)) for one in (*DEVIATIONS.reads, DISCOVERED_MODELS.asset)],
)
def deviations(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
    """One row per slice, model and deviation: steps skipped and steps not expected, in counts."""
    settings = get_settings()
    municipality_id = context.partition_key
    recipe = recipe_of(settings, municipality_id, DEVIATIONS)
    models = load_reference_models(settings)
    with warehouse.connect(settings.warehouse_path(municipality_id)) as connection:
        rows = write_deviations(
            connection,
            municipality_id,
            settings.mining_dir(municipality_id),
            models,
            about={MADE_FROM: recipe},
            on_progress=context.log.info,
        )
    return dg.MaterializeResult(
        data_version=dg.DataVersion(recipe),
        metadata={
            "dagster/partition_row_count": len(rows),
            "comparisons": dg.MetadataValue.md(_table(rows)),
        },
    )


def _table(rows: tuple[DeviationRow, ...]) -> str:
    lines = ["| slice | model | outcome | cases | aligned | fitness |", "|---|---|---|---|---|---|"]
    for row in rows:
        if row.grain == "slice":
            fitness = "" if row.fitness is None else f"{row.fitness:.2f}"
            counts = f"{row.n_cases or ''} | {row.n_aligned or ''}"
            lines.append(
                f"| {row.regime_id} | {row.model_kind} | {row.outcome} | {counts} | {fitness} |"
            )
    return "\n".join(lines)
