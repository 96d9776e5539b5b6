"""A plan as a run selects it: assets that there are, the checks they make, results shown anew."""

from collections.abc import Iterator

import dagster as dg
import pytest
from dagster._core.definitions.assets.graph.asset_graph import AssetGraph

from pm_pipeline.components.plan import Asset, Plan
from pm_pipeline.components.selection import Selection, select
from pm_pipeline.settings import get_settings


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AssetGraph]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PM_DATA_DIR", str(tmp_path_factory.mktemp("definitions")))
        patch.delenv("PM_FIELD_DIR", raising=False)
        get_settings.cache_clear()
        from pm_pipeline.definitions import defs

        yield defs().resolve_asset_graph()
    get_settings.cache_clear()


def _selected(graph: AssetGraph, *assets: Asset) -> Selection:
    selection = select(Plan(frozenset(assets), "a test"), graph)
    assert selection is not None
    return selection


def test_a_plan_of_everything_selects_nothing_in_particular(graph: AssetGraph) -> None:
    assert select(Plan(None, "a delivery came"), graph) is None


def test_selected_are_the_assets_of_the_plan_that_are_shown(graph: AssetGraph) -> None:
    selection = _selected(graph, ("core", "cases"), ("staging", "of a system that is not used"))
    assert selection.assets == (dg.AssetKey(["core", "cases"]),)


def test_a_table_is_tested_where_it_is_built_and_judged_only_where_results_are_made_anew(
    graph: AssetGraph
) -> None:
    built = _selected(graph, ("core", "cases"))
    assert {key.name for key in built.checks} == {"is_key_cases_process_id__case_id"}
    judged = _selected(graph, ("quality", "rule_results"))
    assert {"baseline__cases", "baseline__events"} <= {key.name for key in judged.checks}
    assert "is_key_cases_process_id__case_id" not in {key.name for key in judged.checks}


def test_every_asset_of_the_dbt_project_and_the_doors_has_a_code_version(graph: AssetGraph) -> None:
    without = {
        key.to_user_string() for key in graph.materializable_asset_keys
        if not graph.get(key).code_version
    }
    assert without == set()
    versions = [graph.get(key).code_version for key in graph.materializable_asset_keys
                if key.path[0] in {"reference", "staging", "intermediate", "core", "marts"}]
    assert len(set(versions)) == len(versions)
