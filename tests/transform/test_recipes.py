"""What a node is made from, what a warehouse says of it, and what a narrowed build leaves out."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pm_pipeline import warehouse
from pm_pipeline.transform.build import build_warehouse
from pm_pipeline.transform.recipes import UNKNOWN, recipes_of
from pm_pipeline.transform.record import read_record
from tests.transform.other_project import MUNICIPALITY, OtherProject

SEED, ONE, TWO, THREE = (
    "seed.pm_pipeline.kinds", *(f"model.pm_pipeline.{name}" for name in ("one", "two", "three"))
)


def _recipes(settings: OtherProject) -> dict[str, str]:
    return recipes_of(settings).made_from(lambda _: UNKNOWN)


def _recorded(settings: OtherProject) -> dict[str, str]:
    return read_record(settings.warehouse_path(MUNICIPALITY)).made_from(recipes_of(settings))


def _changed(settings: OtherProject, before: dict[str, str]) -> set[str]:
    after = _recipes(settings)
    return {one for one in before | after if before.get(one) != after.get(one)}


def _write(settings: OtherProject, name: str, text: str) -> None:
    (settings.dbt_project_dir / name).write_text(text)


def _tables(settings: OtherProject) -> set[str]:
    return {".".join(name) for name in read_record(settings.warehouse_path(MUNICIPALITY)).kinds}


def test_a_built_warehouse_says_of_each_table_what_today_would_make_it(shared: OtherProject) -> None:
    assert set(_recipes(shared)) == {SEED, ONE, TWO, THREE}
    assert _recorded(shared) == _recipes(shared)


def test_an_edited_seed_changes_the_recipe_of_all_that_rests_on_it(built: OtherProject) -> None:
    before = _recipes(built)
    _write(built, "seeds/kinds.csv", "kind\ntalk\nmeeting\n")
    assert _changed(built, before) == {SEED, ONE, TWO, THREE}


def test_an_edited_model_changes_nothing_before_it(built: OtherProject) -> None:
    before = _recipes(built)
    _write(built, "models/marts/two.sql", "select kind, 1 as n from {{ ref('one') }}")
    assert _changed(built, before) == {TWO, THREE}


def test_an_edited_macro_changes_the_models_that_use_it(built: OtherProject) -> None:
    before = _recipes(built)
    _write(
        built, "macros/municipality_id.sql",
        "{% macro municipality_id() -%} upper('{{ env_var(\"PM_MUNICIPALITY\", \"0\") }}') "
        "{%- endmacro %}",
    )
    assert _changed(built, before) == {ONE, TWO, THREE}
    before = _recipes(built)
    _write(built, "macros/row_state.sql", "{% macro row_state() -%} 'odd' {%- endmacro %}")
    assert _changed(built, before) == set()


def test_a_setting_changes_the_models_that_read_it(built: OtherProject) -> None:
    _write(built, "models/marts/three.sql", "select {{ min_group_size() }} as n")
    five, six = (built.model_copy(update={"min_group_size": size}) for size in (5, 6))
    assert _changed(six, _recipes(five)) == {THREE}
    other = built.model_copy(update={"memory_limit": "1GB", "threads": 2})
    assert _changed(other, _recipes(built)) == set()


def test_a_description_changes_nothing_and_a_structural_test_only_what_must_be_tested(
    built: OtherProject,
) -> None:
    before, tests = _recipes(built), {
        one: recipes_of(built).tests(one) for one in (ONE, TWO, THREE)
    }
    text = (built.dbt_project_dir / "models/marts/_marts.yml").read_text()
    _write(built, "models/marts/_marts.yml", text.replace(
        "  - name: two\n", "  - name: two\n    description: how many of each\n"
    ))
    assert _changed(built, before) == set()
    assert {one: recipes_of(built).tests(one) for one in tests} == tests
    _write(built, "models/marts/_marts.yml", text.replace("[kind]", "[kind, n]"))
    assert _changed(built, before) == set()
    now = {one: recipes_of(built).tests(one) for one in tests}
    assert {one for one in tests if now[one] != tests[one]} == {TWO}


def test_a_node_on_a_parent_nobody_knows_is_not_known_either(shared: OtherProject) -> None:
    recipes = recipes_of(shared)
    known = recipes.made_from(lambda _: UNKNOWN)
    built = recipes.made_from(
        lambda _: UNKNOWN, built={TWO, THREE}, recorded={SEED: known[SEED]}
    )
    assert built[ONE] == built[TWO] == built[THREE] == UNKNOWN
    assert built[SEED] == known[SEED]


def test_a_part_built_after_an_edit_says_what_it_was_really_made_from(built: OtherProject) -> None:
    before = _recorded(built)
    _write(built, "seeds/kinds.csv", "kind\ntalk\nmeeting\n")
    build_warehouse(built, MUNICIPALITY, "marts", (THREE,))
    # the seed and what it leads to are those of before, and `three` was made from them
    assert _recorded(built) == before
    assert before[THREE] != _recipes(built)[THREE]


def test_a_narrowed_build_leaves_out_marts_that_would_not_fit_and_keeps_those_that_do(
    built: OtherProject,
) -> None:
    _write(built, "models/marts/apart.sql", "select 1 as n")
    build_warehouse(built, MUNICIPALITY, "marts")
    assert {"marts.two", "marts.three", "marts.apart"} <= _tables(built)
    build_warehouse(built, MUNICIPALITY, "core", (SEED, ONE))
    assert {"marts.two", "marts.three", "marts.apart"} <= _tables(built)
    _write(built, "seeds/kinds.csv", "kind\ntalk\nmeeting\n")
    build_warehouse(built, MUNICIPALITY, "core", (SEED, ONE))
    assert _tables(built) == {"reference.kinds", "core.one", "marts.apart"}
    build_warehouse(built, MUNICIPALITY, "marts", (TWO, THREE))
    assert _recorded(built) == _recipes(built)


def test_the_table_of_a_model_that_is_gone_goes_with_the_next_build(built: OtherProject) -> None:
    (built.dbt_project_dir / "models/marts/three.sql").unlink()
    build_warehouse(built, MUNICIPALITY, "marts", (TWO,))
    assert _tables(built) == {"reference.kinds", "core.one", "marts.two"}


def test_a_seed_that_gets_a_column_replaces_its_table(built: OtherProject) -> None:
    _write(built, "seeds/kinds.csv", "kind,label\ntalk,Samtale\n")
    build_warehouse(built, MUNICIPALITY, "core", (SEED, ONE))
    with warehouse.connect(built.warehouse_path(MUNICIPALITY)) as connection:
        rows = connection.execute("select * from reference.kinds").fetchall()
    assert rows == [("talk", "Samtale")]


@pytest.mark.slow
def test_dbt_alone_builds_an_edited_seed_and_what_rests_on_it_and_leaves_no_recipe_there(
    built: OtherProject, tmp_path: Path
) -> None:
    """The command line of dbt_project/README.md, by a maintainer who never opens Dagster."""
    _write(built, "seeds/kinds.csv", "kind,label\ntalk,Samtale\nmeeting,Møde\n")
    copy = tmp_path / "copy.duckdb"
    shutil.copyfile(built.warehouse_path(MUNICIPALITY), copy)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PM_")}
    project = str(built.dbt_project_dir)
    done = subprocess.run(
        [
            Path(sys.executable).with_name("dbt"), "build", "--project-dir", project,
            "--profiles-dir", project, "--target-path", tmp_path / "target", "--log-path", tmp_path,
            "--select", "kinds+",
        ],
        env={
            **kept, "PM_WAREHOUSE": str(copy), "PM_MUNICIPALITY": MUNICIPALITY,
            "PM_WORK_DIR": str(built.work_dir(MUNICIPALITY)), "DO_NOT_TRACK": "1",
        },
        capture_output=True, text=True, check=False,
    )
    assert done.returncode == 0, done.stdout
    with warehouse.connect(copy) as connection:
        rows = connection.execute("select kind, n from marts.two order by kind").fetchall()
    assert rows == [("meeting", 1), ("talk", 1)]
    assert read_record(copy).made_from(recipes_of(built)) == {}
