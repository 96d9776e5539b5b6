"""Run municipalities one after another in this process, each as a Dagster run of its own.

Imports, definitions and the parsed dbt project are paid for once; a failure in one municipality
never touches another, and every run is in the UI's history.
"""

import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

import dagster as dg

from pm_pipeline.components.dagster_home import prepare_dagster_home
from pm_pipeline.components.freshness import is_up_to_date
from pm_pipeline.components.law_in_force import moved_since_judged
from pm_pipeline.components.plan import Plan, judged_anew, plan_run
from pm_pipeline.components.selection import select
from pm_pipeline.errors import PipelineError
from pm_pipeline.law.register import load_checked_registry
from pm_pipeline.settings import Settings

#: The progress bar tells the user and the UI keeps the log: Dagster's console says nothing.
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}

_FORCED = Plan(None, "everything was asked for")

#: Called with the name of the step that starts and how many of how many steps are done.
OnStep = Callable[[str, int, int], None]


@dataclass(frozen=True)
class RunOutcome:
    """How the run of one municipality ended. ``errors`` hold one message per failed step.

    ``because``: why there was work, and ``n_reused`` how many assets needed none.
    """

    municipality_id: str
    status: Literal["done", "up_to_date", "failed"]
    run_id: str | None
    seconds: float
    errors: tuple[str, ...] = ()
    because: str = ""
    n_reused: int = 0


def run_municipalities(
    settings: Settings,
    municipality_ids: Iterable[str],
    *,
    force: bool = False,
    judge: bool = False,
    on_start: Callable[[str], OnStep],
) -> Iterator[RunOutcome]:
    """Materialise what is stale of each municipality whose inputs changed since its publication.

    ``force``: everything, whether it is stale or not. ``judge``: what is stale, and the quality of it
    all whether that is stale or not.
    """
    job: dg.JobDefinition | None = None
    registry = load_checked_registry(settings.seeds_dir)
    for municipality_id in municipality_ids:
        began = time.monotonic()
        try:
            fresh = (
                not (force or judge)
                and is_up_to_date(settings, municipality_id)
                and not moved_since_judged(settings, municipality_id, registry)
            )
            plan = _FORCED if force or fresh else plan_run(settings, municipality_id)
            if judge:
                plan = judged_anew(plan)
        except PipelineError as error:  # a broken manifest of one municipality stops no other
            yield RunOutcome(
                municipality_id, "failed", None, time.monotonic() - began, (str(error),)
            )
            continue
        if fresh:
            yield RunOutcome(municipality_id, "up_to_date", None, time.monotonic() - began)
            continue
        on_step = on_start(municipality_id)
        if job is None:
            # Only a run that has work to do pays for the orchestrator's imports.
            job = _load_job(settings)
        yield _run(job, plan, municipality_id, on_step, began)


def _load_job(settings: Settings) -> dg.JobDefinition:
    prepare_dagster_home(settings)
    from pm_pipeline.definitions import defs

    return defs().resolve_job_def("municipality")


def _run(
    job: dg.JobDefinition, plan: Plan, municipality_id: str, on_step: OnStep, began: float
) -> RunOutcome:
    run_id = str(uuid.uuid4())
    graph = job.asset_layer.asset_graph
    selection = select(plan, graph)
    n_reused = 0
    if selection is not None:
        n_reused = len(graph.materializable_asset_keys) - len(selection.assets)
        job = job.get_subset(
            asset_selection=set(selection.assets), asset_check_selection=set(selection.checks)
        )
    errors: list[str] = []
    done: set[str] = set()
    total = len(job.nodes)

    def listen(entry: dg.EventLogEntry) -> None:
        event = entry.dagster_event
        if event is None or event.step_key is None:
            return
        if event.event_type_value == "STEP_START":
            on_step(event.step_key, len(done), total)
        elif event.event_type_value in {"STEP_SUCCESS", "STEP_SKIPPED"}:
            done.add(event.step_key)
        elif event.event_type_value == "STEP_FAILURE":
            errors.append(f"{event.step_key}: {reason_of(event.step_failure_data.error)}")

    with dg.DagsterInstance.get() as instance:
        instance.add_event_listener(run_id, listen)
        result = job.execute_in_process(
            run_id=run_id,
            instance=instance,
            partition_key=municipality_id,
            raise_on_error=False,
            run_config=_QUIET,
            tags={"pm_pipeline/started_from": "command line", "pm_pipeline/because": plan.because},
        )
    seconds = time.monotonic() - began
    if result.success:
        return RunOutcome(
            municipality_id, "done", run_id, seconds, because=plan.because, n_reused=n_reused
        )
    return RunOutcome(municipality_id, "failed", run_id, seconds, tuple(errors), plan.because)


class Failure(Protocol):
    """An error as Dagster keeps it: its message begins with its class."""

    @property
    def message(self) -> str: ...

    @property
    def cause(self) -> "Failure | None": ...


def reason_of(failure: Failure | None) -> str:
    """What a failure of a step says to a user: in the words of the pipeline, where it has some for it,
    and not in those of what it caught; else what went wrong first.
    """
    if failure is None:
        return ""
    while failure.cause is not None and not failure.message.startswith("pm_pipeline."):
        failure = failure.cause
    return _plain(failure.message)


def _plain(message: str) -> str:
    """The message without the exception's class name that Dagster puts before it."""
    head, _, rest = message.strip().partition(": ")
    return rest if rest and " " not in head else message.strip()
