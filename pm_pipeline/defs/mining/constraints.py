"""What always or nearly always holds of the cases of a process, whatever the rest of their paths."""

from collections import Counter
from typing import Any

import dagster as dg

from pm_pipeline import warehouse
from pm_pipeline.components.partitions import WAREHOUSE_POOL, municipalities
from pm_pipeline.components.recipes import code_versions, recipe_of
from pm_pipeline.components.results import DECLARE_CONSTRAINTS, MADE_FROM
from pm_pipeline.mining.constraints.report import write_constraints
from pm_pipeline.settings import get_settings


@dg.asset(
    key=list(DECLARE_CONSTRAINTS.asset),
    group_name="mining",
    kinds={"python", "parquet"},
    owners=["team:data"],
    partitions_def=municipalities(),
    code_version=code_versions(get_settings()).results[DECLARE_CONSTRAINTS.name],
    pool=WAREHOUSE_POOL,
    deps=[dg.AssetKey(list(table)) for table in DECLARE_CONSTRAINTS.reads],
)
def declare_constraints(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
    """One row per slice and DECLARE constraint that nearly all its closed cases hold, in counts."""
    settings = get_settings()
    municipality_id = context.partition_key
    recipe = recipe_of(settings, municipality_id, DECLARE_CONSTRAINTS)
    with warehouse.connect(settings.warehouse_path(municipality_id)) as connection:
        rows = write_constraints(
            connection,
            municipality_id,
            DECLARE_CONSTRAINTS.path(settings, municipality_id),
            about={MADE_FROM: recipe},
            on_progress=context.log.info,
        )
    return dg.MaterializeResult(
        data_version=dg.DataVersion(recipe),
        metadata={
            "dagster/partition_row_count": len(rows),
            "outcomes": dict(Counter(row.outcome for row in rows)),
            "templates": dict(Counter(row.template for row in rows if row.template)),
        },
    )
