"""The instance that Dagster makes of our dagster.yaml, and the same one on PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pytest
import yaml
from dagster._core.run_coordinator import QueuedRunCoordinator
from dagster._utils.tags import TagConcurrencyLimitsCounter

from pm_pipeline.components.dagster_home import prepare_dagster_home
from pm_pipeline.settings import Settings


@pytest.fixture(autouse=True)
def _own_dagster_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is set for a test is put back after it."""
    monkeypatch.setenv("DAGSTER_HOME", "")
    monkeypatch.setenv("DAGSTER_DISABLE_TELEMETRY", "")
    monkeypatch.delenv("PM_POSTGRES_URL", raising=False)


@contextmanager
def _instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    prepare_dagster_home(settings)
    with dg.DagsterInstance.get() as instance:
        yield instance


def test_dagster_takes_the_configuration_and_closes_what_it_leaves_open(
    settings: Settings,
) -> None:
    with _instance(settings) as instance:
        assert instance.root_directory == str(settings.dagster_home)
        assert not instance.telemetry_enabled
        assert not instance.nux_enabled
        assert instance.run_monitoring_enabled
        assert instance.run_monitoring_max_runtime_seconds == settings.max_runtime_seconds
        assert instance.run_monitoring_start_timeout_seconds == 180
        assert instance.run_monitoring_settings["free_slots_after_run_end_seconds"] == 60
        assert instance.run_retries_enabled
        assert instance.run_retries_max_retries == 1
        assert not instance.run_retries_retry_on_asset_or_op_failure
        assert instance.code_server_process_startup_timeout == 180


@pytest.mark.parametrize("workers", [1, 2, 7])
def test_as_many_municipalities_run_at_once_as_there_are_workers(
    workers: int, settings: Settings
) -> None:
    with _instance(settings.model_copy(update={"max_concurrent_runs": workers})) as instance:
        assert isinstance(instance.run_coordinator, QueuedRunCoordinator)
        concurrency = instance.get_concurrency_config()
        queue, pools = concurrency.run_queue_config, concurrency.pool_config
        assert queue is not None and queue.max_concurrent_runs == workers
        assert pools.default_pool_limit == workers, "the warehouse pool stops nobody earlier"
        assert pools.pool_granularity is not None and pools.pool_granularity.value == "run"


def _run(partition: str) -> dg.DagsterRun:
    return dg.DagsterRun(job_name="municipality", tags={"dagster/partition": partition})


def test_two_runs_of_one_municipality_exclude_each_other_and_of_two_do_not(
    settings: Settings,
) -> None:
    with _instance(settings) as instance:
        queue = instance.get_concurrency_config().run_queue_config
        assert queue is not None
        counter = TagConcurrencyLimitsCounter(queue.tag_concurrency_limits, [_run("901")])
    assert counter.is_blocked(_run("901"))
    assert not counter.is_blocked(_run("902"))
    counter.update_counters_with_launched_item(_run("902"))
    assert counter.is_blocked(_run("902"))


def test_an_unlimited_pool_or_none_at_all_cannot_be_set(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="max_concurrent_runs"):
        Settings(data_dir=tmp_path, max_concurrent_runs=0)


def test_the_home_is_private_and_the_same_configuration_is_not_written_twice(
    settings: Settings,
) -> None:
    path = prepare_dagster_home(settings) / "dagster.yaml"
    assert settings.dagster_home.stat().st_mode & 0o077 == 0
    before = path.stat().st_mtime_ns
    prepare_dagster_home(settings)
    assert path.stat().st_mtime_ns == before
    prepare_dagster_home(settings.model_copy(update={"max_runtime_seconds": 60}))
    written = yaml.safe_load(path.read_text())
    assert written["run_monitoring"]["max_runtime_seconds"] == 60
    assert [one.name for one in settings.dagster_home.iterdir()] == ["dagster.yaml"]


def test_runs_are_kept_in_sqlite_under_the_data_folder_when_nothing_else_is_set(
    settings: Settings,
) -> None:
    with _instance(settings) as instance:
        instance.add_run(_run("901"))
    assert list(settings.dagster_home.rglob("*.db"))


def test_the_password_of_the_database_is_not_written_to_the_file(settings: Settings) -> None:
    url = "postgresql://pm:very-secret@db.invalid/dagster"
    path = prepare_dagster_home(settings.model_copy(update={"postgres_url": url})) / "dagster.yaml"
    assert "very-secret" not in path.read_text()
    storage = yaml.safe_load(path.read_text())["storage"]
    assert storage == {"postgres": {"postgres_url": {"env": "PM_POSTGRES_URL"}}}


@pytest.mark.slow
def test_runs_are_kept_in_postgresql_when_its_address_is_set(
    settings: Settings, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PM_POSTGRES_URL", postgres)
    here = Settings(data_dir=settings.data_dir)
    assert here.postgres_url == postgres
    with _instance(here) as instance:
        run_id = instance.add_run(_run("901")).run_id
    with _instance(here) as instance:  # another process finds the same runs
        [record] = instance.get_run_records()
        assert record.dagster_run.run_id == run_id
        assert type(instance.run_storage).__name__ == "PostgresRunStorage"
        assert type(instance.event_log_storage).__name__ == "PostgresEventLogStorage"
        assert type(instance.schedule_storage).__name__ == "PostgresScheduleStorage"
    assert not list(here.dagster_home.rglob("*.db"))
