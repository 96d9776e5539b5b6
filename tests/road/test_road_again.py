"""Running again: nothing to do is nothing done, a kill is no harm, threads change no figure."""

import hashlib
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from pm_pipeline.components.freshness import fingerprint_of
from pm_pipeline.settings import Settings
from tests.road.the_road import (
    CITIZENS,
    REPO,
    Call,
    Place,
    Road,
    published_rows,
    published_tables,
    state,
)

pytestmark = pytest.mark.slow

TOWN = "903"
CORE = ("events", "event_log", "cases", "transitions", "variants", "rule_outcomes", "objects")


def _runs(place: Place) -> int:
    with dg.DagsterInstance.from_config(str(place.data_dir / "dagster")) as instance:
        return instance.get_runs_count()


def test_a_second_run_says_that_all_is_up_to_date_and_changes_nothing(road: Road) -> None:
    zones = [road.data_dir / zone for zone in ("published", "work", "landing")]
    before, runs = [state(zone) for zone in zones], _runs(road)
    again = road.call("run")
    assert again.exit_code == 0
    assert "Everything was up to date: nothing was run." in again.output
    assert again.output.count("up to date, reused") == 5
    assert [state(zone) for zone in zones] == before
    assert _runs(road) == runs


def test_a_second_demo_says_that_it_is_there_and_changes_nothing(road: Road) -> None:
    before = state(road.data_dir / "landing")
    again = road.call("demo", "--citizens", str(CITIZENS))
    assert again.exit_code == 0
    assert "already in" in again.words
    assert "nothing to do" in again.words
    assert state(road.data_dir / "landing") == before


def test_a_demo_of_another_size_is_refused_beside_the_first(road: Road) -> None:
    before = state(road.data_dir / "landing")
    other = road.call("demo", "--citizens", str(CITIZENS + 1))
    assert other.exit_code == 2
    assert "holds another demo" in other.words
    assert state(road.data_dir / "landing") == before


def test_an_edited_seed_makes_what_is_published_stale(tmp_path: Path) -> None:
    for name in ("one", "two"):
        shutil.copytree(REPO / "dbt_project" / "seeds", tmp_path / name / "seeds")
        shutil.copytree(REPO / "expectations", tmp_path / name / "expectations")
        shutil.copytree(REPO / "pm_pipeline/defs/ingest", tmp_path / name / "contracts")

    def fingerprint(name: str, data_dir: str) -> str:
        # another data folder, because a fingerprint is computed once per settings
        return fingerprint_of(
            Settings(data_dir=tmp_path / data_dir, field_dir=tmp_path / name), ()
        )

    assert fingerprint("one", "a") == fingerprint("two", "a")
    mapping = tmp_path / "two" / "seeds" / "mapping" / "activity_mappings.csv"
    mapping.write_text(mapping.read_text("utf-8").rstrip("\n") + "\n", "utf-8")
    mapping.write_text(mapping.read_text("utf-8").replace("held:19,", "held:20,"), "utf-8")
    assert fingerprint("one", "b") != fingerprint("two", "b")


@dataclass(frozen=True)
class Killed:
    """A run that was killed while dbt was building, and the run after it.

    Both have one thread, one municipality and nothing but landing and keys to start from.
    """

    place: Place
    before: dict[str, str]
    after_kill: dict[str, str]
    left_behind: bool
    next_run: Call


@pytest.fixture(scope="module")
def killed(road: Road, tmp_path_factory: pytest.TempPathFactory) -> Killed:
    place = road.copy_to(tmp_path_factory.mktemp("killed"), [TOWN])
    before = _served(place)
    for made in ("lake", "mining", "quality"):
        shutil.rmtree(place.work(TOWN) / made)
    building = place.work(TOWN) / ".building" / "warehouse.duckdb"
    process = subprocess.Popen(
        [sys.executable, "-m", "pm_pipeline.cli", "run", "--force", "-m", TOWN],
        cwd=place.data_dir.parent, env=place.environment(PM_THREADS="1"),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(building, process)
    finally:
        process.kill()
        process.wait()
    left_behind, after_kill = building.exists(), _served(place)
    next_run = place.call("run", "--force", "-m", TOWN, PM_THREADS="1")
    return Killed(place, before, after_kill, left_behind, next_run)


def _served(place: Place) -> dict[str, str]:
    warehouse = hashlib.sha256(place.warehouse(TOWN).read_bytes()).hexdigest()
    return {**state(place.published(TOWN)), "warehouse": warehouse}


def _wait_for(building: Path, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(4000):
        if process.poll() is not None:
            raise AssertionError(f"the run ended with {process.returncode} before it was killed")
        if building.exists() and building.stat().st_size > 0:
            return
        time.sleep(0.03)
    raise AssertionError("the run never built a warehouse")


def test_a_killed_build_leaves_warehouse_and_publication_of_before(killed: Killed) -> None:
    assert killed.left_behind, "it was killed in the middle"
    assert killed.after_kill == killed.before


def test_the_run_after_a_kill_succeeds_and_clears_what_was_left(killed: Killed) -> None:
    assert killed.next_run.exit_code == 0, killed.next_run.output
    assert not (killed.place.work(TOWN) / ".building").exists()
    assert not list(killed.place.published(TOWN).glob("generations/.candidate-*"))


def test_one_thread_publishes_the_same_figures_as_two(killed: Killed, road: Road) -> None:
    tables = published_tables(killed.place, TOWN)
    assert tables == published_tables(road, TOWN)
    for table in set(tables) - {"publication"}:
        sql = f"from {table} order by all"
        assert published_rows(killed.place, TOWN, sql) == published_rows(road, TOWN, sql), table


def test_one_thread_makes_the_same_warehouse_as_two(killed: Killed, road: Road) -> None:
    with (
        duckdb.connect(str(killed.place.warehouse(TOWN)), read_only=True) as one,
        duckdb.connect(str(road.warehouse(TOWN)), read_only=True) as two,
    ):
        for table in CORE:
            sql = f"from core.{table} order by all"
            rows = one.execute(sql).fetchall()
            assert rows, table
            assert rows == two.execute(sql).fetchall(), table


def test_the_models_are_the_same_files(killed: Killed, road: Road) -> None:
    models = [
        {path.name: path.read_bytes() for path in (place.published(TOWN) / "models").iterdir()}
        for place in (killed.place, road)
    ]
    assert any(name.endswith(".bpmn") for name in models[0])
    assert models[0] == models[1]


def test_the_publication_before_is_kept_beside_the_new_one(killed: Killed) -> None:
    published = killed.place.published(TOWN)
    generations = [path.name for path in (published / "generations").iterdir()]
    assert len(generations) == 2
    assert (published / "current").readlink().name == max(generations)
