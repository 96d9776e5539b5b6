"""Which days count as dated changes, and how weeks are cut at them."""

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest

from tests.quality.effects.seeded_changes import build, with_limits

TABLES = """
create table reference.legal_changes(change_id varchar, status varchar, kind varchar default 'rule',
    effective_on date, ended_on date, title_da varchar default 'Lov', title_en varchar default 'Act',
    certainty varchar default 'verified');
insert into reference.legal_changes(change_id, status, effective_on, ended_on) values
    ('LAW', 'in_force', '2024-01-01', null), ('OLD', 'ended', '2022-01-01', '2023-06-15'),
    ('SOON', 'enacted', '2025-01-01', null), ('TOLD', 'announced', '2025-02-01', null),
    ('UNDATED', 'in_force', null, null);
create table intermediate.int_law_process_touches as
    select * from (values ('LAW', 'insured'), ('LAW', 'insured')) v(change_id, process_id);
create table reference.processes as select unnest(['insured', 'assistance']) process_id;
create table reference.system_releases(release_id varchar, system_id varchar, municipality_id varchar,
    released_on date, title_da varchar, title_en varchar, certainty varchar);
insert into reference.system_releases values
    ('R-ALL', 'momentum', null, '2024-03-06', 'Ny', 'New', 'verified'),
    ('R-OURS', 'momentum', '901', '2024-05-01', 'Ny', 'New', 'verified'),
    ('R-THEIRS', 'momentum', '902', '2024-04-01', 'Ny', 'New', 'verified');
create table core.deliveries as select * from (values
    ('momentum', 'D1', date '2024-02-01'), ('momentum', 'D2', date '2024-06-01'),
    ('momentum', 'D2', date '2024-06-01')) v(system_id, delivery_id, delivered_on);
alter table core.deliveries add column received_at timestamp default '2024-06-01 10:00';
create table intermediate.int_as_of as select date '2024-06-05' as_of_on;
"""


@pytest.fixture(scope="module")
def town() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        with_limits(connection)
        connection.execute(TABLES)
        build(connection, "dated_changes", "int_change_days")
        yield connection


def test_only_law_that_is_law_and_has_a_day_is_a_dated_change(town: duckdb.DuckDBPyConnection) -> None:
    assert town.execute(
        "select distinct change_id, part, changed_on from core.dated_changes where kind = 'law'"
        " order by all"
    ).fetchall() == [
        ("LAW", "begins", date(2024, 1, 1)),
        ("OLD", "begins", date(2022, 1, 1)),
        ("OLD", "ends", date(2023, 6, 15)),
    ]


def test_a_law_concerns_the_processes_it_names_or_all_of_them(town: duckdb.DuckDBPyConnection) -> None:
    assert town.execute(
        "select change_id, part, list(process_id order by process_id) from core.dated_changes"
        " where kind = 'law' group by all order by all"
    ).fetchall() == [
        ("LAW", "begins", ["insured"]),
        ("OLD", "begins", ["assistance", "insured"]),
        ("OLD", "ends", ["assistance", "insured"]),
    ]


def test_a_release_of_another_municipality_is_not_here(town: duckdb.DuckDBPyConnection) -> None:
    assert town.execute(
        "select distinct change_id, changed_on from core.dated_changes where kind = 'release'"
        " order by all"
    ).fetchall() == [("R-ALL", date(2024, 3, 6)), ("R-OURS", date(2024, 5, 1))]


def test_the_first_delivery_of_a_system_changes_nothing_the_next_is_one_change(
    town: duckdb.DuckDBPyConnection,
) -> None:
    assert town.execute(
        "select distinct change_id, changed_on from core.dated_changes where kind = 'delivery'"
    ).fetchall() == [("D2", date(2024, 6, 1))]


def test_a_week_is_cut_on_the_day_of_a_change_and_nowhere_else(town: duckdb.DuckDBPyConnection) -> None:
    weeks = town.execute(
        "select week_on, count(*) from quality.int_change_days"
        " where week_on between date '2024-02-26' and date '2024-03-11' group by all order by all"
    ).fetchall()
    # the release of Wednesday 6 March cuts its week in two
    assert weeks == [
        (date(2024, 2, 26), 7), (date(2024, 3, 4), 2), (date(2024, 3, 6), 5), (date(2024, 3, 11), 7),
    ]


def test_no_day_after_the_newest_delivery_is_compared(town: duckdb.DuckDBPyConnection) -> None:
    found = town.execute("select max(day_on) from quality.int_change_days").fetchall()
    assert found == [(date(2024, 6, 5),)]
