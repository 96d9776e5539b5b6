"""Every judgement is kept, so that it can be told since when something is bad."""

from typing import Any

import dagster as dg
import duckdb

from pm_pipeline import warehouse
from pm_pipeline.components.partitions import WAREHOUSE_POOL, municipalities
from pm_pipeline.components.recipes import code_versions, recipe_of
from pm_pipeline.components.results import MADE_FROM, RULE_HISTORY, RULE_RESULTS
from pm_pipeline.quality.judging.history import People, add_to_history, read_history
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
    """Every judgement ever made, as rows of rule_results with their day: counts only, added to."""
    settings = get_settings()
    municipality_id = context.partition_key
    recipe = recipe_of(settings, municipality_id, RULE_HISTORY)
    with warehouse.connect(settings.warehouse_path(municipality_id)) as connection:
        people = _people(connection)
    n_judgements = add_to_history(
        RULE_HISTORY.path(settings, municipality_id),
        RULE_RESULTS.path(settings, municipality_id),
        people,
        {MADE_FROM: recipe},
    )
    n_rows = read_history(RULE_HISTORY.path(settings, municipality_id)).num_rows
    return dg.MaterializeResult(
        data_version=dg.DataVersion(recipe),
        metadata={"dagster/partition_row_count": n_rows, "judgements": n_judgements},
    )


def _people(connection: duckdb.DuckDBPyConnection) -> People:
    """The people behind what a rule judged: of a slice, and (no process) of the whole delivery."""
    rows = connection.execute(
        "select process_id, regime_id, count(*), count(distinct citizen_id) from core.cases"
        " group by all union all select null, null, count(*), count(distinct citizen_id)"
        " from core.cases"
    ).fetchall()
    return {(process, regime): (cases, citizens) for process, regime, cases, citizens in rows}
