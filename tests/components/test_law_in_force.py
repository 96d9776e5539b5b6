"""A day on which the law becomes another one starts a run where something was judged."""

from collections.abc import Iterator
from datetime import date, timedelta

import dagster as dg
import pytest

from pm_pipeline.components import law_in_force as watched
from pm_pipeline.components import recipes as reckoned
from pm_pipeline.components.law_in_force import moved_since_judged
from pm_pipeline.components.recipes import code_versions, forget_recipes, recipes_for
from pm_pipeline.components.results import LAW_IN_FORCE, law_in_force
from pm_pipeline.defs import schedules
from pm_pipeline.law.register import load_checked_registry
from pm_pipeline.quality.judging.results import write_results
from pm_pipeline.settings import Settings

BEFORE, FIRST = date(2026, 6, 30), date(2026, 7, 1)
MOVED = {
    "change REFORM-1B begins 2026-07-01",
    "regime forsikrede_ledige__20240101 ends 2026-07-01",
    "regime forsikrede_ledige__20260701 begins 2026-07-01",
    "regime kontanthjaelp__20240101 ends 2026-07-01",
    "regime kontanthjaelp__20260701 begins 2026-07-01",
}


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.instance_for_test() as kept:  # a schedule's context takes no ephemeral one
        yield kept


def _set_today(patch: pytest.MonkeyPatch, day: date) -> None:
    for module in (watched, schedules, reckoned):
        patch.setattr(module, "today", lambda: day)


def _judge(settings: Settings, municipality_id: str, day: date) -> None:
    """Leave what a judgement of a day leaves."""
    registry = load_checked_registry(settings.seeds_dir)
    write_results(
        [], settings.quality_dir(municipality_id) / "rule_results.parquet",
        {LAW_IN_FORCE: law_in_force(registry, municipality_id, day)},
    )


def _tick(instance: dg.DagsterInstance) -> list[dg.RunRequest | dg.SkipReason]:
    repository = dg.Definitions().get_repository_def()  # there is no warehouse: all is to be made
    with dg.build_schedule_context(instance=instance, repository_def=repository) as context:
        return list(schedules.law_in_force(context))


def test_it_runs_daily_by_itself() -> None:
    assert schedules.law_in_force.default_status is dg.DefaultScheduleStatus.RUNNING
    assert schedules.law_in_force.cron_schedule == "10 0 * * *"
    assert schedules.law_in_force.execution_timezone == "Europe/Copenhagen"


def test_the_day_a_regime_begins_starts_a_run_of_each_municipality_that_was_judged(
    settings: Settings, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    _judge(settings, "903", BEFORE)
    _set_today(monkeypatch, FIRST)
    [request] = _tick(instance)
    assert isinstance(request, dg.RunRequest)
    assert (request.partition_key, request.run_key) == ("903", "903:2026-07-01")
    assert request.tags["pm_pipeline/started_from"] == "law_in_force"
    assert "change REFORM-1B begins 2026-07-01" in request.tags["pm_pipeline/because"]


def test_an_ordinary_day_starts_nothing(
    settings: Settings, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    _judge(settings, "903", FIRST)
    _set_today(monkeypatch, date(2026, 7, 2))
    [answer] = _tick(instance)
    assert isinstance(answer, dg.SkipReason)


def test_a_municipality_without_data_is_left_alone(
    settings: Settings, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    _set_today(monkeypatch, FIRST)
    [answer] = _tick(instance)
    assert isinstance(answer, dg.SkipReason)


def test_days_on_which_nobody_looked_are_caught_up(
    settings: Settings, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    _judge(settings, "903", BEFORE)
    _set_today(monkeypatch, date(2026, 7, 20))
    [request] = _tick(instance)
    assert isinstance(request, dg.RunRequest) and request.run_key == "903:2026-07-20"


def test_a_municipality_with_a_run_under_way_is_not_asked_twice(
    settings: Settings, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    _judge(settings, "903", BEFORE)
    _set_today(monkeypatch, FIRST)
    monkeypatch.setattr(schedules, "is_running", lambda _, municipality_id: municipality_id == "903")
    [answer] = _tick(instance)
    assert isinstance(answer, dg.SkipReason)


def test_what_moved_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = load_checked_registry(settings.seeds_dir)
    _set_today(monkeypatch, FIRST)
    assert moved_since_judged(settings, "903", registry) == []  # never judged
    _judge(settings, "903", BEFORE)
    assert set(moved_since_judged(settings, "903", registry)) == MOVED


def test_the_recipe_of_the_results_moves_on_the_day_and_on_no_other_and_the_code_version_never(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipes, versions = [], []
    for day in (BEFORE, FIRST, date(2026, 7, 2)):
        _set_today(monkeypatch, day)
        forget_recipes()
        now = recipes_for(settings, "903")
        recipes.append((now.results["rule_results"], now.results["rule_history"]))
        versions.append(code_versions(settings).results["rule_results"])
    assert recipes[0] != recipes[1] == recipes[2]
    assert len(set(versions)) == 1


def test_a_release_of_one_municipality_judges_that_one_and_no_other(
    settings: Settings, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    released_on = next(
        one.released_on for one in load_checked_registry(settings.seeds_dir).releases
        if one.municipality_id == "902"
    )
    for municipality_id in ("901", "902", "903"):
        _judge(settings, municipality_id, released_on - timedelta(days=1))
    _set_today(monkeypatch, released_on - timedelta(days=1))
    assert isinstance(_tick(instance)[0], dg.SkipReason)
    _set_today(monkeypatch, released_on)
    [request] = _tick(instance)
    assert isinstance(request, dg.RunRequest) and request.partition_key == "902"


def test_what_was_judged_on_the_day_itself_is_not_judged_again_and_the_others_are(
    settings: Settings, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    _judge(settings, "901", FIRST)
    _judge(settings, "903", BEFORE)
    _set_today(monkeypatch, date(2026, 7, 3))
    [request] = _tick(instance)
    assert isinstance(request, dg.RunRequest) and request.partition_key == "903"
