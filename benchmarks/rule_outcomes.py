"""All rules of law over 1 and 10 million events: dbt's SQL beside pandas that does the same for some.

The log is made up in DuckDB: courses of both processes over six years with some twenty acts each,
absences and hand-overs among them. dbt builds the seeds and everything from the cases and their log to
outcomes and shares (every rule, clock stops, absences, three durations). The alternative is what an
analyst would write with pandas for the same log: deadlines and minimum counts only, no stops, no
absences; it is timed per judgement, since it judges fewer. pm4py has no rule with a window by the
calendar and a party.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import Cost, measure

EVENTS_PER_CASE = 20

_CASES = """
create schema core; create schema intermediate; create schema reference;
create table core.cases as
select
    if(number % 2 = 0, 'forsikrede_ledige', 'kontanthjaelp') as process_id,
    'case-' || number as case_id,
    'citizen-' || number // 2 as citizen_id,
    '901' as municipality_id,
    if(number % 2 = 0, '6.1', ['6.2', '6.3', '6.4'][cast(1 + number % 3 as integer)]) as target_group,
    if(number % 2 = 0, 'FUND ' || number % 9, null) as unemployment_fund,
    date '2020-01-01' + cast(hash(number) % 2400 as integer) as registered_on,
    if(
        hash(number, 1) % 3 > 0,
        date '2020-01-01' + cast(hash(number) % 2400 + 20 + hash(number, 2) % 400 as integer), null
    ) as ended_on
from range({cases}) as numbers (number);
alter table core.cases add column regime_id varchar;
update core.cases set regime_id = process_id || '__' || case
    when registered_on >= date '2026-07-01' then '20260701'
    when registered_on >= date '2024-01-01' then '20240101' else '20200101' end;
"""
_LOG = """
create table core.event_log as
with acts as (
    select
        cases.*,
        act,
        case
            when act = 0 then if(process_id = 'forsikrede_ledige', 'TILMELDT', 'FOERSTE_HENVENDELSE')
            else [
                'JOBSAMTALE', 'INDKALDT', 'JOBSAMTALE', 'SELVBOOKET', 'CV_SAMTALE', 'MIN_PLAN',
                'FAELLESSAMTALE', 'CV_GODKENDT', 'OVERGANG_KOMMUNE', 'FRAVAER_START', 'FRAVAER_SLUT',
                'JOBSAMTALE', 'TILBUD_START', 'INDKALDT', 'JOBSAMTALE'
            ][cast(1 + hash(case_id, act) % 15 as integer)]
        end as activity_id,
        registered_on + cast(if(act = 0, 0, hash(case_id, act, 1) % 300) as integer) as occurred_on,
        ['municipality', 'municipality', 'unemployment_fund', 'joint', null][
            cast(1 + hash(act, case_id) % 5 as integer)
        ] as responsible_party
    from core.cases, range({acts}) as numbers (act)
)
select
    process_id,
    case_id,
    case_id || '-' || act as event_id,
    cast(row_number() over (partition by process_id, case_id order by occurred_on, act) as integer)
        as event_number,
    activity_id,
    occurred_on,
    'second' as occurred_precision,
    responsible_party
from acts
order by process_id, case_id, event_number
"""
_WORKING_DAYS = """
create table intermediate.int_working_days as
select cast(day as date) as day_on, count(*) filter (where isodow(day) <= 5) over (order by day)
    as working_day_number
from generate_series(date '2019-01-01', date '2028-01-01', interval 1 day) as days (day)
"""


def report(root: Path, millions: list[int], repeats: int, tell: Callable[[str, str], None]) -> None:
    """Measure each size ``repeats`` times in turn and tell medians and ratios."""
    medians = {}
    for size in millions:
        folder = root / f"rules-{size}"
        folder.mkdir()
        _make(folder, size * 1_000_000)
        _prepare(folder)
        ours, pandas = [], []
        for _ in range(repeats):
            ours.append(_measured("dbt", folder))
            pandas.append(_measured("pandas", folder))
        judged = _number(folder / "dbt.log")
        by_hand = _number(folder / "pandas.log")
        mine, other = _median(ours), _median(pandas)
        medians[size] = mine
        tell(f"rules over {size} M events: dbt, {judged:,} judgements", _told(mine))
        tell(f"rules over {size} M events: pandas, {by_hand:,} judgements", _told(other))
        ratio = (mine.wall / judged) / (other.wall / by_hand)
        tell("wall per judgement, dbt / pandas", f"{ratio:.2f}")
    if len(medians) > 1:
        small, large = min(medians), max(medians)
        grown = medians[large].wall / medians[small].wall
        told = f"{grown:.1f} for {large // small} × rows"
        tell(f"dbt, wall at {large} M / at {small} M events", told)


def _prepare(folder: Path) -> None:
    """Parse the dbt project once, as a municipality's first run does."""
    command = [sys.executable, "-m", "benchmarks.rule_outcomes", "--only", "parse", str(folder)]
    measure(command, environment={"PM_DATA_DIR": str(folder / "data")}, log=folder / "parse.log")


def _measured(what: str, folder: Path) -> Cost:
    command = [sys.executable, "-m", "benchmarks.rule_outcomes", "--only", what, str(folder)]
    environment = {"PM_DATA_DIR": str(folder / "data"), "PM_KEY_DIR": str(folder / "keys")}
    return measure(command, environment=environment, log=folder / f"{what}.log")


def _make(folder: Path, events: int) -> None:
    import duckdb

    deliveries = folder / "lake" / "deliveries"
    deliveries.mkdir(parents=True)
    with duckdb.connect(str(folder / "made.duckdb")) as connection:
        connection.execute("set memory_limit = '4GB'")
        connection.execute(_CASES.format(cases=events // EVENTS_PER_CASE))
        connection.execute(_LOG.format(acts=EVENTS_PER_CASE))
        connection.execute(_WORKING_DAYS)
        connection.execute(
            "create table intermediate.int_as_of as select date '2026-11-01' as as_of_on"
        )
        connection.execute(f"copy core.event_log to '{folder}/event_log.parquet' (format parquet)")
        connection.execute(f"copy core.cases to '{folder}/cases.parquet' (format parquet)")


def run_parse(_: Path) -> None:
    """Make the parsed project that every later build reads."""
    from pm_pipeline.settings import get_settings
    from pm_pipeline.transform.manifest import manifest_path

    manifest_path(get_settings())


def run_dbt(folder: Path) -> None:
    """Judge every case by every rule, in a copy of the made-up warehouse."""
    import shutil

    from pm_pipeline import warehouse
    from pm_pipeline.settings import get_settings
    from pm_pipeline.transform.manifest import invoke, manifest_path, read_manifest

    settings = get_settings()
    built = folder / "warehouse.duckdb"
    shutil.copyfile(folder / "made.duckdb", built)
    path = manifest_path(settings)
    for arguments in (
        ["seed"],
        # what tells of codes reads the events themselves, of which there are none here
        ["run", "--select", "fqn:pm_pipeline.core.law", "--exclude", "change_codes"],
    ):
        done = invoke(
            settings,
            [*arguments, "--target-path", str(folder / "dbt"), "--no-write-json"],
            environment={
                "PM_WAREHOUSE": str(built), "PM_WORK_DIR": str(folder), "PM_MUNICIPALITY": "901",
            },
            manifest=read_manifest(path, path.stat().st_mtime_ns),
        )
        broken = [str(node.message) for node in done.results if str(node.status) != "success"]
        if broken:
            raise SystemExit("\n".join(broken))
    with warehouse.connect(built) as connection:
        print(connection.execute("select count(*) from core.rule_windows").fetchall()[0][0])


def run_pandas(folder: Path) -> None:
    """Deadlines and minimum counts by merge and groupby; no stops, absences or durations."""
    import pandas as pd

    from pm_pipeline.registry import RuleKind, load_registry
    from pm_pipeline.settings import get_settings

    log = pd.read_parquet(folder / "event_log.parquet")
    cases = pd.read_parquet(folder / "cases.parquet").set_index("case_id")
    for frame, columns in ((log, ["occurred_on"]), (cases, ["registered_on", "ended_on"])):
        for column in columns:
            frame[column] = pd.to_datetime(frame[column])
    as_of = pd.Timestamp("2026-11-01")
    judged = 0
    for rule in load_registry(get_settings().seeds_dir).rules:
        if rule.kind not in (RuleKind.DEADLINE, RuleKind.MIN_COUNT):
            continue
        mine = cases[cases.regime_id == rule.regime_id]
        if rule.applies_to_target_groups:
            mine = mine[mine.target_group.isin(rule.applies_to_target_groups)]
        of_log = log[log.case_id.isin(mine.index)]
        anchors = of_log[of_log.activity_id == rule.anchor_activity_id]
        mine = mine.join(anchors.groupby("case_id").occurred_on.min().rename("anchor_on"))
        unit = f"{rule.window_unit}s"
        mine["due_on"] = mine.anchor_on + pd.DateOffset(**{unit: rule.window_to or 0})
        acts = of_log[of_log.activity_id.isin(rule.required_activity_id)]
        if rule.responsible_party:
            acts = acts[acts.responsible_party.isin(rule.responsible_party)]
        acts = acts.join(mine[["anchor_on", "due_on"]], on="case_id")
        inside = acts[(acts.occurred_on >= acts.anchor_on) & (acts.occurred_on <= acts.due_on)]
        counted = inside.groupby("case_id").size().reindex(mine.index, fill_value=0)
        outcome = pd.Series("breached", index=mine.index)
        outcome[mine.due_on >= as_of] = "pending"
        outcome[mine.ended_on <= mine.due_on] = "not_applicable"
        outcome[counted >= (rule.min_count or 1)] = "fulfilled"
        judged += len(outcome)
    print(judged)


def _number(log: Path) -> int:
    return int(log.read_text().split()[-1])


def _median(costs: list[Cost]) -> Cost:
    return sorted(costs, key=lambda cost: cost.wall)[len(costs) // 2]


def _told(cost: Cost) -> str:
    return f"{cost.wall:.1f} s wall, {cost.cpu:.1f} s CPU, {cost.peak_mb:.0f} MB"


def main() -> None:
    """``python -m benchmarks.rule_outcomes``: 1 and 10 million events, three turns."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--millions", type=int, nargs="+", default=[1, 10])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", choices=["parse", "dbt", "pandas"], help="one side, in this process")
    parser.add_argument("folder", type=Path, nargs="?")
    arguments = parser.parse_args()
    if arguments.only:
        {"parse": run_parse, "dbt": run_dbt, "pandas": run_pandas}[arguments.only](arguments.folder)
        return
    with tempfile.TemporaryDirectory(prefix="pm-bench-") as folder:
        print(f"| load average before | {os.getloadavg()[0]:.1f} |")
        report(
            Path(folder), arguments.millions, arguments.repeats,
            lambda what, figure: print(f"| {what} | {figure} |", flush=True),
        )


if __name__ == "__main__":
    main()
