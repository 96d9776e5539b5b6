"""Where the processes of a municipality changed without anybody saying so."""

from typing import Any

import dagster as dg

from pm_pipeline import warehouse
from pm_pipeline.components.partitions import WAREHOUSE_POOL, municipalities
from pm_pipeline.components.recipes import code_versions, recipe_of
from pm_pipeline.components.results import DRIFT_POINTS, MADE_FROM
from pm_pipeline.quality.drift.detect import find_drift
from pm_pipeline.quality.drift.results import DriftPoint
from pm_pipeline.settings import get_settings


@dg.asset(
    key=dg.AssetKey(list(DRIFT_POINTS.asset)),
    group_name="quality",
    kinds={"python", "parquet"},
    owners=["team:data"],
    partitions_def=municipalities(),
    pool=WAREHOUSE_POOL,
    deps=[dg.AssetKey(list(table)) for table in DRIFT_POINTS.reads],
    code_version=code_versions(get_settings()).results[DRIFT_POINTS.name],
)
def drift_points(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
    """One row per process, change that nobody dated, and what moved most with it; counts only."""
    settings = get_settings()
    municipality_id = context.partition_key
    recipe = recipe_of(settings, municipality_id, DRIFT_POINTS)
    with warehouse.connect(settings.warehouse_path(municipality_id)) as connection:
        points = find_drift(
            connection, DRIFT_POINTS.path(settings, municipality_id), about={MADE_FROM: recipe}
        )
    return dg.MaterializeResult(
        data_version=dg.DataVersion(recipe),
        metadata={
            "dagster/partition_row_count": len(points),
            "changes": dg.MetadataValue.md(_table(points)),
        },
    )


def _table(points: tuple[DriftPoint, ...]) -> str:
    """One line per process and change, without figures about cases: they are told where published."""
    told = [point for point in points if point.relation_number in (None, 1)]
    lines = ["| process | outcome | changed on | between | p | near |", "|---|---|---|---|---|---|"]
    for point in told:
        between = f"{point.earliest_on} – {point.latest_on}" if point.changed_on else "–"
        lines.append(
            f"| {point.process_id} | {point.outcome} | {point.changed_on or '–'} | {between} "
            f"| {'–' if point.p_value is None else f'{point.p_value:g}'} "
            f"| {(point.near_change_id or '–').replace('|', ', ')} |"
        )
    return "\n".join(lines)
