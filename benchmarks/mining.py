"""From an event table in Parquet to performance DFG, variants, rework and durations.

`python -m benchmarks.mining`, beside the alternatives: pm4py on pandas and on polars, and a polars
program written by hand for this table alone. Each side is a process of its own and reads the same file;
all find the same arcs and variants, or the run stops. Ours is the SQL of the dbt models, on a database
on disk within `memory_limit`; it counts more than is asked for (citizens, coverage, working time).
Times are of the work, without imports and process start; memory is the peak of the process.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks.event_tables import write_event_table
from benchmarks.measure import measure

SIDES = ("ours", "pm4py-pandas", "pm4py-polars", "polars")
#: Rows that an alternative is not asked to hold: three gigabytes of pandas at ten million already.
_MOST = {"ours": 100, "polars": 50, "pm4py-pandas": 10, "pm4py-polars": 10}
_LOG = ("log_steps",)
_COUNTED = (
    "case_walks", "variants", "variant_steps", "variant_people", "directly_follows",
    "start_end_activities", "variant_rework",
)
#: What staging makes of an export: codes for activities, a number for each case.
_GIVEN = {
    "activity_codes": """
        select activity_id, cast(row_number() over (order by activity_id) as smallint) as activity_code
        from (select distinct activity_id from '{path}')""",
    "int_case_notions": """
        select 'process' as process_id, null as regime_id, hash(case_id) as case_number,
            cast(row_number() over () as integer) as citizen_number, cast(1 as smallint) as slice_number
        from (select distinct case_id from '{path}')""",
    "log_events": """
        select hash(events.case_id) as case_number, cast(1 as smallint) as slice_number,
            cast(events.source_row as ubigint) as event_key, codes.activity_code,
            cast(1000 as smallint) as sort_rank, cast(1 as utinyint) as resource_code,
            events.occurred_at, cast(events.occurred_at as date) as occurred_on, false as is_day_only,
            events.source_row as row_place
        from '{path}' as events
        inner join {activity_codes} as codes on events.activity_id = codes.activity_id""",
}


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    began, spent = time.perf_counter(), time.process_time()
    yield
    seconds[name] = time.perf_counter() - began
    seconds[f"{name}_cpu"] = time.process_time() - spent


def _ours(path: Path, folder: Path, memory: str) -> dict[str, float]:
    import duckdb

    from pm_pipeline.settings import get_settings
    from pm_pipeline.transform.compiled import compile_models

    settings = get_settings()
    compiled = compile_models(settings, (*_LOG, *_COUNTED), _GIVEN, "901")
    seconds: dict[str, float] = {}
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        connection.execute(f"set memory_limit = '{memory}'")
        connection.execute("set preserve_insertion_order = false")
        for relation in (*compiled.given.values(), *(one.relation for one in compiled.models)):
            schema = relation.replace('"', "").split(".")[-2]
            connection.execute(f"create schema if not exists {schema}")
        for seed in compiled.seeds:
            schema = seed.relation.replace('"', "").split(".")[-2]
            connection.execute(f"create schema if not exists {schema}")
            source = next(settings.seeds_dir.rglob(f"{seed.name}.csv"))
            types = {name: kind for name, kind in seed.column_types.items()}
            connection.execute(
                f"create table {_local(seed.relation)} as select * from read_csv('{source}',"
                f" header = true, nullstr = '', columns = {types})"
            )
        with _timed(seconds, "build"):
            for name, sql in _GIVEN.items():
                codes = _local(compiled.given["activity_codes"])
                kind = "view" if name == "log_events" else "table"
                connection.execute(
                    f"create {kind} {_local(compiled.given[name])} as"
                    f" {sql.format(path=path, activity_codes=codes)}"
                )
            _build(connection, compiled, lambda name: name not in _COUNTED)
        with _timed(seconds, "count"):
            _build(connection, compiled, lambda name: name in _COUNTED)
            connection.execute(
                "select quantile_cont(epoch(end_at - start_at), [0.5, 0.9]) from core.case_walks"
            ).fetchall()
        ((arcs, steps),) = connection.execute(
            "select count(*), sum(n_occurrences) from core.directly_follows"
        ).fetchall()
        ((variants,),) = connection.execute("select count(*) from core.variants").fetchall()
    return {**seconds, "arcs": arcs, "steps": int(steps), "variants": variants}


def _local(relation: str) -> str:
    """The name without that of its database."""
    return ".".join(relation.split(".")[-2:])


def _build(connection, compiled, wanted: Callable[[str], bool]) -> None:  # type: ignore[no-untyped-def]
    for model in compiled.models:
        if wanted(model.name):
            connection.execute(f"create table {_local(model.relation)} as {model.sql}")


def _pm4py(path: Path, library: str) -> dict[str, float]:
    import pm4py

    names = {
        "case_id": "case:concept:name", "activity_id": "concept:name", "occurred_at": "time:timestamp",
    }
    seconds: dict[str, float] = {}
    with _timed(seconds, "build"):
        if library == "pandas":
            import pandas as pd

            log = pd.read_parquet(path).rename(columns=names)
            log["time:timestamp"] = log["time:timestamp"].dt.tz_localize("UTC")
            # the library sorts nothing and says nothing
            log = log.sort_values(["case:concept:name", "time:timestamp", "source_row"])
        else:
            import polars as pl

            log = (
                pl.scan_parquet(path).rename(names)
                .with_columns(pl.col("time:timestamp").dt.replace_time_zone("UTC"))
                .sort(["case:concept:name", "time:timestamp", "source_row"]).collect().lazy()
            )
    with _timed(seconds, "count"):
        timed, _, _ = pm4py.discover_performance_dfg(log)
        variants = pm4py.get_variants(log)
        pm4py.get_rework_cases_per_activity(log)
        pm4py.get_all_case_durations(log)
    # what was asked for holds no frequencies: they cost it another round, which is not counted here
    frequencies, _, _ = pm4py.discover_dfg(log)
    return {
        **seconds, "arcs": len(timed), "steps": sum(frequencies.values()), "variants": len(variants),
    }


def _polars(path: Path) -> dict[str, float]:
    import polars as pl

    seconds: dict[str, float] = {}
    with _timed(seconds, "build"):
        log = (
            pl.scan_parquet(path)
            .with_columns(
                pl.col("case_id").hash().alias("case"),
                pl.col("activity_id").cast(pl.Categorical).to_physical().cast(pl.UInt16).alias("act"),
            )
            .select("case", "act", "occurred_at", "source_row")
            .sort(["case", "occurred_at", "source_row"])
            .collect()
        )
        log = log.with_columns(
            (pl.col("case") == pl.col("case").shift(-1)).fill_null(False).alias("has_next"),
            pl.col("act").shift(-1).alias("next"),
            (pl.col("occurred_at").shift(-1) - pl.col("occurred_at")).alias("elapsed"),
            pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"),
        )
    with _timed(seconds, "count"):
        elapsed = pl.col("elapsed").dt.total_microseconds()
        arcs = log.filter("has_next").group_by("act", "next").agg(
            pl.len().alias("n"), elapsed.mean().alias("mean"), elapsed.median().alias("median"),
            elapsed.quantile(0.9).alias("p90"),
        )
        first = log.group_by("case").agg(pl.col("row").min().alias("first"))
        walks = (
            log.select("case", "act", "occurred_at", "row").join(first, on="case")
            .with_columns((pl.col("row") - pl.col("first")).alias("place"))
            .group_by("case").agg(
                (pl.col("act").cast(pl.UInt64) * 65536 + pl.col("place")).hash().sum().alias("path"),
                pl.len().alias("n"), pl.col("occurred_at").min().alias("start"),
                pl.col("occurred_at").max().alias("end"),
            )
        )
        variants = walks.group_by("path", "n").agg(pl.len().alias("n_cases"))
        log.group_by("case", "act").agg(pl.len().alias("n")).filter(pl.col("n") > 1).group_by(
            "act"
        ).agg(pl.len())
        walks.select((pl.col("end") - pl.col("start")).quantile(0.9))
    return {
        **seconds, "arcs": arcs.height, "steps": int(arcs["n"].sum()), "variants": variants.height,
    }


def run(side: str, path: Path, folder: Path, memory: str) -> dict[str, float]:
    """One side, in this process: seconds of building and of counting, and what was found."""
    if side == "ours":
        return _ours(path, folder, memory)
    return _polars(path) if side == "polars" else _pm4py(path, side.removeprefix("pm4py-"))


def report(
    root: Path, millions: list[int], repeats: int, memory: str, say: Callable[[str, str], None]
) -> None:
    """Every side of every size, in turns; medians, ratios to ours, and how ours grows.

    Raises:
        RuntimeError: a side failed, or two sides found different arcs or variants.
    """
    whole = {}
    for size in millions:
        path = root / f"events-{size}.parquet"
        if not path.exists():
            write_event_table(path, size * 1_000_000)
        sides = [side for side in SIDES if size <= _MOST[side]]
        told: dict[str, list[dict[str, float]]] = {side: [] for side in sides}
        for _ in range(repeats if size <= 10 else 1):
            for side in sides:
                told[side].append(_in_a_process(side, path, root, memory))
        found = {(one["arcs"], one["steps"], one["variants"]) for runs in told.values() for one in runs}
        if len(found) > 1:
            raise RuntimeError(f"{size} M events: the sides found different arcs or variants: {found}")
        middle = {
            side: {name: median(one[name] for one in runs) for name in runs[0]}
            for side, runs in told.items()
        }
        ours = whole[size] = middle["ours"]
        for side, one in middle.items():
            total = one["build"] + one["count"]
            against = total / (ours["build"] + ours["count"])
            say(
                f"{size} M events, {side}",
                f"build {one['build']:.1f} s, count {one['count']:.1f} s, CPU"
                f" {one['build_cpu'] + one['count_cpu']:.1f} s, peak {one['peak_mb']:.0f} MB;"
                f" {against:.1f} × ours, counting {one['count'] / ours['count']:.1f} ×,"
                f" memory {one['peak_mb'] / ours['peak_mb']:.1f} ×",
            )
    if len(whole) > 1:
        small, large = min(whole), max(whole)
        cpu = [one["build_cpu"] + one["count_cpu"] for one in (whole[small], whole[large])]
        grown = cpu[1] / cpu[0] / (large / small)
        say(f"ours, CPU per event at {large} M / at {small} M", f"{grown:.2f}")


def _in_a_process(side: str, path: Path, root: Path, memory: str) -> dict[str, float]:
    log = root / f"{side}.log"
    with tempfile.TemporaryDirectory(prefix="mining-", dir=root) as folder:
        cost = measure(
            [
                sys.executable, "-W", "ignore", "-m", "benchmarks.mining", "--side", side,
                "--path", str(path), "--folder", folder, "--memory", memory,
            ],
            environment={"PM4PY_SUPPRESS_BANNER": "1"}, log=log,
        )
    told: dict[str, float] = json.loads(log.read_text().splitlines()[-1])
    return {**told, "peak_mb": cost.peak_mb}


def main() -> None:
    """Measure and print rows of a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--millions", type=int, nargs="+", default=[1, 10])
    parser.add_argument("--repeats", type=int, default=3, help="up to ten million; once above")
    parser.add_argument("--memory", default="4GB", help="that ours may use before it spills")
    parser.add_argument("--folder", type=Path, help="where the tables are written, and kept")
    parser.add_argument("--side", choices=SIDES, help="one side, on --path")
    parser.add_argument("--path", type=Path)
    arguments = parser.parse_args()
    if arguments.side:
        print(json.dumps(run(arguments.side, arguments.path, arguments.folder, arguments.memory)))
        return
    with tempfile.TemporaryDirectory(prefix="pm-bench-") as folder:
        report(
            arguments.folder or Path(folder), arguments.millions, arguments.repeats, arguments.memory,
            lambda what, figure: print(f"| {what} | {figure} |", flush=True),
        )


if __name__ == "__main__":
    main()
