"""What the sensor asks for when a delivery lies in landing."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.remote_origin import (
    RegisteredCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)
from deliveries import deliver, publish

from pm_pipeline.defs.sensors import landing_sensor
from pm_pipeline.ingest.landing.deliveries import find_delivery, withdraw_delivery
from pm_pipeline.settings import Settings


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as ephemeral:
        yield ephemeral


def _tick(instance: dg.DagsterInstance) -> list[dg.RunRequest | dg.SkipReason]:
    with dg.build_sensor_context(instance=instance) as context:
        answers = landing_sensor(context)
        return list(answers)


def _requested(instance: dg.DagsterInstance) -> list[str | None]:
    return [
        answer.partition_key for answer in _tick(instance) if isinstance(answer, dg.RunRequest)
    ]


def _skips(instance: dg.DagsterInstance) -> bool:
    [answer] = _tick(instance)
    return isinstance(answer, dg.SkipReason)


def test_an_empty_landing_is_skipped_with_a_reason(
    settings: Settings, instance: dg.DagsterInstance
) -> None:
    assert _skips(instance)


def test_a_new_delivery_starts_the_run_of_its_municipality_only(
    settings: Settings, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    deliver(settings, "903", "first", tmp_path / "in")
    [request] = _tick(instance)
    assert isinstance(request, dg.RunRequest)
    assert request.partition_key == "903"
    assert request.run_key and request.run_key.startswith("903:")
    assert request.tags["pm_pipeline/started_from"] == "landing sensor"


def test_each_municipality_with_a_delivery_gets_a_run_of_its_own(
    settings: Settings, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    deliver(settings, "903", "first", tmp_path / "in")
    deliver(settings, "904", "first", tmp_path / "in")
    assert _requested(instance) == ["903", "904"]


def test_the_same_deliveries_ask_under_the_same_key_so_that_a_failing_run_is_not_repeated(
    settings: Settings, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    deliver(settings, "903", "first", tmp_path / "in")
    [first], [again] = _tick(instance), _tick(instance)
    deliver(settings, "903", "second", tmp_path / "in")
    [later] = _tick(instance)
    assert isinstance(first, dg.RunRequest)
    assert isinstance(again, dg.RunRequest)
    assert isinstance(later, dg.RunRequest)
    assert first.run_key == again.run_key != later.run_key


def test_what_is_published_already_is_skipped_until_something_new_is_delivered(
    settings: Settings, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    deliver(settings, "903", "first", tmp_path / "in")
    publish(settings, "903")
    assert _skips(instance)
    deliver(settings, "903", "second", tmp_path / "in")
    assert _requested(instance) == ["903"]


def test_a_withdrawal_asks_for_a_run_though_its_inputs_were_there_before(
    settings: Settings, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    """Dagster takes a run key but once, and without the second delivery all is as at first."""
    deliver(settings, "903", "first", tmp_path / "in")
    [before] = _tick(instance)
    second = deliver(settings, "903", "second", tmp_path / "in")
    publish(settings, "903")
    withdraw_delivery(find_delivery(settings.landing_dir, "903", second), "not ours")
    [after] = _tick(instance)
    assert isinstance(before, dg.RunRequest) and isinstance(after, dg.RunRequest)
    assert before.run_key != after.run_key


def test_a_publication_of_withdrawn_deliveries_alone_is_made_anew(
    settings: Settings, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    only = deliver(settings, "903", "first", tmp_path / "in")
    publish(settings, "903")
    withdraw_delivery(find_delivery(settings.landing_dir, "903", only), "not ours")
    assert _requested(instance) == ["903"]
    publish(settings, "903")
    assert _skips(instance)


def test_a_broken_manifest_of_one_municipality_does_not_hide_the_delivery_of_another(
    settings: Settings, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    deliver(settings, "903", "first", tmp_path / "in")
    deliver(settings, "904", "first", tmp_path / "in")
    [manifest] = settings.landing_dir.glob("903/*/*/delivery.json")
    manifest.write_text("{")
    assert _requested(instance) == ["904"]


@pytest.mark.parametrize(
    "status",
    [
        dg.DagsterRunStatus.QUEUED,
        dg.DagsterRunStatus.STARTING,
        dg.DagsterRunStatus.STARTED,
        dg.DagsterRunStatus.CANCELING,
    ],
)
def test_a_municipality_with_an_unfinished_run_waits_and_the_others_do_not(
    status: dg.DagsterRunStatus, settings: Settings, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    deliver(settings, "903", "first", tmp_path / "in")
    deliver(settings, "904", "first", tmp_path / "in")
    _add_run(instance, "903", status)
    assert _requested(instance) == ["904"]


@pytest.mark.parametrize(
    "status",
    [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED],
)
def test_a_finished_run_holds_nothing_back(
    status: dg.DagsterRunStatus, settings: Settings, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    deliver(settings, "903", "first", tmp_path / "in")
    _add_run(instance, "903", status)
    assert _requested(instance) == ["903"]


def _add_run(instance: dg.DagsterInstance, partition: str, status: dg.DagsterRunStatus) -> None:
    location = RemoteRepositoryOrigin(RegisteredCodeLocationOrigin("pm_pipeline"), "repository")
    instance.add_run(
        dg.DagsterRun(
            job_name="municipality",
            status=status,
            tags={"dagster/partition": partition},
            remote_job_origin=RemoteJobOrigin(location, "municipality"),
        )
    )
