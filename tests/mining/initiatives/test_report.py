"""Initiatives are read from the warehouse, judged, told in words and drawn, and written down."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import get_type_hints

import duckdb
import numpy as np
import pyarrow.parquet as pq
import pytest

from pm_pipeline.errors import PipelineError
from pm_pipeline.mining.initiatives.effect import InitiativeEffect
from pm_pipeline.mining.initiatives.report import InitiativesReport, judge_initiatives
from tests.law.core_sql import DBT_PROJECT
from tests.mining.initiatives.planted_series import arm
from tests.mining.initiatives.wanted import initiative

_TABLES = f"""
create schema core; create schema reference;
create table reference.quality_limits as
    select * from read_csv('{DBT_PROJECT}/detectors/quality_limits.csv', header = true);
create table reference.rules (rule_id varchar, title_da varchar, title_en varchar);
create table core.activities as
    select 'BED' as activity_id, 'Afgørelse' as label_da, 'Decision' as label_en;
create table core.dated_changes as select * from (values
    ('law', 'NEAR', date '2024-07-30', 'p'), ('law', 'FAR', date '2024-08-02', 'p'),
    ('law', 'OTHER', date '2024-05-01', 'q'), ('delivery', 'D', date '2024-05-01', 'p'),
    ('release', 'RELEASE', date '2024-02-01', 'p')) as changes(kind, change_id, changed_on, process_id);
create table core.initiative_periods (
    initiative_id varchar, arm varchar, is_after boolean, period_number integer, n_cases bigint,
    n_new_citizens bigint, total double, total_of_squares double, n_left_out bigint
);
"""


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(_TABLES)
        names = list(initiative().__dataclass_fields__)
        dates = {"starts_on", "ends_on", "registered_on"}
        columns = ", ".join(
            f"{name} {'date' if name in dates else 'double' if name == 'expected_size' else 'varchar'}"
            for name in names if name != "follow_up_days"
        )
        connection.execute(
            "create table reference.initiatives"
            f" (municipality_id varchar, follow_up_days int, {columns})"
        )
        yield connection


def _plant(warehouse: duckdb.DuckDBPyConnection, effect: float, **cells: object) -> None:
    row = {"municipality_id": "901", **vars(initiative()), **cells}
    warehouse.execute(
        f"insert into reference.initiatives ({', '.join(row)}) values ({', '.join('?' * len(row))})",
        list(row.values()),
    )
    told = arm(np.random.default_rng(5), 26, 13, cases=10, effect=effect)
    warehouse.executemany(
        "insert into core.initiative_periods values (?, 'target', ?, ?, ?, ?, ?, ?, 1)",
        [
            (row["initiative_id"], bool(period >= 0), int(period), int(n), int(n), float(total),
             float(squares))
            for period, n, total, squares in zip(
                told.periods, told.cases, told.totals, told.squares, strict=True
            )
        ],
    )  # fmt: skip


def _judge(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> InitiativesReport:
    return judge_initiatives(
        warehouse, "901", tmp_path / "initiative_effects.parquet", min_group_size=5,
        about={"made": "of this"},
    )


def test_an_initiative_is_told_with_its_figures_and_what_else_happened_at_the_time(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    _plant(warehouse, -12.0, measure="days_to_activity", measure_item="BED")
    _plant(warehouse, 0.0, municipality_id="902", initiative_id="ANOTHER TOWN'S")
    (row,) = _judge(warehouse, tmp_path).rows
    assert (row.initiative_id, row.verdict, row.confounders) == ("I", "improved", "NEAR|RELEASE")
    size, low, high = (
        f"{value:.1f}".replace("-", "−")
        for value in (abs(row.effect_size or 0), row.effect_low, row.effect_high)
    )
    assert row.sentence_en == (
        f"Initiative (from 2024-05-01), measured by days to Decision: improved: {size} days lower"
        f" (95 % interval {low} to {high}; expected 8.0 days lower). Also at that time: NEAR, RELEASE."
    )
    assert row.sentence_da.startswith(
        "Indsats (fra 1. maj 2024), målt på dage til Afgørelse: forbedret: " + size.replace(".", ",")
    )
    assert row.n_left_out == 39


def test_what_was_registered_too_late_says_so(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    _plant(warehouse, -12.0, registered_on=date(2025, 1, 1))
    (row,) = _judge(warehouse, tmp_path).rows
    assert row.is_exploratory
    assert "bekræfter intet" in row.sentence_da and "confirms nothing" in row.sentence_en


def test_an_initiative_of_whom_nobody_could_be_followed_is_told_as_one(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    _plant(warehouse, 0.0)
    warehouse.execute("delete from core.initiative_periods")
    report = _judge(warehouse, tmp_path)
    (row,) = report.rows
    assert (row.verdict, row.reason) == ("cannot_tell_yet", "no_cases_before")
    assert "no period holds enough citizens" in report.picture(report.rows[0], 5)


def test_the_file_holds_every_column_also_where_there_is_no_initiative(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    report = _judge(warehouse, tmp_path)
    table = pq.read_table(report.path)
    assert table.num_rows == 0
    assert table.schema.names == list(get_type_hints(InitiativeEffect))
    assert table.schema.metadata[b"made"] == b"of this"


def test_what_is_written_is_what_was_found(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    _plant(warehouse, -12.0)
    report = _judge(warehouse, tmp_path)
    (written,) = pq.read_table(report.path).to_pylist()
    assert written == vars(report.rows[0])


def test_a_missing_limit_is_told(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    warehouse.execute("delete from reference.quality_limits where limit_id = 'initiative_power'")
    with pytest.raises(PipelineError, match=r"quality_limits.csv: .* initiative_power, found none"):
        _judge(warehouse, tmp_path)


def test_no_dot_of_the_picture_is_of_fewer_citizens_than_the_minimum_group(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    _plant(warehouse, -12.0)
    report = _judge(warehouse, tmp_path)
    citizens = sum(int(n) for n in report.arms["I"][0].citizens)
    for least in (5, 40):
        n_dots = report.picture(report.rows[0], least).count("<circle")
        assert 0 < n_dots <= citizens / least
    assert report.picture(report.rows[0], citizens).count("<circle") == 0


def test_a_picture_names_what_it_shows_as_text(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    _plant(warehouse, -12.0, initiative_id="<I & II>")
    report = _judge(warehouse, tmp_path)
    row = replace(report.rows[0], effect_size=None)
    assert "&lt;I &amp; II&gt;: days_to_first_talk" in report.picture(row, 5)
