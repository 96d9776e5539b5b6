"""A judgement is in the history as soon as it is made, whatever runs next."""

from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest

from pm_pipeline.defs.quality import assets, history
from pm_pipeline.errors import PipelineError
from pm_pipeline.quality.judging.history import read_history
from pm_pipeline.quality.judging.results import Outcome, QualityReport, RuleResult, write_results
from pm_pipeline.settings import Settings

TOWN = "903"
PROCESS, REGIME = "kontanthjaelp", "kontanthjaelp__20240101"


def _warehouse(settings: Settings) -> None:
    path = settings.warehouse_path(TOWN)
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "create schema core;"
            "create table core.deliveries as select 'fasit' system_id, 'D1' delivery_id,"
            "  date '2026-01-01' delivered_on, timestamp '2026-01-01' received_at;"
            "create table core.generation as select 'code' code_fingerprint, 'law' law_fingerprint;"
            "create table core.cases as select n::varchar case_id, (n // 2)::varchar citizen_id,"
            f"  '{PROCESS}' process_id, '{REGIME}' regime_id from range(12) t(n)"
        )


@pytest.fixture
def judge(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs the step that judges, with what it finds and the recipe it is made by."""
    _warehouse(settings)

    def run(outcome: str, recipe: str) -> None:
        def found(
            _connection: object, town: str, _registry: object, _suites: Path, path: Path,
            as_of: date, about: dict[str, str],
        ) -> QualityReport:
            results = (
                RuleResult(
                    town, PROCESS, REGIME, "quality_events", "baseline", "EV-001", "regel", "rule",
                    "warning", Outcome(outcome), 100, 10, 10.0, 5.0, None, "why", None,
                ),
            )
            write_results(results, path, about)
            return QualityReport(town, path, results)

        monkeypatch.setattr(assets, "run_suites", found)
        for module in (assets, history):
            monkeypatch.setattr(module, "recipe_of", lambda *_: recipe)
        assets.rule_results(dg.build_asset_context(partition_key=TOWN))

    return run


def _outcomes(settings: Settings) -> list[tuple[int, str, int, int]]:
    rows = read_history(settings.quality_dir(TOWN) / "rule_history.parquet").to_pylist()
    return [
        (row["judgement"], row["outcome"], row["n_cases"], row["n_citizens"]) for row in rows
    ]


def test_two_judgements_before_the_history_is_made_are_both_kept(
    settings: Settings, judge: Any
) -> None:
    judge("PASS", "one")
    judge("FAIL", "two")
    told = history.rule_history(dg.build_asset_context(partition_key=TOWN))
    assert told.metadata == {"dagster/partition_row_count": 2, "newest judgement": 2}
    assert _outcomes(settings) == [(1, "PASS", 12, 6), (2, "FAIL", 12, 6)]


def test_the_history_is_whole_though_the_run_was_killed_after_the_results_were_written(
    settings: Settings, judge: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge("PASS", "one")
    with monkeypatch.context() as patch:
        patch.setattr(assets, "add_to_history", lambda *_, **__: None)
        judge("FAIL", "two")
    history.rule_history(dg.build_asset_context(partition_key=TOWN))
    assert [outcome for _, outcome, *_ in _outcomes(settings)] == ["PASS", "FAIL"]


def test_what_was_found_stands_though_the_history_is_damaged_and_its_own_step_says_so(
    settings: Settings, judge: Any
) -> None:
    file = settings.quality_dir(TOWN) / "rule_history.parquet"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"no parquet")
    judge("FAIL", "one")
    assert file.read_bytes() == b"no parquet"
    with pytest.raises(PipelineError, match="put it back from a backup"):
        history.rule_history(dg.build_asset_context(partition_key=TOWN))
