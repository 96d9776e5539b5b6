"""Whether a municipality has a run under way: another one would wait for it, or meet its files."""

import dagster as dg

_UNFINISHED = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,  # its process may still hold the warehouse
]


def is_running(instance: dg.DagsterInstance, municipality_id: str) -> bool:
    """Whether some run of the municipality has not ended yet."""
    runs = instance.get_run_records(
        dg.RunsFilter(statuses=_UNFINISHED, tags={"dagster/partition": municipality_id}), limit=1
    )
    return bool(runs)
