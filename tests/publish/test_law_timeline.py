"""The published timeline of the law: what is law, what is only announced, what each change touches."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest

from pm_pipeline.publish import Candidate
from pm_pipeline.publish.disclosure import released_sql
from pm_pipeline.publish.policy import FORBIDDEN_COLUMNS, PUBLISHED_TABLES
from pm_pipeline.publish.published_table import PublishedTable
from tests.conftest import SeedFiles
from tests.publish.publish_data import (
    INTERMEDIATE_DIR,
    LAW_MODELS,
    MARTS_DIR,
    SEEDS_DIR,
    Inputs,
    declared_columns,
    render_model,
    rows,
    write_law,
)

ABOUT_THE_LAW = [name for name, table in PUBLISHED_TABLES.items() if table.persons is None]


def timeline_of(seeds_dir: Any) -> duckdb.DuckDBPyConnection:
    """A database with law_timeline over the seeds as they are in ``seeds_dir``."""
    connection = duckdb.connect()
    connection.execute("create schema reference; create schema core")
    write_law(connection, "rules", seeds_dir=seeds_dir)
    for name in LAW_MODELS:
        connection.execute(f"create view core.{name} as {render_model(INTERMEDIATE_DIR, name)}")
    connection.execute(f"create view law_timeline as {render_model(MARTS_DIR, 'law_timeline')}")
    return connection


@pytest.fixture(scope="module")
def shipped() -> Iterator[duckdb.DuckDBPyConnection]:
    with timeline_of(SEEDS_DIR) as connection:
        yield connection


def test_every_change_of_the_register_stands_in_the_timeline_once_per_process(
    shipped: duckdb.DuckDBPyConnection,
) -> None:
    found = shipped.execute(
        "select (select list(distinct change_id order by change_id) from law_timeline),"
        " (select list(change_id order by change_id) from reference.legal_changes),"
        " (select max(n) from (select count(*) as n from law_timeline group by change_id, process_id))"
    ).fetchall()
    ((told, registered, most),) = found
    assert told == registered and most == 1


def test_what_is_not_law_has_no_day_in_force_and_touches_nothing(
    shipped: duckdb.DuckDBPyConnection,
) -> None:
    found = shipped.execute(
        "select change_id, effective_on, planned_on, process_id, n_rules_begun"
        " from law_timeline where not is_law order by change_id"
    ).fetchall()
    assert ("REFORM-2", None, date(2027, 1, 1), None, 0) in found
    assert ("HOI", None, None, None, 0) in found
    assert {(in_force, process_id) for _, in_force, _, process_id, _ in found} == {(None, None)}
    planned = "select count(*) from law_timeline where is_law and planned_on is not null"
    assert shipped.execute(planned).fetchall() == [(0,)]


def test_a_change_tells_the_regimes_it_begins_and_ends(shipped: duckdb.DuckDBPyConnection) -> None:
    found = shipped.execute(
        "select regimes_begun, regimes_ended, effective_on from law_timeline"
        " where change_id = 'REFORM-1B' and process_id = 'forsikrede_ledige'"
    ).fetchall()
    assert found == [
        ("forsikrede_ledige__20260701", "forsikrede_ledige__20240101", date(2026, 7, 1))
    ]


def test_a_wording_that_goes_on_is_neither_begun_nor_ended(seeds: SeedFiles) -> None:
    with timeline_of(seeds.folder) as connection:
        before = _rules_of(connection, "REFORM-1B")
    talk = seeds.row_of(
        "law/rules.csv", rule_id="LAB31_G2_5_FIRST_TALK_1W", regime_id="kontanthjaelp__20240101"
    )
    seeds.add_copy("law/rules.csv", talk, regime_id="kontanthjaelp__20260701")
    with timeline_of(seeds.folder) as connection:
        begun, ended = _rules_of(connection, "REFORM-1B")
        carried = _rules_of(connection, "CONTACT-2024")
    assert (begun, ended) == (before[0], before[1] - 1)
    with timeline_of(SEEDS_DIR) as connection:
        assert carried == _rules_of(connection, "CONTACT-2024")


def _rules_of(connection: duckdb.DuckDBPyConnection, change_id: str) -> tuple[int, int]:
    (found,) = connection.execute(
        "select n_rules_begun, n_rules_ended from law_timeline"
        " where change_id = ? and process_id = 'kontanthjaelp'", [change_id],
    ).fetchall()
    return found


def test_a_clock_stop_touches_the_processes_whose_rules_it_stops(
    shipped: duckdb.DuckDBPyConnection,
) -> None:
    found = shipped.execute(
        "select process_id, n_clock_stops, regimes_begun from law_timeline"
        " where change_id = 'COVID-1' and process_id in ('forsikrede_ledige', 'kontanthjaelp')"
        " order by process_id"
    ).fetchall()
    assert found == [("forsikrede_ledige", 2, None), ("kontanthjaelp", 1, None)]
    second = shipped.execute(
        "select process_id, n_clock_stops from law_timeline where change_id = 'COVID-2'"
    )
    # the one for everybody is recorded and stops no rule, the other names rules of insured people
    assert second.fetchall() == [("forsikrede_ledige", 1)]


def test_a_code_that_means_something_else_from_the_day_of_a_change_ends_and_begins(
    seeds: SeedFiles,
) -> None:
    file = "mapping/activity_mappings.csv"
    row = seeds.row_of(file, mapping_id="FAS-010")
    seeds.add_copy(
        file, row, mapping_id="FAS-010-B", activity_id="FAELLESSAMTALE", valid_from="2025-07-01",
        change_id="KONTANT-2025",
    )
    seeds.set(file, row, "valid_to", "2025-07-01")
    with timeline_of(SEEDS_DIR) as before, timeline_of(seeds.folder) as after:
        ask = (
            "select distinct n_mappings_begun, n_mappings_ended from law_timeline"
            " where change_id = 'KONTANT-2025'"
        )
        ((begun, ended),) = before.execute(ask).fetchall()
        assert after.execute(ask).fetchall() == [(begun + 1, ended + 1)]


@pytest.mark.parametrize("name", ABOUT_THE_LAW)
def test_a_mart_about_the_law_reads_nothing_about_people(name: str) -> None:
    """Published without a minimum group: so it may rest on reference tables alone."""
    waiting, seen = [MARTS_DIR / f"{name}.sql"], set()
    seeds = {path.stem for path in SEEDS_DIR.rglob("*.csv")}
    while waiting:
        sql = waiting.pop().read_text("utf-8")
        assert "source(" not in sql
        for model in set(re.findall(r"ref\('(\w+)'\)", sql)) - seeds - seen:
            seen.add(model)
            assert model in LAW_MODELS, f"{name} reads {model}"
            waiting.append(INTERMEDIATE_DIR / f"{model}.sql")


@pytest.mark.parametrize("name", ABOUT_THE_LAW)
def test_a_mart_about_the_law_is_published_whole_and_names_nobody(
    built: Inputs, usual: Candidate, name: str
) -> None:
    columns = [column for column, _ in declared_columns()[name]]
    assert not set(columns) & {*FORBIDDEN_COLUMNS, "n_citizens", "n_cases"}
    wanted = f"select {', '.join(columns)}, false from {{}} order by all"
    made = rows(built.warehouse, wanted.format(f"marts.{name}"))
    assert rows(usual.database, wanted.format(name)) == made != []


def test_a_table_of_nobody_has_no_figure_about_people() -> None:
    with pytest.raises(ValueError, match=r"kpi: a figure about people"):
        PublishedTable("kpi", ("p90",), persons=None, percentiles=("p90",))
    law = PublishedTable("law", ("title",), persons=None, keeps_withheld=True)
    with duckdb.connect() as connection:
        connection.execute("create table law as select 'x' as title; create table withheld (a int)")
        found = connection.execute(released_sql(law, "law", "withheld", 5)).fetchall()
    assert found == [("x", False)]
