"""A log by hand, in the tables that rules on a log read, and the SQL of those rules over it."""

from dataclasses import dataclass, field

import duckdb

from tests.law.core_sql import render

PROCESS, REGIME, NEXT_REGIME = "visits", "visits__2020", "visits__2024"
_TABLES = """
create table log_rules (rule_id varchar, kind varchar, process_id varchar default 'visits',
    regime_id varchar, activity_id varchar, resource_kind varchar, attribute varchar,
    attribute_values varchar, amount_from int, amount int, unit varchar, allowed_percent double,
    severity varchar default 'warning');
create table event_log (process_id varchar default 'visits', case_id varchar, event_id varchar,
    event_number int, activity_id varchar, occurred_at timestamp, occurred_precision varchar,
    regime_id varchar, responsible_party varchar, resource_type varchar, org_unit_id varchar);
create table events (event_id varchar, registered_at timestamp, started_at timestamp,
    ended_at timestamp);
create view activity_codes as select distinct activity_id, activity_id as activity_code from event_log;
create view int_quality_steps as select event_log.*, event_log.activity_id as activity_code,
    events.* exclude (event_id) from event_log inner join events using (event_id);
create table int_events_judged (event_id varchar, system_id varchar default 'event_log',
    case_key varchar, activity_id varchar, occurred_at timestamp, occurred_on date,
    occurred_precision varchar, registered_at timestamp, started_at timestamp, ended_at timestamp,
    resource_type varchar, responsible_party varchar, org_unit_id varchar, reject_reason varchar);
create table cases (process_id varchar default 'visits', case_id varchar, citizen_id varchar,
    regime_id varchar, target_group varchar);
create view int_courses as
    select case_id as course_id, 'event_log' as system_id, case_id as case_key from cases;
create view int_case_members as select process_id, case_id, case_id as course_id from cases;
create view int_case_notions as
    select process_id, case_id, regime_id, 'case_start' as applies_by from cases;
create table regimes as select 'visits' process_id, 'visits__2020' regime_id,
    date '2020-01-01' valid_from, null::date valid_to;
create table quality_limits as
    select * from (values ('share_least', 1.0::double), ('share_least_found', 10))
        as limits (limit_id, amount);
create table stg_event_log__events (case_key varchar, activity varchar, event_instance varchar,
    resource_type varchar, row_state varchar default 'current');
"""
_VIEWS = (
    "int_log_rows", "int_log_cases_asked", "log_findings_of_cases", "log_findings_of_instances",
    "log_findings_of_rows", "log_findings_of_series", "log_rule_findings", "quality_log_rules",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One piece of work; a row without an activity is one whose code nobody knows."""

    case: str
    activity: str | None
    at: str | None
    started: str | None = None
    who: str | None = None
    party: str | None = None
    unit: str | None = None
    precision: str = "second"


@dataclass
class HandMadeLog:
    """Rows of cases, and what rules find in them; rows are named by their place, from 0."""

    rows: list[Row]
    regimes: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sql = duckdb.connect()
        self.sql.execute(_TABLES)
        for case in dict.fromkeys(row.case for row in self.rows):
            self.sql.execute(
                "insert into cases (case_id, citizen_id, regime_id, target_group)"
                " values ($1, $1, $2, $3)",
                [case, self._regime(case), self.groups.get(case)],
            )
        for number, row in enumerate(self.rows):
            self._add(number, row)
        for name in _VIEWS:
            self.sql.execute(f"create view {name} as {render(f'models/quality/**/{name}.sql')}")

    def _regime(self, case: str) -> str:
        return self.regimes.get(case, REGIME)

    def _add(self, number: int, row: Row) -> None:
        ended = row.at if row.started else None
        if row.activity is None:
            self.sql.execute(
                "insert into int_events_judged (event_id, case_key, occurred_at, occurred_on,"
                " occurred_precision, started_at, ended_at, resource_type, responsible_party,"
                " org_unit_id, reject_reason) values ($1, $2, $3, $3::timestamp::date, $4, $5, $6,"
                " $7, $8, $9, 'no_code')",
                [str(number), row.case, row.at, row.precision, row.started, ended, row.who,
                 row.party, row.unit],
            )  # fmt: skip
            return
        self.sql.execute(
            "insert into event_log (case_id, event_id, event_number, activity_id, occurred_at,"
            " occurred_precision, regime_id, responsible_party, resource_type, org_unit_id)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [row.case, str(number), number, row.activity, row.at, row.precision,
             self._regime(row.case), row.party, row.who, row.unit],
        )  # fmt: skip
        self.sql.execute(
            "insert into events values (?, null, ?, ?)", [str(number), row.started, ended]
        )

    def ask(self, rule_id: str, **cells: object) -> list[tuple[str | int, int]]:
        """(case, or place of the row, and how often) for each finding of this new rule."""
        cells = {"rule_id": rule_id, **cells}
        marks = ", ".join("?" for _ in cells)
        self.sql.execute(
            f"insert into log_rules ({', '.join(cells)}) values ({marks})", list(cells.values())
        )
        found = self.sql.execute(
            "select coalesce(event_id::int, -1), case_id, n from log_rule_findings"
            " where rule_id = ? order by 1, 2", [rule_id],
        ).fetchall()  # fmt: skip
        return [(case if number < 0 else number, n) for number, case, n in found]

    def counts(self, rule_id: str) -> list[tuple[object, ...]]:
        """(regime, checked, found, found_percent, allowed_percent) of a rule that was asked."""
        return self.sql.execute(
            "select regime_id, checked, found, found_percent, allowed_percent"
            " from quality_log_rules where log_rule_id = ? order by 1", [rule_id],
        ).fetchall()  # fmt: skip
