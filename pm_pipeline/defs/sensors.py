"""A delivery in landing starts the run of its municipality."""

from collections.abc import Iterator

import dagster as dg

from pm_pipeline.components.freshness import (
    delivered,
    fingerprint_of,
    forget_code,
    is_up_to_date,
)
from pm_pipeline.components.partitions import municipalities
from pm_pipeline.components.plan import Plan, plan_run
from pm_pipeline.components.recipes import forget_recipes
from pm_pipeline.components.selection import Selection, select
from pm_pipeline.components.unfinished import is_running
from pm_pipeline.defs.jobs import municipality_job
from pm_pipeline.errors import PipelineError
from pm_pipeline.publish.receipts import read_receipt
from pm_pipeline.settings import get_settings


@dg.sensor(
    job=municipality_job,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Looks for deliveries that are not in the publication and starts their run.",
)
def landing_sensor(
    context: dg.SensorEvaluationContext,
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """One run per state of the inputs: a failing run is not repeated until something changes."""
    settings = get_settings()
    forget_code()  # this process lives for weeks: an edited seed must be seen
    forget_recipes()
    waiting = 0
    for municipality_id in municipalities().get_partition_keys():
        try:
            deliveries = delivered(settings, municipality_id)
            # Without a delivery there is work only where figures rest on some that were withdrawn.
            receipt = read_receipt(settings.published_dir(municipality_id))
            if not deliveries and receipt is None:
                continue
            if is_up_to_date(settings, municipality_id):
                continue
            plan = plan_run(settings, municipality_id)
        except PipelineError as error:  # one broken manifest must not blind the others
            context.log.error(f"{municipality_id}: {error}")
            continue
        if is_running(context.instance, municipality_id):
            continue
        waiting += 1
        # With the publication it is to replace: a delivery that is withdrawn, or put back, brings an
        # earlier state of the inputs again, and Dagster takes a key but once.
        replaced = receipt.generation if receipt else "nothing"
        selection = _selection(context, plan)
        yield dg.RunRequest(
            run_key=f"{municipality_id}:{fingerprint_of(settings, deliveries)}:{replaced}",
            partition_key=municipality_id,
            asset_selection=selection.assets if selection else None,
            asset_check_keys=selection.checks if selection else None,
            tags={
                "pm_pipeline/started_from": "landing sensor", "pm_pipeline/because": plan.because,
            },
        )
    if not waiting:
        yield dg.SkipReason("every delivery in landing is part of what is published")


def _selection(context: dg.SensorEvaluationContext, plan: Plan) -> Selection | None:
    """What is stale; everything where Dagster does not say which assets there are."""
    repository = context.repository_def
    return select(plan, repository.asset_graph) if repository else None
