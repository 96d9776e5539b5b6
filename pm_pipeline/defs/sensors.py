"""A delivery in landing starts the run of its municipality."""

from collections.abc import Iterator

import dagster as dg

from pm_pipeline.components.freshness import delivered, is_up_to_date
from pm_pipeline.components.partitions import municipalities
from pm_pipeline.defs.jobs import municipality_job
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
    """One run per set of deliveries: the run key names them, so a failing one is not repeated."""
    settings = get_settings()
    waiting = 0
    for municipality_id in municipalities().get_partition_keys():
        deliveries = delivered(settings, municipality_id)
        if not deliveries or is_up_to_date(settings, municipality_id):
            continue
        if _is_running(context.instance, municipality_id):
            continue
        waiting += 1
        names = ",".join(sorted(f"{one.system_id}/{one.delivery_id}" for one in deliveries))
        yield dg.RunRequest(
            run_key=f"{municipality_id}:{names}",
            partition_key=municipality_id,
            tags={"pm_pipeline/started_from": "landing sensor"},
        )
    if not waiting:
        yield dg.SkipReason("every delivery in landing is part of what is published")


def _is_running(instance: dg.DagsterInstance, municipality_id: str) -> bool:
    unfinished = [
        dg.DagsterRunStatus.QUEUED,
        dg.DagsterRunStatus.STARTING,
        dg.DagsterRunStatus.STARTED,
        dg.DagsterRunStatus.CANCELING,  # its process may still hold the warehouse
    ]
    runs = instance.get_run_records(
        dg.RunsFilter(statuses=unfinished, tags={"dagster/partition": municipality_id}), limit=1
    )
    return bool(runs)
