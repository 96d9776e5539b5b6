"""A run after an edit makes what rests on the edit, and ends in what a whole build would make."""

import csv
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from pm_pipeline.components.plan import Plan, plan_run
from pm_pipeline.publish.receipts import Receipt, read_receipt
from pm_pipeline.settings import Settings
from tests.road.the_road import REPO, Call, Place, published_rows, published_tables, state

pytestmark = pytest.mark.slow

TOWN = "903"
_TELL_STALE = """
import json, sys
import dagster as dg
from dagster._core.definitions.data_version import CachingStaleStatusResolver
from dagster._core.loader import LoadingContextForTest
from pm_pipeline.components.dagster_home import prepare_dagster_home
from pm_pipeline.definitions import defs
from pm_pipeline.settings import get_settings
prepare_dagster_home(get_settings())
from pm_pipeline.defs.sensors import landing_sensor
graph = defs().resolve_asset_graph()
with dg.DagsterInstance.get() as instance:
    resolver = CachingStaleStatusResolver(instance, graph, LoadingContextForTest(instance))
    statuses = {
        key.to_user_string(): resolver.get_status(key, sys.argv[1]).value
        for key in graph.materializable_asset_keys
    }
    repository = defs().get_repository_def()
    with dg.build_sensor_context(instance, repository_def=repository) as context:
        asked = [
            key.to_user_string() for answer in landing_sensor(context)
            if isinstance(answer, dg.RunRequest) and answer.partition_key == sys.argv[1]
            for key in answer.asset_selection
        ]
    print(json.dumps([[name for name, status in statuses.items() if status != "FRESH"], asked]))
"""


@dataclass(frozen=True)
class Field:
    """A field of work whose seeds a test edits, with one municipality of it."""

    place: Place
    folder: Path

    def run(self, *arguments: str, **settings: str) -> str:
        call = self.place.call(
            "run", "-m", TOWN, *arguments, PM_FIELD_DIR=str(self.folder), **settings
        )
        assert call.exit_code == 0, call.output
        return call.output

    def plan(self, **settings: int) -> Plan:
        """What the next run would make."""
        return plan_run(
            Settings(
                data_dir=self.place.data_dir, key_dir=self.place.key_dir, field_dir=self.folder,
                **settings,
            ),
            TOWN,
        )

    def edit(self, seed: str, row: int, column: str, value: str) -> None:
        """Edit one cell; rows are counted from 1, the header not among them."""
        path = self.folder / "seeds" / f"{seed}.csv"
        with path.open(encoding="utf-8", newline="") as opened:
            records = list(csv.reader(opened))
        position = records[0].index(column)
        assert records[row][position] != value, "the test would change nothing"
        records[row][position] = value
        with path.open("w", encoding="utf-8", newline="") as opened:
            csv.writer(opened, lineterminator="\n").writerows(records)

    def stale(self) -> set[str]:
        """What Dagster does not call FRESH; the landing sensor would start the same."""
        told = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", _TELL_STALE, TOWN], cwd=REPO, text=True,
            env=self.place.environment(PM_FIELD_DIR=str(self.folder)), capture_output=True,
            check=False,
        )
        assert told.returncode == 0, told.stderr
        stale, asked = json.loads(told.stdout.splitlines()[-1])
        assert set(stale) <= set(asked), "what the sensor starts makes all of it fresh"
        return set(stale)

    def made_by_last_run(self) -> set[str]:
        """The assets that the last run materialised."""
        with dg.DagsterInstance.from_config(str(self.place.data_dir / "dagster")) as instance:
            [run] = instance.get_runs(limit=1)
            records = instance.get_records_for_run(
                run.run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION, limit=5000
            ).records
        found = [record.event_log_entry.dagster_event for record in records]
        return {one.asset_key.to_user_string() for one in found if one and one.asset_key}

    def warehouse(self) -> dict[str, list[tuple[object, ...]]]:
        """Every table and view of the warehouse row for row; of `generation` without the time."""
        return _rows_of(self.place.warehouse(TOWN), self.place.work(TOWN))

    def published(self) -> dict[str, list[tuple[object, ...]]]:
        return {
            table: published_rows(self.place, TOWN, f"from {table} order by all")
            for table in published_tables(self.place, TOWN) if table != "publication"
        }


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Field:
    """A municipality of the demo in a field with the shipped law, run once."""
    folder = tmp_path_factory.mktemp("narrowed")
    shutil.copytree(REPO / "dbt_project" / "seeds", folder / "field" / "seeds")
    shutil.copytree(REPO / "dbt_project" / "scenarios", folder / "field" / "scenarios")
    shutil.copytree(REPO / "expectations", folder / "field" / "expectations")
    shutil.copytree(REPO / "pm_pipeline" / "defs" / "ingest", folder / "field" / "contracts")
    field = Field(Place(folder / "data", folder / "keys"), folder / "field")
    demo = field.place.call("demo", "--citizens", "60", PM_FIELD_DIR=str(field.folder))
    assert demo.exit_code == 0, demo.output
    field.run()
    return field


@pytest.fixture
def field(built: Field, tmp_path: Path) -> Field:
    """A copy of it all, to be edited."""
    return _copied(built, tmp_path)


def _copied(built: Field, folder: Path) -> Field:
    shutil.copytree(built.folder, folder / "field")
    return Field(built.place.copy_to(folder, [TOWN]), folder / "field")


@dataclass(frozen=True)
class Left:
    """What of a municipality an edit of the law must leave alone, or leave until all of it is made."""

    lake: dict[str, str]
    mined: dict[str, str]
    published: dict[str, str]
    receipt: Receipt
    warehouse: bytes


def _left(field: Field) -> Left:
    receipt = read_receipt(field.place.published(TOWN))
    assert receipt is not None
    return Left(
        state(field.place.lake(TOWN)), state(field.place.work(TOWN) / "mining"),
        state(field.place.published(TOWN)), receipt, field.place.warehouse(TOWN).read_bytes(),
    )


@dataclass(frozen=True)
class Edited:
    """A field of which a rule was edited: a run failed, the next one did not."""

    field: Field
    stale: set[str]
    failed: Call
    said: str
    made: set[str]
    stale_after: set[str]
    before: Left
    after_failure: Left
    after: Left
    warehouse: dict[str, list[tuple[object, ...]]]
    published: dict[str, list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def edited(built: Field, tmp_path_factory: pytest.TempPathFactory) -> Edited:
    field = _copied(built, tmp_path_factory.mktemp("edited"))
    before = _left(field)
    field.edit("law/rules", 1, "min_count", "2")
    stale = field.stale()
    broken = field.place.work(TOWN) / ".building"
    broken.write_text("no folder can be made here")
    failed = field.place.call("run", "-m", TOWN, PM_FIELD_DIR=str(field.folder))
    after_failure = _left(field)
    broken.unlink()
    said = field.run()
    return Edited(
        field, stale, failed, said, field.made_by_last_run(), field.stale(),
        before, after_failure, _left(field), field.warehouse(), field.published(),
    )


def _rows_of(path: Path, work_dir: Path) -> dict[str, list[tuple[object, ...]]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        connection.execute(f"set file_search_path = '{work_dir}'")
        names = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() union all"
            " select schema_name || '.' || view_name from duckdb_views() where not internal"
        ).fetchall()
        return {
            name: connection.execute(
                f"select * {'exclude (built_at)' if name == 'core.generation' else ''}"
                f" from {name} order by all"
            ).fetchall()
            for (name,) in names
        }


def _stages(assets: set[str]) -> set[str]:
    return {asset.split("/")[0] for asset in assets}


def test_after_a_run_dagster_says_of_every_asset_that_it_is_fresh(built: Field) -> None:
    assert built.stale() == set()


def test_an_edited_rule_makes_its_outcomes_stale_and_the_next_run_makes_only_them(
    edited: Edited
) -> None:
    assert {"reference/rules", "core/rule_outcomes", "marts/rule_outcomes_summary"} <= edited.stale
    assert not edited.stale & {
        "reference/activities", "core/events", "core/event_log", "core/cases",
        "mining/discovered_models", "marts/process_map",
    }
    assert not _stages(edited.stale) & {"lake", "staging"}
    assert edited.made == edited.stale, "what the UI calls stale is what a run makes"
    assert "edited: rules" in edited.said and "assets reused" in edited.said
    assert edited.stale_after == set()
    assert edited.after.lake == edited.before.lake
    # what became of an initiative may be asked of a rule; nothing else of mining rests on the law
    of_rules = {"initiative_effects.parquet"}
    assert {*edited.after.mined} == {*edited.before.mined}
    assert {
        name for name, state in edited.after.mined.items() if state != edited.before.mined[name]
    } <= of_rules
    before, after = edited.before.receipt, edited.after.receipt
    assert after.law_fingerprint != before.law_fingerprint
    assert after.input_fingerprint != before.input_fingerprint


def test_a_failing_narrowed_build_leaves_warehouse_and_publication_of_before(
    edited: Edited
) -> None:
    assert edited.failed.exit_code == 1, edited.failed.output
    assert edited.after_failure == edited.before


def test_dbt_alone_builds_what_rests_on_an_edited_seed_as_a_run_does(
    edited: Edited, tmp_path: Path
) -> None:
    copy = tmp_path / "copy" / "warehouse.duckdb"  # views name the database by its file
    copy.parent.mkdir()
    copy.write_bytes(edited.before.warehouse)
    place = edited.field.place
    seeds = os.path.relpath(edited.field.folder / "seeds", REPO / "dbt_project")
    built = subprocess.run(
        [
            Path(sys.executable).with_name("dbt"), "build", "--project-dir", "dbt_project",
            "--profiles-dir", "dbt_project", "--target-path", tmp_path / "target",
            "--log-path", tmp_path, "--select", "rules+",
        ],
        cwd=REPO, capture_output=True, text=True, check=False,
        env=place.environment(
            PM_WAREHOUSE=str(copy), PM_WORK_DIR=str(place.work(TOWN)), PM_MUNICIPALITY=TOWN,
            PM_DBT_SEEDS=seeds,
        ),
    )
    assert built.returncode == 0, built.stdout
    by_hand = _rows_of(copy, place.work(TOWN))
    assert set(by_hand) == set(edited.warehouse)
    # by hand nobody judges, so nothing is added to what was judged
    assert {
        name for name, rows in by_hand.items() if rows != edited.warehouse[name]
    } <= {"core.generation", "marts.quality_history"}


def test_what_a_narrowed_run_leaves_is_what_a_whole_build_makes(edited: Edited) -> None:
    edited.field.run("--force")
    assert "lake/fasit_haendelser" in edited.field.made_by_last_run()
    whole = edited.field.warehouse()
    assert set(edited.warehouse) == set(whole)
    for name, rows in whole.items():
        assert edited.warehouse[name] == rows, name
    assert edited.published == edited.field.published()


def test_a_table_built_by_hand_is_built_again_and_a_seed_with_a_row_less_replaces_its_table(
    built: Field, field: Field
) -> None:
    with duckdb.connect(str(field.place.warehouse(TOWN))) as connection:
        connection.execute("create or replace table marts.kpi_lead_time as select 1 as nonsense")
    path = field.folder / "seeds" / "quality" / "time_artefacts.csv"
    lines = path.read_text("utf-8").splitlines()
    kept = [line for line in lines if ",momentum," not in line]
    assert len(kept) < len(lines), "the test would change nothing"
    path.write_text("\n".join(kept) + "\n", "utf-8")
    field.run()
    assert {"marts/kpi_lead_time", "core/event_time_flags"} <= field.made_by_last_run()
    before, after = built.warehouse(), field.warehouse()
    assert len(after["reference.time_artefacts"]) == len(kept) - 1
    assert set(after) == set(before)
    # the rows that went speak of another system: what is told of this one stays as it was
    assert {name for name, rows in after.items() if rows != before[name]} == {
        "core.generation", "reference.time_artefacts", "marts.quality_history",
    }


def test_an_edited_mapping_makes_the_events_and_all_after_them_anew_but_loads_nothing(
    built: Field, field: Field
) -> None:
    lake = state(field.place.lake(TOWN))
    records = (field.folder / "seeds" / "mapping" / "activity_mappings.csv").read_text("utf-8")
    row = next(
        number for number, line in enumerate(records.splitlines()) if ",fasit," in line
        and "JOBSAMTALE" in line
    )
    field.edit("mapping/activity_mappings", row, "notes", "read once more")
    stale = field.stale()
    assert {"core/events", "core/event_log", "core/rule_outcomes", "quality/rule_results"} <= stale
    assert not _stages(stale) & {"lake", "staging"}
    field.run()
    assert stale <= field.made_by_last_run()
    assert field.stale() == set()
    assert state(field.place.lake(TOWN)) == lake
    # a note says nothing of any event: the rest is what the whole build made of the same law
    before, after = built.warehouse(), field.warehouse()
    assert set(after) == set(before)
    assert {name for name, rows in after.items() if rows != before[name]} == {
        "core.generation", "reference.activity_mappings", "marts.quality_history",
    }


def test_an_edited_suite_is_judged_by_again_and_nothing_is_built(field: Field) -> None:
    core = field.warehouse()["core.event_log"]
    suite = field.folder / "expectations" / "baseline" / "quality_events.json"
    suite.write_text(suite.read_text("utf-8") + "\n", "utf-8")
    field.run()
    made = field.made_by_last_run()
    assert made == {
        "quality/rule_results", "quality/rule_history", "marts/quality_summary",
        "marts/quality_history", "core/generation", "publish/candidate", "publish/database",
    }
    assert field.stale() == set()
    assert field.warehouse()["core.event_log"] == core


def test_another_minimum_group_reaches_what_counts_people_and_not_the_events(
    built: Field
) -> None:
    """What a plan says is made: see the edited rule."""
    again = built.plan().assets
    assert again == {("core", "generation"), ("publish", "candidate"), ("publish", "database")}
    made = built.plan(min_group_size=6).assets
    assert made is not None
    assert {("mining", "discovered_models"), ("publish", "database")} <= made
    assert ("core", "events") not in made and not {stage for stage, _ in made} & {"lake", "staging"}


def test_a_withdrawn_delivery_makes_everything_anew_whatever_else_was_edited(field: Field) -> None:
    deliveries = sorted(field.place.landing(TOWN, "fasit").iterdir())
    withdrawn = field.place.call(
        "deliveries", "withdraw", "-m", TOWN, deliveries[-1].name, "--reason", "not ours",
        PM_FIELD_DIR=str(field.folder),
    )
    assert withdrawn.exit_code == 0, withdrawn.output
    field.edit("law/rules", 1, "min_count", "2")
    assert field.plan() == Plan(None, "what was delivered, or how it is read, has changed")
