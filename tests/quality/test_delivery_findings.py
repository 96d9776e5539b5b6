"""What is wrong with a delivery, on tables small enough to count by hand."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import jinja2
import pytest

from pm_pipeline.quality.delivery_report.content import Count, Line, Trend, Weight
from pm_pipeline.quality.delivery_report.reading import previous_deliveries, read_lines

DBT = Path(__file__).resolve().parents[2] / "dbt_project"
MODELS = DBT / "models" / "quality" / "delivery_report"
MACROS = ("fault_of_act", "code_may_be_told", "min_group_size", "told_acts_of_codes")
TABLES = ("acts_of_deliveries", "delivery_sizes", "delivery_findings")
LIKE_A_PERSON = "ring 311399-1234"

CORE = """
create schema core; create schema quality; create schema intermediate;
create table core.deliveries as select 'momentum' system_id, *, 0 values_cleaned from (values
    ('D1', 'contacts', 'c1.csv', date '2026-01-01', 100, 2, null, null, 0),
    ('D2', 'contacts', 'c2.csv', date '2026-02-01', 100, 0, 3, 'note, party', 1))
    v(delivery_id, table_name, source_file, delivered_on, rows_in_file, exact_duplicates,
      missing_numbers, absent_columns, unlisted_columns);
alter table core.deliveries add column received_at timestamp default '2026-03-01';
create table core.rejected_rows as select 'momentum' system_id, 'contacts' table_name, * from (values
    ('D1', 'c1.csv', 7, 'citizen_id', 'MISSING_VALUE', 'ten digits', false),
    ('D2', 'c2.csv', 30, 'held_at', 'DATE_FORMAT', 'a date', true),
    ('D2', 'c2.csv', 4, 'held_at', 'DATE_FORMAT', 'a date', true))
    v(delivery_id, source_file, source_row, column_name, reason, expected, row_kept);
create table core.delivery_changes as select 'momentum' system_id, 'contacts' table_name, * from (
    values ('D1', null, true, 'inserted', null, 98), ('D2', 'D1', true, 'restated', 'held_at', 5),
    ('D2', 'D1', false, 'restated', 'held_at', 3), ('D2', 'D1', true, 'inserted', null, 90))
    v(delivery_id, compared_with, is_total, change, column_name, n_rows);
create table core.events(event_id varchar, system_id varchar default 'momentum',
    source_table varchar default 'contacts', delivery_id varchar, source_file varchar,
    source_row bigint);
create table core.quality_patterns as select * from (values ('zero_time', 'occurred_at'),
    ('code_after_end', null)) v(pattern_id, field);
create table quality.findings_of_events(pattern_id varchar, event_id varchar, process_id varchar,
    case_id varchar);
create table quality.findings_of_codes(pattern_id varchar, system_id varchar default 'momentum',
    source_table varchar default 'contacts', source_code varchar, change_id varchar,
    n_citizens bigint);
create table quality.findings_of_labels(pattern_id varchar, system_id varchar default 'momentum',
    source_table varchar default 'contacts', source_code varchar, n_citizens bigint);
create table intermediate.int_quality_code_faults(pattern_id varchar,
    system_id varchar default 'momentum', source_table varchar default 'contacts',
    source_code varchar, occurred_on date, change_id varchar);
create table intermediate.int_events_judged(delivery_id varchar, source_file varchar,
    source_row bigint, source_code varchar, citizen_key varchar, activity_id varchar,
    row_state varchar default 'current', not_an_event varchar, occurred_at timestamp default now(),
    system_id varchar default 'momentum', source_table varchar default 'contacts',
    is_object_centric boolean, occurred_on date default current_date, reject_reason varchar);
"""


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(CORE)
        for number in range(10):  # D1 told ten acts well, and D2 told them again
            for delivery, state in (("D1", "superseded"), ("D2", "current")):
                _act(connection, delivery, number, "held:1", f"p{number}", "JOBSAMTALE", state)
        yield connection


def _act(
    connection: duckdb.DuckDBPyConnection, delivery: str, row: int, code: str | None,
    citizen: str | None, activity: str | None = None, state: str = "current",
    not_an_event: str | None = None,
) -> None:
    connection.execute(
        "insert into intermediate.int_events_judged(delivery_id, source_file, source_row, source_code,"
        " citizen_key, activity_id, row_state, not_an_event) values (?, ?, ?, ?, ?, ?, ?, ?)",
        [delivery, f"c{delivery[1]}.csv", row, code, citizen, activity, state, not_an_event],
    )


def _build(connection: duckdb.DuckDBPyConnection) -> None:
    macros = "".join((DBT / "macros" / f"{one}.sql").read_text("utf-8") for one in MACROS)

    def render(name: str) -> str:
        return jinja2.Template(macros + (MODELS / f"{name}.sql").read_text("utf-8")).render(
            ref=_ref, municipality_id=lambda: "'901'", env_var=lambda _, default: default,
            config=lambda **_: "",
        )

    def _ref(name: str) -> str:
        if name.startswith("told_"):
            return f"({render(name)})"
        is_quality = name in TABLES or name.startswith("findings_")
        schema = "intermediate" if name.startswith("int_") else "quality" if is_quality else "core"
        return f"{schema}.{name}"

    for name in TABLES:
        connection.execute(f"create or replace table quality.{name} as {render(name)}")


WORDS = (("da", "en"), ("ret", "mend"))
TEXTS = {
    ("rejected_row", "MISSING_VALUE"): WORDS, ("rejected_value", "DATE_FORMAT"): WORDS,
    **{("fault_of_act", one): WORDS for one in ("no_citizen", "no_code", "unmapped_code")},
    ("fault_of_act", "ends_before_it_starts"): WORDS,
    ("pattern", "zero_time"): WORDS, ("code_pattern", "code_after_end"): WORDS,
    ("code_pattern", "distorted_label"): WORDS, ("code_pattern", "polluted_label"): WORDS,
}


def _lines(
    connection: duckdb.DuckDBPyConnection, delivery: str = "D2", before: str | None = "D1"
) -> dict[tuple[str, str], Line]:
    _build(connection)
    found = read_lines(connection, "momentum", delivery, before, TEXTS)
    return {(line.kind, line.code): line for line in found}


def test_the_delivery_before_is_the_one_of_the_same_system(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    assert previous_deliveries(warehouse) == {("momentum", "D1"): None, ("momentum", "D2"): "D1"}


def test_rejects_at_the_door_are_told_with_their_share_and_first_places(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    line = _lines(warehouse)["rejected_value", "DATE_FORMAT"]
    assert (line.table, line.column, line.detail) == ("contacts", "held_at", "a date")
    assert (line.now, line.before, line.trend) == (Count(2, 100), Count(0, 100), Trend.NEW)
    assert line.places == ("c2.csv:4", "c2.csv:30")
    assert line.weight is Weight.SHOULD  # the row was kept


def test_what_the_delivery_before_had_and_this_one_has_not_is_gone(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    line = _lines(warehouse)["rejected_row", "MISSING_VALUE"]
    assert (line.now, line.before, line.trend) == (Count(0, 100), Count(1, 100), Trend.GONE)
    assert line.places == ()  # those of the other delivery would be looked for in vain


def test_acts_that_a_later_delivery_told_again_count_in_the_earlier_one_too(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    _act(warehouse, "D1", 50, "held:1", None, "JOBSAMTALE", "superseded")
    _act(warehouse, "D2", 50, "held:1", None, "JOBSAMTALE")
    line = _lines(warehouse)["fault_of_act", "no_citizen"]
    assert (line.now, line.before, line.trend) == (Count(1, 11), Count(1, 11), Trend.SAME)


def test_the_normal_life_of_a_case_system_is_no_fault_and_no_act(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    _act(warehouse, "D2", 60, None, "p1", not_an_event="not_completed")
    _act(warehouse, "D2", 61, None, "p1", state="deleted")
    _act(warehouse, "D2", 62, "x", "p1", not_an_event="ends_before_it_starts")
    lines = _lines(warehouse)
    assert lines["fault_of_act", "ends_before_it_starts"].now == Count(1, 11)
    assert ("fault_of_act", "no_code") not in lines


def test_a_code_of_many_people_is_told_and_what_may_be_prose_is_not(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    for number in range(5):
        _act(warehouse, "D2", 70 + number, "held:99", f"q{number}")
        _act(warehouse, "D2", 80 + number, LIKE_A_PERSON, f"q{number}")
        _act(warehouse, "D2", 90 + number, f"fru Jensen {number}", f"q{number}")
    _build(warehouse)
    told = read_lines(warehouse, "momentum", "D2", "D1", TEXTS)
    unknown = {line.detail: line.now.found for line in told if line.code == "unmapped_code"}
    assert unknown == {"held:99": 5, None: 10}
    everything = warehouse.execute("select delivery_findings::varchar from quality.delivery_findings")
    text = str(everything.fetchall())
    assert "Jensen" not in text and "311399" not in text


def test_a_pattern_is_told_in_the_delivery_that_told_the_event_last(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    for number in range(4):
        warehouse.execute(
            "insert into core.events(event_id, delivery_id, source_file, source_row)"
            " values (?, 'D2', 'c2.csv', ?)", [f"e{number}", number]
        )
    warehouse.execute(
        "insert into quality.findings_of_events values ('zero_time', 'e3', 'a', 'c'),"
        " ('zero_time', 'e3', 'b', 'c'), ('zero_time', 'e1', 'a', 'c'), ('zero_time', 'x', 'a', 'c')"
    )
    line = _lines(warehouse)["pattern", "zero_time"]
    assert (line.column, line.now) == ("occurred_at", Count(2, 4))
    assert line.places == ("c2.csv:1", "c2.csv:3")
    # nothing of the delivery before is told by it any more: nothing to compare with
    assert line.before is None and line.trend is None


def test_a_row_that_tells_several_acts_is_named_once(warehouse: duckdb.DuckDBPyConnection) -> None:
    for number in range(4):
        warehouse.execute(
            "insert into core.events(event_id, delivery_id, source_file, source_row)"
            " values (?, 'D2', 'c2.csv', ?)", [f"e{number}", number // 2]
        )
        warehouse.execute(
            "insert into quality.findings_of_events values ('zero_time', ?, 'a', 'c')", [f"e{number}"]
        )
    line = _lines(warehouse)["pattern", "zero_time"]
    assert line.now == Count(4, 4)
    assert line.places == ("c2.csv:0", "c2.csv:1")


def test_a_code_after_its_end_is_told_by_its_acts_once_however_many_changes_end_it(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    for change in ("CHANGE-1", "CHANGE-2"):
        warehouse.execute(
            "insert into intermediate.int_quality_code_faults(pattern_id, source_code, occurred_on,"
            " change_id) values ('code_after_end', 'held:1', current_date, ?)", [change]
        )
        warehouse.execute(
            "insert into quality.findings_of_codes(pattern_id, source_code, change_id, n_citizens)"
            " values ('code_after_end', 'held:1', ?, 10)", [change]
        )
    warehouse.execute(
        "update intermediate.int_events_judged set reject_reason = 'superseded'"
        " where row_state = 'superseded'"
    )
    line = _lines(warehouse)["code_pattern", "code_after_end"]
    assert (line.detail, line.now, len(line.places)) == ("held:1", Count(10, 10), 5)


def test_a_code_that_one_of_two_changes_lets_tell_is_told_once_with_its_name(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    for change, n_citizens in (("CHANGE-1", 10), ("CHANGE-2", 1)):
        warehouse.execute(
            "insert into intermediate.int_quality_code_faults(pattern_id, source_code, occurred_on,"
            " change_id) values ('code_after_end', 'held:1', current_date, ?)", [change]
        )
        warehouse.execute(
            "insert into quality.findings_of_codes(pattern_id, source_code, change_id, n_citizens)"
            " values ('code_after_end', 'held:1', ?, ?)", [change, n_citizens]
        )
    warehouse.execute(
        "update intermediate.int_events_judged set reject_reason = 'superseded'"
        " where row_state = 'superseded'"
    )
    _build(warehouse)
    told = warehouse.execute(
        "select detail, n_found from quality.delivery_findings where code = 'code_after_end'"
    ).fetchall()
    assert told == [("held:1", 10)]


def test_a_slip_is_told_with_its_code_and_what_may_hold_a_name_without(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    for row, code in ((11, "heldd:1"), (12, "held:1 Hansen"), (13, LIKE_A_PERSON)):
        _act(warehouse, "D2", row, code, f"p{row}")
    warehouse.execute(
        "insert into quality.findings_of_labels(pattern_id, source_code, n_citizens) values"
        " ('distorted_label', 'heldd:1', 10), ('polluted_label', 'held:1 Hansen', 10),"
        f" ('polluted_label', '{LIKE_A_PERSON}', 10)"
    )
    lines = _lines(warehouse)
    slip, polluted = (lines["code_pattern", f"{one}_label"] for one in ("distorted", "polluted"))
    assert (slip.detail, slip.now.found, slip.places) == ("heldd:1", 1, ("c2.csv:11",))
    assert (polluted.detail, polluted.now.found) == (None, 2)


def test_a_code_that_few_carry_is_no_detail_of_a_slip(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    _act(warehouse, "D2", 11, "heldd:1", "p11")
    warehouse.execute(
        "insert into quality.findings_of_labels(pattern_id, source_code, n_citizens) values"
        " ('distorted_label', 'heldd:1', 1)"
    )
    line = _lines(warehouse)["code_pattern", "distorted_label"]
    assert (line.detail, line.now.found) == (None, 1)


def test_the_form_of_the_files_is_told(warehouse: duckdb.DuckDBPyConnection) -> None:
    lines = _lines(warehouse)
    assert lines["file", "missing_numbers"].now == Count(3, None)
    assert lines["file", "absent_columns"].detail == "note, party"
    assert lines["file", "absent_columns"].now.found == 2
    assert lines["file", "unlisted_columns"].weight is Weight.KNOW
    assert lines["file", "exact_duplicates"].trend is Trend.GONE
    assert ("file", "values_cleaned") not in lines


def test_restated_values_are_told_by_column_without_calling_them_better_or_worse(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    line = _lines(warehouse)["change", "restated"]
    assert (line.column, line.now, line.before, line.trend) == ("held_at", Count(5, 100), None, None)


def test_the_first_delivery_is_compared_with_nothing(warehouse: duckdb.DuckDBPyConnection) -> None:
    lines = _lines(warehouse, "D1", None)
    assert lines["rejected_row", "MISSING_VALUE"].before is None
    assert all(line.trend is None for line in lines.values())
    assert ("change", "restated") not in lines


def test_an_empty_warehouse_finds_nothing(warehouse: duckdb.DuckDBPyConnection) -> None:
    for table in (
        "core.deliveries", "core.rejected_rows", "core.delivery_changes",
        "intermediate.int_events_judged",
    ):
        warehouse.execute(f"delete from {table}")
    assert _lines(warehouse) == {}
