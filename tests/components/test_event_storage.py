"""The files of events stay open while a run writes them, and stay Dagster's own."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage

from pm_pipeline.components import event_storage
from pm_pipeline.components.dagster_home import prepare_dagster_home
from pm_pipeline.components.event_storage import OpenEventLog
from pm_pipeline.settings import Settings

KEYS = [dg.AssetKey(name) for name in ("cases", "events")]


@dg.multi_asset(specs=[dg.AssetSpec(key) for key in KEYS])
def both() -> Iterator[dg.MaterializeResult[None]]:
    for key in KEYS:
        yield dg.MaterializeResult(asset_key=key)


@pytest.fixture
def instance(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    monkeypatch.setenv("DAGSTER_HOME", "")
    monkeypatch.setenv("DAGSTER_DISABLE_TELEMETRY", "")
    monkeypatch.delenv("PM_POSTGRES_URL", raising=False)
    prepare_dagster_home(settings)
    with dg.DagsterInstance.get() as made:
        yield made


def _events(folder: Path) -> Path:
    return folder / "history" / "runs"


def _log(instance: dg.DagsterInstance) -> OpenEventLog:
    log = instance.event_log_storage
    assert isinstance(log, OpenEventLog)
    return log


def test_an_unchanged_dagster_reads_what_is_written_while_it_is_open(
    instance: dg.DagsterInstance, settings: Settings
) -> None:
    run_id = dg.materialize([both], instance=instance).run_id
    theirs = DagsterSqliteStorage.from_local(str(settings.dagster_home)).event_log_storage
    assert [one.message for one in theirs.get_logs_for_run(run_id)] == [
        one.message for one in _log(instance).get_logs_for_run(run_id)
    ]
    assert set(theirs.get_latest_materialization_events(KEYS)) == set(KEYS)


def test_what_an_unchanged_dagster_wrote_is_read(
    instance: dg.DagsterInstance, settings: Settings
) -> None:
    with dg.DagsterInstance.local_temp(str(settings.dagster_home)) as theirs:
        run_id = dg.materialize([both], instance=theirs).run_id
    assert _log(instance).get_logs_for_run(run_id)
    assert set(_log(instance).get_latest_materialization_events(KEYS)) == set(KEYS)


def test_no_more_than_a_few_files_are_open_and_each_run_is_found_again(
    instance: dg.DagsterInstance, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_storage, "_MOST_OPEN", 2)
    runs = [dg.materialize([both], instance=instance).run_id for _ in range(3)]
    for run_id in runs:
        assert _log(instance).get_logs_for_run(run_id)
    # the log of a file in WAL mode lies beside it while somebody has it open
    open_now = {path.name for path in _events(settings.dagster_home).glob("*-wal")}
    assert open_now == {f"{run_id}.db-wal" for run_id in runs[1:]}


def test_whoever_lets_go_of_the_instance_closes_every_file(settings: Settings) -> None:
    prepare_dagster_home(settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", str(settings.dagster_home))
        with dg.DagsterInstance.get() as instance:
            run_id = dg.materialize([both], instance=instance).run_id
            assert list(_events(settings.dagster_home).glob("*-wal"))
    assert not list(_events(settings.dagster_home).glob("*-wal"))
    with sqlite3.connect(_events(settings.dagster_home) / f"{run_id}.db") as file:
        assert file.execute("select count(*) from event_logs").fetchone()[0] > len(KEYS)


def test_after_everything_was_wiped_runs_are_written_anew(instance: dg.DagsterInstance) -> None:
    before = dg.materialize([both], instance=instance).run_id
    _log(instance).wipe()
    assert not _log(instance).get_logs_for_run(before)
    after = dg.materialize([both], instance=instance).run_id
    assert _log(instance).get_logs_for_run(after)
    assert set(_log(instance).get_latest_materialization_events(KEYS)) == set(KEYS)


def test_whoever_watches_a_run_hears_of_its_events(instance: dg.DagsterInstance) -> None:
    heard = threading.Event()
    run_id = dg.materialize([both], instance=instance).run_id

    def hear(entry: object, cursor: str) -> None:
        heard.set()

    _log(instance).watch(run_id, None, hear)
    assert heard.wait(timeout=30)
    _log(instance).end_watch(run_id, hear)
