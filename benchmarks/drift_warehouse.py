"""A warehouse of nothing but the cases of one log: what the detector of drift reads."""

import gzip
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import duckdb

_LIMITS = Path(__file__).resolve().parents[1] / "dbt_project" / "detectors" / "quality_limits.csv"
FIRST_DAY = date(2023, 1, 2)
Case = tuple[str, ...]


def mxml_cases(path: Path) -> list[Case]:
    """The completed activities of each trace of a gzipped MXML log, traces in order of start."""
    with gzip.open(path) as file:
        instances = list(ET.parse(file).iter("ProcessInstance"))
    instances.sort(key=lambda one: min(str(at.text) for at in one.iter("Timestamp")))
    return [
        tuple(
            str(entry.findtext("WorkflowModelElement"))
            for entry in instance.iter("AuditTrailEntry")
            if entry.findtext("EventType") == "complete"
        )
        for instance in instances
    ]


def warehouse_of(
    cases: Sequence[Case], *, last_day: date | None = None, per_day: int = 4, party: str | None = None
) -> duckdb.DuckDBPyConnection:
    """Cases that begin ``per_day`` a day and do one act a day; nothing is known after ``last_day``."""
    acts = sorted({act for case in cases for act in case})
    rows = [
        (f"c{number:05}", f"p{number % 97}", place, act, acts.index(act), day, party)
        for number, case in enumerate(cases)
        for place, act in enumerate(case, start=1)
        if (day := FIRST_DAY + timedelta(days=number // per_day + place - 1)) <= (last_day or day)
    ]
    connection = duckdb.connect()
    connection.execute("""
        create schema core;
        create table core.event_log (
            process_id varchar, case_id varchar, citizen_id varchar, event_number integer,
            activity_id varchar, activity_code smallint, occurred_on date, responsible_party varchar);
        create table core.dated_changes (process_id varchar, kind varchar, change_id varchar,
            changed_on date, title_da varchar, title_en varchar);
        create schema reference;
    """)
    connection.execute(f"create table reference.quality_limits as from read_csv('{_LIMITS}')")
    columns = [list(column) for column in zip(*rows, strict=True)]
    unnested = ", ".join("unnest(?)" for _ in columns)
    connection.execute(f"insert into core.event_log select 'course', {unnested}", columns)
    connection.execute("""
        create table core.deliveries as select max(occurred_on) as delivered_on from core.event_log;
        create table core.activities as
        select distinct activity_code, activity_id, upper(activity_id) as label_da,
            activity_id as label_en from core.event_log;
        create table core.cases as
        select process_id, case_id, any_value(citizen_id) as citizen_id,
            min(occurred_on)::timestamp as start_at, max(occurred_on)::timestamp as end_at
        from core.event_log group by all;
        create table core.transitions as
        select process_id, case_id, event_number, activity_id as from_activity_id,
            lead(activity_id) over (partition by case_id order by event_number) as to_activity_id,
            -- one act a day
            86400.0::double as elapsed_seconds
        from core.event_log qualify to_activity_id is not null
        -- so that what a test draws for each row is the same every time
        order by case_id, event_number;
    """)
    return connection
