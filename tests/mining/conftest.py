"""A small warehouse made of paths: the tables mining reads, computed from generated events."""

import csv
import gzip
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from tests.real_logs import LOGS

Journey = tuple[str, ...]


@dataclass(frozen=True)
class Case:
    citizen_id: str
    path: Journey
    process_id: str = "forsikrede_ledige"
    regime_id: str | None = "forsikrede_ledige__20240101"


_TABLES = """
create schema core;
create table core.events_in as
select
    case_id, citizen_id, process_id, regime_id, position, activity_id,
    timestamp '2024-01-08 09:00:00' + to_hours(case_number) + to_hours(40 * position) as occurred_at
from unnested;
create table core.activities as
select
    activity_id, row_number() over (order by activity_id) as activity_code,
    coalesce(label, activity_id) as label_da, activity_id as label_en, family, 1 as sort_rank
from (select distinct activity_id from core.events_in) left join labels using (activity_id);
create table core.cases as
select
    process_id, case_id, citizen_id, regime_id,
    md5(list(activity_id order by position)::varchar) as variant_id, count(*) as n_events
from core.events_in group by process_id, case_id, citizen_id, regime_id;
create table core.variants as
select
    c.process_id, c.regime_id, c.variant_id, any_value(p.activities) as activities,
    any_value(c.n_events) as n_events, count(*) as n_cases,
    count(distinct c.citizen_id) as n_citizens
from core.cases c join (
    select case_id, list(activity_id order by position) as activities
    from core.events_in group by case_id
) p using (case_id)
group by c.process_id, c.regime_id, c.variant_id;
create table core.transitions as
select
    *, activity_id as from_activity_id, lead(activity_id) over w as to_activity_id,
    epoch((lead(occurred_at) over w) - occurred_at) as elapsed_seconds
from core.events_in window w as (partition by case_id order by position);
create table core.directly_follows as
select
    process_id, regime_id, from_activity_id, to_activity_id, count(*) as n_occurrences,
    count(distinct case_id) as n_cases, count(distinct citizen_id) as n_citizens,
    avg(elapsed_seconds) as mean_seconds,
    quantile_cont(elapsed_seconds, 0.5) as median_seconds,
    quantile_cont(elapsed_seconds, 0.9) as p90_seconds
from core.transitions where to_activity_id is not null
group by process_id, regime_id, from_activity_id, to_activity_id;
create table core.object_types as
select 'course' as object_type, 'Forløb' as label_da, 'Course' as label_en;
create table core.object_follows as
select
    process_id, 'course' as object_type, 'follows' as arc_kind, from_activity_id, to_activity_id,
    count(*) as n_occurrences, count(distinct case_id) as n_objects,
    count(distinct citizen_id) as n_citizens
from core.transitions where to_activity_id is not null
group by process_id, from_activity_id, to_activity_id;
create table core.start_end_activities as
with ends as (
    select
        case_id, citizen_id, process_id, regime_id,
        arg_min(activity_id, position) as first_one, arg_max(activity_id, position) as last_one
    from core.events_in group by all
),
borders as (
    select *, 'start' as kind, first_one as activity_id from ends
    union all select *, 'end', last_one from ends
)
select
    process_id, regime_id, kind, activity_id, count(*) as n_cases,
    count(distinct citizen_id) as n_citizens
from borders group by process_id, regime_id, kind, activity_id;
"""

_LABELS = [
    ("TILMELDT", "Tilmeldt", "registration"), ("CV_GODKENDT", "CV godkendt", "plan"),
    ("CV_SAMTALE", "CV-samtale", "talk"), ("INDKALDT", "Indkaldt til samtale", "booking"),
    ("SELVBOOKET", "Samtale booket af borgeren", "booking"), ("JOBSAMTALE", "Jobsamtale", "talk"),
    ("FAELLESSAMTALE", "Fælles jobsamtale med a-kasse", "talk"),
    ("MIN_PLAN", "Min Plan opdateret", "plan"), ("UDEBLEVET", "Udeblevet", "booking"),
    ("SANKTION", "Sanktion", "decision"), ("TILBUD_START", "Tilbud startet", "offer"),
    ("SAGSBEHANDLERSKIFTE", "Skift af sagsbehandler", "caseworker_change"),
    ("AFMELDT_JOB", "Afmeldt: job", "deregistration"),
    ("AFMELDT_ANDET", "Afmeldt: andet", "deregistration"),
    ("AFMELDT_UDDANNELSE", "Afmeldt: uddannelse", "deregistration"),
]


def _build(cases: Iterable[Case], threads: int = 2) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": threads})
    connection.execute("create table labels (activity_id varchar, label varchar, family varchar)")
    connection.executemany("insert into labels values (?, ?, ?)", _LABELS)
    columns: dict[str, list[object]] = {
        "case_id": [], "case_number": [], "citizen_id": [], "process_id": [], "regime_id": [],
        "activity_id": [], "position": [],
    }
    for case in cases:
        number = int(case.citizen_id.split("-")[0])
        for position, activity in enumerate(case.path):
            values = (
                f"case-{case.citizen_id}", number, case.citizen_id.split("-")[0],
                case.process_id, case.regime_id, activity, position,
            )
            for column, value in zip(columns, values, strict=True):
                columns[column].append(value)
    connection.execute(
        "create table unnested as select unnest($1::varchar[]) as case_id, "
        "unnest($2::integer[]) as case_number, unnest($3::varchar[]) as citizen_id, "
        "unnest($4::varchar[]) as process_id, unnest($5::varchar[]) as regime_id, "
        "unnest($6::varchar[]) as activity_id, unnest($7::integer[]) as position",
        list(columns.values()),
    )
    connection.execute(_TABLES)
    return connection


@pytest.fixture
def build_warehouse() -> Callable[..., duckdb.DuckDBPyConnection]:
    """``build(cases, threads=2)``: an in-memory warehouse of those cases, in that order."""
    return _build


def _journey(rng: random.Random) -> Journey:
    """One course of an insured unemployed citizen, with rare oddities."""
    path = ["TILMELDT"]
    first = ["CV_GODKENDT", "MIN_PLAN"] if rng.random() < 0.7 else ["MIN_PLAN", "CV_GODKENDT"]
    path += first if rng.random() < 0.9 else first[:1]
    if rng.random() < 0.6:
        path.append("CV_SAMTALE")
    for _ in range(rng.choice([1, 2, 2, 3, 3, 4])):
        path.append("SELVBOOKET" if rng.random() < 0.35 else "INDKALDT")
        if rng.random() < 0.1:
            path += ["UDEBLEVET"] if rng.random() < 0.7 else ["UDEBLEVET", "SANKTION"]
        else:
            path.append("FAELLESSAMTALE" if rng.random() < 0.2 else "JOBSAMTALE")
        if rng.random() < 0.06:
            path.append("SAGSBEHANDLERSKIFTE")
    if rng.random() < 0.25:
        path.append("TILBUD_START")
    path.append(rng.choice(["AFMELDT_JOB"] * 5 + ["AFMELDT_ANDET"] * 2 + ["AFMELDT_UDDANNELSE"]))
    return tuple(path)


@pytest.fixture
def courses() -> Callable[[int, int], list[Case]]:
    """``courses(n, seed)``: generated cases of n citizens."""

    def make(n: int, seed: int) -> list[Case]:
        rng = random.Random(seed)
        return [Case(str(number), _journey(rng)) for number in range(n)]

    return make


@pytest.fixture
def make_case() -> type[Case]:
    return Case


@pytest.fixture
def real_log() -> Callable[[str], list[Journey]]:
    """``real_log("receipt")``: the paths of a real log, or a skip where it is not there."""

    def read(name: str) -> list[Journey]:
        found = sorted((LOGS / name).glob("r*.csv*"))
        if not found:
            pytest.skip(f"the log {name} is not in {LOGS} (set PM_TEST_LOGS)")
        return _read_csv(found[0])

    return read


def _read_csv(path: Path) -> list[Journey]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as handle:
        sample = handle.read(4096)
        handle.seek(0)
        dialect = csv.Sniffer().sniff(sample.splitlines()[0], ";,")
        rows = list(csv.DictReader(handle, dialect=dialect))
    names = rows[0].keys()
    case = next(n for n in ("case:concept:name", "case_id", "CaseID") if n in names)
    activity = next(n for n in ("concept:name", "activity", "ActivityID") if n in names)
    time = next(n for n in ("time:timestamp", "timestamp", "CompleteTimestamp") if n in names)
    events: dict[str, list[tuple[datetime, int, str]]] = {}
    for number, row in enumerate(rows):
        at = datetime.fromisoformat(row[time])
        events.setdefault(row[case], []).append((at, number, row[activity]))
    return [tuple(a for _, _, a in sorted(found)) for found in events.values()]
