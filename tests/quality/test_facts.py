"""The SQL of the facts: each fault planted in the core tables is counted where it belongs."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import jinja2
import pytest

from pm_pipeline.quality.judging.results import Outcome
from pm_pipeline.quality.judging.runner import run_suites
from pm_pipeline.quality.suites.datasets import DATASETS
from pm_pipeline.quality.suites.reference import Reference
from pm_pipeline.registry import Registry
from tests.quality.clean_facts import EXPECTATIONS, REPOSITORY, SQL_TYPES, assert_is_declared
from tests.quality.planted_rules import WRONG_CODES

MODELS = REPOSITORY / "dbt_project" / "models" / "quality"
MACROS = REPOSITORY / "dbt_project" / "macros"
# the others have tests of their own
OF_THE_LOG = (
    "quality_events", "quality_cases", "quality_codes", "quality_rows", "quality_log_rules",
    "quality_imperfections", "quality_labels",
)
R24, PROCESS = "forsikrede_ledige__20240101", "forsikrede_ledige"

CORE = """
create schema core; create schema quality;
create table core.deliveries as select '901' municipality_id, 'momentum' system_id,
    'D1' delivery_id, date '2025-01-01' delivered_on,
    timestamp '2025-01-01' received_at, 'contacts' table_name, f source_file,
    10::bigint rows_in_file, 1::bigint rows_rejected from (values ('a.csv'), ('b.csv')) v(f);
create table core.rejected_rows as select 'momentum' system_id, 'contacts' table_name,
    unnest([true, true, false]) row_kept;
create table core.activities as select * from (values ('TILMELDT', 'registration'),
    ('JOBSAMTALE', 'talk'), ('HJEMMELAVET', null), ('MAALGRUPPESKIFT', 'registration'))
    v(activity_id, family);
alter table core.activities add column activity_code varchar;
update core.activities set activity_code = activity_id;
create table core.processes as select 'forsikrede_ledige' process_id, '6.1' target_groups,
    'TILMELDT' start_activities, 'MAALGRUPPESKIFT' end_activities;
create table core.events(event_id varchar, municipality_id varchar default '901',
    system_id varchar default 'momentum', source_table varchar default 'contacts',
    occurred_precision varchar default 'second', registered_at timestamp,
    delivery_id varchar default 'D1');
create table core.event_log(process_id varchar default 'forsikrede_ledige', case_id varchar,
    event_id varchar, event_number int, activity_id varchar, occurred_at timestamp,
    occurred_on date, regime_id varchar default 'forsikrede_ledige__20240101',
    responsible_party varchar, resource_type varchar, org_unit_id varchar,
    activity_code varchar generated always as (activity_id));
create table core.cases(process_id varchar default 'forsikrede_ledige', case_id varchar,
    citizen_id varchar default 'Y',
    municipality_id varchar default '901', target_group varchar,
    regime_id varchar default 'forsikrede_ledige__20240101', registered_on date, ended_on date,
    start_at timestamp, end_at timestamp, is_closed boolean, spans_law_change boolean,
    n_events int);
create table core.event_time_flags as select * from (values ('e5', 'placeholder_date'),
    ('e5', 'midnight'), ('e4', 'after_delivery'), ('e0', 'batch_second')) v(event_id, flag);
create table core.findings_of_events as select * from (values
    ('form_based', 'e0', 'forsikrede_ledige', 'A'), ('form_based', 'e3', 'forsikrede_ledige', 'B'),
    ('unanchored', 'e3', 'forsikrede_ledige', 'B'), ('late_registration', 'e1', 'forsikrede_ledige',
    'A'), ('elusive_case', 'outside', null, null)) v(pattern_id, event_id, process_id, case_id);
create table core.findings_of_cases as
    select 'scattered_case' pattern_id, 'forsikrede_ledige' process_id, 'B' case_id;
create table core.int_courses as select * from (values ('Z', 'fasit', 'haendelser', '6.1'),
    ('Z', 'momentum', 'contacts', '6.1'), ('Y', 'momentum', 'contacts', null))
    v(citizen_id, system_id, case_table, target_group), (values ('course')) w(course_type);
create table core.citizen_links as select 'momentum' system_id, 'contacts' source_table,
    unnest([null, 'circle', null, null]) fault;
create table core.log_rules as select 'ONCE' rule_id, 'activity_frequency' kind, 'forsikrede_ledige'
    process_id, null::varchar regime_id, 'TILMELDT' activity_id, 25::double allowed_percent;
create table core.int_log_rows(process_id varchar, case_id varchar, regime_id varchar,
    activity_id varchar, occurred_precision varchar, started_at timestamp, ended_at timestamp);
create table core.int_log_cases_asked as select 'ONCE' rule_id, 'forsikrede_ledige' process_id,
    'forsikrede_ledige__20240101' regime_id, unnest(['A', 'B', 'C', 'D', 'E']) case_id;
create table core.log_rule_findings as select 'ONCE' rule_id, 'forsikrede_ledige' process_id,
    'forsikrede_ledige__20240101' regime_id, unnest(['A', 'B']) case_id;
create table core.int_labels as select * from (values
    ('momentum', 'contacts', 'a', 80::bigint, true), ('momentum', 'contacts', 'b', 20, false))
    v(system_id, source_table, source_code, n_rows, is_compared);
create table core.findings_of_labels as select * from (values
    ('distorted_label', 'a', 8::bigint, 6::bigint), ('distorted_label', 'c', 2, 2),
    ('polluted_label', null, 20, null), ('synonymous_label', 'b', 20, 9))
    v(pattern_id, source_code, n_rows, n_citizens),
    (values ('momentum', 'contacts')) w(system_id, source_table);
create table core.rejected_events as select 'momentum' system_id, 'contacts' source_table, *
    from (values ('r1', 'superseded', false), ('r2', 'no_time', true), ('r3', 'unmapped_code', true))
    v(event_id, reason, is_fault);
create table core.int_events_judged as select unnest(['r1', 'r2', 'r3']) event_id, 'Y' citizen_key;
create table core.unmapped_codes as select 'momentum' system_id, 'contacts' source_table,
    unnest(['held:99', 'ring 311399-1234']) source_code;
"""

STEPS = """
create table core.int_quality_steps as
select
    log.*, events.system_id, events.delivery_id,
    events.occurred_precision, events.registered_at, events.registered_at changed_at
from core.event_log log inner join core.events events on log.event_id = events.event_id;
create table core.quality_limits as select * from (values ('late_registration_days', 30.0::double),
    ('share_least', 1), ('share_least_of_events', 1), ('share_least_found', 10)) v(limit_id, amount);
"""

# case, number, activity, occurred, registered, precision, party, resource
LOG = [
    ("A", 1, "TILMELDT", "2024-03-01 09:00", "2024-03-01 09:01", "second", None, "citizen"),
    ("A", 2, "JOBSAMTALE", "2024-03-10 09:00", None, "day", "unemployment_fund", "human"),
    ("A", 3, "JOBSAMTALE", "2024-04-10 09:00", "2024-05-20 09:00", "second", None, None),
    ("B", 1, "JOBSAMTALE", "2024-03-05 09:00", "2024-03-01", "second", "municipality", "robot"),
    ("B", 2, "HJEMMELAVET", "2025-02-01 09:00", "2024-12-01 09:00", "second", None, "human"),
    ("C", 1, "TILMELDT", "1900-01-01 00:00", "2024-12-20 09:00", "day", None, "system"),
    ("D", 1, "TILMELDT", "2024-06-01 10:00", "2024-06-01 10:00", "second", None, "human"),
    ("D", 2, "JOBSAMTALE", "2024-06-01 10:00", "2024-06-01 10:00", "second", "joint", "human"),
]  # fmt: skip
# case, target group, registered, ended
CASES = [
    ("A", "6.1", "2024-03-01", None),
    ("B", "6.1", "2024-03-05", "2024-12-31"),
    ("C", None, "2024-12-20", None),
    ("D", "6.1", "2024-06-01", "2024-06-02"),
    ("E", "6.1", "2024-02-01", None),
]


@pytest.fixture
def facts() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(CORE)
        for number, (case, place, activity, at, seen, precision, party, who) in enumerate(LOG):
            connection.execute(
                "insert into core.events(event_id, registered_at, occurred_precision)"
                " values (?, ?, ?)", [f"e{number}", seen, precision],
            )  # fmt: skip
            connection.execute(
                "insert into core.event_log(case_id, event_id, event_number, activity_id,"
                " occurred_at, occurred_on, responsible_party, resource_type, org_unit_id)"
                " values (?, ?, ?, ?, ?, ?::timestamp::date, ?, ?, 'T1')",
                [case, f"e{number}", place, activity, at, at, party, who],
            )
        connection.execute("insert into core.events(event_id) values ('outside')")
        for case, group, registered, ended in CASES:
            times = sorted(at for one, _, _, at, *_ in LOG if one == case)
            connection.execute(
                "insert into core.cases(case_id, target_group, registered_on, ended_on, start_at,"
                " end_at, is_closed, spans_law_change, n_events) values (?,?,?,?,?,?,?,?,?)",
                [case, group, registered, ended, times[0] if times else None,
                 times[-1] if times else None, ended is not None, case == "B", len(times)],
            )  # fmt: skip
        connection.execute("update core.cases set citizen_id = 'Z' where case_id in ('A', 'B')")
        connection.execute(STEPS)
        for name in OF_THE_LOG:
            connection.execute(f"create table quality.{name} as {render(MODELS / f'{name}.sql')}")
        for name in DATASETS.keys() - set(OF_THE_LOG):
            columns = DATASETS[name].columns.items()
            made = ", ".join(f"{column} {SQL_TYPES[kind]}" for column, kind in columns)
            connection.execute(f"create table quality.{name} ({made})")
        yield connection


def render(path: Path) -> str:
    tables = {"activity_codes": "core.activities"}
    macros = "".join(one.read_text("utf-8") for one in sorted(MACROS.glob("*.sql")))
    return jinja2.Template(macros + path.read_text("utf-8")).render(
        ref=lambda name: tables.get(name, f"core.{name}"),
        env_var=lambda name, default: {"PM_MUNICIPALITY": "901"}.get(name, default),
        config=lambda **_: "",
    )


def row(facts: duckdb.DuckDBPyConnection, table: str) -> dict[str, object]:
    found = facts.execute(f"select * from quality.{table}")
    names = [column[0] for column in found.description]
    rows = found.fetchall()
    assert len(rows) == 1
    return dict(zip(names, rows[0], strict=True))


def one_table(facts: duckdb.DuckDBPyConnection, source_table: str) -> dict[str, object]:
    facts.execute(f"delete from quality.quality_rows where source_table <> '{source_table}'")
    return row(facts, "quality_rows")


def test_the_columns_are_those_declared_in_the_code_and_in_the_yaml(
    facts: duckdb.DuckDBPyConnection,
) -> None:
    for name in OF_THE_LOG:
        assert_is_declared(facts, f"quality.{name}", DATASETS[name])


def test_every_fault_of_an_event_is_counted_once(facts: duckdb.DuckDBPyConnection) -> None:
    found = row(facts, "quality_events")

    assert (found["municipality_id"], found["process_id"], found["regime_id"]) == (
        "901", PROCESS, R24,
    )  # fmt: skip
    assert (
        found
        | {
            "events": 8,
            "events_with_registered_at": 7,
            "talks": 4,
            "events_in_future": 1,
            "events_before_1990": 1,
            "events_without_registered_at": 1,
            "events_registered_before_occurred": 2,
            "events_late_registered": 2,
            "events_date_only": 2,
            "events_with_time_artefacts": 2,  # e5 twice, e4 is a plan
            "events_without_resource": 1,
            "events_by_robots": 1,
            "talks_without_party": 1,
            "talks_by_fund": 2,
            "talks_without_party_percent": 25.0,
            "events_late_registered_percent": 100 * 2 / 7,
        }
        == found
    )


def test_every_fault_of_a_case_is_counted_once(facts: duckdb.DuckDBPyConnection) -> None:
    found = row(facts, "quality_cases")

    assert (
        found
        | {
            "cases": 5,
            "closed_cases": 2,
            "cases_of_three_months": 3,  # A, B, E: D ended after a day, C is twelve days old
            "first_registered_on": date(2024, 2, 1),
            "last_registered_on": date(2024, 12, 20),
            "cases_without_events": 1,  # E
            "cases_without_start_activity": 2,  # B, E; C begins with a registration of 1900
            "cases_with_events_after_end": 1,  # B
            "cases_with_events_after_end_percent": 50.0,
            "cases_with_one_event": 1,  # C
            "cases_without_duration": 1,  # D
            "cases_spanning_law_change": 1,  # B
            "cases_with_a_talk": 3,
            "cases_with_a_fund_talk": 2,  # A, D
            "cases_of_three_months_without_a_talk": 1,  # E
            "cases_of_three_months_without_a_fund_talk": 2,  # B, E
        }
        == found
    )


def test_every_pattern_is_a_share_of_what_it_can_be_found_in(
    facts: duckdb.DuckDBPyConnection,
) -> None:
    found = row(facts, "quality_imperfections")

    assert (
        found
        | {
            "process_id": PROCESS,
            "regime_id": R24,
            "events": 8,
            "timed_events": 6,
            "registered_events": 7,
            "changed_events": 7,
            "events_of_two_systems": 5,  # of A and B
            "cases": 5,
            "cases_of_two_systems": 2,
            "form_based": 2,
            "form_based_percent": 100 / 3,
            "unanchored": 1,
            "unanchored_percent": 12.5,
            "time_travel_percent": 0.0,
            "scattered_case_percent": 50.0,
        }
        == found
    )


@pytest.mark.parametrize(
    ("on", "activity", "lacks"),
    [
        ("2024-03-05", "MAALGRUPPESKIFT", 1), ("2024-03-06", "MAALGRUPPESKIFT", 2),
        ("2024-03-09", "TILMELDT", 1), ("2024-03-05", "HJEMMELAVET", 2),
    ],
)
def test_a_case_tells_its_start_by_a_start_activity_or_by_a_change_into_its_group_on_its_first_day(
    facts: duckdb.DuckDBPyConnection, on: str, activity: str, lacks: int
) -> None:
    # case B was registered on 5 March; what stands before its start is no fault
    facts.execute(
        "insert into core.event_log(case_id, event_id, event_number, activity_id, occurred_on)"
        " values ('B', 'more', 3, ?, ?)", [activity, on],
    )  # fmt: skip
    found = facts.execute(
        f"select cases_without_start_activity from ({render(MODELS / 'quality_cases.sql')})"
    ).fetchall()
    assert found == [(lacks,)]


def test_courses_lack_no_group_where_no_process_asks_for_one(
    facts: duckdb.DuckDBPyConnection,
) -> None:
    facts.execute("update core.processes set target_groups = null")
    found = facts.execute(
        "select courses, courses_without_target_group_percent"
        f" from ({render(MODELS / 'quality_rows.sql')}) where source_table = 'contacts'"
    ).fetchall()
    assert found == [(0, None)]


def test_what_became_of_the_rows_is_counted_per_table(facts: duckdb.DuckDBPyConnection) -> None:
    found = one_table(facts, "contacts")

    assert (
        found
        | {
            "system_id": "momentum",
            "source_table": "contacts",
            "rows_in_files": 20,
            "rows_rejected_at_reading": 2,
            "values_rejected_at_reading": 2,
            "staged_rows": 12,
            "judged_rows": 11,
            "events": 9,
            "rows_rejected": 2,
            "rows_unmapped": 1,
            "events_outside_cases": 1,
            "unmapped_codes": 2,
            "unmapped_codes_like_person_numbers": 1,
            "citizen_links": 4,
            "citizen_links_not_followed_percent": 25.0,
            "courses": 2,
            "courses_without_target_group": 1,
            "rows_rejected_at_reading_percent": 10.0,
        }
        == found
    )


def test_each_kind_of_code_has_its_own_column(facts: duckdb.DuckDBPyConnection) -> None:
    rows = facts.execute(
        "select kind, coalesce(activity_id, target_group, resource_type, responsible_party,"
        " org_unit_id), uses from quality.quality_codes"
    ).fetchall()
    assert {
        ("activity", "JOBSAMTALE", 4),
        ("target_group", "6.1", 4),
        ("org_unit", "T1", 8),
        ("responsible_party", "joint", 1),
        ("resource_type", "robot", 1),
    } <= set(rows)
    assert None not in {code for _, code, _ in rows}


def test_a_rule_on_the_log_is_told_with_what_it_looked_at(facts: duckdb.DuckDBPyConnection) -> None:
    found = row(facts, "quality_log_rules")

    assert (found["log_rule_id"], found["checked"], found["found"]) == ("ONCE", 5, 2)
    assert (found["found_percent"], found["allowed_percent"]) == (40.0, 25.0)
    citizens = f"select found_citizens, kept_citizens from ({render(MODELS / 'quality_log_rules.sql')})"
    # both that break it are Z's
    facts.execute("update core.cases set citizen_id = case_id where citizen_id <> 'Z'")
    assert facts.execute(citizens).fetchall() == [(1, 3)]
    # who has a case of each stands behind both
    facts.execute("update core.cases set citizen_id = 'A' where case_id in ('A', 'C')")
    assert facts.execute(citizens).fetchall() == [(2, 3)]


def test_rows_whose_code_is_not_what_it_should_be_are_counted_per_table(
    facts: duckdb.DuckDBPyConnection,
) -> None:
    found = row(facts, "quality_labels")

    assert (
        found
        | {
            "source_table": "contacts",
            "labels": 2,
            "labelled_rows": 100,
            "labels_not_compared": 1,
            "rows_with_distorted_label": 10,
            "rows_with_polluted_label": 0,  # a column as a whole is told by what was not compared
            "rows_with_synonymous_label_percent": 20.0,
            "rows_with_homonymous_label_percent": 0.0,
        }
        == found
    )


def test_of_too_few_no_share_is_told_but_where_one_is_too_many(
    facts: duckdb.DuckDBPyConnection,
) -> None:
    facts.execute("update core.quality_limits set amount = 9 where limit_id like 'share_least%'")
    for name in ("quality_events", "quality_cases", "quality_log_rules", "quality_imperfections"):
        facts.execute(f"create or replace table quality.{name} as {render(MODELS / f'{name}.sql')}")
    events, cases = row(facts, "quality_events"), row(facts, "quality_cases")
    assert (events["events"], events["talks"], cases["cases"]) == (8, 4, 5)
    told = {name for name, share in (events | cases).items() if name.endswith("_percent") and share}
    assert told == {"events_before_1990_percent"}
    assert row(facts, "quality_imperfections")["form_based_percent"] is None
    assert row(facts, "quality_log_rules")["found_percent"] is None
    facts.execute("update core.log_rules set allowed_percent = null")
    assert facts.execute(
        f"select found_percent from ({render(MODELS / 'quality_log_rules.sql')})"
    ).fetchall() == [(40.0,)]
    facts.execute("update core.quality_limits set amount = 5 where limit_id like 'share_least%'")
    assert facts.execute(
        f"select cases_with_one_event_percent from ({render(MODELS / 'quality_cases.sql')})"
    ).fetchall() == [(20.0,)]


def test_where_many_of_a_few_have_a_fault_their_share_is_told(
    facts: duckdb.DuckDBPyConnection,
) -> None:
    """Or a small slice in which everything is wrong would pass for one of which nothing is known."""
    facts.execute("update core.quality_limits set amount = 9 where limit_id like 'share_least%'")
    facts.execute("update core.quality_limits set amount = 2 where limit_id = 'share_least_found'")
    found: dict[str, object] = {}
    for model in ("quality_events", "quality_cases", "quality_log_rules"):
        facts.execute(f"create or replace table quality.{model} as {render(MODELS / f'{model}.sql')}")
        found |= row(facts, model)
    counts = {name: n for name, n in found.items() if f"{name}_percent" in found}
    assert {1, 2} <= set(counts.values())
    assert {name for name in counts if found[f"{name}_percent"] is not None} == {
        "events_before_1990", *(name for name, n in counts.items() if isinstance(n, int) and n >= 2)
    }


def test_nothing_to_look_at_is_null_and_not_zero_percent(facts: duckdb.DuckDBPyConnection) -> None:
    facts.execute("update core.int_quality_steps set activity_code = 'HJEMMELAVET'")
    found = facts.execute(
        f"select talks, talks_without_party_percent from ({render(MODELS / 'quality_events.sql')})"
    ).fetchall()
    assert found == [(0, None)]


def test_empty_core_tables_give_empty_facts_and_no_rule_passes(
    facts: duckdb.DuckDBPyConnection, registry: Registry, tmp_path: Path
) -> None:
    core = facts.execute(
        "select table_name from information_schema.tables where table_schema = 'core'"
    ).fetchall()
    for (name,) in core:
        facts.execute(f"delete from core.{name}")
    for name in OF_THE_LOG:
        facts.execute(f"create or replace table quality.{name} as {render(MODELS / f'{name}.sql')}")

    report = run_suites(facts, "901", registry, EXPECTATIONS, tmp_path / "r", date(2026, 11, 22))

    assert {r.outcome for r in report.results} == {Outcome.NOT_APPLICABLE, Outcome.NO_DATA}


@pytest.mark.parametrize("rule_id", WRONG_CODES)
def test_a_code_that_is_none_of_the_registry_fails_its_rule(
    facts: duckdb.DuckDBPyConnection, registry: Registry, tmp_path: Path, rule_id: str
) -> None:
    def failed() -> set[str]:
        sql = render(MODELS / "quality_codes.sql")
        facts.execute(f"create or replace table quality.quality_codes as {sql}")
        report = run_suites(facts, "901", registry, EXPECTATIONS, tmp_path / "r", date(2026, 11, 22))
        return {r.rule_id for r in report.results
                if r.outcome is Outcome.FAIL and r.dataset == "quality_codes"}

    facts.execute("update core.event_log set activity_id = 'TILMELDT'"
                  " where activity_id = 'HJEMMELAVET'")
    assert failed() == set()
    facts.execute(WRONG_CODES[rule_id])
    assert rule_id in failed()


def test_the_facts_as_sql_makes_them_are_judged(
    facts: duckdb.DuckDBPyConnection, registry: Registry, tmp_path: Path
) -> None:
    report = run_suites(facts, "901", registry, EXPECTATIONS, tmp_path / "r", date(2026, 11, 22))

    failed = {r.rule_id for r in report.results if r.outcome is Outcome.FAIL}
    assert {"EV-001", "EV-002", "RW-007", "RW-001", "PR-001", "FL24-001"} <= failed
    assert "CO-002" in failed  # HJEMMELAVET is no activity of the registry
    passed = {r.rule_id for r in report.results if r.outcome is Outcome.PASS}
    assert {"EV-003", "CO-001", "FL24-002", "PR-002"} <= passed
    assert not {r.rule_id for r in report.results if r.outcome is Outcome.ERROR}
    assert Reference.of(registry).regimes[R24].process_id == PROCESS
