"""What if people were due a talk more often, or more talks could be held?"""

from collections.abc import Sequence
from typing import Any

import dagster as dg

from pm_pipeline import warehouse
from pm_pipeline.components.partitions import WAREHOUSE_POOL, municipalities
from pm_pipeline.components.recipes import code_versions, recipe_of
from pm_pipeline.components.results import MADE_FROM, WHAT_IF_ANSWERS
from pm_pipeline.mining.whatif.report import WhatIfRow, answer_what_ifs
from pm_pipeline.settings import get_settings


@dg.asset(
    key=list(WHAT_IF_ANSWERS.asset),
    group_name="mining",
    kinds={"python", "parquet"},
    owners=["team:data"],
    partitions_def=municipalities(),
    pool=WAREHOUSE_POOL,
    deps=[dg.AssetKey(list(table)) for table in WHAT_IF_ANSWERS.reads],
    code_version=code_versions(get_settings()).results[WHAT_IF_ANSWERS.name],
)
def what_if_answers(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
    """One row per question and measure: a replay of the queue as it is and changed, with intervals."""
    settings = get_settings()
    municipality_id = context.partition_key
    recipe = recipe_of(settings, municipality_id, WHAT_IF_ANSWERS)
    with warehouse.connect(settings.warehouse_path(municipality_id)) as connection:
        rows = answer_what_ifs(
            connection, municipality_id, WHAT_IF_ANSWERS.path(settings, municipality_id),
            min_group_size=settings.min_group_size, about={MADE_FROM: recipe},
        )
    return dg.MaterializeResult(
        data_version=dg.DataVersion(recipe),
        metadata={
            "dagster/partition_row_count": len(rows),
            "questions": dg.MetadataValue.md(_table(rows)),
        },
    )


def _table(rows: Sequence[WhatIfRow]) -> str:
    """One line per question and measure; of small groups nothing is in the rows."""
    if not rows:
        return "No question of this municipality is in seeds/registry/what_ifs.csv."
    lines = ["| question | measure | outcome | in words |", "|---|---|---|---|"]
    lines += [
        f"| {row.what_if_id} | {row.measure} | {row.reason or row.outcome} | {row.sentence_da} |"
        for row in rows
    ]
    return "\n".join(lines)
