"""The asset graph as a data engineer sees it: complete, described, read from left to right."""

import os
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.assets.graph.asset_graph import AssetGraph

from pm_pipeline.components.partitions import municipalities
from pm_pipeline.settings import get_settings

#: Every asset with what it is made of and what checks it. After a change that is meant:
#: UPDATE_ASSET_GRAPH=1 pytest tests/test_definitions.py, and read the difference.
SNAPSHOT = Path(__file__).with_name("asset_graph.txt")
UPDATE = "UPDATE_ASSET_GRAPH"

#: Left to right.
STAGES = (
    "landing",
    "lake",
    "reference",
    "staging",
    "intermediate",
    "core",
    "quality",
    "mining",
    "marts",
    "publish",
)


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.Definitions]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PM_DATA_DIR", str(tmp_path_factory.mktemp("definitions")))
        patch.delenv("PM_FIELD_DIR", raising=False)
        get_settings.cache_clear()
        from pm_pipeline.definitions import defs

        yield defs()
    get_settings.cache_clear()


@pytest.fixture(scope="module")
def graph(definitions: dg.Definitions) -> AssetGraph:
    return definitions.resolve_asset_graph()


@pytest.fixture(scope="module")
def keys(graph: AssetGraph) -> list[dg.AssetKey]:
    return sorted(graph.get_all_asset_keys())


def test_every_asset_says_what_it_is_who_owns_it_and_what_it_is_made_with(
    graph: AssetGraph, keys: list[dg.AssetKey]
) -> None:
    for key in keys:
        node = graph.get(key)
        name = key.to_user_string()
        assert node.description, f"{name} has no description"
        assert node.owners == ["team:data"], name
        assert node.kinds, f"{name} has no kinds"


def test_every_asset_is_named_by_its_stage_and_stands_in_the_group_of_its_stage(
    graph: AssetGraph, keys: list[dg.AssetKey]
) -> None:
    for key in keys:
        assert len(key.path) == 2, key
        assert key.path[0] in STAGES, key
        assert graph.get(key).group_name == key.path[0], key
    assert {key.path[0] for key in keys} == set(STAGES)


def test_no_edge_runs_backwards_through_the_stages(
    graph: AssetGraph, keys: list[dg.AssetKey]
) -> None:
    order = {stage: position for position, stage in enumerate(STAGES)}
    backwards = [
        f"{parent.to_user_string()} -> {key.to_user_string()}"
        for key in keys
        for parent in graph.get(key).parent_keys
        if order[parent.path[0]] > order[key.path[0]]
    ]
    assert not backwards


def test_nothing_hangs_in_the_air(graph: AssetGraph, keys: list[dg.AssetKey]) -> None:
    roots = {key for key in keys if not graph.get(key).parent_keys}
    assert {key for key in roots if key.path[0] not in {"landing", "reference"}} == {
        dg.AssetKey(["core", "generation"])  # tells which build made the warehouse
    }
    leaves = {key for key in keys if not graph.get(key).child_keys}
    # tables that are looked at and not built on, each on purpose
    assert {key.to_user_string() for key in leaves} == {
        "core/case_sources",
        "core/object_attributes",
        "core/object_objects",
        "core/rejected_relations",
        "core/vanished_cases",
        "quality/delivery_reports",
        "publish/database",
    }


def test_every_asset_is_partitioned_by_municipality(
    graph: AssetGraph, keys: list[dg.AssetKey]
) -> None:
    assert municipalities().get_partition_keys() == ["901", "902", "903", "904", "905"]
    for key in keys:
        partitions = graph.get(key).partitions_def
        assert partitions == municipalities(), key


def test_the_job_makes_everything_that_is_made_and_runs_every_check(
    definitions: dg.Definitions, graph: AssetGraph
) -> None:
    job = definitions.resolve_job_def("municipality")
    layer = job.asset_layer
    assert layer.selected_asset_keys == graph.materializable_asset_keys
    assert set(layer.asset_graph.asset_check_keys) == set(graph.asset_check_keys)
    assert job.partitions_def == municipalities()


def test_steps_run_in_the_process_of_their_run(definitions: dg.Definitions) -> None:
    job = definitions.resolve_job_def("municipality")
    assert job.executor_def.name == "in_process"
    assert definitions.executor is dg.in_process_executor


def test_a_run_has_the_time_limit_of_the_settings(definitions: dg.Definitions) -> None:
    tags = definitions.resolve_job_def("municipality").tags
    assert int(tags["dagster/max_runtime"]) == get_settings().max_runtime_seconds


def test_everything_that_opens_a_warehouse_waits_in_its_pool(definitions: dg.Definitions) -> None:
    job = definitions.resolve_job_def("municipality")
    pools = {node.name: node.definition.pools for node in job.nodes}
    outside = {name for name, pool in pools.items() if pool != {"warehouse"}}
    # these read and write Parquet only
    assert outside == {
        "ingest_event_log", "ingest_fasit", "ingest_momentum", "ingest_object_log", "quality_checks",
    }


def test_what_looks_at_structure_blocks_and_what_judges_content_does_not(
    graph: AssetGraph,
) -> None:
    from pm_pipeline.defs.quality.checks import quality_checks

    waved_through = {key for key in graph.asset_check_keys if not graph.get(key).blocking}
    volumes = {key for key in waved_through if key.name == "volume_as_before"}
    assert volumes and {key.asset_key.path[0] for key in volumes} == {"lake"}
    assert waved_through - volumes == set(quality_checks.check_keys)
    doors = {key.name for key in graph.asset_check_keys if key.asset_key.path[0] == "publish"}
    assert doors == {"nothing_personal_and_no_small_group", "codes_are_known"}


def test_the_asset_graph_is_the_reviewed_one(graph: AssetGraph) -> None:
    now = _written(graph)
    if os.environ.get(UPDATE):
        SNAPSHOT.write_text(now, encoding="utf-8")
        pytest.fail(f"{SNAPSHOT.name} was written: read the difference, test without {UPDATE}")
    assert now == SNAPSHOT.read_text(encoding="utf-8"), (
        f"assets, edges or checks changed; if that is meant: {UPDATE}=1 pytest {__file__}"
    )


def _written(graph: AssetGraph) -> str:
    """One block per asset in the order of the stages: `←` its parents, `✓` its checks."""
    lines = []
    by_stage = sorted(
        graph.get_all_asset_keys(), key=lambda key: (STAGES.index(key.path[0]), key.path)
    )
    for key in by_stage:
        lines.append(key.to_user_string())
        lines += [f"  ← {one.to_user_string()}" for one in sorted(graph.get(key).parent_keys)]
        lines += [
            f"  ✓ {one.name}" for one in sorted(graph.asset_check_keys) if one.asset_key == key
        ]
    return "\n".join(lines) + "\n"
