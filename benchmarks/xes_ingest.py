"""Reading an event log in XES: ours beside pm4py and the Rust readers, same file, same run.

``python -m benchmarks.xes_ingest [log …]`` for logs of your own; without, a made one in two sizes.
"""

import argparse
import importlib.util
import json
import random
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Cost, measure
from benchmarks.xes_alone import PROGRAMS

#: Cases that give about 375,000 events, 125 MB.
CASES = 25_000


def main(arguments: list[str] | None = None) -> None:
    """Measure and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("logs", nargs="*", type=Path)
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--repeats", type=int, default=3)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="pm-bench-xes-") as folder:
        root = Path(folder)
        for log in chosen.logs:
            compare(log, root, chosen.repeats)
        if not chosen.logs:
            whole, quarter = root / "made.xes", root / "quarter.xes"
            write_log(quarter, chosen.cases // 4)
            write_log(whole, chosen.cases)
            small = _read("ours", quarter, root, 1)
            compare(whole, root, chosen.repeats)
            print(f"| peak memory of ours at a quarter of the file | {small[1].peak_mb:.0f} MB |")


def compare(log: Path, root: Path, repeats: int) -> None:
    """Every program that is there reads the log; each as a multiple of ours (median wall)."""
    n_events, ours = _read("ours", log, root, repeats)
    rate = n_events / ours.wall
    print(f"| {log.name}: {n_events:,} events, ours | {_told(ours)}, {rate:,.0f} events/s |")
    for program in PROGRAMS:
        if program == "ours":
            continue
        if not importlib.util.find_spec(program.partition("_")[0].replace("ours", "pm_pipeline")):
            print(f"| {program} | not installed |")
            continue
        _, cost = _read(program, log, root, repeats)
        print(f"| {program} / ours | {cost.over(ours)} ({_told(cost)}) |", flush=True)


def write_log(path: Path, n_cases: int) -> None:
    """A log as ProM writes it: six attributes an event, two a trace, some labels with references."""
    chance = random.Random(1)
    acts = [f"Activity {n}" + " &amp; more" * (n % 7 == 0) for n in range(30)]
    with path.open("w", encoding="utf-8") as log:
        log.write('<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0">\n')
        for case in range(n_cases):
            log.write(
                f'\t<trace>\n\t\t<string key="concept:name" value="case {case}"/>\n'
                f'\t\t<string key="target_group" value="6.{case % 5}"/>\n'
            )
            for number in range(chance.randint(5, 25)):
                at = f"2024-{1 + number // 3:02}-{1 + case % 28:02}T{number % 24:02}:{case % 60:02}:00"
                log.write(
                    f'\t\t<event>\n\t\t\t<string key="concept:name" value="{chance.choice(acts)}"/>\n'
                    '\t\t\t<string key="lifecycle:transition" value="complete"/>\n'
                    f'\t\t\t<string key="org:resource" value="Resource {chance.randint(1, 200)}"/>\n'
                    f'\t\t\t<date key="time:timestamp" value="{at}.000+01:00"/>\n'
                    f'\t\t\t<int key="cost" value="{number * 7}"/>\n'
                    f'\t\t\t<string key="org:group" value="Group {case % 9}"/>\n\t\t</event>\n'
                )
            log.write("\t</trace>\n")
        log.write("</log>\n")


def _read(program: str, log: Path, root: Path, repeats: int) -> tuple[int, Cost]:
    found = []
    for _ in range(repeats):
        output = root / "output"
        warm = root / "warm.xes"
        write_log(warm, 10)
        command = [sys.executable, "-m", "benchmarks.xes_alone", program, str(log), str(warm)]
        whole = measure(command, environment={}, log=output)
        told = json.loads(output.read_text(errors="replace").splitlines()[-1])
        found.append((int(told["events"]), Cost(told["wall"], told["cpu"], whole.peak_mb)))
    return sorted(found, key=lambda one: one[1].wall)[len(found) // 2]


def _told(cost: Cost) -> str:
    return f"{cost.wall:.2f} s wall, {cost.cpu:.2f} s CPU, {cost.peak_mb:.0f} MB"


if __name__ == "__main__":
    main()
