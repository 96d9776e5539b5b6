"""Mining a whole warehouse."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pm_pipeline.mining import MiningReport, mine, slices

Build = Callable[..., duckdb.DuckDBPyConnection]


def _mine(connection: duckdb.DuckDBPyConnection, out_dir: Path, **changes: Any) -> MiningReport:
    settings: dict[str, Any] = {"min_group_size": 5, **changes}
    settings.setdefault("process_labels", {"p": "Processen"})
    return mine(connection, "901", out_dir, **settings)


def _files(out_dir: Path) -> dict[str, bytes]:
    """Every artefact; of summaries all but the moment they were made."""
    found = {}
    for path in sorted(out_dir.glob("artefacts/*/*")):
        content = path.read_bytes()
        if path.name == "summary.json":
            summary = json.loads(content)
            summary.pop("created_at", None)
            content = json.dumps(summary).encode()
        found[str(path.relative_to(out_dir))] = content
    return found


def test_shuffled_input_and_other_threads_give_identical_artefacts(
    build_warehouse: Build, courses: Any, tmp_path: Path
) -> None:
    cases = courses(200, 1)
    _mine(build_warehouse(cases, threads=1), tmp_path / "a")
    shuffled = list(cases)
    random.Random(2).shuffle(shuffled)
    _mine(build_warehouse(shuffled, threads=4), tmp_path / "b")
    first, second = _files(tmp_path / "a"), _files(tmp_path / "b")
    names = {path.rsplit("/", 1)[1] for path in first}
    assert names == {"model.bpmn", "model.pnml", "model.svg", "map.svg", "summary.json"}
    assert first == second


def test_what_is_there_is_used_again_without_pm4py_or_graphviz(
    build_warehouse: Build, courses: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = build_warehouse(courses(100, 1))
    first = _mine(connection, tmp_path)
    assert first.reused == frozenset()

    def never(*_: object, **__: object) -> None:
        raise AssertionError("this model was there already")

    monkeypatch.setattr(slices, "make_model", never)
    monkeypatch.setattr("subprocess.run", never)
    again = _mine(connection, tmp_path)
    assert again.models == first.models
    (row,) = again.slices
    (of_objects,) = again.object_maps
    assert again.object_maps == first.object_maps
    assert again.reused == {
        row.map_id, of_objects.map_id, *(model.model_id for model in first.models)
    }


def test_a_model_that_was_damaged_is_made_again(
    build_warehouse: Build, courses: Any, tmp_path: Path
) -> None:
    connection = build_warehouse(courses(100, 1))
    first = _mine(connection, tmp_path)
    before = _files(tmp_path)
    model = tmp_path / first.models[0].artefact_dir / "model.pnml"
    model.write_text("half of it")
    again = _mine(connection, tmp_path)
    assert first.models[0].model_id not in again.reused
    assert _files(tmp_path) == before
    model.unlink()
    _mine(connection, tmp_path)
    assert _files(tmp_path) == before


def test_another_log_or_another_setting_is_another_model_and_the_old_one_stays(
    build_warehouse: Build, courses: Any, tmp_path: Path
) -> None:
    one = _mine(build_warehouse(courses(100, 1)), tmp_path)
    two = _mine(build_warehouse(courses(101, 1)), tmp_path)
    three = _mine(build_warehouse(courses(101, 1)), tmp_path, min_group_size=6)
    ids = {report.models[0].model_id for report in (one, two, three)}
    assert len(ids) == 3
    assert all((tmp_path / "artefacts" / model_id / "model.bpmn").exists() for model_id in ids)


def test_slices_without_a_model_say_why(
    build_warehouse: Build, courses: Any, make_case: Any, tmp_path: Path
) -> None:
    few = [replace(case, regime_id="forsikrede_ledige__20200101") for case in courses(4, 1)]
    early = [make_case(str(100 + i), ("TILMELDT",), regime_id=None) for i in range(9)]
    said: list[str] = []
    report = _mine(build_warehouse([*few, *early]), tmp_path, on_progress=said.append)
    assert [(row.regime_id, row.outcome) for row in report.skipped] == [
        (None, "outside_regimes"), ("forsikrede_ledige__20200101", "too_few_cases"),
    ]
    assert all(row.reason for row in report.skipped)
    assert any("no model" in sentence for sentence in said)
    assert not list(tmp_path.glob("artefacts/*"))
    models = duckdb.sql(f"select * from '{tmp_path}/discovered_models.parquet'")
    assert models.fetchall() == []
    types = dict(zip(models.columns, map(str, models.types), strict=True))
    assert types["fitness"] == "DOUBLE"
    assert (types["n_cases"], types["created_at"], types["bpmn"]) == (
        "BIGINT", "TIMESTAMP", "VARCHAR"
    )
    written = duckdb.sql(f"select regime_id, outcome from '{tmp_path}/slices.parquet'").fetchall()
    assert written == [(row.regime_id, row.outcome) for row in report.slices]


def test_one_citizen_with_many_cases_is_not_a_group(
    build_warehouse: Build, make_case: Any, tmp_path: Path
) -> None:
    cases = [make_case(f"{i % 4}-{i}", ("TILMELDT", "AFMELDT_JOB")) for i in range(40)]
    (row,) = _mine(build_warehouse(cases), tmp_path).slices
    assert (row.outcome, row.n_cases, row.n_citizens) == ("too_few_cases", 40, 4)


def test_no_file_shows_what_fewer_than_the_minimum_did(
    build_warehouse: Build, courses: Any, make_case: Any, tmp_path: Path
) -> None:
    cases = courses(100, 1)
    cases += [make_case(str(200 + i), ("TILMELDT", "RARE_STEP", "AFMELDT_JOB")) for i in range(4)]
    report = _mine(build_warehouse(cases), tmp_path)
    assert (report.models[0].n_cases, report.models[0].coverage < 1) == (104, True)
    for path, content in _files(tmp_path).items():
        assert b"RARE_STEP" not in content, path


def test_an_empty_warehouse_gives_typed_empty_tables(
    build_warehouse: Build, tmp_path: Path
) -> None:
    report = _mine(build_warehouse([]), tmp_path)
    assert (report.models, report.slices) == ((), ())
    assert duckdb.sql(f"select count(*) from '{tmp_path}/slices.parquet'").fetchall() == [(0,)]


def test_the_permit_log_of_a_real_municipality(
    build_warehouse: Build, make_case: Any, tmp_path: Path,
    real_log: Callable[[str], list[tuple[str, ...]]],
) -> None:
    paths = real_log("receipt")
    connection = build_warehouse([make_case(str(i), path) for i, path in enumerate(paths)])
    model = _mine(connection, tmp_path).models[0]
    assert (model.n_cases, model.n_variants) == (1434, 116)
    assert 0.9 < model.coverage < 1
    # A threshold of 0.2 would give 0.834 and 0.463, one of 0 would give 0.996 and 0.267.
    assert json.loads(model.parameters)["noise_threshold"] == 0.1
    assert (model.fitness, model.precision) == (
        pytest.approx(0.926, abs=1e-3), pytest.approx(0.748, abs=1e-3)
    )
    assert (model.fitness_coverage, model.precision_coverage) == (1, pytest.approx(0.93, abs=0.01))
    assert 0.8 < model.generalisation < 0.9
    assert 0.5 < model.simplicity < 1
    edges = connection.execute("select count(*), sum(n_occurrences) from core.directly_follows")
    assert edges.fetchall() == [(99, 7143)]


def test_a_slice_that_no_model_can_be_measured_on_keeps_its_map_and_says_why(
    build_warehouse: Build, courses: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pm_pipeline.mining.behaviour.automaton.MAX_STATES", 1)
    monkeypatch.setattr("pm_pipeline.mining.conformance.alignment.MAX_PLACES_PER_PATH", 1)
    said: list[str] = []
    report = _mine(build_warehouse(courses(100, 1)), tmp_path, on_progress=said.append)
    assert [(one.algorithm, one.fitness, one.unmeasured_reason) for one in report.models] == [
        ("heuristics_miner", None, "no_way_to_the_end"),
        ("powl_maximal_order", None, "no_way_to_the_end"),
    ]
    for row in report.slices:
        assert (row.outcome, row.model_id) == ("too_complex", None)
        assert row.reason and row.map_dir and (tmp_path / row.map_dir / "map.svg").exists()
    assert any("could be measured" in line for line in said)


def test_each_miner_has_its_model_of_the_slice_with_its_figures(
    build_warehouse: Build, courses: Any, tmp_path: Path
) -> None:
    report = _mine(build_warehouse(courses(150, 1)), tmp_path)
    assert [model.algorithm for model in report.models] == [
        "inductive_miner_imf", "heuristics_miner", "powl_maximal_order"
    ]
    assert report.slices[0].model_id == report.models[0].model_id
    for model in report.models:
        folder = tmp_path / model.artefact_dir
        assert (model.bpmn is None) == (model.algorithm == "heuristics_miner")
        assert (folder / "model.bpmn").exists() == (model.bpmn is not None)
        assert (folder / "model.svg").exists() and (folder / "model.pnml").exists()
        assert (model.fitness is None) == (model.unmeasured_reason is not None)
        assert model.algorithm == "heuristics_miner" or model.is_sound
