"""What is published depends on the deliveries, not on threads, order or the machine's folders."""

import os
import shutil

import duckdb
import pytest

from tests.road.the_road import Place, Road, published_rows, published_tables, state

pytestmark = pytest.mark.slow

TOWN = "903"
CORE = ("events", "event_log", "cases", "transitions", "variants", "rule_outcomes", "objects")


@pytest.fixture(scope="module")
def alone(road: Road, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """One municipality on its own, first and last in its run, with one thread."""
    folder = tmp_path_factory.mktemp("alone")
    place = Place(folder / "data", folder / "keys")
    shutil.copytree(road.data_dir / "landing" / TOWN, place.data_dir / "landing" / TOWN)
    # the parsed project says nothing of data; parsing it again would only cost time
    shutil.copytree(road.data_dir / "dbt", place.data_dir / "dbt")
    place.key_dir.mkdir(mode=0o700)
    shutil.copy2(road.key_dir / f"{TOWN}.key", place.key_dir)
    run = place.call("run", PM_THREADS="1")
    assert run.exit_code == 0, run.output
    return place


def test_one_thread_publishes_the_same_figures_as_two(alone: Place, road: Road) -> None:
    tables = published_tables(alone, TOWN)
    assert tables == published_tables(road, TOWN)
    for table in set(tables) - {"publication"}:
        sql = f"from {table} order by all"
        assert published_rows(alone, TOWN, sql) == published_rows(road, TOWN, sql), table


def test_one_thread_makes_the_same_warehouse_as_two(alone: Place, road: Road) -> None:
    with (
        duckdb.connect(str(alone.warehouse(TOWN)), read_only=True) as one,
        duckdb.connect(str(road.warehouse(TOWN)), read_only=True) as two,
    ):
        for table in CORE:
            sql = f"from core.{table} order by all"
            rows = one.execute(sql).fetchall()
            assert rows, table
            assert rows == two.execute(sql).fetchall(), table


def test_the_models_are_the_same_files(alone: Place, road: Road) -> None:
    models = [
        {name: text.split()[0] for name, text in state(place.published(TOWN) / "models" / "").items()}
        for place in (alone, road)
    ]
    assert any(name.endswith(".bpmn") for name in models[0]), os.listdir(alone.published(TOWN))
    assert models[0] == models[1]
