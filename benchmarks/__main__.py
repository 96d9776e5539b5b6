"""`make bench`: CSV beside its floor; the demo twice; a million events, law, quality, mining, XES."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from benchmarks import (
    conformance,
    csv_ingest,
    drift,
    mining,
    models,
    quality,
    rule_outcomes,
    xes_ingest,
)
from benchmarks.measure import Cost, measure
from benchmarks.phases import phases
from pm_pipeline.synthetic import generate

#: Citizens that give about a million rows of a Fasit-like export.
CITIZENS_PER_MILLION = 60_000


def main() -> None:
    """Measure and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--citizens", type=int, default=CITIZENS_PER_MILLION)
    parser.add_argument("--repeats", type=int, default=3, help="of the two compared commands")
    parser.add_argument("--only-demo", action="store_true", help="leave the large ones out")
    parser.add_argument("--only-csv", action="store_true", help="the ingest of CSV alone")
    parser.add_argument(
        "--csv-millions", type=int, nargs="+", default=[1, 10],
        help="rows of the CSV files; 50 needs 30 GB in TMPDIR",
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pm-bench-") as folder:
        root = Path(folder)
        _report("load average before", f"{os.getloadavg()[0]:.1f}")
        if not arguments.only_demo:
            csv_ingest.report(root, arguments.csv_millions, arguments.repeats, _report)
        if arguments.only_csv:
            return
        _demo(root)
        if not arguments.only_demo:
            _million(root, arguments.citizens, arguments.repeats)
            rule_outcomes.report(root, [1, 10], arguments.repeats, _report)
            quality.report(root, arguments.citizens, [1, 10], arguments.repeats, _report)
            drift.report(_report, sizes=[250, 1000])
            mining.report(root, [1, 10], arguments.repeats, "4GB", _report)
            conformance.report(root, 1_000_000, 40, _report)
            models.report(root, 1_000_000, 40, _report)
    if not arguments.only_demo:
        xes_ingest.main(["--repeats", str(arguments.repeats)])


def _demo(root: Path) -> None:
    environment = _environment(root / "demo")
    made = _cli(root, environment, "demo")
    cold = _cli(root, environment, "run")
    split = phases(root / "demo", cold.wall)
    warm = _cli(root, environment, "run")
    _report("demo: writing and registering ten deliveries", _told(made))
    _report("run: five municipalities, nothing there", _told(cold))
    _report(
        "of that, imports, parsing and process start",
        f"{split.start_up:.1f} s, {split.share_of_start_up:.0%}",
    )
    _report("of that, Dagster's record of runs and events", f"{split.bookkeeping:.1f} s")
    for step, seconds in sorted(split.steps.items(), key=lambda item: -item[1]):
        _report(f"of that, {step}, five times", f"{seconds:.1f} s")
    _report("run again, everything up to date", _told(warm))


def _million(root: Path, citizens: int, repeats: int) -> None:
    generate("903", "fasit", root / "export", seed=1, n_citizens=citizens)
    # one delivery, the same file for both sides
    export = max((root / "export").glob("*/*.csv"), key=lambda path: path.stat().st_size)
    with export.open("rb") as lines:
        _report("rows of the large municipality's file", f"{sum(1 for _ in lines):,} lines")
    ours, alone = [], []
    for number in range(repeats):
        environment = _environment(root / f"million{number}")
        delivered = _cli(
            root, environment, "deliver", "-m", "903", "-s", "fasit",
            "--delivered-on", export.parent.name, str(export),
        )
        ours.append(_cli(root, environment, "run", "-m", "903"))
        alone.append(
            measure(
                [sys.executable, "-m", "benchmarks.pm4py_alone", str(export)],
                environment={}, log=root / "pm4py.log",
            )
        )
    _report("deliver: check against the contract and copy", _told(delivered))
    _report("run: whole pipeline, one municipality (median)", _told(_median(ours)))
    _report("pm4py alone: load, performance DFG, variants (median)", _told(_median(alone)))
    _report("run / pm4py alone", _median(ours).over(_median(alone)))
    spread = [one.wall / other.wall for one, other in zip(ours, alone, strict=True)]
    _report("wall ratio, lowest and highest", f"{min(spread):.2f} – {max(spread):.2f}")


def _environment(data_dir: Path) -> dict[str, str]:
    return {"PM_DATA_DIR": str(data_dir), "PM_KEY_DIR": str(data_dir / "keys")}


def _cli(root: Path, environment: dict[str, str], *arguments: str) -> Cost:
    program = Path(sys.executable).parent / "pm-pipeline"
    return measure([str(program), *arguments], environment=environment, log=root / "cli.log")


def _median(costs: list[Cost]) -> Cost:
    return sorted(costs, key=lambda cost: cost.wall)[len(costs) // 2]


def _told(cost: Cost) -> str:
    return f"{cost.wall:.1f} s wall, {cost.cpu:.1f} s CPU, {cost.peak_mb:.0f} MB"


def _report(what: str, figure: str) -> None:
    print(f"| {what} | {figure} |", flush=True)


if __name__ == "__main__":
    main()
