"""Who stands behind a comparison that is told: citizens of its own weeks, system, axis and delivery."""

from collections.abc import Iterator

import duckdb
import pytest

from tests.quality.effects.seeded_changes import build, with_limits

TABLES = """
create schema quality_results;
create table quality_results.change_comparisons as select *, 'insured' as process_id,
    date '2024-07-01' as changed_on, 'changed' as verdict, false as is_touched
from (values
    (null, 'occurred', 'volume', 'TALK', 'LAW'), ('fasit', 'registered', 'volume', 'TALK', 'RELEASE'),
    (null, 'case_start', 'case_share', 'TALK', 'LAW'),
    (null, 'occurred', 'pair_share', 'TALK > TALK', 'LAW'),
    ('fasit', 'delivery', 'activity_share', 'TALK', 'D2')) v(system_id, axis, measure, item, change_id);
create table core.activities as select 'TALK' as activity_id, 1::smallint as activity_code;
create table intermediate.int_as_of as select date '2024-11-05' as as_of_on;
create table quality.int_change_days as
    select d::date as day_on, date_trunc('week', d)::date as week_on
    from generate_series(date '2024-01-01', date '2024-11-05', interval 1 day) t(d);
create table core.cases(process_id varchar default 'insured', case_id varchar, citizen_id varchar,
    registered_on date);
create table quality.int_quality_steps(process_id varchar default 'insured', case_id varchar,
    activity_code smallint default 1, previous_activity_code smallint, occurred_on date,
    registered_at timestamp, responsible_party varchar, system_id varchar, delivery_id varchar);
create table quality.event_weeks(process_id varchar default 'insured', system_id varchar,
    delivery_id varchar, occurred_week_on date);
"""


@pytest.fixture
def town() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        with_limits(connection)
        connection.execute(TABLES)
        yield connection


def _act(
    town: duckdb.DuckDBPyConnection, citizen: str, on: str, *, begun: str = "2024-01-01",
    system: str = "momentum", registered: str | None = None, previous: int | None = None,
    delivery: str = "D1",
) -> None:
    town.execute("insert into core.cases(case_id, citizen_id, registered_on) select $c, $c, $b::date"
                 " where $c not in (select case_id from core.cases)", {"c": citizen, "b": begun})
    town.execute(
        "insert into quality.int_quality_steps(case_id, occurred_on, registered_at, system_id,"
        " previous_activity_code, delivery_id) values (?, ?::date, ?::timestamp, ?, ?, ?)",
        [citizen, on, registered, system, previous, delivery],
    )
    town.execute(
        "insert into quality.event_weeks(system_id, delivery_id, occurred_week_on)"
        " values (?, ?, date_trunc('week', ?::date))", [system, delivery, on],
    )


def _behind(town: duckdb.DuckDBPyConnection, axis: str, measure: str) -> tuple[int | None, ...]:
    """Citizens before and after: of the item, and of its whole."""
    build(town, "int_change_acts", "int_change_groups")
    (found,) = town.execute(
        "select n_before, n_after, n_whole_before, n_whole_after from intermediate.int_change_groups"
        " where axis = ? and measure = ?", [axis, measure],
    ).fetchall()
    return tuple(found)


def test_citizens_of_another_system_do_not_stand_behind_a_release(
    town: duckdb.DuckDBPyConnection,
) -> None:
    _act(town, "a", "2024-07-10", system="fasit")
    _act(town, "b", "2024-07-10")
    assert _behind(town, "registered", "volume")[1] == 1
    assert _behind(town, "occurred", "volume")[1] == 2


def test_what_was_written_down_after_a_release_counts_after_it(
    town: duckdb.DuckDBPyConnection,
) -> None:
    _act(town, "a", "2024-06-10", system="fasit", registered="2024-07-20 12:00")
    assert _behind(town, "registered", "volume")[:2] == (0, 1)


def test_an_act_in_the_unfinished_last_week_stands_behind_nothing(
    town: duckdb.DuckDBPyConnection,
) -> None:
    _act(town, "a", "2024-11-04")
    _act(town, "b", "2024-11-03")
    assert _behind(town, "occurred", "volume")[:2] == (0, 1)


def test_a_case_that_was_not_followed_long_enough_stands_behind_no_share_of_cases(
    town: duckdb.DuckDBPyConnection,
) -> None:
    _act(town, "a", "2024-08-01", begun="2024-07-02")
    # begun within ninety days of the end of the data; and an act later than ninety days
    _act(town, "b", "2024-10-01", begun="2024-09-30")
    _act(town, "c", "2024-10-20", begun="2024-07-03")
    assert _behind(town, "case_start", "case_share")[1] == 1


def test_who_has_no_act_before_is_in_no_pair_but_in_its_whole(
    town: duckdb.DuckDBPyConnection,
) -> None:
    _act(town, "a", "2024-07-10", previous=1)
    _act(town, "b", "2024-07-10")
    assert _behind(town, "occurred", "pair_share") == (0, 1, 0, 2)


def test_a_delivery_is_its_own_rows_against_those_of_earlier_ones(
    town: duckdb.DuckDBPyConnection,
) -> None:
    _act(town, "a", "2024-06-10", system="fasit", delivery="D2")
    _act(town, "b", "2024-06-11", system="fasit")
    _act(town, "c", "2024-06-11", system="fasit")
    _act(town, "d", "2024-06-11", delivery="D2")
    assert _behind(town, "delivery", "activity_share") == (2, 1, 2, 1)
