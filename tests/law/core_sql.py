"""The SQL of the core, rendered as dbt would and run on a small DuckDB in memory."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Self
from zlib import crc32

import duckdb
import jinja2
import yaml

DBT_PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
SEEDS = DBT_PROJECT / "seeds"
MUNICIPALITY = "901"

_DELIVERIES = "create or replace table lake_deliveries as select ?::date as delivered_on"
_TABLES = """
create table int_courses (
    course_id varchar, citizen_id varchar, target_group varchar, registered_on date, ended_on date,
    vanished_on date, course_type varchar, unemployment_fund varchar
);
create table events (
    event_key ubigint, event_id varchar, activity_id varchar, occurred_at timestamp, occurred_on date,
    occurred_precision varchar, delivered_on date, source_file varchar, source_row bigint,
    delivery_id varchar, responsible_party varchar, resource_type varchar, org_unit_id varchar
);
create table event_objects (event_id varchar, object_id varchar, object_type varchar);
"""
#: The way from courses and events to a judged case, each built from those before it.
_LOG = (
    "activity_codes", "int_case_members", "int_case_notions", "case_events", "log_events",
    "log_steps", "event_log",
)
_ROAD = (*_LOG, "case_walks", "variants", "caseworker_changes", "cases", "transitions")
#: The way from cases, their log and the law to outcomes and shares.
_JUDGEMENT = (
    "int_as_of", "rule_cases", "exempt_periods", "removed_days", "rule_windows",
    "rule_counts", "rule_outcomes", "population_members", "population_shares",
)
_OWN_TABLES = ("int_courses", "events", "event_objects")


@cache
def render(pattern: str) -> str:
    """The SQL of one file of the dbt project; a table has the name of its model or source."""
    (path,) = DBT_PROJECT.glob(pattern)
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)
    macros = "".join(
        one.read_text("utf-8") for one in sorted((DBT_PROJECT / "macros").glob("*.sql"))
    )
    return environment.from_string(macros + path.read_text("utf-8")).render(
        ref=lambda model: model,
        source=lambda source, table: f"{source}_{table}",
        config=lambda **_: "",
        env_var=lambda name, default: {"PM_MUNICIPALITY": MUNICIPALITY}.get(name, default),
    )


@cache
def _column_types() -> dict[str, dict[str, str]]:
    return {
        seed["name"]: seed["config"]["column_types"]
        for path in ("models/_seeds.yml", "detectors/_detectors.yml")
        for seed in yaml.safe_load((DBT_PROJECT / path).read_text("utf-8"))["seeds"]
    }


class Core:
    """A warehouse of hand-made rows."""

    def __init__(self) -> None:
        # more than one thread only costs time on a handful of rows
        self.connection = duckdb.connect(config={"threads": 1})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()

    def run(self, sql: str) -> None:
        self.connection.execute(sql)

    def insert(self, table: str, records: Iterable[Sequence[object]]) -> None:
        values = [list(record) for record in records]
        if values:
            record = f"({', '.join('?' * len(values[0]))})"
            self.connection.execute(
                f"insert into {table} values {', '.join([record] * len(values))}",
                [value for one in values for value in one],
            )

    def make(self, model: str) -> None:
        """Build a model over the tables that are there."""
        self.run(f"create or replace table {model} as {render(f'models/**/{model}.sql')}")

    def make_from(self, pattern: str) -> None:
        """Build the one model this pattern finds in the dbt project."""
        name = Path(pattern).stem
        self.run(f"create or replace table {name} as {render(pattern)}")

    def judge(self, as_of: date | str) -> None:
        """Build the outcomes and the shares as known on this day."""
        self.as_of(as_of)
        for model in _JUDGEMENT:
            self.make(model)

    def found_by(self, test: str) -> list[tuple[Any, ...]]:
        """The rows a dbt test complains of."""
        return self.rows(render(f"tests/{test}.sql"))

    def seed(self, *names: str, seeds: Path = SEEDS) -> None:
        """The shipped seeds, or another field's, typed as dbt types them."""
        for name in names:
            path = next(seeds.rglob(f"{name}.csv"))
            self.run(
                f"create or replace table {name} as select * from read_csv('{path}',"
                f" header = true, nullstr = '', columns = {_column_types()[name]})"
            )

    def as_of(self, day: date | str) -> None:
        """The last delivery came on this day."""
        self.connection.execute(_DELIVERIES, [str(day)])


class Town(Core):
    """Courses and events of a municipality, under the shipped seeds."""

    def __init__(self) -> None:
        super().__init__()
        self.run(_TABLES)
        self.seed(
            "activities", "processes", "case_notions", "rules", "clock_stops", "exemptions",
            "municipalities", "calendar", "reorganisations",
        )
        self.make("int_working_days")
        self.clear()

    def clear(self) -> None:
        """Nobody is registered, and the law is the shipped one."""
        self.run("".join(f"delete from {table};" for table in _OWN_TABLES))
        self.seed("regimes")
        self._n_events = 0

    def course(
        self, course: str, group: str, registered_on: str | None, ended_on: str | None = None,
        citizen: str | None = None, fund: str | None = None,
    ) -> None:
        row = (
            course, citizen or f"citizen of {course}", group, registered_on, ended_on, None, "course",
            fund,
        )
        self.insert("int_courses", [row])

    def event(
        self, course: str, activity: str, at: str, party: str | None = None,
        event_id: str | None = None, source_row: int = 1,
    ) -> None:
        """An act on a day (``2024-03-01``) or at an hour of it (``2024-03-01 09:30``)."""
        self._n_events += 1
        event_id = event_id or self.last_event_id
        occurred_at = datetime.fromisoformat(at)
        precision = "second" if " " in at else "day"
        row = (
            crc32(event_id.encode()), event_id, activity, occurred_at, occurred_at.date(), precision,
            "2026-01-01", "file.csv", source_row, "delivery", party, None, None,
        )
        self.insert("events", [row])
        self.insert("event_objects", [(event_id, course, "course")])

    @property
    def last_event_id(self) -> str:
        """The id that the last event got by itself."""
        return f"event-{self._n_events:03}"

    def log(self) -> None:
        """The core up to the event log."""
        for model in _LOG:
            self.make(model)

    def build(self) -> None:
        """The core but for the outcomes."""
        for model in _ROAD:
            self.make(model)
