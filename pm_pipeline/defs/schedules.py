"""A day on which the law becomes another one starts a run where it concerns what was judged."""

from collections.abc import Iterator

import dagster as dg

from pm_pipeline.components.freshness import forget_code
from pm_pipeline.components.law_in_force import moved_since_judged
from pm_pipeline.components.partitions import municipalities
from pm_pipeline.components.plan import plan_run
from pm_pipeline.components.recipes import forget_recipes
from pm_pipeline.components.selection import select
from pm_pipeline.components.unfinished import is_running
from pm_pipeline.defs.jobs import municipality_job
from pm_pipeline.errors import PipelineError
from pm_pipeline.law.dates import today
from pm_pipeline.registry import load_registry
from pm_pipeline.settings import get_settings


@dg.schedule(
    job=municipality_job,
    cron_schedule="10 0 * * *",
    execution_timezone="Europe/Copenhagen",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description=(
        "Judges anew each municipality for which a regime or a legal change began or ended since it "
        "was judged last: once a day, days on which nobody looked included."
    ),
)
def law_in_force(
    context: dg.ScheduleEvaluationContext,
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """One run per municipality and day; what waits for a delivery is left to the landing sensor."""
    settings = get_settings()
    forget_code()  # this process lives for weeks: an edited seed must be seen
    forget_recipes()
    registry = load_registry(settings.seeds_dir)
    asked = 0
    for municipality_id in municipalities().get_partition_keys():
        try:
            moved = moved_since_judged(settings, municipality_id, registry)
            if not moved or is_running(context.instance, municipality_id):
                continue
            plan = plan_run(settings, municipality_id)
        except PipelineError as error:  # one broken warehouse must not blind the others
            context.log.error(f"{municipality_id}: {error}")
            continue
        selection = select(plan, context.repository_def.asset_graph)
        asked += 1
        yield dg.RunRequest(
            run_key=f"{municipality_id}:{today()}",
            partition_key=municipality_id,
            asset_selection=selection.assets if selection else None,
            asset_check_keys=selection.checks if selection else None,
            tags={
                "pm_pipeline/started_from": "law_in_force",
                "pm_pipeline/because": "; ".join(moved)[:250],
            },
        )
    if not asked:
        yield dg.SkipReason("nothing began or ended since the municipalities were judged last")
