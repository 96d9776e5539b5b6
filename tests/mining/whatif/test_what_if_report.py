"""Questions are read from the warehouse, answered, told in words and written down."""

from collections.abc import Iterator
from dataclasses import asdict, fields
from datetime import timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow.parquet as pq
import pytest

from pm_pipeline.errors import PipelineError
from pm_pipeline.mining.whatif.measures import MEASURES
from pm_pipeline.mining.whatif.people import People, read_people
from pm_pipeline.mining.whatif.quota import Quota
from pm_pipeline.mining.whatif.report import WhatIfRow, answer_what_ifs
from tests.mining.whatif.simulated_town import Town, is_working
from tests.mining.whatif.town_warehouse import N_WEEKS, write_warehouse

_N_CITIZENS = 40


@pytest.fixture(scope="module")
def town() -> Town:
    town = Town(np.random.default_rng(1))
    town.live(7 * 104)
    return town


@pytest.fixture
def warehouse(town: Town, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    path = tmp_path / "warehouse.duckdb"
    write_warehouse(path, town, _N_CITIZENS)
    with duckdb.connect(str(path)) as connection:
        yield connection


def _ask(
    warehouse: duckdb.DuckDBPyConnection, what_if_id: str, municipality_id: str | None = "901",
    activity_id: str = "TALK",
) -> None:
    warehouse.execute(
        "insert into reference.what_ifs"
        " values (?, ?, 'p', ?, 30, 14, 21, null, 'Oftere', 'More often')",
        [what_if_id, municipality_id, activity_id],
    )


def _answer(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> tuple[WhatIfRow, ...]:
    return answer_what_ifs(
        warehouse, "901", tmp_path / "answers.parquet", min_group_size=5, about={"made": "of this"}
    )


def test_a_question_has_a_row_for_each_measure_and_says_it_in_words(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    _ask(warehouse, "MINE")
    _ask(warehouse, "OF ALL", municipality_id=None)
    _ask(warehouse, "ANOTHER TOWN'S", municipality_id="902")
    rows = _answer(warehouse, tmp_path)
    asked = [(one.what_if_id, one.measure) for one in rows]
    assert asked == [(name, measure) for name in ("MINE", "OF ALL") for measure in MEASURES]
    late = rows[MEASURES.index("mean_days_late")]
    low, middle, high = (
        f"{one:.1f}" for one in (late.changed_low, late.changed, late.changed_high) if one is not None
    )
    assert late.sentence_en.startswith(
        f"More often: days after that day, mean of all talks: {middle} (95 %: {low} to {high}), against"
    )
    assert late.sentence_da.startswith(
        "Oftere: dage efter den dag, i gennemsnit af alle samtaler: " + middle.replace(".", ",")
    )
    assert "Says nothing of a single citizen" in late.sentence_en
    assert late.seen_until_on is not None and late.seen_until_on.isoformat() in late.sentence_en


def test_what_is_written_is_what_was_found(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    _ask(warehouse, "MINE")
    rows = _answer(warehouse, tmp_path)
    table = pq.read_table(tmp_path / "answers.parquet")
    assert table.to_pylist() == [asdict(row) for row in rows]
    assert table.schema.metadata[b"made"] == b"of this"


def test_the_file_holds_every_column_also_where_nothing_is_asked(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    assert _answer(warehouse, tmp_path) == ()
    table = pq.read_table(tmp_path / "answers.parquet")
    assert table.num_rows == 0
    assert table.schema.names == [one.name for one in fields(WhatIfRow)]


def test_a_question_about_a_queue_that_is_not_there_is_refused_in_words(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    _ask(warehouse, "MINE", activity_id="DANCE")
    rows = _answer(warehouse, tmp_path)
    assert {(row.outcome, row.reason, row.n_citizens, row.changed) for row in rows} == {
        ("cannot_tell", "no_talks", 0, None)
    }
    assert rows[0].sentence_en == (
        "More often: cannot tell: the process did not have the activity in the weeks looked at."
    )
    assert rows[0].sentence_da.startswith("Oftere: kan ikke siges: ")


def test_a_missing_limit_is_told(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    _ask(warehouse, "MINE")
    warehouse.execute("delete from reference.quality_limits where limit_id = 'what_if_replays'")
    with pytest.raises(PipelineError, match=r"quality_limits.csv: .* what_if_replays, found none"):
        _answer(warehouse, tmp_path)


def test_who_stands_behind_what_was_seen_is_counted_once(
    warehouse: duckdb.DuckDBPyConnection, town: Town
) -> None:
    """Against a count made turn by turn."""
    turns = town.log(N_WEEKS)
    groups: dict[str, set[int]] = {"on_time": set(), "late": set(), "waiting": set()}
    for number, (begun, ends, first, held) in enumerate(
        zip(turns.begins, turns.ends, turns.is_first, turns.is_held, strict=True)
    ):
        due = begun + (14 if first else 30)
        while not is_working(due + town.day - 7 * N_WEEKS):
            due += 1
        citizen = number % _N_CITIZENS
        if held and ends >= 0:
            groups["on_time" if ends <= due else "late"].add(citizen)
        elif ends > turns.n_days and due < turns.n_days:
            groups["waiting"].add(citizen)
    people = read_people(warehouse, "p", "TALK", Quota(14, 30))
    assert people == People(**{name: len(citizens) for name, citizens in groups.items()})
    assert people.late > 0 and people.waiting > 0
    assert turns.until_on == turns.from_on + timedelta(days=7 * N_WEEKS - 1)
