"""Runs of the command line are in Dagster: partitions, counts, checks, pictures, nothing personal."""

import base64
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator

import dagster as dg
import pytest
from dagster import DagsterEventType as EventType

from tests.road.planted_values import planted
from tests.road.the_road import MUNICIPALITIES, Road, Town

pytestmark = pytest.mark.slow

_PICTURE = re.compile(r"!\[\w+\]\(data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)\)")
# Views hold no rows of their own; candidate and database are files that others count.
_UNCOUNTED = {"staging", "intermediate", "publish"}


@pytest.fixture(scope="module")
def instance(road: Road) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.from_config(str(road.data_dir / "dagster")) as found:
        yield found


def _run_of(instance: dg.DagsterInstance, municipality_id: str) -> dg.DagsterRun:
    runs = instance.get_runs(dg.RunsFilter(tags={"dagster/partition": municipality_id}))
    assert len(runs) == 1
    return runs[0]


def _events(
    instance: dg.DagsterInstance, municipality_id: str, kind: EventType
) -> list[dg.DagsterEvent]:
    run_id = _run_of(instance, municipality_id).run_id
    records = instance.get_records_for_run(run_id, of_type=kind, limit=5000).records
    events = [record.event_log_entry.dagster_event for record in records]
    return [event for event in events if event is not None]


def _materialisations(
    instance: dg.DagsterInstance, municipality_id: str
) -> dict[str, dg.AssetMaterialization]:
    events = _events(instance, municipality_id, EventType.ASSET_MATERIALIZATION)
    found = [event.step_materialization_data.materialization for event in events]
    return {one.asset_key.to_user_string(): one for one in found}


@pytest.mark.parametrize("municipality_id", MUNICIPALITIES)
def test_each_municipality_has_one_finished_run_started_from_the_command_line(
    instance: dg.DagsterInstance, municipality_id: str
) -> None:
    run = _run_of(instance, municipality_id)
    assert run.status is dg.DagsterRunStatus.SUCCESS
    assert run.tags["pm_pipeline/started_from"] == "command line"
    assert run.job_name == "municipality"


def test_there_are_no_other_runs(instance: dg.DagsterInstance) -> None:
    assert instance.get_runs_count() == len(MUNICIPALITIES)


def test_every_table_is_materialised_for_the_municipality_with_its_true_row_count(
    instance: dg.DagsterInstance, town: Town
) -> None:
    made = _materialisations(instance, town.municipality_id)
    assert {one.partition for one in made.values()} == {town.municipality_id}
    counted = {
        name: one.metadata.get("dagster/partition_row_count") for name, one in made.items()
    }
    silent = {
        name for name, count in counted.items()
        if count is None and name.split("/")[0] not in _UNCOUNTED
    }
    views = town.ask(
        "select schema_name, view_name from duckdb_views() where schema_name in ('core', 'quality')"
    )
    assert silent == {f"{schema}/{view}" for schema, view in views}
    tables = town.ask(
        "select schema_name, table_name from duckdb_tables() where schema_name in ('core', 'marts')"
    )
    assert len(tables) > 20
    for schema, table in tables:
        (rows,) = town.ask(f"select count(*) from {schema}.{table}")[0]
        count = counted[f"{schema}/{table}"]
        assert count is not None
        assert count.value == rows, f"{schema}.{table}"


def test_the_lake_says_how_many_rows_came_in_and_how_many_stayed(
    instance: dg.DagsterInstance, town: Town
) -> None:
    made = _materialisations(instance, town.municipality_id)
    for table in town.truth.rows_after_processing:
        files = [file for file in town.truth.files if file.table == table]
        metadata = made[f"lake/{town.system}_{table}"].metadata
        rejected = sum(file.rejected for file in files)
        duplicates = sum(file.exact_duplicates for file in files)
        rows_in = sum(file.rows for file in files)
        assert metadata["rows in"].value == rows_in
        assert metadata["rows rejected"].value == rejected
        assert metadata["exact duplicates"].value == duplicates
        assert metadata["dagster/partition_row_count"].value == rows_in - rejected - duplicates


@pytest.mark.parametrize("municipality_id", MUNICIPALITIES)
def test_every_planned_check_is_evaluated_and_the_blocking_ones_passed(
    instance: dg.DagsterInstance, municipality_id: str
) -> None:
    planned = {
        (event.asset_check_planned_data.asset_key, event.asset_check_planned_data.check_name)
        for event in _events(instance, municipality_id, EventType.ASSET_CHECK_EVALUATION_PLANNED)
    }
    evaluated = {
        (evaluation.asset_key, evaluation.check_name): evaluation.passed
        for event in _events(instance, municipality_id, EventType.ASSET_CHECK_EVALUATION)
        for evaluation in [event.asset_check_evaluation_data]
    }
    assert [key for key in planned if key not in evaluated] == []
    names = {name for _, name in evaluated}
    doors = {"fits_its_contract", "holds_no_identifier", "nothing_personal_and_no_small_group"}
    assert doors <= names
    assert any(name.startswith("baseline__") for name in names)
    assert all(passed for (_, name), passed in evaluated.items() if name in doors)


def _pictures(instance: dg.DagsterInstance, municipality_id: str) -> dict[str, bytes]:
    metadata = _materialisations(instance, municipality_id)["mining/discovered_models"].metadata
    found = {}
    for name, value in metadata.items():
        match = _PICTURE.search(str(value.value))
        if match:
            found[name] = base64.b64decode(match.group(1))
    return found


@pytest.mark.parametrize("municipality_id", MUNICIPALITIES)
def test_each_model_is_shown_with_its_map_and_each_missing_one_says_why(
    instance: dg.DagsterInstance, road: Road, municipality_id: str
) -> None:
    metadata = _materialisations(instance, municipality_id)["mining/discovered_models"].metadata
    n_models = metadata["dagster/partition_row_count"].value
    pictures = _pictures(instance, municipality_id)
    kinds = [name.split()[0] for name in pictures]
    assert kinds.count("model") == n_models
    modelled = {name.split()[1] for name in pictures if name.startswith("model ")}
    assert kinds.count("map") >= len(modelled)
    for content in pictures.values():
        assert ElementTree.fromstring(content).tag.endswith("svg")
    rows = [line for line in str(metadata["models"].value).splitlines()[2:] if line]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in rows]
    without = [row for row in cells if not row[1]]
    assert len(cells) - len(without) == n_models
    assert len(without) == metadata["slices without a model"].value
    assert all(len(" ".join(row[1:]).split()) > 2 for row in without)


def test_at_least_one_municipality_has_a_model_to_show(
    instance: dg.DagsterInstance, road: Road
) -> None:
    assert any(_pictures(instance, one) for one in MUNICIPALITIES)


@pytest.mark.parametrize("municipality_id", MUNICIPALITIES)
def test_no_metadata_of_any_event_holds_a_planted_value(
    instance: dg.DagsterInstance, municipality_id: str
) -> None:
    run_id = _run_of(instance, municipality_id).run_id
    records = instance.get_records_for_run(run_id, limit=10_000).records
    assert len(records) > 100
    for record in records:
        assert planted().found_in(str(record.event_log_entry).encode()) == []
    for content in _pictures(instance, municipality_id).values():
        assert planted().found_in(content) == []
