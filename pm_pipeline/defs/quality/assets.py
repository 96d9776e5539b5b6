"""What the suites say about a municipality's data, as a table of results."""

from typing import Any

import dagster as dg
import duckdb

from pm_pipeline import warehouse
from pm_pipeline.components.partitions import WAREHOUSE_POOL, municipalities
from pm_pipeline.components.recipes import code_versions, recipe_of
from pm_pipeline.components.results import MADE_FROM, RULE_RESULTS
from pm_pipeline.defs.quality.rule_table import judged_table
from pm_pipeline.law.register import load_checked_registry
from pm_pipeline.quality.judging.runner import run_suites
from pm_pipeline.settings import get_settings

_RULE_RESULTS = dg.AssetKey(list(RULE_RESULTS.asset))

@dg.asset(
    key=_RULE_RESULTS,
    group_name="quality",
    kinds={"greatexpectations", "parquet"},
    owners=["team:data"],
    partitions_def=municipalities(),
    pool=WAREHOUSE_POOL,
    deps=[dg.AssetKey(list(table)) for table in RULE_RESULTS.reads],
    code_version=code_versions(get_settings()).results[RULE_RESULTS.name],
)
def rule_results(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
    """One row per rule and slice (process × regime): outcome, counts and threshold, never a value."""
    settings = get_settings()
    municipality_id = context.partition_key
    recipe = recipe_of(settings, municipality_id, RULE_RESULTS)
    with warehouse.connect(settings.warehouse_path(municipality_id)) as connection:
        report = run_suites(
            connection,
            municipality_id,
            load_checked_registry(settings.seeds_dir),
            settings.expectations_dir,
            RULE_RESULTS.path(settings, municipality_id),
            as_of=_as_of(connection),
            about={MADE_FROM: recipe},
        )
    return dg.MaterializeResult(
        data_version=dg.DataVersion(recipe),
        metadata={
            "dagster/partition_row_count": len(report.results),
            "outcomes": {outcome.value: n for outcome, n in report.outcomes.items()},
            "failing rules": dg.MetadataValue.md(judged_table([
                result for result in report.results if result.is_broken
            ])),
        }
    )


def _as_of(connection: duckdb.DuckDBPyConnection) -> Any:
    """The day the newest delivery was made: what lies after it is not known yet."""
    return connection.execute("select max(delivered_on) from core.deliveries").fetchall()[0][0]
