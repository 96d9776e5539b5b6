"""What the suites say about a municipality's data, as a table of results."""

from datetime import UTC, datetime
from typing import Any

import dagster as dg
import duckdb

from pm_pipeline import warehouse
from pm_pipeline.components.partitions import WAREHOUSE_POOL, municipalities
from pm_pipeline.components.recipes import code_versions, recipe_of
from pm_pipeline.components.results import (
    LAW_IN_FORCE,
    MADE_FROM,
    RULE_HISTORY,
    RULE_RESULTS,
    law_in_force,
)
from pm_pipeline.defs.quality.rule_table import judged_table
from pm_pipeline.errors import PipelineError
from pm_pipeline.law.dates import today
from pm_pipeline.law.register import load_checked_registry
from pm_pipeline.quality.judging.history import (
    JUDGEMENT,
    Judgement,
    add_to_history,
    people_judged,
)
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
    registry = load_checked_registry(settings.seeds_dir)
    with warehouse.connect(settings.warehouse_path(municipality_id)) as connection:
        judgement = _judgement(connection, context.run_id, recipe)
        report = run_suites(
            connection,
            municipality_id,
            registry,
            settings.expectations_dir,
            RULE_RESULTS.path(settings, municipality_id),
            as_of=judgement.as_of,
            about={
                MADE_FROM: recipe,
                LAW_IN_FORCE: law_in_force(registry, municipality_id, today()),
                JUDGEMENT: judgement.as_text(),
            },
        )
        people = people_judged(connection)
    # Here and now: judged again before the history is made, this judgement would be gone.
    try:
        add_to_history(
            RULE_HISTORY.path(settings, municipality_id), report.path, people,
            settings.keep_judgements_days, judgement.judged_at, about={},
        )
    except PipelineError as error:
        # What was found stands; the step of the history fails with the same words.
        context.log.warning(f"not in the history yet: {error}")
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


def _judgement(
    connection: duckdb.DuckDBPyConnection, run_id: str, recipe: str
) -> Judgement:
    """As of today: a regime that began is in force, though nobody has delivered since.

    A delivery may bear a later day than today: what had begun by then is judged too.
    """
    [(newest_on,)] = connection.execute("select max(delivered_on) from core.deliveries").fetchall()
    newest = connection.execute(
        "select system_id || ' ' || arg_max(delivery_id, (delivered_on, received_at))"
        " from core.deliveries group by system_id order by system_id"
    ).fetchall()
    [(code, law)] = connection.execute(
        "select code_fingerprint, law_fingerprint from core.generation"
    ).fetchall()
    return Judgement(
        judged_at=datetime.now(UTC).replace(tzinfo=None),
        as_of=max(newest_on, today()) if newest_on else today(),
        run_id=run_id,
        made_from=recipe,
        code_fingerprint=code,
        law_fingerprint=law,
        newest_deliveries=", ".join(name for (name,) in newest),
    )
