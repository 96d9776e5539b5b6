"""The detector of drift scored: planted changes, shuffled logs, the published log; beside pm4py's.

Adams, Pitsch, Brockhoff & van der Aalst (VLDB 2023) compare eight detectors; the best reaches 0.87.
Their logs are not ours, so the numbers tell the order of magnitude, not a rank.
`python -m benchmarks.drift` runs it alone.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.drift_logs import KINDS, PlantedLog, planted_log, shuffled
from benchmarks.drift_warehouse import FIRST_DAY, Case, mxml_cases, warehouse_of
from pm_pipeline.quality.drift.detect import find_drift

#: A change is found if it is told within this share of the cases between two changes.
TOLERANCE = 0.10
NOISE = 0.05
#: Cases and the places (cases before a change) that a detector tells.
Detector = Callable[[Sequence[Case]], list[int]]
Report = Callable[[str, str], None]


@dataclass
class Score:
    """Changes found, told without being there, and missed; distances in cases; CPU seconds."""

    found: int = 0
    false: int = 0
    missed: int = 0
    distances: list[int] = field(default_factory=list)
    seconds: float = 0.0
    n_logs: int = 0

    @property
    def precision(self) -> float:
        return self.found / max(1, self.found + self.false)

    @property
    def recall(self) -> float:
        return self.found / max(1, self.found + self.missed)

    @property
    def f1(self) -> float:
        return 2 * self.found / max(1, 2 * self.found + self.false + self.missed)

    def told(self) -> str:
        distance = f"{np.mean(self.distances):.1f} cases off" if self.distances else "none found"
        return (
            f"F1 {self.f1:.3f}, precision {self.precision:.3f}, recall {self.recall:.3f}, {distance}, "
            f"{self.seconds / max(1, self.n_logs):.1f} s CPU a log, {self.n_logs} logs"
        )


def told_by_seed(scores: Sequence[Score]) -> str:
    """The mean F1 of several seeds with its range, and what all of them found together."""
    f1 = [one.f1 for one in scores]
    total = Score(
        sum(one.found for one in scores), sum(one.false for one in scores),
        sum(one.missed for one in scores), [far for one in scores for far in one.distances],
        sum(one.seconds for one in scores), sum(one.n_logs for one in scores),
    )
    span = f"{np.mean(f1):.3f} ({min(f1):.3f} to {max(f1):.3f})"
    return f"F1 of {len(f1)} seeds {span}; all: {total.told()}"


def score(logs: Iterable[PlantedLog], detect: Detector) -> Score:
    """Each planted change is matched with the nearest told place within the tolerance, once."""
    total = Score()
    for log in logs:
        began = time.process_time()
        told = set(detect(log.cases))
        total.seconds += time.process_time() - began
        total.n_logs += 1
        tolerance = TOLERANCE * len(log.cases) / (len(log.change_points) + 1)
        total.false += len(told)
        for planted in log.change_points:
            near = [place for place in told if abs(place - planted) <= tolerance]
            if not near:
                total.missed += 1
                continue
            place = min(near, key=lambda one: abs(one - planted))
            told.remove(place)
            total.found, total.false = total.found + 1, total.false - 1
            total.distances.append(abs(place - planted))
    return total


def ours(cases: Sequence[Case]) -> list[int]:
    """The whole way of the product: from a warehouse to the rows it writes."""
    with (
        tempfile.TemporaryDirectory(prefix="pm-drift-") as folder,
        warehouse_of(cases, per_day=1) as connection,
    ):
        points = find_drift(connection, Path(folder) / "drift_points.parquet")
    return sorted({
        point.first_case_number - 1 for point in points if point.first_case_number is not None
    })


def pm4py_as_shipped(cases: Sequence[Case]) -> list[int]:
    """Bose's detector in pm4py with its own settings."""
    return _bose(cases, {})


def pm4py_tuned(cases: Sequence[Case]) -> list[int]:
    """The same with sub-logs that fit the log and a level at which chance is rare."""
    return _bose(cases, {
        "sub_log_size": max(5, len(cases) // 40), "num_permutations": 999, "thresh_p_value": 0.005,
        "max_no_change_points": 10,
    })


def _bose(cases: Sequence[Case], parameters: dict[str, Any]) -> list[int]:
    import pandas as pd
    from pm4py.algo.concept_drift.variants import bose

    frame = pd.DataFrame([
        (f"c{number:05}", act, pd.Timestamp(FIRST_DAY) + pd.Timedelta(days=number, minutes=place))
        for number, case in enumerate(cases)
        for place, act in enumerate(case)
    ], columns=["case:concept:name", "concept:name", "time:timestamp"])
    frame["time:timestamp"] = frame["time:timestamp"].dt.tz_localize("UTC")
    named = {getattr(bose.Parameters, name.upper()): value for name, value in parameters.items()}
    _, moments, _ = bose.apply(frame, named)
    return [
        round((pd.Timestamp(moment, unit="s") - pd.Timestamp(FIRST_DAY)) / pd.Timedelta(days=1))
        for moment in moments
    ]


def single_changes(size: int, seed: int) -> Iterator[PlantedLog]:
    """Every kind of change once; ``size``: cases of the whole log."""
    for kind in KINDS:
        yield planted_log((kind,), size // 2, seed=seed, noise=NOISE)


def several_changes(segment: int, n_logs: int) -> Iterator[PlantedLog]:
    """Two to four changes, each kind either done or undone."""
    for seed in range(n_logs):
        random = np.random.default_rng(seed)
        kinds = [str(kind) for kind in random.permutation(KINDS)[: 2 + seed % 3]]
        if seed % 2:
            kinds[1] = "before"
        yield planted_log(tuple(kinds), segment, seed=seed, noise=NOISE)


def false_alarms(n_logs: int) -> int:
    """Shuffled logs in which a change is told."""
    alarms = 0
    for seed in range(n_logs):
        kind = KINDS[seed % len(KINDS)]
        log = planted_log((kind,), (60, 125, 250)[seed % 3], seed=seed, noise=NOISE)
        alarms += bool(ours(shuffled(log, seed).cases))
    return alarms


def report(tell: Report, *, seeds: int = 3, n_shuffled: int = 200, sizes: Sequence[int]) -> None:
    """Score and tell."""
    both: tuple[tuple[str, Detector], ...] = (
        ("ours", ours), ("pm4py as shipped", pm4py_as_shipped), ("pm4py tuned", pm4py_tuned),
    )
    for name, detect in both:
        for size in sizes:
            scores = [score(single_changes(size, seed), detect) for seed in range(seeds)]
            tell(f"drift, one change in {size} cases, {name}", told_by_seed(scores))
        told = score(several_changes(150, 6 * seeds), detect).told()
        tell(f"drift, two to four changes, {name}", told)
    alarms = false_alarms(n_shuffled)
    tell("drift, shuffled logs with an alarm", f"{alarms} of {n_shuffled} (level 0.5 %)")
    folder = os.environ.get("PM_TEST_LOGS")
    if folder:
        cases = mxml_cases(Path(folder) / "drift" / "simple.mxml.gz")
        for name, detect in both:
            # its name says [0, 259, 555]: the log ends with its 555th trace, one change
            told = f"{detect(cases)}; published: 259, end of the log: {len(cases)}"
            tell(f"drift, the published log, {name}", told)


def main() -> None:
    """Measure and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--shuffled", type=int, default=200)
    parser.add_argument("--sizes", type=int, nargs="+", default=[250, 500, 1000, 2500])
    arguments = parser.parse_args()

    def tell(what: str, figure: str) -> None:
        print(f"| {what} | {figure} |", flush=True)

    report(tell, seeds=arguments.seeds, n_shuffled=arguments.shuffled, sizes=arguments.sizes)


if __name__ == "__main__":
    main()
