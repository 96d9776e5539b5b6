"""Codes that a change of law made say something else: each fault is found, and only it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from pm_pipeline.quality.suites.datasets import QUALITY_LAW_CODES
from tests.law.core_sql import DBT_PROJECT, Core
from tests.quality.clean_facts import assert_is_declared

_JUDGED = """
create table int_events_judged (
    system_id varchar default 'momentum', source_table varchar default 'tasks', source_code varchar,
    occurred_on date, registered_at timestamp, citizen_key varchar, activity_id varchar,
    mapping_id varchar, reject_reason varchar
)
"""
_LAW = """
create table legal_changes (change_id varchar, kind varchar, status varchar, effective_on date);
create table activity_mappings (
    mapping_id varchar, system_id varchar default 'momentum', municipality_id varchar,
    source_table varchar default 'tasks', source_code varchar, activity_id varchar,
    valid_from date, valid_to date, change_id varchar
);
create table processes as select 'ressourceforloeb' process_id, 'AFGOERELSE' start_activities;
create table regimes (
    process_id varchar default 'ressourceforloeb', valid_from date default '2020-01-01',
    valid_to date, ended_by_change_id varchar
);
insert into legal_changes values ('NEW', 'rule', 'in_force', '2025-01-01'),
    ('RETIRED', 'code_retirement', 'in_force', '2025-07-01'),
    ('OVER', 'scheme_end', 'in_force', '2025-07-01'), ('PLAN', 'rule', 'announced', '2025-01-01');
"""
_PATTERNS = ("code_after_end", "code_before_start", "code_meaning_changed", "unmapped_since_change")


_LOG = """
create table dated_changes as
    select 'law' kind, change_id, effective_on changed_on, null::varchar system_id
    from legal_changes where status in ('in_force', 'ended');
insert into dated_changes values ('release', 'V7', '2023-06-01', 'momentum'),
    ('release', 'OTHER', '2023-09-01', 'fasit'), ('delivery', 'D', '2023-09-01', 'momentum');
create table int_law_process_touches as select 'NEW' change_id, 'rule_begun' what, 'TALKS/B' named;
create table rules as select 'TALKS' rule_id, 'B' as version, 'TALK|MEETING' required_activity_id;
create table activity_codes as select a activity_id, i::smallint activity_code
    from (values ('TALK', 1), ('PLAN', 2), ('OFFER', 3), ('SICK', 4)) v(a, i);
create table cases as select 'P' process_id, g case_id, g target_group
    from (values ('6.1'), ('6.2')) v(g);
create table int_quality_steps (
    process_id varchar default 'P', case_id varchar default '6.1', system_id varchar default 'momentum',
    source_table varchar default 'tasks', mapping_id varchar default 'M1',
    activity_code smallint default 1, occurred_on date, previous_activity_code smallint,
    next_activity_code smallint
);
"""


class Codes(Core):
    """Acts with codes, and mappings that begin and end."""

    def __init__(self) -> None:
        super().__init__()
        self.run(_JUDGED)
        self.run(_LAW)
        self.run(_LOG)
        self.seed("quality_limits", seeds=DBT_PROJECT / "detectors")
        self.mapped("OLD HAND", "TALK")
        self.acts("OLD HAND", "2024-01-01", "2025-12-31")

    def mapped(self, code: str, activity: str, **columns: str) -> None:
        number = self.rows("select count(*) from activity_mappings")[0][0]
        row = {"mapping_id": f"M{number}", "source_code": code, "activity_id": activity} | columns
        self.insert(f"activity_mappings ({', '.join(row)})", [list(row.values())])

    def acts(self, code: str, *days: str, registered: str | None = None, n: int = 1) -> None:
        """Acts of ``n`` citizens on each day, mapped as the pipeline maps them."""
        for day in days:
            found = self.connection.execute(
                "select activity_id, mapping_id from activity_mappings where source_code = $1"
                " and coalesce(valid_from, $2::date) <= $2::date"
                " and $2::date < coalesce(valid_to, date '9999-01-01')"
                " and coalesce(municipality_id, '901') = '901' order by municipality_id nulls last",
                [code, day],
            ).fetchone()
            activity, mapping = found or (None, None)
            reason = None if found else "unmapped_code"
            self.insert(
                "int_events_judged (source_code, occurred_on, registered_at, citizen_key,"
                " activity_id, mapping_id, reject_reason)",
                [(code, day, registered or day, f"c{one}", activity, mapping, reason)
                 for one in range(n)],
            )  # fmt: skip

    def steps(self, first: str, before: int, after: int, case: str = "6.1", n: int = 120,
              activity: int = 1) -> None:
        """``n`` acts of code 17 on as many days, each between two others."""
        start = date.fromisoformat(first)
        days = [start + timedelta(days=one) for one in range(n)]
        self.insert(
            "int_quality_steps (occurred_on, case_id, previous_activity_code, next_activity_code,"
            " activity_code)",
            [(day, case, before, after, activity) for day in days],
        )  # fmt: skip
        self.acts("17", *(day.isoformat() for day in days))

    def build(self) -> None:
        self.make("int_law_mapping_touches")
        for model in (
            "int_quality_code_days", "int_quality_code_bounds", "int_quality_codes_out_of_time",
            "int_quality_codes_remapped", "int_quality_code_contexts", "int_quality_codes_shifted",
            *_PATTERNS, "int_quality_code_faults",
            "findings_of_codes", "quality_law_codes",
        ):  # fmt: skip
            self.make(model)

    def found(self) -> list[tuple[Any, ...]]:
        """Pattern, code, change, number of acts and of citizens."""
        self.build()
        return self.rows(
            "select pattern_id, source_code, change_id, n_rows, n_citizens from findings_of_codes"
            " order by all"
        )


@pytest.fixture
def codes() -> Iterator[Codes]:
    with Codes() as made:
        yield made


def test_a_code_after_its_mapping_ended_is_found_with_the_change_that_ended_it(codes: Codes) -> None:
    codes.mapped("GONE", "PLAN", valid_to="2025-07-01", change_id="RETIRED")
    codes.acts("GONE", "2025-06-30", "2025-07-01", "2025-08-01")
    assert codes.found() == [("code_after_end", "GONE", "RETIRED", 2, 1)]


def test_an_act_before_the_end_that_was_registered_after_it_is_in_time(codes: Codes) -> None:
    codes.mapped("GONE", "PLAN", valid_to="2025-07-01", change_id="RETIRED")
    codes.acts("GONE", "2025-06-30", registered="2025-09-01")
    assert codes.found() == []


def test_a_code_that_nobody_used_after_its_end_and_one_that_goes_on_are_in_order(codes: Codes) -> None:
    codes.mapped("GONE", "PLAN", valid_to="2025-07-01", change_id="RETIRED")
    codes.acts("GONE", "2025-01-01", "2025-06-30")
    codes.mapped("RENEWED", "PLAN", valid_to="2025-07-01")
    codes.mapped("RENEWED", "PLAN", valid_from="2025-07-01", change_id="RETIRED")
    codes.acts("RENEWED", "2025-06-30", "2025-07-01", n=9)
    assert codes.found() == []


def test_a_code_before_its_mapping_began_is_found(codes: Codes) -> None:
    codes.mapped("FRESH", "DUTY", valid_from="2025-01-01", change_id="NEW")
    codes.acts("FRESH", "2024-12-31", "2024-06-01", n=2)
    codes.acts("FRESH", "2025-01-01")
    assert codes.found() == [("code_before_start", "FRESH", "NEW", 4, 2)]


def test_a_mapping_without_days_begins_with_the_change_it_carries(codes: Codes) -> None:
    codes.mapped("FRESH", "DUTY", change_id="NEW")
    codes.acts("FRESH", "2024-12-31", "2025-01-01")
    assert codes.found() == [("code_before_start", "FRESH", "NEW", 1, 1)]


@pytest.mark.parametrize("change", ["PLAN", "RETIRED"])
def test_a_change_that_is_no_law_or_may_have_ended_the_code_begins_nothing(
    codes: Codes, change: str
) -> None:
    codes.mapped("FRESH", "DUTY", change_id=change)
    codes.acts("FRESH", "2024-12-31", "2025-01-01", "2025-07-01")
    assert codes.found() == []


def test_between_two_validities_the_nearer_bound_is_the_broken_one(codes: Codes) -> None:
    codes.mapped("GAP", "PLAN", valid_to="2024-01-01")
    codes.mapped("GAP", "PLAN", valid_from="2025-01-01", change_id="NEW")
    codes.acts("GAP", "2024-01-02", "2024-12-30")
    assert codes.found() == [
        ("code_after_end", "GAP", None, 1, 1), ("code_before_start", "GAP", "NEW", 1, 1),
    ]  # fmt: skip


def test_another_municipality_s_mapping_bounds_nothing_here(codes: Codes) -> None:
    codes.mapped("THEIRS", "PLAN", municipality_id="902", valid_to="2025-07-01")
    codes.acts("THEIRS", "2025-08-01")
    assert codes.found() == []


def test_the_start_of_a_scheme_after_the_scheme_ended_is_found(codes: Codes) -> None:
    codes.run("insert into regimes (valid_to, ended_by_change_id) values ('2025-07-01', 'OVER')")
    codes.mapped("GRANTED", "AFGOERELSE")
    codes.acts("GRANTED", "2025-06-30", "2025-07-01")
    assert codes.found() == [("code_after_end", "GRANTED", "OVER", 1, 1)]


def test_a_course_that_runs_on_after_its_scheme_ended_is_in_order(codes: Codes) -> None:
    codes.run("insert into regimes (valid_to, ended_by_change_id) values ('2025-07-01', 'OVER')")
    codes.acts("OLD HAND", "2025-08-01")
    # the act begins another process too, which goes on
    codes.run("insert into processes values ('kontanthjaelp', 'HENVENDELSE|AFGOERELSE')")
    codes.run("insert into regimes (process_id) values ('kontanthjaelp')")
    codes.mapped("GRANTED", "AFGOERELSE")
    codes.acts("GRANTED", "2025-08-01")
    assert codes.found() == []


def test_acts_around_the_day_a_code_got_another_meaning_are_in_doubt(codes: Codes) -> None:
    codes.mapped("17", "TALK", valid_to="2025-01-01")
    codes.mapped("17", "JOINT TALK", valid_from="2025-01-01", change_id="NEW")
    codes.acts("17", "2024-12-17", "2024-12-18", "2025-01-01", "2025-01-15", "2025-01-16")
    assert codes.found() == [("code_meaning_changed", "17", "NEW", 3, 1)]


def test_a_new_mapping_of_the_same_meaning_and_a_quiet_turn_are_in_order(codes: Codes) -> None:
    codes.mapped("7", "TALK", valid_to="2025-01-01")
    codes.mapped("7", "TALK", valid_from="2025-01-01", change_id="NEW")
    codes.acts("7", "2024-12-31", "2025-01-01")
    codes.mapped("17", "TALK", valid_to="2025-01-01")
    codes.mapped("17", "JOINT TALK", valid_from="2025-01-01", change_id="NEW")
    codes.acts("17", "2024-11-01", "2025-03-01")
    assert codes.found() == []


def test_the_end_of_a_municipality_s_own_meaning_is_a_turn_too(codes: Codes) -> None:
    codes.mapped("17", "TALK")
    codes.mapped("17", "JOINT TALK", municipality_id="901", valid_to="2025-01-01")
    codes.acts("17", "2024-12-31", "2025-01-02")
    assert codes.found() == [("code_meaning_changed", "17", None, 2, 1)]


@pytest.mark.parametrize(
    "after", [{"before": 4}, {"after": 4}, {"case": "6.2"}], ids=["previous", "next", "target group"]
)
def test_a_code_whose_company_shifts_with_a_law_that_touches_it_is_in_doubt(
    codes: Codes, after: dict[str, Any]
) -> None:
    codes.mapped("17", "TALK")
    codes.steps("2024-08-01", before=2, after=3)
    codes.steps("2025-01-01", **{"before": 2, "after": 3, **after})
    assert codes.found() == [("code_meaning_changed", "17", "NEW", 120, 1)]


def test_a_code_that_keeps_its_company_or_always_drifts_is_in_order(codes: Codes) -> None:
    codes.mapped("17", "TALK")
    codes.steps("2024-08-01", before=2, after=3)
    codes.steps("2025-01-01", before=2, after=3)
    assert codes.found() == []
    # the half-year before had been as different from this one as the one after is
    codes.run(
        "update int_quality_steps set previous_activity_code = 4 where occurred_on >= '2025-01-01'"
    )
    codes.steps("2024-01-05", before=4, after=3)
    assert codes.found() == []


def test_few_acts_and_an_act_the_law_does_not_touch_shift_nothing(codes: Codes) -> None:
    codes.mapped("17", "TALK")
    codes.steps("2024-08-01", before=2, after=3, n=99)
    codes.steps("2025-01-01", before=4, after=3, n=99)
    assert codes.found() == []
    codes.run("delete from int_quality_steps")
    codes.steps("2024-08-01", before=2, after=3, activity=2)
    codes.steps("2025-01-01", before=4, after=3, activity=2)
    assert codes.found() == []


def test_unknown_codes_first_told_soon_after_a_change_are_found(codes: Codes) -> None:
    codes.acts("held:99", "2025-01-20", "2025-03-01", "2025-09-01", n=2)
    assert codes.found() == [("unmapped_since_change", "held:99", "NEW", 6, 2)]


def test_an_unknown_code_may_come_with_a_release_of_its_system(codes: Codes) -> None:
    codes.acts("OLD HAND", "2022-01-01")
    codes.acts("held:98", "2023-06-20", n=5)
    codes.acts("held:97", "2023-09-20", n=5)  # another system's release, and a delivery
    assert codes.found() == [("unmapped_since_change", "held:98", "V7", 5, 5)]


@pytest.mark.parametrize(
    "days", [("2024-12-31", "2025-01-20"), ("2025-05-01", "2025-06-15")], ids=["before", "long after"]
)
def test_an_unknown_code_told_before_the_change_or_long_after_is_not_of_it(
    codes: Codes, days: tuple[str, ...]
) -> None:
    codes.acts("held:99", *days, n=9)
    assert codes.found() == []


def test_a_slip_of_the_pen_and_a_table_that_begins_with_the_change_are_not_of_it(codes: Codes) -> None:
    codes.acts("held:99", "2025-01-20")
    codes.insert(
        "int_events_judged (source_table, source_code, occurred_on, reject_reason)",
        [("new table", "x", date(2025, 1, 2) + timedelta(days=one), "unmapped_code")
         for one in range(30)],
    )  # fmt: skip
    assert codes.found() == []


def test_rows_and_codes_are_counted_per_table(codes: Codes) -> None:
    codes.mapped("GONE", "PLAN", valid_to="2025-07-01", change_id="RETIRED")
    codes.acts("GONE", "2025-06-30", "2025-08-01", n=2)
    codes.acts("held:99", "2025-01-20", n=10)
    codes.build()
    assert_is_declared(codes.connection, "quality_law_codes", QUALITY_LAW_CODES)
    found = codes.connection.execute("select * from quality_law_codes")
    names = [column[0] for column in found.description]
    (values,) = found.fetchall()
    row = dict(zip(names, values, strict=True))
    assert (
        row
        | {
            "municipality_id": "901", "process_id": None, "regime_id": None,
            "system_id": "momentum", "source_table": "tasks", "coded_rows": 16, "codes": 3,
            "rows_after_end": 2, "rows_after_end_percent": 12.5, "codes_after_end": 1,
            "rows_before_start": 0, "codes_before_start_percent": 0.0,
            "rows_of_changed_meaning": 0, "rows_unmapped_since_change": 10,
            "rows_unmapped_since_change_percent": 62.5, "codes_unmapped_since_change_percent": 100 / 3,
        }
        == row
    )  # fmt: skip
