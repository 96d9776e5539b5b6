"""Logs at the edges: each gives a stated result or a readable map, never a crash."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pm_pipeline.mining import MiningReport, mine
from pm_pipeline.mining.log import read_slices
from pm_pipeline.mining.pictures.map import (
    END,
    MAX_ACTIVITIES,
    MAX_EDGES,
    START,
    choose_activities,
    draw_map,
    read_map,
)
from pm_pipeline.mining.pictures.style import Label

Build = Callable[..., duckdb.DuckDBPyConnection]

# pm4py's own use of old numpy and scipy is none of this project's business.
pytestmark = pytest.mark.filterwarnings("ignore")


def _mine(connection: duckdb.DuckDBPyConnection, out_dir: Path) -> MiningReport:
    return mine(connection, "901", out_dir, min_group_size=5, process_labels={})


@pytest.mark.parametrize("path", [("A",), ("A", "B")])
def test_one_case_is_too_few_and_told_so(
    build_warehouse: Build, make_case: Any, tmp_path: Path, path: tuple[str, ...]
) -> None:
    report = _mine(build_warehouse([make_case("1", path)]), tmp_path)
    assert [(row.outcome, row.model_id) for row in report.slices] == [("too_few_cases", None)]
    assert report.slices[0].reason


def test_cases_of_one_event_are_a_model_of_one_step(
    build_warehouse: Build, make_case: Any, tmp_path: Path
) -> None:
    report = _mine(build_warehouse([make_case(str(i), ("A",)) for i in range(6)]), tmp_path)
    assert report.slices[0].outcome == "mined"
    assert [(one.fitness, one.precision) for one in report.models] == [(1, 1)] * 3


def test_an_activity_of_a_thousand_letters_is_drawn_and_modelled(
    build_warehouse: Build, make_case: Any, tmp_path: Path
) -> None:
    name = "Æ->'\"<&>\\" * 111
    cases = [make_case(str(i), ("A", name, "B")) for i in range(6)]
    report = _mine(build_warehouse(cases), tmp_path)
    assert [one.fitness for one in report.models] == [1, 1, 1]
    assert len((tmp_path / (report.slices[0].map_dir or "") / "map.svg").read_text()) < 20_000


def test_a_map_of_many_activities_that_tie_stays_readable_and_says_what_it_leaves_out(
    build_warehouse: Build, make_case: Any
) -> None:
    names = [f"N{i:02d}" for i in range(60)]
    paths = [tuple(names[i:] + names[:i]) for i in range(0, 60, 10) for _ in range(6)]
    connection = build_warehouse([make_case(str(i), path) for i, path in enumerate(paths)])
    (slice_,) = read_slices(connection)
    found = read_map(connection, slice_, 5)
    assert len(found.node_counts) <= MAX_ACTIVITIES
    assert len(found.edges) <= MAX_EDGES + 2 * MAX_ACTIVITIES
    assert found.n_weak_activities == 60 - MAX_ACTIVITIES
    drawing = draw_map(found, {name: Label(name) for name in names}, "Processen")
    assert f"de {MAX_ACTIVITIES} hyppigste aktiviteter; 35 sjældnere" in drawing.description


def test_the_most_frequent_activities_are_kept_and_ties_go_by_name() -> None:
    counts = {START: 0, "c": 5, "b": 9, "a": 5, END: 3}
    assert choose_activities(counts, 2) == {START, END, "b", "a"}


def test_a_log_whose_cases_all_differ_has_no_model_that_fewer_than_the_minimum_walked(
    build_warehouse: Build, make_case: Any, tmp_path: Path
) -> None:
    cases = [make_case(str(i), ("A", f"own {i}", "B")) for i in range(300)]
    (row,) = _mine(build_warehouse(cases), tmp_path).slices
    assert (row.outcome, row.map_id) == ("too_few_cases", None)


def test_more_variants_than_models_are_made_of_leave_a_stated_share_and_all_are_judged(
    build_warehouse: Build, make_case: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pm_pipeline.mining.models.MAX_VARIANTS", 100)
    rng = random.Random(2)
    paths = []
    for _ in range(900):
        middle = ["B", "C", "D", "E", "F"]
        rng.shuffle(middle)
        paths.append(("A", *middle[: rng.randrange(3, 6)], *("G",) * rng.randrange(4), "H"))
    assert len(set(paths)) > 500
    cases = [make_case(str(number), path) for number, path in enumerate(paths)]
    report = _mine(build_warehouse(cases), tmp_path)
    assert report.slices[0].outcome == "mined"
    assert len(report.models) == 3
    for model in report.models:
        assert model.n_variants == len(set(paths))
        assert 100 <= model.covered_cases < 900
        assert model.coverage == model.covered_cases / 900
        assert (model.fitness is None) == (model.unmeasured_reason is not None)
        assert model.fitness is None or model.fitness_coverage == 1
    assert report.models[0].fitness is not None
