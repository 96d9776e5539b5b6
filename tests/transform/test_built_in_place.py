"""Tables and views are made in place: what had the name before goes with the same transaction."""

import pytest

from pm_pipeline import warehouse
from pm_pipeline.errors import PipelineError
from pm_pipeline.transform.build import build_warehouse
from pm_pipeline.transform.manifest import invoke
from tests.transform.other_project import MUNICIPALITY, OtherProject

TWO = "select kind, {n} as n from {{{{ ref('one') }}}}"
AS_VIEW = "{{ config(materialized='view') }}"


def _edit(settings: OtherProject, sql: str) -> None:
    (settings.dbt_project_dir / "models" / "marts" / "two.sql").write_text(sql)


def _two(settings: OtherProject) -> tuple[str, set[int]]:
    """What kind of relation marts.two is, and what it says."""
    with warehouse.connect(settings.warehouse_path(MUNICIPALITY)) as connection:
        [(kind,)] = connection.execute(
            "select table_type from information_schema.tables"
            " where table_schema = 'marts' and table_name = 'two'"
        ).fetchall()
        return kind, {n for (n,) in connection.execute("select n from marts.two").fetchall()}


def test_a_table_becomes_a_view_and_a_view_a_table(built: OtherProject) -> None:
    _edit(built, AS_VIEW + TWO.format(n=7))
    build_warehouse(built, MUNICIPALITY, "marts")
    assert _two(built) == ("VIEW", {7})
    _edit(built, AS_VIEW + TWO.format(n=8))
    build_warehouse(built, MUNICIPALITY, "marts")
    assert _two(built) == ("VIEW", {8})
    _edit(built, TWO.format(n=9))
    build_warehouse(built, MUNICIPALITY, "marts")
    assert _two(built) == ("BASE TABLE", {9})


@pytest.mark.parametrize("config", ["", AS_VIEW])
def test_dbt_alone_leaves_the_table_as_it_was_where_its_query_fails(
    built: OtherProject, config: str
) -> None:
    before = _two(built)
    _edit(built, config + "select kind, no_such_column as n from {{ ref('one') }}")
    alone = {
        "PM_WAREHOUSE": str(built.warehouse_path(MUNICIPALITY)), "PM_MUNICIPALITY": MUNICIPALITY,
        "PM_WORK_DIR": str(built.work_dir(MUNICIPALITY)),
    }
    result = invoke(built, ["run", "--select", "two"], environment=alone)
    assert [str(one.status) for one in result.results if one.node.name == "two"] == ["error"]
    assert _two(built) == before


def test_a_hook_of_a_model_is_run(built: OtherProject) -> None:
    _edit(
        built, "{{ config(post_hook='update {{ this }} set n = 11') }}" + TWO.format(n=10)
    )
    build_warehouse(built, MUNICIPALITY, "marts")
    assert _two(built) == ("BASE TABLE", {11})


def test_a_query_that_does_not_keep_its_contract_is_an_error(built: OtherProject) -> None:
    _edit(built, TWO.format(n="'many'"))
    (built.dbt_project_dir / "models" / "marts" / "_contract.yml").write_text(
        "version: 2\nmodels:\n  - name: three\n    config: {contract: {enforced: true}}\n"
        "    columns:\n      - {name: n, data_type: varchar}\n"
    )
    (built.dbt_project_dir / "models" / "marts" / "three.sql").write_text(
        "select 5 as n, count(*) as m from {{ ref('two') }}"
    )
    with pytest.raises(PipelineError, match="enforced contract"):
        build_warehouse(built, MUNICIPALITY, "marts")
