"""The SQL of models as dbt would run it: what is given is not looked into, what depends comes later."""

import pytest

from pm_pipeline.errors import PipelineError
from pm_pipeline.transform.compiled import compile_models
from tests.transform.other_project import OtherProject


def test_models_come_after_what_they_read_and_seeds_with_their_types(shared: OtherProject) -> None:
    sql = compile_models(shared, ["three"], [], "a town")
    assert [one.name for one in sql.models] == ["one", "two", "three"]
    assert [(one.name, one.relation) for one in sql.seeds] == [
        ("kinds", '"warehouse"."reference"."kinds"')
    ]
    assert "'a town' as municipality_id" in sql.models[0].sql
    assert sql.models[1].needs == {"one"} and '"warehouse"."core"."one"' in sql.models[1].sql


def test_what_is_given_is_named_and_nothing_it_is_made_of(shared: OtherProject) -> None:
    sql = compile_models(shared, ["three"], ["one"], "a town")
    assert [one.name for one in sql.models] == ["two", "three"]
    assert sql.seeds == ()
    assert sql.given == {"one": '"warehouse"."core"."one"'}


def test_compiling_says_nothing_and_touches_no_warehouse(
    shared: OtherProject, capfd: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.stat().st_mtime_ns for path in shared.data_dir.rglob("warehouse*")}
    compile_models(shared, ["one"], [], "a town")
    assert capfd.readouterr().out == ""
    assert {path: path.stat().st_mtime_ns for path in shared.data_dir.rglob("warehouse*")} == before


def test_an_unknown_model_is_told(shared: OtherProject) -> None:
    with pytest.raises(PipelineError, match="there is no model four"):
        compile_models(shared, ["four"], [], "a town")
