"""Building a warehouse: beside the old one, alone, and all or nothing."""

import os
import signal
import subprocess
import sys

import pytest

from pm_pipeline import warehouse
from pm_pipeline.errors import PipelineError
from pm_pipeline.transform import build
from pm_pipeline.transform.build import build_warehouse
from tests.transform.other_project import MUNICIPALITY, OtherProject


def _rows(settings: OtherProject, query: str, municipality: str = MUNICIPALITY) -> list[object]:
    with warehouse.connect(settings.warehouse_path(municipality)) as connection:
        return [row if len(row) > 1 else row[0] for row in connection.execute(query).fetchall()]


def _edit(settings: OtherProject, model: str, sql: str) -> None:
    (settings.dbt_project_dir / "models" / f"{model}.sql").write_text(sql)


def test_both_stages_stand_in_one_private_file_and_nothing_lies_beside_it(
    shared: OtherProject,
) -> None:
    path = shared.warehouse_path(MUNICIPALITY)
    assert _rows(shared, "select * from marts.two order by kind") == [("plan", 1), ("talk", 1)]
    assert path.stat().st_mode & 0o077 == 0
    left = {one.name for one in path.parent.iterdir() if not one.name.startswith(".")}
    assert left == {path.name}
    assert not (path.parent / ".building").exists()


def test_the_results_name_every_node_and_tell_tests_from_models(
    shared: OtherProject, municipality: str
) -> None:
    results = {one.unique_id: one for one in build_warehouse(shared, municipality, "core")}
    assert set(results) == {
        "seed.pm_pipeline.kinds",
        "model.pm_pipeline.one",
        "test.pm_pipeline.one_has_kinds",
    }
    assert all(result.passed for result in results.values())
    assert [result.is_test for result in results.values()].count(True) == 1


def test_one_parsed_project_builds_each_municipality_under_its_own_code(
    shared: OtherProject, municipality: str,
) -> None:
    build_warehouse(shared, municipality, "core")
    query = "select distinct municipality_id from core.one"
    assert _rows(shared, query) == ["901"]
    assert _rows(shared, query, municipality) == ["950"]


def test_a_failing_model_is_named_and_the_old_warehouse_still_stands(built: OtherProject) -> None:
    before = built.warehouse_path(MUNICIPALITY).read_bytes()
    _edit(built, "marts/two", "select kind, no_such_column as n from {{ ref('one') }}")
    with pytest.raises(PipelineError) as failed:
        build_warehouse(built, MUNICIPALITY, "marts")
    text = str(failed.value)
    assert "municipality 901" in text and "model.pm_pipeline.two: error" in text
    assert "the old one still stands" in text
    assert "three" not in text, "what was skipped because of it is not to blame"
    assert built.warehouse_path(MUNICIPALITY).read_bytes() == before
    assert not (built.work_dir(MUNICIPALITY) / ".building").exists()


def test_a_failing_structural_test_is_named_with_its_count_and_nothing_is_swapped_in(
    built: OtherProject,
) -> None:
    before = built.warehouse_path(MUNICIPALITY).read_bytes()
    _edit(
        built, "marts/two", "select 'talk' as kind, 1 as n union all select 'talk', 2 as n"
        " from {{ ref('one') }} where kind = 'talk'"
    )
    expected = r"test\.pm_pipeline\.is_key_two_kind.*: fail \(1 rows\)"
    with pytest.raises(PipelineError, match=expected):
        build_warehouse(built, MUNICIPALITY, "marts")
    assert built.warehouse_path(MUNICIPALITY).read_bytes() == before


def test_a_whole_core_build_keeps_no_table_of_an_earlier_one(
    shared: OtherProject, municipality: str
) -> None:
    build_warehouse(shared, municipality, "core")
    query = "select schema_name || '.' || table_name from duckdb_tables()"
    assert "marts.two" in _rows(shared, query)
    tables = _rows(shared, query, municipality)
    assert "core.one" in tables and not [one for one in tables if str(one).startswith("marts.")]


def test_one_model_alone_is_built_and_the_rest_stays(built: OtherProject) -> None:
    _edit(built, "marts/two", "select kind, 100 as n from {{ ref('one') }}")
    _edit(built, "marts/three", "select 0 as n")
    results = build_warehouse(built, MUNICIPALITY, "marts", ("model.pm_pipeline.two",))
    assert "model.pm_pipeline.two" in {one.unique_id for one in results}
    assert "model.pm_pipeline.three" not in {one.unique_id for one in results}
    assert _rows(built, "select distinct n from marts.two") == [100]
    assert _rows(built, "select n from marts.three") == [2]


def test_marts_without_a_core_say_what_to_do_first(shared: OtherProject) -> None:
    with pytest.raises(PipelineError, match="no warehouse to build marts on; materialise the core"):
        build_warehouse(shared, "951", "marts")


def test_a_second_builder_of_the_same_warehouse_is_refused_and_another_municipality_is_not(
    shared: OtherProject, municipality: str,
) -> None:
    before = shared.warehouse_path(MUNICIPALITY).read_bytes()
    with build._only_builder(shared.work_dir(MUNICIPALITY)):
        with pytest.raises(PipelineError, match="another run is building this warehouse"):
            build_warehouse(shared, MUNICIPALITY, "marts")
        build_warehouse(shared, municipality, "core")
    assert shared.warehouse_path(MUNICIPALITY).read_bytes() == before
    build_warehouse(shared, MUNICIPALITY, "marts")


_HOLD = """
import sys, time
from pathlib import Path
from pm_pipeline.transform.build import _only_builder
with _only_builder(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


def test_a_builder_that_was_killed_holds_nothing_and_its_half_built_file_is_not_used(
    shared: OtherProject, municipality: str,
) -> None:
    folder = shared.work_dir(municipality)
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(folder)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        with pytest.raises(PipelineError, match="another run"):
            build_warehouse(shared, municipality, "core")
    finally:
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    (folder / ".building").mkdir(exist_ok=True)
    (folder / ".building" / "warehouse.duckdb").write_bytes(b"cut off in the middle")
    build_warehouse(shared, municipality, "core")
    assert _rows(shared, "select count(*) from core.one", municipality) == [2]


def test_the_environment_of_the_process_is_the_same_after_a_build_that_fails(
    built: OtherProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PM_MUNICIPALITY", "what was there")
    monkeypatch.delenv("PM_WAREHOUSE", raising=False)
    _edit(built, "core/one", "select 1 / 'no number' as municipality_id, 'x' as kind")
    before = dict(os.environ)
    with pytest.raises(PipelineError):
        build_warehouse(built, MUNICIPALITY, "core")
    assert dict(os.environ) == before


def test_a_warehouse_can_be_read_right_after_it_was_built_in_the_same_process(
    shared: OtherProject, municipality: str
) -> None:
    build_warehouse(shared, municipality, "core")
    assert len(_rows(shared, "select * from core.one", municipality)) == 2
    build_warehouse(shared, municipality, "core")
    assert len(_rows(shared, "select * from core.one", municipality)) == 2
