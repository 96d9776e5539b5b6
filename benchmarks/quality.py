"""All of quality over 1 and 10 million events, beside the dbt build of the same data.

One Fasit-like municipality of about a million rows is generated and loaded; ten million are ten copies
of its lake under other ids. dbt then builds everything up to the outcomes of rules (the denominator),
and after it, each in a process of its own: the facts and findings of quality (dbt), and the suites,
effects and drift (Python). Loading Great Expectations is part of the last and is told apart: a process
that runs many municipalities pays for it once.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import Cost, measure

MUNICIPALITY = "903"
CITIZENS_PER_MILLION = 60_000
_ROWS = "fasit/haendelser"
_BUILT = "fqn:pm_pipeline.staging fqn:pm_pipeline.intermediate fqn:pm_pipeline.core"


def report(
    root: Path, citizens: int, copies: list[int], repeats: int, tell: Callable[[str, str], None]
) -> None:
    """Measure each number of copies ``repeats`` times in turn; tell medians, ratios and their range."""
    loaded = root / "quality-lake"
    measure(_command("load", loaded, str(citizens)), environment=_environment(loaded),
            log=root / "load.log")
    for number in copies:
        folder = root / f"quality-{number}"
        _copy_lake(loaded, folder, number)
        turns = [_turn(folder) for _ in range(repeats)]
        build, facts, judged = (sorted(side, key=lambda c: c.wall)[repeats // 2]
                                for side in zip(*turns, strict=True))
        rows = (folder / "core.log").read_text().split()[-1]
        tell(f"{int(rows):,} events: dbt build up to the rule outcomes", _told(build))
        tell("facts and findings of quality (dbt)", _told(facts))
        tell("suites, effects and drift (Python)", _told(judged))
        loading = float((folder / "judge.log").read_text().split()[-1])
        tell("of that, loading Great Expectations", f"{loading:.1f} s wall")
        ratios = sorted((f.wall + j.wall) / b.wall for b, f, j in turns)
        tell("all of quality / build, wall", f"{ratios[len(ratios) // 2]:.2f}"
             f" ({ratios[0]:.2f} – {ratios[-1]:.2f})")
        tell("all of quality / build, CPU", f"{(facts.cpu + judged.cpu) / build.cpu:.2f}")
        tell("all of quality / build, peak memory",
             f"{max(facts.peak_mb, judged.peak_mb) / build.peak_mb:.2f}")


def _turn(folder: Path) -> tuple[Cost, Cost, Cost]:
    (folder / "data" / "work" / MUNICIPALITY / "warehouse.duckdb").unlink(missing_ok=True)
    core, facts, judged = (
        measure(_command(step, folder), environment=_environment(folder), log=folder / f"{step}.log")
        for step in ("core", "facts", "judge")
    )
    return core, facts, judged


def _command(step: str, folder: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "benchmarks.quality", "--only", step, str(folder), *more]


def _environment(folder: Path) -> dict[str, str]:
    return {"PM_DATA_DIR": str(folder / "data"), "PM_KEY_DIR": str(folder / "keys")}


def _copy_lake(loaded: Path, folder: Path, copies: int) -> None:
    """The same lake with each row ``copies`` times, the later ones under ids of their own."""
    import duckdb

    shutil.copytree(loaded, folder)
    if copies == 1:
        return
    lake = folder / "data" / "work" / MUNICIPALITY / "lake"
    with duckdb.connect() as connection:
        connection.execute("set memory_limit = '4GB'")
        for path in sorted((lake / _ROWS).glob("[0-9]*.parquet")):
            larger = path.with_suffix(".larger")
            connection.execute(
                f"""copy (
                    select * replace (
                        event_row_id || '-' || copy as event_row_id,
                        citizen_id || '-' || copy as citizen_id,
                        case_id || '-' || copy as case_id,
                        source_row + copy * 100000000 as source_row
                    )
                    from read_parquet('{path}'), range({copies}) as copies (copy)
                ) to '{larger}' (format parquet)"""
            )
            larger.replace(path)
        for path in sorted((lake / "deliveries").glob("[a-z]*.parquet")):
            larger = path.with_suffix(".larger")
            counted = ("rows_in_file", "rows_loaded", "rows_rejected", "exact_duplicates")
            told = ", ".join(f"cast({c} * {copies} as bigint) as {c}" for c in counted)
            connection.execute(
                f"copy (select * replace ({told}) from read_parquet('{path}'))"
                f" to '{larger}' (format parquet)"
            )
            larger.replace(path)


def run_load(folder: Path, citizens: int) -> None:
    """Generate the municipality, load its deliveries, and parse the dbt project."""
    from datetime import date

    from pm_pipeline.components.freshness import known_contracts
    from pm_pipeline.ingest.lake.files import ensure_empty_tables
    from pm_pipeline.ingest.landing.deliveries import register_delivery
    from pm_pipeline.ingest.loading.load import load_delivery
    from pm_pipeline.settings import get_settings
    from pm_pipeline.synthetic import generate
    from pm_pipeline.transform.manifest import manifest_path

    settings = get_settings()
    contracts = known_contracts(settings)
    lake_dir = settings.lake_dir(MUNICIPALITY)
    ensure_empty_tables(contracts.values(), lake_dir)
    generate(MUNICIPALITY, "fasit", folder / "export", seed=1, n_citizens=citizens)
    for day in sorted(path for path in (folder / "export").iterdir() if path.is_dir()):
        delivered_on = date.fromisoformat(day.name)
        delivery = register_delivery(
            settings.landing_dir, MUNICIPALITY, contracts["fasit"].at(delivered_on), delivered_on,
            sorted(day.iterdir()),
        )
        load_delivery(delivery, contracts["fasit"], lake_dir, settings.key_dir)
    shutil.rmtree(folder / "export")
    shutil.rmtree(settings.landing_dir)
    manifest_path(settings)


def run_core(_: Path) -> None:
    """Seeds, staging, intermediate and core, with their tests."""
    from pm_pipeline import warehouse
    from pm_pipeline.settings import get_settings

    _dbt("resource_type:seed", *_BUILT.split(), exclude="fqn:pm_pipeline.quality,resource_type:model")
    with warehouse.connect(get_settings().warehouse_path(MUNICIPALITY)) as connection:
        print(connection.execute("select count(*) from core.event_log").fetchall()[0][0])


def run_facts(_: Path) -> None:
    """Everything of models/quality on the warehouse that is there."""
    _dbt("fqn:pm_pipeline.quality", exclude="resource_type:seed")


def run_judge(_: Path) -> None:
    """The suites, and each other result of quality; the seconds of the library's import at the end."""
    from pm_pipeline import warehouse
    from pm_pipeline.law.register import load_checked_registry
    from pm_pipeline.settings import get_settings

    began = time.monotonic()
    import great_expectations  # noqa: F401

    loading = time.monotonic() - began
    from pm_pipeline.quality.drift.detect import find_drift
    from pm_pipeline.quality.effects.compare import compare_changes
    from pm_pipeline.quality.judging.runner import run_suites

    settings = get_settings()
    quality = settings.quality_dir(MUNICIPALITY)
    with warehouse.connect(settings.warehouse_path(MUNICIPALITY)) as connection:
        as_of = connection.execute("select max(delivered_on) from core.deliveries").fetchall()[0][0]
        run_suites(
            connection, MUNICIPALITY, load_checked_registry(settings.seeds_dir),
            settings.expectations_dir, quality / "rule_results.parquet", as_of=as_of,
        )
        compare_changes(connection, MUNICIPALITY, quality / "change_comparisons.parquet")
        find_drift(connection, quality / "drift_points.parquet")
    print(loading)


def _dbt(*selection: str, exclude: str) -> None:
    from pm_pipeline.settings import get_settings
    from pm_pipeline.transform.manifest import invoke, manifest_path, read_manifest

    settings = get_settings()
    path = manifest_path(settings)
    work_dir = settings.work_dir(MUNICIPALITY)
    done = invoke(
        settings,
        ["build", "--select", *selection, "--exclude", exclude,
         "--target-path", str(work_dir / ".dbt"), "--no-write-json"],
        environment={
            "PM_WAREHOUSE": str(settings.warehouse_path(MUNICIPALITY)),
            "PM_WORK_DIR": str(work_dir), "PM_MUNICIPALITY": MUNICIPALITY,
        },
        manifest=read_manifest(path, path.stat().st_mtime_ns),
    )
    broken = [
        f"{node.node.name}: {node.message}" for node in done.results
        if str(node.status) not in ("success", "pass", "warn", "skipped")
    ]
    if broken:
        raise SystemExit("\n".join(broken))


def _told(cost: Cost) -> str:
    return f"{cost.wall:.1f} s wall, {cost.cpu:.1f} s CPU, {cost.peak_mb:.0f} MB"


def main() -> None:
    """``python -m benchmarks.quality``: 1 and 10 million events, three turns."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--citizens", type=int, default=CITIZENS_PER_MILLION)
    parser.add_argument("--copies", type=int, nargs="+", default=[1, 10])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", choices=["load", "core", "facts", "judge"])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("number", type=int, nargs="?", default=CITIZENS_PER_MILLION)
    arguments = parser.parse_args()
    if arguments.only == "load":
        run_load(arguments.folder, arguments.number)
    elif arguments.only:
        {"core": run_core, "facts": run_facts, "judge": run_judge}[arguments.only](arguments.folder)
    else:
        with tempfile.TemporaryDirectory(prefix="pm-bench-") as folder:
            print(f"| load average before | {os.getloadavg()[0]:.1f} |")
            report(
                Path(folder), arguments.citizens, arguments.copies, arguments.repeats,
                lambda what, figure: print(f"| {what} | {figure} |", flush=True),
            )


if __name__ == "__main__":
    main()
