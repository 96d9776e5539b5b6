"""Where the time of a run of several municipalities goes, from Dagster's own record of its steps."""

import os
import statistics
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

#: Steps whose first call imports a heavy library (Great Expectations, pm4py).
_IMPORTING = ("quality__rule_results", "mining__discovered_models")


@dataclass(frozen=True)
class Phases:
    """Seconds of wall time of one command that ran several municipalities.

    ``start_up``: process start, imports, definitions, parsing. ``bookkeeping``: what Dagster spends
    around the steps to record runs and events. ``steps``: the work, by step, all municipalities.
    """

    start_up: float
    bookkeeping: float
    steps: dict[str, float]

    @property
    def share_of_start_up(self) -> float:
        return self.start_up / (self.start_up + self.bookkeeping + sum(self.steps.values()))


def phases(data_dir: Path, wall: float) -> Phases:
    """Split ``wall`` seconds of a run by what Dagster recorded under ``data_dir``.

    What lies before the first run was created is start-up; so is what the first municipality's
    quality and mining steps cost more than the others' median: there their libraries are imported.
    """
    os.environ["DAGSTER_HOME"] = str(data_dir / "dagster")
    import dagster as dg

    seconds: dict[str, list[float]] = defaultdict(list)
    with dg.DagsterInstance.get() as instance:
        records = list(reversed(instance.get_run_records()))
        for record in records:
            for step in instance.get_run_step_stats(record.dagster_run.run_id):
                if step.start_time and step.end_time:
                    seconds[step.step_key].append(step.end_time - step.start_time)
    totals = {step: sum(values) for step, values in seconds.items()}
    within = max(record.end_time or 0 for record in records) - min(
        record.create_timestamp.timestamp() for record in records
    )
    bookkeeping = within - sum(totals.values())
    start_up = wall - within
    for step in _IMPORTING:
        first, *others = seconds[step]
        imported = max(0.0, first - statistics.median(others))
        totals[step] -= imported
        start_up += imported
    return Phases(start_up, bookkeeping, totals)
