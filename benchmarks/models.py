"""Maps, models, measures and deviations of a million events, beside pm4py's alignments of the log.

`python -m benchmarks.models`. Ours is the whole of :func:`pm_pipeline.mining.mine` (a map and three
models, measured and drawn) and of the comparison of every case with the main model, from the tables
that dbt counts. pm4py aligns the log of as many cases as it can be given time for with one model; what
the whole log would take follows from its time per distinct path, since it aligns each path once.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.conformance import paths
from benchmarks.measure import measure

_SLICE = ("p", "p__20240101")


def tables(n_events: int) -> Any:
    """A connection with the tables of core that mining reads; each case is of a citizen of its own."""
    import duckdb
    import pyarrow as pa

    counted = sorted(paths(n_events).items())
    steps: Counter[tuple[str, str]] = Counter()
    step_cases: Counter[tuple[str, str]] = Counter()
    borders: Counter[tuple[str, str]] = Counter()
    for path, n in counted:
        pairs = list(pairwise(path))
        for pair in pairs:
            steps[pair] += n
        for pair in set(pairs):
            step_cases[pair] += n
        borders["start", path[0]] += n
        borders["end", path[-1]] += n
    numbers = [number for number, (_, n) in enumerate(counted) for _ in range(n)]
    read = {
        "variants": {
            "variant_id": [f"{number:032x}" for number in range(len(counted))],
            "activities": [list(path) for path, _ in counted],
            "n_events": [len(path) for path, _ in counted],
            "n_cases": [n for _, n in counted], "n_citizens": [n for _, n in counted],
        },
        "cases": {
            "case_id": [f"case {number}" for number in range(len(numbers))],
            "citizen_id": [f"{number}" for number in range(len(numbers))],
            "variant_id": [f"{number:032x}" for number in numbers],
            "n_events": [len(counted[number][0]) for number in numbers],
            "is_closed": [True] * len(numbers),
        },
        "directly_follows": {
            "from_activity_id": [a for a, _ in steps], "to_activity_id": [b for _, b in steps],
            "n_occurrences": list(steps.values()),
            "n_citizens": [step_cases[pair] for pair in steps],
            "median_seconds": [86_400.0] * len(steps),
        },
        "start_end_activities": {
            "kind": [kind for kind, _ in borders], "activity_id": [a for _, a in borders],
            "n_cases": list(borders.values()), "n_citizens": list(borders.values()),
        },
    }
    connection = duckdb.connect()
    connection.execute("create schema core")
    for name, columns in read.items():
        found = pa.table(columns)
        connection.register("found", found)
        connection.execute(
            f"create table core.{name} as select '{_SLICE[0]}' as process_id, "
            f"'{_SLICE[1]}' as regime_id, * from found"
        )
        connection.unregister("found")
    connection.execute(
        "create table core.activities as select distinct activity_id, activity_id as label_da, "
        "null::varchar as family from (select unnest(activities) as activity_id from core.variants)"
    )
    connection.execute(
        "create table core.object_types as select 'course' as object_type, 'Forløb' as label_da; "
        "create table core.object_follows as select *, 'course' as object_type "
        "from core.directly_follows"
    )
    return connection


def ours(n_events: int, out_dir: Path) -> dict[str, float]:
    """Seconds of wall time and CPU of this process (Graphviz has its own, in the wall time)."""
    from pm_pipeline.mining import mine
    from pm_pipeline.mining.conformance.deviations import write_deviations

    connection = tables(n_events)
    began = time.monotonic(), time.process_time()
    report = mine(connection, "901", out_dir, min_group_size=5, process_labels={})
    mined = time.monotonic(), time.process_time()
    rows = write_deviations(connection, "901", out_dir, {}, about={}, on_progress=lambda _: None)
    compared = time.monotonic(), time.process_time()
    told = {
        "mine_wall": mined[0] - began[0], "mine_cpu": mined[1] - began[1],
        "deviations_wall": compared[0] - mined[0], "deviations_cpu": compared[1] - mined[1],
        "paths": report.models[0].n_variants, "deviations": len(rows) - 2,
    }
    for model in report.models:
        told |= {
            f"{model.algorithm} fitness": model.fitness or 0,
            f"{model.algorithm} on": model.fitness_coverage or 0,
        }
    return told


def report(root: Path, n_events: int, n_cases: int, say: Callable[[str, str], None]) -> None:
    """Both sides, each in its own process, and their ratio."""
    results = []
    for side, module in (("ours", "benchmarks.models"), ("pm4py", "benchmarks.conformance")):
        log = root / f"models-{side}.log"
        cost = measure(
            [
                sys.executable, "-W", "ignore", "-m", module, "--side", side,
                "--events", str(n_events), "--cases", str(n_cases),
            ],
            environment={"PYTHONHASHSEED": "0"}, log=log,
        )
        told = json.loads(log.read_text().splitlines()[-1])
        results.append((told, cost))
        figures = ", ".join(f"{name} {value:.4g}" for name, value in told.items())
        say(f"{side}: {n_events:,} events", f"{figures}; peak {cost.peak_mb:.0f} MB")
    (mine, our_cost), (theirs, their_cost) = results
    whole = theirs["per_path"] * mine["paths"]
    spent = mine["mine_wall"] + mine["deviations_wall"]
    say("pm4py's alignments of the whole log, by its time per distinct path", f"{whole:,.0f} s")
    say("pm4py's alignments / all of ours, wall", f"{whole / spent:.0f} ×")
    say("pm4py / ours, peak memory", f"{their_cost.peak_mb / our_cost.peak_mb:.1f} ×")


def main() -> None:
    """Measure and print rows of a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--cases", type=int, default=40, help="that pm4py is given")
    parser.add_argument("--side", choices=["ours"])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pm-bench-") as folder:
        if arguments.side:
            print(json.dumps(ours(arguments.events, Path(folder))))
        else:
            report(
                Path(folder), arguments.events, arguments.cases,
                lambda what, figure: print(f"| {what} | {figure} |", flush=True),
            )


if __name__ == "__main__":
    main()
