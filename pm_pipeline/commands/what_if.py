"""A question about a queue of talks, asked of the warehouse of a municipality and answered at once."""

from pm_pipeline import warehouse
from pm_pipeline.commands.known import taking_part
from pm_pipeline.errors import PipelineError, UsageError
from pm_pipeline.law.register import load_checked_registry
from pm_pipeline.mining.whatif.asked import WhatIf, read_queues
from pm_pipeline.mining.whatif.report import WhatIfRow, answer_what_if
from pm_pipeline.mining.whatif.sentences import titles_of
from pm_pipeline.settings import Settings


def ask_what_if(
    settings: Settings, municipality_id: str, activity_id: str, process_id: str | None, *,
    quota_days: int, first_days: int | None, new_quota_days: int | None, staffing: float | None,
) -> tuple[WhatIfRow, ...]:
    """One row per measure; nothing is written.

    Raises:
        UsageError: nothing would change, the municipality takes no part, or it has no such queue, with
            those it has.
        PipelineError: there is no warehouse, or it was built before there were queues.
    """
    taking_part(load_checked_registry(settings.seeds_dir), municipality_id)
    if new_quota_days in (None, quota_days) and staffing in (None, 1):
        raise UsageError(
            "nothing changes: expected --quota other than --quota-now, --staffing other than 1, or "
            f"both, found --quota {new_quota_days or 'none'} and --staffing {staffing or 'none'}"
        )
    path = settings.warehouse_path(municipality_id)
    with warehouse.connect(path) as connection:
        queues = read_queues(connection)
        if queues is None:
            raise PipelineError(
                f"{path}: expected the table core.queues, found a warehouse of an older version; build "
                f"it anew with: pm-pipeline run -m {municipality_id}"
            )
        process = _process_of(queues, activity_id, process_id)
        titles = titles_of(quota_days, new_quota_days, staffing)
        question = WhatIf(
            "asked", *titles, process, activity_id, quota_days, first_days, new_quota_days, staffing
        )
        return answer_what_if(connection, municipality_id, question, settings.min_group_size)


def _process_of(
    queues: tuple[tuple[str, str], ...], activity_id: str, process_id: str | None
) -> str:
    """The process of the one queue that is meant."""
    meant = [
        process for process, activity in queues
        if activity == activity_id and process_id in (None, process)
    ]
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise UsageError(
            f"{activity_id} has a queue in {', '.join(meant)}: name one of them with --process"
        )
    known = ", ".join(f"{activity} in {process}" for process, activity in queues) or "none"
    asked = activity_id if process_id is None else f"{activity_id} in {process_id}"
    raise UsageError(
        f"no queue for {asked}; known in the weeks looked at: {known}. What is no talk has a queue "
        "once a row of registry/what_ifs.csv asks about it"
    )
