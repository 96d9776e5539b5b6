"""A small log of hand-made events, and what one detector finds in it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.law.core_sql import DBT_PROJECT, Core, render

_DENMARK = ZoneInfo("Europe/Copenhagen")
PROCESS = "forsikrede_ledige"

_TABLES = """
create table event_log (
    process_id varchar, case_id varchar, event_id varchar, event_number integer,
    activity_code smallint, occurred_at timestamp, occurred_on date, occurred_precision varchar,
    regime_id varchar, resource_type varchar, org_unit_id varchar, delivery_id varchar,
    responsible_party varchar
);
create table events (
    event_id varchar, registered_at timestamp, registered_precision varchar, changed_at timestamp,
    started_at timestamp, ended_at timestamp, system_id varchar, source_table varchar,
    source_file varchar, source_row bigint, occurred_at timestamp, mapping_id varchar
);
create table event_time_flags (event_id varchar, flag varchar);
create table int_courses (course_id varchar, citizen_id varchar, system_id varchar);
create table int_case_members (
    process_id varchar, case_id varchar, course_id varchar, citizen_id varchar
);
create table case_days (
    process_id varchar, case_id varchar, citizen_id varchar, regime_id varchar, registered_on date,
    ended_on date
);
"""
_CASES = """
create or replace table cases as
select
    case_days.*, min(occurred_at) as start_at, max(occurred_at) as end_at,
    count(event_id) as n_events
from case_days left join event_log using (process_id, case_id) group by all
"""
#: What detectors read, in the order it is built.
_SHARED = ("int_quality_steps", "int_quality_pairs", "int_quality_order", "zero_time", "order_repairs")


class PlantedLog(Core):
    """Cases, each with the events a test gives it, under the shipped limits."""

    def __init__(self) -> None:
        super().__init__()
        self.run(_TABLES)
        self.run(
            "create table quality_limits as select * from read_csv("
            f"'{DBT_PROJECT / 'detectors' / 'quality_limits.csv'}', header = true, nullstr = '',"
            " types = {'amount': 'double'})"
        )
        self._codes: dict[str, int] = {}
        self._rows = 0

    def case(
        self, case: str, citizen: str | None = None, system: str = "momentum",
        registered_on: str = "2024-01-01", ended_on: str | None = None, process: str = PROCESS,
    ) -> None:
        citizen = citizen or f"citizen of {case}"
        self.insert("case_days", [(process, case, citizen, "regime", registered_on, ended_on)])
        self.insert("int_courses", [(f"course {case}", citizen, system)])
        self.insert("int_case_members", [(process, case, f"course {case}", citizen)])

    def event(
        self, case: str, activity: str, at: str | datetime, name: str | None = None, *,
        registered: str | datetime | None = None, changed: str | None = None,
        precision: str | None = None, registered_precision: str = "second",
        system: str = "momentum", table: str = "contacts", row: int | None = None,
        flag: str | None = None, process: str = PROCESS,
    ) -> None:
        """An act, by its Danish day (``2024-03-01``) or with a time in UTC; its id is ``name``."""
        self._rows += 1
        name = name or f"event {self._rows}"
        known = precision or ("day" if isinstance(at, str) and " " not in at else "second")
        moment = at if isinstance(at, datetime) else datetime.fromisoformat(at)
        on = moment.replace(tzinfo=UTC).astimezone(_DENMARK).date()
        if known == "day":
            # as the staging has it: local midnight, told in UTC
            on = moment.date()
            moment = moment.replace(tzinfo=_DENMARK).astimezone(UTC).replace(tzinfo=None)
        code = self._codes.setdefault(activity, len(self._codes) + 1)
        self.insert("event_log", [(
            process, case, name, self._rows, code, moment, on, known, "regime", "human",
            "TEAM", "D1", "municipality",
        )])  # fmt: skip
        self.insert("events", [(
            name, registered, registered_precision, changed, None, None, system, table, "file.csv",
            row or self._rows, moment, "M1",
        )])  # fmt: skip
        if flag:
            self.insert("event_time_flags", [(name, flag)])

    def usual_cases(self, n: int = 30) -> None:
        """Cases of three acts in their usual order, a week apart."""
        start = datetime(2024, 1, 3, 9)
        for number in range(n):
            case = f"usual {number}"
            self.case(case)
            for week, activity in enumerate(("TILMELDT", "VISITATION", "JOBSAMTALE")):
                self.event(case, activity, start + timedelta(days=number, weeks=week, minutes=number))

    def found(self, pattern: str) -> set[str]:
        """The ids of the events (or cases) that the detector of this pattern finds."""
        self.run(_CASES)
        self.run("""
            create or replace table event_log as select * replace (cast(row_number() over (
                partition by process_id, case_id order by occurred_on, occurred_at, event_number
            ) as integer) as event_number) from event_log
        """)
        for model in _SHARED:
            self.make(model)
        rows = self.rows(render(f"models/quality/detectors/{pattern}.sql"))
        assert {row[0] for row in rows} <= {pattern}
        found = [row[-1] if len(row) == 3 else row[1] for row in rows]
        assert len(found) == len(set(found)), "an event is found once"
        return set(found)

    def limits(self) -> Mapping[str, float]:
        return dict(self.rows("select limit_id, amount from quality_limits"))
