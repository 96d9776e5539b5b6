"""A small municipality whose groups are known, taken through the real SQL of the marts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import yaml

from pm_pipeline.mining.conformance.deviations import DeviationRow
from pm_pipeline.mining.constraints.report import ConstraintRow
from pm_pipeline.mining.initiatives.effect import Design, InitiativeEffect, Verdict, write_effects
from pm_pipeline.mining.report import write_table
from pm_pipeline.mining.whatif.report import WhatIfRow
from pm_pipeline.publish import DeliveryReceipt, Receipt
from pm_pipeline.quality.drift.results import DriftOutcome, DriftPoint, write_drift_points
from tests.publish.compared_data import write_compared
from tests.publish.flow_data import write_flow

REPOSITORY = Path(__file__).parents[2]
MARTS_DIR = REPOSITORY / "dbt_project" / "models" / "marts"
MARTS_YAML = MARTS_DIR / "_marts.yml"
CORE_DIR = REPOSITORY / "dbt_project" / "models" / "core"
LAW_CORE_DIR = CORE_DIR / "law"
INTERMEDIATE_DIR = REPOSITORY / "dbt_project" / "models" / "intermediate"
MACROS_DIR = REPOSITORY / "dbt_project" / "macros"
SEEDS_DIR = REPOSITORY / "dbt_project" / "seeds"
SEEDS_YAML = REPOSITORY / "dbt_project" / "models" / "_seeds.yml"
K = 5
#: Taken as shipped; the rules are this module's own. The models made of them alone are rendered too.
LAW_SEEDS = {
    "legal_changes": "law", "regimes": "law", "clock_stops": "law", "exemptions": "law",
    "activity_mappings": "mapping", "accepted_deviations": "registry",
}
LAW_MODELS = ("int_law_process_touches", "int_law_mapping_touches")
PAGE_MODELS = ("int_law_rule_changes", "int_law_change_pages")
CASH = ("kontanthjaelp", "kontanthjaelp__20240101")
INSURED = ("forsikrede_ledige", "forsikrede_ledige__20240101")
BEFORE = ("forsikrede_ledige", None)

# process, regime, target group, cases, citizens, breached, pending, changed caseworker, second talk
GROUPS = [
    (*CASH, "6.2", 60, 60, 12, 8, 20, 25),
    (*CASH, "6.3", 20, 20, 2, 0, 3, 0),  # a part of 2: a figure to blank
    (*CASH, "6.4", 4, 4, 0, 0, 0, 0),  # too few
    (*CASH, "6.5", 8, 3, 0, 0, 0, 0),  # enough cases, too few citizens
    (*INSURED, "6.1", 30, 30, 10, 0, 10, 10),
    (*BEFORE, "6.1", 10, 10, 0, 0, 0, 0),  # before the first law: no rules
]


@dataclass(frozen=True)
class Inputs:
    """What :func:`build_candidate` reads."""

    warehouse: Path
    rule_results: Path
    mining_dir: Path


def a_receipt() -> Receipt:
    return Receipt(
        municipality_id="901",
        deliveries=(
            DeliveryReceipt(
                system_id="momentum", delivery_id="20261101-1234567890ab",
                contract_version="2026-01", sha256s=("0" * 64,),
            ),
        ),
        rows_in=110, rows_loaded=100, rows_rejected=6, exact_duplicates=4,
        staged_rows=100, events=95, rejected_events=5,
        regimes=(CASH[1], INSURED[1]), law_fingerprint="1" * 64, code_version="0.1.0",
        min_group_size=K, input_fingerprint="2" * 64,
        published_at=datetime(2026, 11, 22, 10, tzinfo=UTC),
    )  # fmt: skip


def replace_receipt(receipt: Receipt, **changes: Any) -> Receipt:
    return Receipt.model_validate(receipt.model_dump() | changes)


def rows(database: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def change(database: Path, *statements: str) -> None:
    with duckdb.connect(str(database)) as connection:
        for statement in statements:
            connection.execute(statement)


# The first 95 events of group 6.2: all sixty first contacts, ten of them registered forty days late and
# three at midnight, and the first 35 talks, registered within a quarter of a day.
_TIMES = f"""
    alter table core.event_log add column event_id varchar;
    update core.event_log set event_id = case_id || '/' || event_number;
    alter table core.event_log add column occurred_on date;
    update core.event_log set occurred_on = occurred_at;
    create table core.events as
    select event_id, 'momentum' as system_id,
        case when activity_id = 'FOERSTE_HENVENDELSE' and number < 10 then 40.0 else 0.25 end::double
            as registration_lag_days
    from (
        select *, cast(split_part(case_id, '-', -1) as integer) as number from core.event_log
        where case_id like 'case-{CASH[1]}-6.2-%'
    )
    order by activity_id = 'FOERSTE_HENVENDELSE' desc, number, event_number limit 95;
    alter table core.events add column mapping_id varchar;
    alter table core.events add column occurred_on date;
    create table core.event_objects (event_id varchar, object_id varchar, object_type varchar);
    create table core.int_as_of as select date '2026-11-01' as as_of_on;
    create table core.event_time_flags as
    select event_id, 'midnight' as flag from core.events
    where regexp_matches(event_id, '-[012]/1$')
    union all
    select event_id, 'batch_second' from core.events where regexp_matches(event_id, '/1$');
"""

# Of group 6.2 seven first contacts have a time that is none; of each group two cases go on elsewhere.
_FOUND = f"""
    create table core.quality_patterns as
    select * from read_csv('{REPOSITORY}/dbt_project/detectors/quality_patterns.csv', header = true);
    create table core.findings_of_events as
    select 'zero_time' as pattern_id, event_id, process_id, case_id
    from core.event_log where regexp_matches(event_id, '{CASH[1]}-6.2-[0-6]/1$')
    union all select 'elusive_case', 'nowhere', null, null;
    alter table core.cases add column n_events bigint;
    update core.cases set n_events = (
        select count(*) from core.event_log as log
        where log.process_id = cases.process_id and log.case_id = cases.case_id
    );
    create table core.findings_of_cases as
    select 'scattered_case' as pattern_id, process_id, case_id
    from core.cases where regexp_matches(case_id, '-[01]$');
"""


# A talk that nearly everybody, nobody, and a few had before and after the law; one case had none.
_COMPARED = f"""
    create table core.dated_changes as
    select 'law' as kind, 'CONTACT-2024' as change_id, 'Lov' as title_da, 'Act' as title_en;
    create table core.int_change_groups as
    select '{CASH[0]}' as process_id, null::varchar as system_id, null::varchar as delivery_id,
        date '2024-01-01' as changed_on, 'case_start' as axis, 'case_share' as measure, *
    from (values ('JOBSAMTALE', 30, 40, 60, 60), ('MIN_PLAN', 3, 40, 60, 60),
        ('SANKTION', 2, 3, 60, 60),
        ('TILBUD', 30, 57, 60, 60), ('OVERGANG', 0, 40, 60, 60))
        as groups(item, n_before, n_after, n_whole_before, n_whole_after);
    alter table core.int_change_groups add column n_acts_of_few_before bigint default 20;
    alter table core.int_change_groups add column n_acts_of_few_after bigint default 20;
    copy (
        select '901' as municipality_id, 'law' as kind, 'CONTACT-2024' as change_id, 'begins' as part,
            changed_on, process_id, null::varchar as system_id, axis, measure, item, true as is_touched,
            n_before::bigint as n_before, 60::bigint as whole_before, n_after::bigint as n_after,
            60::bigint as whole_after, 26::bigint as weeks_before, 26::bigint as weeks_after,
            n_before / 60 as value_before, n_before / 60 as value_expected, n_after / 60 as value_after,
            'cohens_h' as effect_measure, 0.5::double as effect_size, 0.2::double as effect_low,
            0.8::double as effect_high, 0.001::double as p_value, 0.01::double as p_adjusted,
            'changed' as verdict, null::varchar as reason,
            null::bigint as weeks_needed, null::bigint as municipalities_needed,
            null::bigint as n_needed, n_before = 0 as is_new,
            false as is_vanished, date '2024-04-01' as adopted_on, date '2024-03-01' as adopted_from_on,
            date '2024-05-01' as adopted_to_on, 91::bigint as adoption_days, false as is_late,
            'law' as cause, 'CONTACT-2024' as caused_by, 'axes' as cause_rests_on,
            null::varchar as confounders,
            'Fra 1. januar 2024 ...' as sentence_da, 'From 2024-01-01 ...' as sentence_en
        from core.int_change_groups
    ) to '{{path}}' (format parquet);
"""


def _comparisons(inputs: "Inputs") -> Path:
    return inputs.rule_results.with_name("change_comparisons.parquet")


def declared_columns() -> dict[str, list[tuple[str, str]]]:
    """(name, type) of the columns of each mart, as its contract declares them."""
    return {
        model["name"]: [(column["name"], column["data_type"]) for column in model["columns"]]
        for model in yaml.safe_load(MARTS_YAML.read_text("utf-8"))["models"]
    }


def make_inputs(folder: Path) -> Inputs:
    inputs = Inputs(
        folder / "warehouse.duckdb", folder / "quality" / "rule_results.parquet", folder / "mining"
    )
    inputs.rule_results.parent.mkdir()
    inputs.mining_dir.mkdir()
    with duckdb.connect(str(inputs.warehouse)) as connection:
        _write_core(connection)
        connection.execute(_FOUND)
        write_law(connection)
        for name in (*LAW_MODELS, *PAGE_MODELS, "int_accepted_deviations"):
            connection.execute(f"create view core.{name} as {render_model(INTERMEDIATE_DIR, name)}")
        code_use = render_model(LAW_CORE_DIR, "change_codes")
        connection.execute(f"create view core.change_codes as {code_use}")
        _write_quality(connection, inputs.rule_results)
        _write_history(connection, inputs)
        connection.execute(_COMPARED.format(path=_comparisons(inputs)))
        _write_mining(connection, inputs.mining_dir)
        write_table(DeviationRow, _deviations(), inputs.mining_dir / "deviations.parquet")
        write_table(
            ConstraintRow, _constraints(), inputs.mining_dir / "declare_constraints.parquet"
        )
        write_effects(_initiatives(), inputs.mining_dir / "initiative_effects.parquet")
        write_table(WhatIfRow, _what_if_answers(), inputs.mining_dir / "what_if_answers.parquet")
        write_compared(inputs.mining_dir)
        write_flow(connection)
        told = render_model(CORE_DIR / "flow", "told_filters")
        connection.execute(f"create view core.told_filters as {told}")
        write_drift_points(_drift_points(), inputs.rule_results.with_name("drift_points.parquet"))
        connection.execute("create schema marts")
        for name in declared_columns():
            sql = render_mart(name, inputs)
            connection.execute(f"create table marts.{name} as {sql}")
    return inputs


def write_law(
    connection: duckdb.DuckDBPyConnection, *others: str, seeds_dir: Path = SEEDS_DIR
) -> None:
    """:data:`LAW_SEEDS` and the ``others`` of seeds/law in schema ``reference``, typed as dbt does."""
    declared = yaml.safe_load(SEEDS_YAML.read_text("utf-8"))["seeds"]
    for name, folder in (LAW_SEEDS | dict.fromkeys(others, "law")).items():
        (types,) = [one["config"]["column_types"] for one in declared if one["name"] == name]
        connection.execute(
            f"create table reference.{name} as select * from read_csv("
            f"'{seeds_dir / folder / name}.csv', header = true, columns = {types})"
        )


def render_mart(name: str, inputs: Inputs) -> str:
    """The SQL of a mart as dbt would render it."""
    return render_model(MARTS_DIR, name, {
        "rule_results": inputs.rule_results,
        "drift_points": inputs.rule_results.with_name("drift_points.parquet"),
        "rule_history": _history_of(inputs),
        "change_comparisons": _comparisons(inputs),
        "discovered_models": inputs.mining_dir / "discovered_models.parquet",
        "initiative_effects": inputs.mining_dir / "initiative_effects.parquet",
        "what_if_answers": inputs.mining_dir / "what_if_answers.parquet",
        "deviations": inputs.mining_dir / "deviations.parquet",
        "declare_constraints": inputs.mining_dir / "declare_constraints.parquet",
        "group_comparisons": inputs.mining_dir / "group_comparisons.parquet",
    })


def render_model(folder: Path, name: str, sources: Mapping[str, Path] | None = None) -> str:
    """The SQL of a model as dbt would render it; every model it reads stands in ``core``."""
    sources = sources or {}
    names = (
        {"activity_codes": "core.activities", "rules": "reference.rules"}
        | {seed: f"reference.{seed}" for seed in LAW_SEEDS}
        | {mart: f"marts.{mart}" for mart in declared_columns()}
    )
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    macros = "".join(path.read_text("utf-8") for path in sorted(MACROS_DIR.glob("*.sql")))
    return environment.from_string(macros + (folder / f"{name}.sql").read_text("utf-8")).render(
        ref=lambda model: names.get(model, f"core.{model}"),
        source=lambda _, table: f"read_parquet('{sources[table]}')",
        env_var=lambda name, default: {"PM_MUNICIPALITY": "901"}.get(name, default),
        config=lambda **_: "",
    )


def _write_core(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("create schema core; create schema reference")
    connection.execute(
        "create table reference.rules as select * from (values"
        f" ('FIRST_TALK', 'B', '{CASH[1]}', 'deadline', 'JOBSAMTALE|CV_SAMTALE', 'municipality',"
        "   null::bigint, 1, 'week'),"
        f" ('TALKS', 'B', '{CASH[1]}', 'min_count', 'JOBSAMTALE', 'municipality', 2, 6, 'month'),"
        f" ('FIRST_TALK', 'I', '{INSURED[1]}', 'deadline', 'JOBSAMTALE', null, null, 1, 'month'),"
        f" ('PLAN', 'B', '{CASH[1]}', 'deadline', 'MIN_PLAN', null, null, 2, 'week'),"
        f" ('TALKS_OF_MOST', 'C', '{INSURED[1]}', 'population_share', 'JOBSAMTALE', null, 2, 3,"
        "   'month')"
        ") as rules(rule_id, version, regime_id, kind, required_activity_id, responsible_party,"
        " min_count, window_to, window_unit)"
    )
    connection.execute(
        "alter table reference.rules add column change_id varchar default 'CONTACT-2024';"
        "alter table reference.rules add column title_da varchar default 'Første samtale';"
        "alter table reference.rules add column title_en varchar default 'First talk';"
        "alter table reference.rules add column legal_basis_url varchar"
        " default 'https://www.elov.dk/lov/paragraf/31';"
        "alter table reference.rules add column certainty varchar default 'verified';"
        "alter table reference.rules add column window_from integer default 0;"
        "alter table reference.rules add column share_required decimal(6,4);"
        "update reference.rules set share_required = 0.75 where kind = 'population_share';"
        "create table core.activities as select * from (values"
        " ('FOERSTE_HENVENDELSE', 1::smallint, 'Første henvendelse', 'First contact',"
        "   'registration', 20), ('JOBSAMTALE', 2, 'Jobsamtale', 'Talk', 'talk', 80),"
        " ('MIN_PLAN', 3, 'Min Plan', 'My plan', 'plan', 90),"
        " ('AFMELDT_JOB', 4, 'Afmeldt til job', 'Left for a job', 'deregistration', 200)"
        ") as activities(activity_id, activity_code, label_da, label_en, family, sort_rank)"
    )
    cases, outcomes, events = _people()
    connection.execute(
        "create table core.cases (process_id varchar, case_id varchar, citizen_id varchar,"
        " target_group varchar, regime_id varchar, is_closed boolean, caseworker_changes bigint,"
        " lead_time_days double, working_days bigint)"
    )
    _insert(connection, "core.cases", cases)
    connection.execute("alter table core.cases add column registered_on date default date '2025-01-06'")
    connection.execute(
        "create table core.rule_outcomes (process_id varchar, case_id varchar, citizen_id varchar,"
        " rule_id varchar, version varchar, regime_id varchar, target_group varchar, kind varchar,"
        " anchor_on date, window_starts_on date, first_on date, counted bigint, outcome varchar)"
    )
    _insert(connection, "core.rule_outcomes", outcomes)
    # an absence of a day in all of them; a week has five working days
    connection.execute(
        "create or replace table core.rule_outcomes as"
        " select *, date_diff('day', anchor_on, first_on) as calendar_days,"
        " calendar_days - 1 as counted_days, calendar_days * 5 // 7 as working_days"
        " from core.rule_outcomes"
    )
    _write_population(connection)
    for name in ("rule_cohorts", "population_shares"):
        connection.execute(f"create view core.{name} as {render_model(LAW_CORE_DIR, name)}")
    connection.execute(
        "create table core.event_log (process_id varchar, case_id varchar, event_number integer,"
        " activity_id varchar, occurred_at timestamp)"
    )
    _insert(connection, "core.event_log", events)
    connection.execute(_TIMES)
    connection.execute(
        """
        create table core.variants as
        with paths as (
            select process_id, case_id, list(activity_id order by event_number) as activities
            from core.event_log group by all
        )
        select process_id, regime_id, md5(activities::varchar) as variant_id, activities,
            len(activities) as n_events, count(*) as n_cases,
            count(distinct citizen_id) as n_citizens
        from paths join core.cases using (process_id, case_id) group by all;
        alter table core.cases add column variant_id varchar;
        update core.cases set variant_id = (
            select md5(list(activity_id order by event_number)::varchar) from core.event_log
            where event_log.process_id = cases.process_id and event_log.case_id = cases.case_id
        );
        create table core.directly_follows as
        with steps as (
            select process_id, case_id, activity_id as from_activity_id,
                lead(activity_id) over following as to_activity_id,
                epoch(lead(occurred_at) over following - occurred_at) as seconds
            from core.event_log
            window following as (partition by process_id, case_id order by event_number)
        )
        select process_id, regime_id, from_activity_id, to_activity_id,
            count(*) as n_occurrences, count(distinct case_id) as n_cases,
            count(distinct citizen_id) as n_citizens, avg(seconds) as mean_seconds,
            median(seconds) as median_seconds, quantile_cont(seconds, 0.9) as p90_seconds
        from steps join core.cases using (process_id, case_id)
        where to_activity_id is not null group by all;
        create table core.start_end_activities as
        select process_id, regime_id, 'start' as kind, activity_id, count(*) as n_cases,
            count(distinct citizen_id) as n_citizens
        from core.event_log join core.cases using (process_id, case_id)
        where event_number = 1 group by all
        union all by name
        select process_id, regime_id, 'end' as kind, activity_id, count(*) as n_cases,
            count(distinct citizen_id) as n_citizens
        from core.event_log join core.cases using (process_id, case_id)
        where activity_id = 'AFMELDT_JOB' group by all;
        create table core.rejected_events as select 'unmapped_code' as reason from range(5);
        create table core.deliveries as
        select 'momentum' as system_id, '20261101-1234567890ab' as delivery_id,
            '2026-01' as contract_version, md5(i::varchar) as sha256, 55::bigint as rows_in_file,
            50::bigint as rows_loaded, 3::bigint as rows_rejected, 2::bigint as exact_duplicates
        from range(2) as files(i);
        alter table core.deliveries add column delivered_on date default date '2026-11-01';
        alter table core.deliveries add column received_at timestamp default '2026-11-01';
        create table core.delivery_changes as
        select '901' as municipality_id, 'momentum' as system_id, 'contacts' as table_name,
            '20261101-1234567890ab' as delivery_id, '20261101-1234567890ab' as compared_with, *
        from (values
            (date '2026-09-01', false, 'changed', null, 30::bigint, 25::bigint),
            (date '2026-09-01', false, 'restated', 'held_at', 12, 11),
            (date '2026-09-01', false, 'deleted', null, 9, 4),  -- too few citizens
            (null, true, 'changed', null, 30, 25)
        ) as changes(period, is_total, change, column_name, n_rows, n_citizens)
        """
    )


def _write_population(connection: duckdb.DuckDBPyConnection) -> None:
    """The insured of 6.1 as the population of a rule: 20 of a cohort of 30 reached, seven pending."""
    connection.execute(
        f"""
        create table core.population_members as
        select '{INSURED[0]}' as process_id, '{INSURED[1]}' as regime_id, 'TALKS_OF_MOST' as rule_id,
            'C' as version, '6.1' as target_group, 'case-' || i as case_id,
            'citizen-' || i as citizen_id,
            0.75::decimal(6, 4) as share_required, 2 as required_count,
            date '2025-01-01' as cohort_month,
            case when i < 20 then 'reached' when i < 30 then 'not_reached' else 'pending' end as state
        from range(37) as people(i);
        """
    )


def _insert(
    connection: duckdb.DuckDBPyConnection, table: str, records: list[tuple[Any, ...]]
) -> None:
    """All at once: row by row takes seconds."""
    record = f"({', '.join('?' * len(records[0]))})"
    connection.execute(
        f"insert into {table} values {', '.join([record] * len(records))}",
        [value for values in records for value in values],
    )


def _people() -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Cases, rule outcomes and events of :data:`GROUPS`."""
    cases: list[tuple[Any, ...]] = []
    outcomes: list[tuple[Any, ...]] = []
    events: list[tuple[Any, ...]] = []
    start = date(2025, 1, 6)
    for group in GROUPS:
        process_id, regime_id, target_group, n_cases, n_citizens, breached, pending, *rest = group
        changed, second_talk = rest
        for number in range(n_cases):
            case_id = f"case-{regime_id}-{target_group}-{number}"
            citizen_id = f"citizen-{process_id}-{target_group}-{number % n_citizens}-{regime_id}"
            lead_days = 40.0 + number
            cases.append(
                (process_id, case_id, citizen_id, target_group, regime_id, True,
                 int(number < changed), lead_days, int(lead_days * 5 // 7))
            )  # fmt: skip
            if number < breached:  # half of the late ones never had the talk at all
                outcome, wait = "breached", (30 if number % 2 else None)
            elif number < breached + pending:
                outcome, wait = "pending", None
            else:
                outcome, wait = "fulfilled", 1 + number % 7
            talks = [wait] if wait is not None else []
            if wait is not None and number >= n_cases - second_talk:
                talks.append(wait + 1)
            if regime_id:
                first_on = start + timedelta(days=wait) if wait is not None else None
                base = (process_id, case_id, citizen_id)
                version = "B" if process_id == CASH[0] else "I"
                tail = (regime_id, target_group)
                outcomes.append(
                    (*base, "FIRST_TALK", version, *tail, "deadline", start, start, first_on,
                     int(outcome == "fulfilled"), outcome)
                )  # fmt: skip
                if process_id == CASH[0]:
                    enough = "fulfilled" if len(talks) >= 2 else "breached"
                    outcomes.append(
                        (*base, "TALKS", "B", *tail, "min_count", start, start, first_on,
                         len(talks), enough)
                    )  # fmt: skip
                    outcomes.append(
                        (*base, "PLAN", "B", *tail, "deadline", start, start, None, 0, "pending")
                    )
            walked = [("FOERSTE_HENVENDELSE", 0), *(("JOBSAMTALE", day) for day in talks)]
            for position, (activity, day) in enumerate([*walked, ("AFMELDT_JOB", 60)], start=1):
                at = datetime(2025, 1, 6, 8) + timedelta(days=day)
                events.append((process_id, case_id, position, activity, at))
    return cases, outcomes, events


def _write_quality(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    connection.execute(
        f"""
        copy (select * from (values
            ('901', '{CASH[0]}', '{CASH[1]}', 'quality_cases', 'baseline', 'CASES_WITHOUT_GROUP',
             'critical', 'PASS', 92, 0, 0.0::double, 87, 87),
            ('901', '{CASH[0]}', '{CASH[1]}', 'quality_cases', 'baseline', 'EVENTS_AFTER_END',
             'warning', 'FAIL', 92, 13, 14.1, 87, 3),
            ('901', '{INSURED[0]}', '{INSURED[1]}', 'quality_cases', 'regime', 'TALKS_BY_FUND',
             'critical', 'FAIL', 30, 20, 66.7, 30, 10),
            ('901', '{INSURED[0]}', 'forsikrede_ledige__20260701', 'quality_cases', 'regime',
             'TALKS_BY_FUND', 'critical', 'NO_DATA', null, null, null, null, null),
            ('901', null, null, 'quality_rows', 'baseline', 'ROWS_REJECTED', 'warning', 'PASS',
             110, 6, 5.5, 127, 6)
        ) as results(municipality_id, process_id, regime_id, dataset, suite, rule_id, severity,
            outcome, n_checked, n_failed, percent, n_checked_citizens, n_split_citizens),
        (select 'Regel' as title_da, 'Rule' as title_en, 1.0::double as threshold,
            'LAB § 31' as legal_basis, 'why' as reason, 'how' as detail, true as counts_people))
        to '{path}' (format parquet)
        """
    )


def _drift_points() -> list[DriftPoint]:
    """The insured changed with the law of 2024: a talk of many, one that two had before, and the first
    by the fund: by all but one."""
    insured = DriftPoint(
        INSURED[0], DriftOutcome.CHANGED, n_watched_cases=40, n_watched_citizens=40, watch_days=90,
        watched_until_on=date(2026, 7, 1), n_cases_needed=40, change_number=1, first_case_number=21,
        changed_on=date(2024, 1, 20), earliest_on=date(2024, 1, 5), latest_on=date(2024, 2, 1),
        p_value=0.001, n_permutations=999, size=2.9, resolution_cases=1,
        n_cases_before=20, n_citizens_before=20, n_cases_after=20, n_citizens_after=20,
        near_change_kind="law", near_change_id="CONTACT-2024", near_change_on=date(2024, 1, 1),
        near_change_days=19, near_change_title_da="Nyt kontaktforløb",
        near_change_title_en="New contact course",
    )  # fmt: skip
    fund = "unemployment_fund"
    moves = [("JOBSAMTALE", None, 0, 20), ("CV_SAMTALE", None, 2, 14), ("JOBSAMTALE", fund, 0, 19)]
    return [
        DriftPoint(CASH[0], DriftOutcome.NO_CHANGE_SHOWN, 92, 87, 90, date(2026, 7, 1), 40),
        *(
            replace(
                insured, relation_number=number, relation_kind="by_party" if party else "happens",
                to_activity_id=activity_id, responsible_party=party, n_with_before=before,
                n_with_citizens_before=before, n_with_after=after,
                n_with_citizens_after=after, share_before=before / 20, share_after=after / 20,
                relation_size=2.0, sentence_da="Sager forløber anderledes.",
                sentence_en="Cases take another course.",
            )
            for number, (activity_id, party, before, after) in enumerate(moves, start=1)
        ),
    ]  # fmt: skip


def _initiatives() -> list[InitiativeEffect]:
    """One that helped, one judged against three citizens before, and one that has not begun."""
    helped = InitiativeEffect(
        municipality_id="901", initiative_id="HELPED", title_da="Indsats", title_en="Initiative",
        process_id=CASH[0], measure="n_talks", measure_item=None, follow_up_days=91,
        target_groups=None, target_units=None, comparison_groups=None, comparison_units=None,
        starts_on=date(2025, 1, 1), ends_on=None, registered_on=date(2024, 12, 1),
        is_exploratory=False, owner_role="Leder", direction="higher", expected_size=1.0,
        design=Design.INTERRUPTED_TIME_SERIES, n_cases_before=93, n_citizens_before=90,
        n_cases_after=47, n_citizens_after=46, n_comparison_cases_before=None,
        n_comparison_citizens_before=None, n_comparison_cases_after=None,
        n_comparison_citizens_after=None, n_left_out=2, mean_before=2.345, mean_after=3.456,
        comparison_mean_before=None, comparison_mean_after=None, effect_size=1.1234,
        effect_low=0.5, effect_high=1.7, slope_change=0.1, slope_low=-1.0, slope_high=1.2,
        n_placebos=9, placebo_share=0.0, verdict=Verdict.IMPROVED, reason=None, n_more_cases=None,
        confounders="CONTACT-2024", sentence_da="Forbedret.", sentence_en="Improved.",
    )  # fmt: skip
    nothing = dict.fromkeys(
        ("mean_before", "mean_after", "effect_size", "effect_low", "effect_high", "slope_change",
         "slope_low", "slope_high", "placebo_share")
    )  # fmt: skip
    few = replace(
        helped, **nothing, initiative_id="FEW", comparison_groups="6.4",
        design=Design.DIFFERENCE_IN_DIFFERENCES, n_comparison_cases_before=3,
        n_comparison_citizens_before=3, n_comparison_cases_after=12,
        n_comparison_citizens_after=12, n_placebos=0, verdict=Verdict.CANNOT_TELL_YET,
        reason="below_minimum_group",
    )  # fmt: skip
    not_begun = replace(
        helped, **nothing, initiative_id="NOT_BEGUN", n_cases_after=0, n_citizens_after=0,
        n_placebos=0, verdict=Verdict.CANNOT_TELL_YET, reason="no_cases_after", n_more_cases=40,
    )
    return [helped, few, not_begun]


def _what_if_answers() -> list[WhatIfRow]:
    """One of many, with a measure that few stand behind; one that is about few citizens."""
    told = WhatIfRow(
        municipality_id="901", what_if_id="OFTEN", title_da="Oftere", title_en="More often",
        process_id=CASH[0], activity_id="JOBSAMTALE", label_da="Jobsamtale", label_en="Job talk",
        quota_days=30, first_days=None, new_quota_days=21, staffing_factor=None,
        seen_from_on=date(2025, 1, 6), seen_until_on=date(2026, 1, 4), n_weeks=52, n_busy_weeks=40,
        n_cases=92, n_citizens=87, talks_per_working_day=3.04, weeks_ahead=52, outcome="told",
        reason=None, measure="mean_days_late", observed=9.345, n_observed_citizens=19,
        replayed_low=5.0, replayed_high=12.0, unchanged=9.0, unchanged_low=4.0, unchanged_high=15.0,
        changed=18.0, changed_low=11.0, changed_high=25.0, difference=9.0, difference_low=7.0,
        difference_high=11.0, sentence_da="Senere.", sentence_en="Later.",
    )  # fmt: skip
    nothing = dict.fromkeys(
        f"{run}{end}" for run in ("unchanged", "changed", "difference") for end in ("", "_low", "_high")
    )
    few = replace(
        told, **nothing, what_if_id="FEW", n_cases=4, n_citizens=4, n_busy_weeks=None, observed=None,
        n_observed_citizens=None, replayed_low=None, replayed_high=None, talks_per_working_day=None,
        outcome="cannot_tell", reason="below_minimum_group",
    )  # fmt: skip
    return [
        told, replace(told, measure="p90_days_late", observed=20.0),
        replace(told, measure="n_waiting", observed=3.0, n_observed_citizens=3), few,
    ]


def _deviations() -> list[DeviationRow]:
    """One slice with a deviation of many, one of a few and one that all but a few have; one without."""
    whole = DeviationRow(
        "901", *CASH, "discovered", "m", "compared", "slice", 92, 92, 87, 0.9, 0.5
    )
    deviation = replace(
        whole, grain="activity", kind="skipped", activity_ids="JOBSAMTALE", n_with=40,
        n_with_citizens=40, n_without_citizens=47,
    )
    few = replace(deviation, activity_ids="CV_SAMTALE", n_with=4, n_with_citizens=4)
    nearly_all = replace(
        deviation, kind="unexpected", activity_ids="MIN_PLAN", n_with=88, n_with_citizens=83,
        n_without_citizens=4,
    )
    none = DeviationRow("901", *CASH, "reference", None, "no_model", "slice")
    return [whole, deviation, few, nearly_all, none]


def _constraints() -> list[ConstraintRow]:
    """One that many hold and many violate, one that none violates, one that a few violate; no case."""
    whole = ConstraintRow("901", *CASH, "constraint", 92, 87)
    many = replace(
        whole, template="response", first_activity_id="JOBSAMTALE", second_activity_id="AFMELDT_JOB",
        n_activated=92, n_activated_citizens=87, n_satisfied=84, n_satisfied_citizens=82,
        n_violated=8, n_violated_citizens=8,
    )
    all_of_them = replace(
        many, template="init", first_activity_id="FOERSTE_HENVENDELSE", second_activity_id=None,
        n_satisfied=92, n_satisfied_citizens=87, n_violated=0, n_violated_citizens=0,
    )
    few = replace(
        many, template="precedence", n_satisfied=88, n_satisfied_citizens=85, n_violated=4,
        n_violated_citizens=4,
    )
    none = ConstraintRow("901", *INSURED, "no_case", 0, 0)
    return [many, all_of_them, few, none]


def _history_of(inputs: Inputs) -> Path:
    return inputs.rule_results.with_name("rule_history.parquet")


def _write_history(connection: duckdb.DuckDBPyConnection, inputs: Inputs) -> None:
    """Judged twice, in October all passed; behind each slice stood the people that stand there now."""
    connection.execute(
        f"""
        copy (
            with people as (
                select process_id, regime_id, count(*) as n_cases,
                    count(distinct citizen_id) as n_citizens
                from core.cases group by all
                union all select null, null, count(*), count(distinct citizen_id) from core.cases
            )
            select
                judgement, make_timestamp(2026, 9 + judgement, 1, 12, 0, 0) as judged_at,
                results.* replace (if(judgement = 1 and outcome = 'FAIL', 'PASS', outcome) as outcome),
                coalesce(n_cases, 0) as n_cases, coalesce(n_citizens, 0) as n_citizens
            from '{inputs.rule_results}' as results
            cross join (select unnest([1, 2]) as judgement)
            left join people on results.process_id is not distinct from people.process_id
                and results.regime_id is not distinct from people.regime_id
        ) to '{_history_of(inputs)}' (format parquet)
        """
    )


def _write_mining(connection: duckdb.DuckDBPyConnection, mining_dir: Path) -> None:
    for folder in ("model-cash", "model-insured"):
        (mining_dir / "artefacts" / folder).mkdir(parents=True)
        for name in ("model.bpmn", "model.pnml", "model.svg"):
            (mining_dir / "artefacts" / folder / name).write_text(f"<{folder}/>", "utf-8")
    (mining_dir / "artefacts" / "map-cash").mkdir()
    (mining_dir / "artefacts" / "map-cash" / "map.svg").write_text("<svg/>", "utf-8")
    connection.execute(
        f"""
        copy (select '901' as municipality_id, 'm' || i as model_id, process_id, regime_id,
            'inductive_miner' as algorithm, '{{"noise_threshold": 0.2}}' as parameters,
            n_cases, n_cases as n_citizens, n_cases - 20 as covered_cases, 0.8 as coverage,
            3 as n_variants, 0.97 as fitness, 1.0 as fitness_coverage,
            0.9 as precision_coverage, 'alignments' as fitness_measure, 0.8 as precision,
            'etc' as precision_measure, 0.9 as generalisation, 0.9 as generalisation_coverage,
            'use' as generalisation_measure, 0.7 as simplicity, 'arcs' as simplicity_measure,
            true as is_sound, null::varchar as unmeasured_reason,
            '2.7' as pm4py_version, '<bpmn/>' as bpmn, artefact_dir
        from (values (1, '{CASH[0]}', '{CASH[1]}', 92::bigint, 'artefacts/model-cash'),
            (2, '{INSURED[0]}', '{INSURED[1]}', 30, 'artefacts/model-insured'))
            as models(i, process_id, regime_id, n_cases, artefact_dir))
        to '{mining_dir}/discovered_models.parquet' (format parquet);
        copy (select * from (values
            ('{CASH[0]}', '{CASH[1]}', 92, 'artefacts/map-cash'),
            ('{INSURED[0]}', null, 10, null))
            as slices(process_id, regime_id, n_citizens, map_dir))
        to '{mining_dir}/slices.parquet' (format parquet);
        copy (select '{CASH[0]}' as process_id, 92 as n_citizens, 'artefacts/map-cash' as map_dir)
        to '{mining_dir}/object_maps.parquet' (format parquet)
        """
    )
