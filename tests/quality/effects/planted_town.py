"""A town made by hand, whose acts may be planted with effects, and its weeks as they are compared."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import duckdb
import numpy as np

from tests.quality.effects.seeded_changes import build, with_limits

LAW_ON, RELEASE_ON, DELIVERED_ON = date(2024, 1, 1), date(2024, 2, 14), date(2024, 9, 2)
FIRST, LAST = date(2022, 1, 3), date(2024, 9, 1)
CPR = "010190-1234"
TABLES = f"""
create table reference.processes as select 'insured' process_id;
create table core.activities as select * from (values
    ('TALK', 1::smallint, 'Samtale', 'Talk'), ('CV', 2, 'CV-samtale', 'CV talk'),
    ('BEGIN', 3, 'Tilmeldt', 'Registered'), ('PLAN', 4, 'Plan', 'Plan'))
    v(activity_id, activity_code, label_da, label_en);
create table reference.legal_changes as select 'LAW' change_id, 'in_force' status, 'rule' kind,
    date '{LAW_ON}' effective_on, null::date ended_on, 'Ny lov' title_da, 'New law' title_en,
    'verified' certainty;
create table intermediate.int_law_process_touches as
    select 'LAW' change_id, 'insured' process_id, 'rule_begun' what, 'R/B' named;
create table reference.rules as select 'R' as rule_id, 'B' as version,
    'BEGIN' as anchor_activity_id, 'TALK|CV' as required_activity_id;
create table intermediate.int_law_mapping_touches(change_id varchar, what varchar, mapping_id varchar);
create table reference.activity_mappings(mapping_id varchar, activity_id varchar);
create table reference.system_releases as select 'RELEASE' release_id, 'momentum' system_id,
    null::varchar municipality_id, date '{RELEASE_ON}' released_on, 'Ny version' title_da,
    'New version' title_en, 'verified' certainty;
create table core.deliveries as select 'momentum' system_id, * from (values
    ('D1', date '2024-06-03', timestamp '2024-06-03 10:00'),
    ('D2', date '{DELIVERED_ON}', timestamp '{DELIVERED_ON} 10:00'))
    v(delivery_id, delivered_on, received_at);
create table intermediate.int_as_of as select date '{DELIVERED_ON}' as_of_on;
create table intermediate.int_events_judged(system_id varchar, source_table varchar, occurred_on date,
    reject_reason varchar, source_code varchar);
insert into intermediate.int_events_judged
    select 'momentum', 'talks', date '{RELEASE_ON}' + i::integer, 'unmapped_code', '{CPR}'
    from range(180) t(i);
create table core.cases(process_id varchar default 'insured', case_id varchar, citizen_id varchar,
    registered_on date);
create table quality.int_quality_steps(process_id varchar default 'insured', case_id varchar,
    activity_code smallint, previous_activity_code smallint, occurred_on date, occurred_at timestamp,
    occurred_precision varchar default 'minute', registered_at timestamp, resource_type varchar,
    org_unit_id varchar, responsible_party varchar, mapping_id varchar, system_id varchar default
    'momentum', source_table varchar default 'talks', delivery_id varchar);
"""

Plant = Callable[[dict[str, Any], np.random.Generator], dict[str, Any]]


def make_town(
    plant: Plant, seed: int, cases_a_week: int = 8, release_on: date = RELEASE_ON,
    law_on: date = LAW_ON, next_law_on: date | None = None,
) -> duckdb.DuckDBPyConnection:
    """Cases of four acts, a week apart, over two and a half years; ``plant`` may change each act."""
    rng = np.random.default_rng(seed)
    connection = duckdb.connect()
    with_limits(connection)
    connection.execute(TABLES)
    connection.execute("update reference.system_releases set released_on = ?", [release_on])
    connection.execute("update reference.legal_changes set effective_on = ?", [law_on])
    if next_law_on is not None:
        connection.execute(
            "insert into reference.legal_changes select * replace ('NEXT LAW' as change_id, ? as"
            " effective_on) from reference.legal_changes", [next_law_on],
        )
        connection.execute(
            "insert into intermediate.int_law_process_touches select * replace ('NEXT LAW' as"
            " change_id) from intermediate.int_law_process_touches"
        )
    cases, acts = [], []
    for week in range((LAST - FIRST).days // 7):
        for number in range(rng.poisson(cases_a_week)):
            begun_on = FIRST + timedelta(days=7 * week + int(rng.integers(7)))
            case = f"{week}/{number}"
            cases.append((case, f"citizen of {case}", begun_on))
            before = None
            for place, code in enumerate((3, 2, 1, 4 if rng.random() < 0.5 else 1)):
                on = begun_on + timedelta(days=8 * place + int(rng.integers(6)))
                if on > LAST:
                    break
                lag = 40 if rng.random() < 0.1 else int(rng.integers(3))
                act: dict[str, Any] = {
                    "case": case, "code": code, "before": before, "on": on, "precision": "minute",
                    "registered": on + timedelta(days=lag), "unit": "T", "begun_on": begun_on,
                    "delivery": "D1" if on + timedelta(days=lag) < date(2024, 6, 3) else "D2",
                }
                act = plant(act, rng)
                before = act["code"]
                if act["registered"] <= LAST:
                    acts.append(act)
    _fill(connection, "core.cases(case_id, citizen_id, registered_on)", cases)
    _fill(
        connection,
        "quality.int_quality_steps(case_id, activity_code, previous_activity_code, occurred_on,"
        " occurred_at, occurred_precision, registered_at, resource_type, org_unit_id, delivery_id)",
        [
            (a["case"], a["code"], a["before"], a["on"], datetime.combine(a["on"], datetime.min.time()),
             a["precision"], datetime.combine(a["registered"], datetime.min.time()), "human", a["unit"],
             a["delivery"])
            for a in acts
        ],
    )
    build(
        connection, "dated_changes", "int_change_days", "int_change_activities", "event_weeks",
        "pair_weeks", "value_weeks", "cohort_weeks", "change_weeks",
    )
    return connection


def _fill(connection: duckdb.DuckDBPyConnection, into: str, rows: list[tuple[Any, ...]]) -> None:
    import pyarrow as pa

    names = [f"c{at}" for at in range(len(rows[0]))]
    filled = pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))  # noqa: F841
    connection.execute(f"insert into {into} select * from filled")
