"""Models, conformance and fitness of a million events from their variants, beside pm4py on the log.

`python -m benchmarks.conformance`. Each side is a process of its own. pm4py aligns the log of as many
cases as it can be given time for (``--cases``, drawn evenly from all) and is told per distinct path,
since it aligns each path once; the ratio is of CPU time per distinct path, without imports.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import measure

_ACTIVITIES = [f"A{number:02d}" for number in range(40)]


def paths(n_events: int, seed: int = 7) -> Counter[tuple[str, ...]]:
    """Variants with cases: choices, work in any order, loops, and faults in 12 % of the cases."""
    rng, names = random.Random(seed), _ACTIVITIES
    found: Counter[tuple[str, ...]] = Counter()
    total = 0
    while total < n_events:
        path = names[:2] + names[2:3] * (rng.random() < 0.7)
        middle = names[3:6]
        if rng.random() < 0.3:
            rng.shuffle(middle)
        path += middle
        for _ in range(13):
            path.append(names[6] if rng.random() < 0.7 else names[7])
            talk = rng.choices(names[9:12], [8, 2, 1])[0]
            path.append(names[8] if rng.random() < 0.12 else talk)
            if rng.random() < 0.35:
                break
        if rng.random() < 0.4:
            path += names[20:22] + names[22:23] * (rng.random() < 0.3) + names[23:24]
        path.append(rng.choices(names[34:], [20, 8, 4, 2, 1, 1])[0])
        if rng.random() < 0.12:
            at = rng.randrange(len(path))
            path[at : at + rng.choice((0, 1))] = rng.choices(names, k=rng.choice((0, 1)))
        found[tuple(path)] += 1
        total += len(path)
    return found


def ours(n_events: int) -> dict[str, float]:
    """Seconds of CPU: discovery of the model, and alignments with fitness of every variant."""
    from pm_pipeline.mining.behaviour.automaton import automaton_of
    from pm_pipeline.mining.behaviour.semantics import Semantics
    from pm_pipeline.mining.conformance.alignment import align
    from pm_pipeline.mining.discovery.inductive import discover
    from pm_pipeline.mining.log import Variant, VariantLog

    made = (Variant(str(i), path, n, n) for i, (path, n) in enumerate(paths(n_events).items()))
    variants = tuple(sorted(made, key=lambda one: one.order))
    log = VariantLog("p", "r", variants, 1, {}, {}, {})
    began = time.process_time()
    tree = discover(log.most_frequent(1000), 0.2)
    discovered = time.process_time()
    found = align(automaton_of(Semantics(tree)), [one.activities for one in variants])
    aligned = time.process_time()
    costs = [one.cost for one in found if one]
    return {
        "discovery": discovered - began, "alignments": aligned - discovered, "paths": len(found),
        "per_path": (aligned - discovered) / len(found), "aligned": len(costs),
        "mean_cost": sum(costs) / len(costs),
    }


def pm4py_alone(n_events: int, n_cases: int) -> dict[str, float]:
    """The same model, and pm4py's alignments of the log of ``n_cases`` of the cases."""
    import pandas as pd
    import pm4py
    from pm4py.algo.discovery.inductive.dtypes.im_ds import IMDataStructureUVCL
    from pm4py.algo.discovery.inductive.variants.imf import IMFUVCL, IMFParameters

    counted = paths(n_events)
    frequent = sorted(counted, key=lambda path: (-counted[path], path))[:1000]
    parameters = {IMFParameters.NOISE_THRESHOLD: 0.2, "multiprocessing": False}
    log = IMDataStructureUVCL(Counter({path: counted[path] for path in frequent}))
    tree = IMFUVCL(parameters).apply(log, parameters)
    net, start, end = pm4py.convert_to_petri_net(tree)
    drawn = random.Random(1).sample(sorted(counted.elements()), n_cases)
    day = pd.Timedelta(days=1)
    rows = [
        (f"c{case:06d}", name, pd.Timestamp("2024-01-01", tz="UTC") + number * day)
        for case, path in enumerate(drawn)
        for number, name in enumerate(path)
    ]
    frame = pd.DataFrame(rows, columns=["case:concept:name", "concept:name", "time:timestamp"])
    began = time.process_time()
    aligned = pm4py.conformance_diagnostics_alignments(frame, net, start, end)
    spent = time.process_time() - began
    n_paths = len(set(drawn))
    return {
        "alignments": spent, "paths": n_paths, "per_path": spent / n_paths,
        "mean_cost": sum(one["cost"] // 10_000 for one in aligned) / len(aligned),
    }


def report(root: Path, n_events: int, n_cases: int, say: Callable[[str, str], None]) -> None:
    """Both sides, each in its own process, and their ratio."""
    results = []
    for side in ("ours", "pm4py"):
        log = root / f"{side}.log"
        cost = measure(
            [
                sys.executable, "-W", "ignore", "-m", "benchmarks.conformance", "--side", side,
                "--events", str(n_events), "--cases", str(n_cases),
            ],
            environment={"PYTHONHASHSEED": "0"}, log=log,
        )
        told = json.loads(log.read_text().splitlines()[-1])
        results.append((told, cost))
        figures = ", ".join(f"{name} {value:.4g}" for name, value in told.items())
        say(f"{side}: {n_events:,} events", f"{figures}; peak {cost.peak_mb:.0f} MB")
    (mine, our_cost), (theirs, their_cost) = results
    say("pm4py / ours, CPU per distinct path", f"{theirs['per_path'] / mine['per_path']:.0f} ×")
    say("pm4py / ours, peak memory", f"{their_cost.peak_mb / our_cost.peak_mb:.1f} ×")


def main() -> None:
    """Measure and print rows of a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--cases", type=int, default=40, help="that pm4py is given")
    parser.add_argument("--side", choices=["ours", "pm4py"])
    arguments = parser.parse_args()
    if arguments.side == "ours":
        print(json.dumps(ours(arguments.events)))
    elif arguments.side == "pm4py":
        print(json.dumps(pm4py_alone(arguments.events, arguments.cases)))
    else:
        with tempfile.TemporaryDirectory(prefix="pm-bench-") as folder:
            report(
                Path(folder), arguments.events, arguments.cases,
                lambda what, figure: print(f"| {what} | {figure} |", flush=True),
            )


if __name__ == "__main__":
    main()
