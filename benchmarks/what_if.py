"""How often the interval of a what-if holds what then comes, in towns of known truth, and its cost.

`python -m benchmarks.what_if` (half an hour) prints a table in Markdown: of each kind of town the share
of questions that are answered, and of these the share in which the year after the change, lived
case by case, lies within the 95 % interval of each measure.
"""

import argparse
import time
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np

from pm_pipeline.mining.whatif.measures import MEASURES
from tests.mining.whatif.asking import LIMITS, asked, what_if
from tests.mining.whatif.simulated_town import Town, own_time
from tests.mining.whatif.test_what_if_coverage import time_after

#: As shipped.
SHIPPED = replace(LIMITS, weeks=52, replays=400)
#: (what kind of town, its facts, new quota, staffing).
TOWNS: tuple[tuple[str, dict[str, Any], int | None, float | None], ...] = (
    ("a long queue, shorter quota", {"pace": 3.0}, 21, None),
    ("a long queue, more staff", {"pace": 3.6}, None, 1.25),
    ("a short queue, both", {"pace": 4.4}, 21, 1.3),
    ("a queue that comes and goes, shorter quota", {"pace": 4.7}, 21, None),
    ("a large town, both", {"pace": 20.0, "arrivals": 3.0}, 21, 1.2),
    ("courses of very different length", {"pace": 3.0, "shape": 0.5}, 21, None),
    ("unsteady staff", {"pace": 3.4, "unsteady": 0.4}, 21, 1.2),
    ("no queue", {"pace": 15.0}, 21, None),
    ("each late at a time of its own, no lack of staff", {"pace": 50.0, "ready": own_time}, 21, None),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--towns", type=int, default=100, help="of each line of the table")
    n = parser.parse_args().towns
    print(f"| town | answered | {' | '.join(MEASURES)} | not answered | seconds a question |")
    print("|---" * (4 + len(MEASURES)) + "|")
    for name, facts, quota, staffing in TOWNS:
        within, why, seconds = np.zeros(len(MEASURES)), Counter[str](), 0.0
        for seed in range(n):
            town = Town(np.random.default_rng(10_000 + seed), **facts)
            town.live(7 * 104)
            question = what_if(new_quota_days=quota, staffing_factor=staffing)
            began = time.perf_counter()
            found = asked(town, question, limits=SHIPPED)
            seconds += time.perf_counter() - began
            if found.reason is not None:
                why[found.reason] += 1
                continue
            truth = time_after(town, quota, staffing, int(SHIPPED.weeks))
            within += [
                one.changed.low <= truth[measure] <= one.changed.high
                for measure, one in found.figures.items()
            ]
        told = n - why.total()
        shares = " | ".join(f"{one / told:.3f}" if told else "–" for one in within)
        refused = ", ".join(f"{reason} {count}" for reason, count in why.most_common()) or "–"
        print(f"| {name} | {told / n:.2f} | {shares} | {refused} | {seconds / n:.2f} |", flush=True)


if __name__ == "__main__":
    main()
