"""All of quality over 1 and 10 million events, beside the dbt build of the same data.

One Fasit-like municipality of about a million rows is generated and loaded; ten million are ten
copies of its lake under other ids. Then, each in a process of its own: dbt builds everything up to the
outcomes of rules, and the facts and findings of quality; the suites judge; effects and drift are looked
for. What a process loads before its first question (libraries, the parsed project) is told apart and is
in no ratio: a run of many municipalities pays for it once. Peak memory is that of the whole process.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.measure import Cost, measure
from benchmarks.quality_steps import MUNICIPALITY

CITIZENS_PER_MILLION = 60_000
#: Each a process of its own, in this order.
_STEPS = {
    "core": "dbt build up to the rule outcomes",
    "facts": "facts and findings of quality (dbt)",
    "suites": "suites (Great Expectations)",
    "changes": "effects and drift (Python)",
}


def report(
    root: Path, citizens: int, copies: list[int], repeats: int, tell: Callable[[str, str], None]
) -> None:
    """Measure each number of copies ``repeats`` times in turn; tell medians, ratios and their range."""
    loaded = root / "quality-lake"
    measure(_command("load", loaded, str(citizens)), environment=_environment(loaded),
            log=root / "load.log")
    for number in copies:
        folder = root / f"quality-{number}"
        shutil.copytree(loaded, folder)
        measure(_command("copy", folder, str(number)), environment=_environment(folder),
                log=folder / "copy.log")
        turns = [_turn(folder) for _ in range(repeats)]
        tell(f"{int(_said(folder, 'core', 'events')[0]):,} events", f"{repeats} turns, medians")
        for step, what in _STEPS.items():
            tell(what, _told([turn[step] for turn in turns]))
        tell("loading, all four processes", _told([turn["loading"] for turn in turns]))
        tell("suites / dbt build with the facts of quality", _ratio(
            [(_sum([turn["suites"]]), _sum([turn["core"], turn["facts"]])) for turn in turns]
        ))
        tell("facts and suites / dbt build without them", _ratio([
            (_sum([turn["facts"], turn["suites"]]), _sum([turn["core"]])) for turn in turns
        ]))
        tell("all of quality / dbt build without it", _ratio([
            (_sum([turn[step] for step in _STEPS if step != "core"]), _sum([turn["core"]]))
            for turn in turns
        ]))


def _turn(folder: Path) -> dict[str, Cost]:
    """What each step cost without what it loaded, and ``loading``: that of all."""
    (folder / "data" / "work" / MUNICIPALITY / "warehouse.duckdb").unlink(missing_ok=True)
    costs, loading = {}, []
    for step in _STEPS:
        whole = measure(
            _command(step, folder), environment=_environment(folder), log=folder / f"{step}.log"
        )
        wall, cpu = (float(figure) for figure in _said(folder, step, "loading"))
        costs[step] = Cost(whole.wall - wall, whole.cpu - cpu, whole.peak_mb)
        loading.append(Cost(wall, cpu, 0))
    return costs | {"loading": _sum(loading)}


def _said(folder: Path, step: str, word: str) -> list[str]:
    """The figures behind ``word`` in what the process of ``step`` printed."""
    lines = [line.split() for line in (folder / f"{step}.log").read_text().splitlines()]
    return next(line[1:] for line in lines if line[:1] == [word])


def _sum(costs: Sequence[Cost]) -> Cost:
    """Of processes one after another."""
    return Cost(
        sum(cost.wall for cost in costs), sum(cost.cpu for cost in costs),
        max(cost.peak_mb for cost in costs),
    )


def _ratio(turns: Sequence[tuple[Cost, Cost]]) -> str:
    told = []
    for name, figure in (("wall", "wall"), ("CPU", "cpu"), ("peak memory", "peak_mb")):
        ratios = sorted(getattr(part, figure) / getattr(whole, figure) for part, whole in turns)
        spread = f" ({ratios[0]:.2f} – {ratios[-1]:.2f})" if len(ratios) > 1 else ""
        told.append(f"{name} {ratios[len(ratios) // 2]:.2f}{spread}")
    return ", ".join(told)


def _command(step: str, folder: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "benchmarks.quality_steps", step, str(folder), *more]


def _environment(folder: Path) -> dict[str, str]:
    return {
        "PM_DATA_DIR": str(folder / "data"), "PM_KEY_DIR": str(folder / "keys"),
        # as a user has it: libraries are compiled once
        "PYTHONDONTWRITEBYTECODE": "",
    }


def _told(costs: Sequence[Cost]) -> str:
    middle = sorted(costs, key=lambda cost: cost.wall)[len(costs) // 2]
    memory = f", {middle.peak_mb:.0f} MB" if middle.peak_mb else ""
    return f"{middle.wall:.1f} s wall, {middle.cpu:.1f} s CPU{memory}"


def main() -> None:
    """``python -m benchmarks.quality``: 1 and 10 million events, three turns."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--citizens", type=int, default=CITIZENS_PER_MILLION)
    parser.add_argument("--copies", type=int, nargs="+", default=[1, 10])
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pm-bench-") as folder:
        print(f"| load average before | {os.getloadavg()[0]:.1f} |")
        report(
            Path(folder), arguments.citizens, arguments.copies, arguments.repeats,
            lambda what, figure: print(f"| {what} | {figure} |", flush=True),
        )


if __name__ == "__main__":
    main()
