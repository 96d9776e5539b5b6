"""Judgements are kept for a term, so that it can be told since when something is bad."""

from datetime import UTC, datetime
from typing import Any

import dagster as dg

from pm_pipeline import warehouse
from pm_pipeline.components.partitions import WAREHOUSE_POOL, municipalities
from pm_pipeline.components.recipes import code_versions, recipe_of
from pm_pipeline.components.results import MADE_FROM, RULE_HISTORY, RULE_RESULTS
from pm_pipeline.quality.judging.history import add_to_history, people_judged
from pm_pipeline.settings import get_settings


@dg.asset(
    key=dg.AssetKey(list(RULE_HISTORY.asset)),
    group_name="quality",
    kinds={"parquet"},
    owners=["team:data"],
    partitions_def=municipalities(),
    pool=WAREHOUSE_POOL,
    deps=[dg.AssetKey(list(RULE_RESULTS.asset)), dg.AssetKey(["core", "cases"])],
    code_version=code_versions(get_settings()).results[RULE_HISTORY.name],
)
def rule_history(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
    """The judgements of the term, as rows of rule_results with their day: counts only.

    The step that judges adds its judgement itself, so that none is lost when it runs twice; here the
    file is held to be whole, also after a run that was killed between the two.
    """
    settings = get_settings()
    municipality_id = context.partition_key
    recipe = recipe_of(settings, municipality_id, RULE_HISTORY)
    with warehouse.connect(settings.warehouse_path(municipality_id)) as connection:
        people = people_judged(connection)
    kept = add_to_history(
        RULE_HISTORY.path(settings, municipality_id),
        RULE_RESULTS.path(settings, municipality_id),
        people,
        settings.keep_judgements_days,
        datetime.now(UTC).replace(tzinfo=None),
        {MADE_FROM: recipe},
    )
    return dg.MaterializeResult(
        data_version=dg.DataVersion(recipe),
        metadata={"dagster/partition_row_count": kept.n_rows, "newest judgement": kept.newest},
    )
