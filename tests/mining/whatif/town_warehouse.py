"""A warehouse of a simulated town: what the models of core would make of its log."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb

from pm_pipeline.mining.whatif.turns import STILL_OPEN
from tests.law.core_sql import DBT_PROJECT
from tests.mining.whatif.simulated_town import Town, is_working

N_WEEKS = 52


def write_warehouse(path: Path, town: Town, n_citizens: int = 300) -> None:
    """The tables that a question reads, of the town's last year, the turns of so many citizens."""
    turns = town.log(N_WEEKS)
    on = turns.from_on
    path.parent.mkdir(parents=True, exist_ok=True)
    rows: list[tuple[Any, ...]] = [
        (
            "p", "TALK", bool(first), on + timedelta(days=int(begun)),
            None if ends >= STILL_OPEN else on + timedelta(days=int(ends)),
            "held" if held else "open" if ends >= STILL_OPEN else "left", number % n_citizens,
        )
        for number, (begun, ends, first, held) in enumerate(
            zip(turns.begins, turns.ends, turns.is_first, turns.is_held, strict=True)
        )
    ]
    days = [
        (on + timedelta(days=day), is_working(day + town.day - 7 * N_WEEKS))
        for day in range(-900, 5 * 364)
    ]
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "create schema core; create schema intermediate; create schema reference;"
            "create table core.activities (activity_id varchar, label_da varchar, label_en varchar);"
            "insert into core.activities values ('TALK', 'Samtale', 'Talk');"
            "create table reference.what_ifs (what_if_id varchar, municipality_id varchar,"
            " process_id varchar, activity_id varchar, quota_days integer, first_days integer,"
            " new_quota_days integer, staffing_factor double, title_da varchar, title_en varchar);"
            "create table rows (process_id varchar, activity_id varchar, is_first boolean,"
            " begun_on date, until_on date, outcome varchar, citizen_number integer);"
            "create table intermediate.int_working_days (day_on date, is_working_day boolean);"
            "create table reference.quality_limits as select * from"
            f" read_csv('{DBT_PROJECT}/detectors/quality_limits.csv', header = true);"
            "update reference.quality_limits set amount = 60 where limit_id = 'what_if_replays'"
        )
        for table, records in (("rows", rows), ("intermediate.int_working_days", days)):
            marks = f"({', '.join('?' * len(records[0]))})"
            connection.execute(
                f"insert into {table} values {', '.join([marks] * len(records))}",
                [value for record in records for value in record],
            )
        connection.execute(
            f"""
            create table core.case_turns as
            select *, date '{on}' as looked_from_on, date '{turns.until_on}' as looked_until_on
            from rows;
            create table core.queue_turns as
            select * exclude (citizen_number), count(*) as n_turns from rows group by all;
            create table core.queues as
            select 'p' as process_id, 'TALK' as activity_id, date '{on}' as from_on,
                {N_WEEKS} as n_weeks, count(*) as n_cases, count(distinct citizen_number) as n_citizens
            from rows;
            drop table rows
            """
        )
