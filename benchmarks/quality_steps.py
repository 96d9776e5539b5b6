"""The steps that :mod:`benchmarks.quality` measures, each run as a process of its own."""

import resource
import shutil
import sys
import time
from pathlib import Path

_BEGAN = time.monotonic()
MUNICIPALITY = "903"
_ROWS = "fasit/haendelser"
_BUILT = "fqn:pm_pipeline.staging fqn:pm_pipeline.intermediate fqn:pm_pipeline.core"


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


def run_copy(copies: int) -> None:
    """Make each row of the lake into ``copies``, the later ones under ids of their own."""
    import duckdb

    from pm_pipeline.settings import get_settings

    if copies == 1:
        return
    lake = get_settings().lake_dir(MUNICIPALITY)
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


def run_core(_: Path) -> None:
    """Seeds, staging, intermediate and core, with their tests."""
    from pm_pipeline import warehouse
    from pm_pipeline.settings import get_settings

    _dbt("resource_type:seed", *_BUILT.split(), exclude="fqn:pm_pipeline.quality,resource_type:model")
    with warehouse.connect(get_settings().warehouse_path(MUNICIPALITY)) as connection:
        print("events", connection.execute("select count(*) from core.event_log").fetchall()[0][0])


def run_facts(_: Path) -> None:
    """Everything of models/quality on the warehouse that is there."""
    _dbt("fqn:pm_pipeline.quality", exclude="resource_type:seed")


def run_suites(_: Path) -> None:
    """Every suite over the facts."""
    from pm_pipeline import warehouse
    from pm_pipeline.law.register import load_checked_registry
    from pm_pipeline.quality.judging import runner
    from pm_pipeline.settings import get_settings

    import great_expectations  # noqa: F401  isort: skip

    settings = get_settings()
    registry = load_checked_registry(settings.seeds_dir)
    _loaded()
    with warehouse.connect(settings.warehouse_path(MUNICIPALITY)) as connection:
        as_of = connection.execute("select max(delivered_on) from core.deliveries").fetchall()[0][0]
        runner.run_suites(
            connection, MUNICIPALITY, registry, settings.expectations_dir,
            settings.quality_dir(MUNICIPALITY) / "rule_results.parquet", as_of=as_of,
        )


def run_changes(_: Path) -> None:
    """What dated changes did, and changes that nobody dated."""
    import pyarrow.parquet  # noqa: F401
    import ruptures  # noqa: F401
    import scipy.special  # noqa: F401

    from pm_pipeline import warehouse
    from pm_pipeline.quality.drift.detect import find_drift
    from pm_pipeline.quality.effects.compare import compare_changes
    from pm_pipeline.settings import get_settings

    settings = get_settings()
    quality = settings.quality_dir(MUNICIPALITY)
    _loaded()
    with warehouse.connect(settings.warehouse_path(MUNICIPALITY)) as connection:
        compare_changes(connection, MUNICIPALITY, quality / "change_comparisons.parquet")
        find_drift(connection, quality / "drift_points.parquet")


def _loaded() -> None:
    """Say what this process has cost so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    print("loading", time.monotonic() - _BEGAN, used.ru_utime + used.ru_stime, flush=True)


def _dbt(*selection: str, exclude: str) -> None:
    from pm_pipeline.settings import get_settings
    from pm_pipeline.transform.manifest import invoke, manifest_path, read_manifest

    settings = get_settings()
    path = manifest_path(settings)
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager  # noqa: F401
    from dbt.cli.main import dbtRunner  # noqa: F401

    manifest = read_manifest(path, path.stat().st_mtime_ns)
    _loaded()
    work_dir = settings.work_dir(MUNICIPALITY)
    done = invoke(
        settings,
        ["build", "--select", *selection, "--exclude", exclude,
         "--target-path", str(work_dir / ".dbt"), "--no-write-json"],
        environment={
            "PM_WAREHOUSE": str(settings.warehouse_path(MUNICIPALITY)),
            "PM_WORK_DIR": str(work_dir), "PM_MUNICIPALITY": MUNICIPALITY,
        },
        manifest=manifest,
    )
    broken = [
        f"{node.node.name}: {node.message}" for node in done.results
        if str(node.status) not in ("success", "pass", "warn", "skipped")
    ]
    if broken:
        raise SystemExit("\n".join(broken))


_RUN = {"core": run_core, "facts": run_facts, "suites": run_suites, "changes": run_changes}

if __name__ == "__main__":
    step, where = sys.argv[1], Path(sys.argv[2])
    if step == "load":
        run_load(where, int(sys.argv[3]))
    elif step == "copy":
        run_copy(int(sys.argv[3]))
    else:
        _RUN[step](where)
