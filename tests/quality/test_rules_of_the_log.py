"""Each row of seeds/quality/log_rules.csv is a rule with results of its own."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pm_pipeline.errors import PipelineError
from pm_pipeline.quality.judging.results import Outcome, QualityReport, withheld_slices
from pm_pipeline.quality.judging.runner import run_suites
from pm_pipeline.quality.suites.loading import load_suites
from pm_pipeline.quality.suites.reference import Reference
from pm_pipeline.registry import LogRule, Registry, load_registry
from pm_pipeline.registry.vocabulary import RuleSeverity
from tests.quality.clean_facts import EXPECTATIONS, REPOSITORY, TODAY, insert
from tests.quality.written_suites import rule, write

SHIPPED = load_registry(REPOSITORY / "dbt_project" / "seeds")
REGIME = "kontanthjaelp__20240101"


def a_log_rule(rule_id: str, **changes: object) -> LogRule:
    """A rule about the log of cash benefits, after a shipped one."""
    (row,) = [one for one in SHIPPED.log_rules if one.rule_id == "KH_CONTACTED_ONCE"]
    return row.model_copy(update={"rule_id": rule_id, **changes})


@pytest.fixture
def log_rules() -> tuple[LogRule, ...]:
    return (
        a_log_rule("STRICT", allowed_percent=None),
        a_log_rule("LENIENT", allowed_percent=Decimal("12.5")),
        a_log_rule("OF_2024", regime_id=REGIME, severity=RuleSeverity.CRITICAL),
        a_log_rule("OF_OTHERS", process_id="forsikrede_ledige"),
    )


@pytest.fixture
def judged(
    warehouse: duckdb.DuckDBPyConnection,
    registry: Registry,
    log_rules: tuple[LogRule, ...],
    tmp_path: Path,
) -> QualityReport:
    """What is said where each rule is broken by 40 of 400 cases under one regime."""
    for row in log_rules:
        facts = {"municipality_id": "901", "process_id": row.process_id, "log_rule_id": row.rule_id}
        facts |= {"regime_id": REGIME} if row.process_id == "kontanthjaelp" else {}
        counts = {"checked": 400, "found": 40, "found_percent": 10.0, "allowed_percent": 0.0}
        insert(warehouse, "quality_log_rules", facts | counts)
    with_rules = replace(registry, log_rules=log_rules)
    return run_suites(warehouse, "901", with_rules, EXPECTATIONS, tmp_path / "r.parquet", TODAY)


def outcomes(report: QualityReport, regime_id: str | None) -> dict[str, Outcome]:
    return {
        one.rule_id: one.outcome
        for one in report.results
        if one.suite == "seeds" and one.regime_id == regime_id
    }


def test_each_row_is_judged_against_its_own_limit_under_each_regime_of_its_process(
    judged: QualityReport,
) -> None:
    assert outcomes(judged, REGIME) == {
        "STRICT": Outcome.FAIL, "LENIENT": Outcome.PASS, "OF_2024": Outcome.FAIL,
    }  # fmt: skip
    assert outcomes(judged, "kontanthjaelp__20200101") == {
        "STRICT": Outcome.NO_DATA, "LENIENT": Outcome.NO_DATA,
    }  # fmt: skip
    assert set(outcomes(judged, "ressourceforloeb__20220101")) == set()


def test_a_result_has_the_id_labels_severity_counts_and_limit_of_its_row(
    judged: QualityReport,
) -> None:
    (found,) = [
        one for one in judged.results if (one.rule_id, one.regime_id) == ("LENIENT", REGIME)
    ]
    assert (found.title_da, found.title_en) == (
        "Højst én første henvendelse pr. forløb", "At most one first contact per course",
    )  # fmt: skip
    assert (found.severity, found.n_checked, found.n_failed, found.percent, found.threshold) == (
        "warning", 400, 40, 10.0, 12.5,
    )  # fmt: skip
    assert found.reason == "Not law: a first contact happens once in a course."


def test_cases_outside_every_regime_are_judged_by_rules_without_one(judged: QualityReport) -> None:
    assert outcomes(judged, None) == {"OF_OTHERS": Outcome.FAIL}


def test_a_critical_row_withholds_its_slice(judged: QualityReport) -> None:
    assert withheld_slices(judged) == {("kontanthjaelp", REGIME)}


def test_a_regime_may_replace_a_rule_of_the_log(
    registry: Registry, log_rules: tuple[LogRule, ...], tmp_path: Path
) -> None:
    of_log = {
        "kwargs__column": "found_percent", "kwargs__max_value": 20, "meta__checked": "checked",
        "meta__failed": "found", "meta__only": {"log_rule_id": "STRICT"},
        "meta__replaces": "STRICT",
    }  # fmt: skip
    (tmp_path / "baseline").mkdir()
    write(tmp_path, f"regimes/{REGIME}/quality_log_rules", rule("KH-1", **of_log))
    reference = Reference.of(replace(registry, log_rules=log_rules))
    suites = load_suites(tmp_path, reference)
    slice_ = ("quality_log_rules", "kontanthjaelp", REGIME)
    assert {one.rule_id for one in suites.resolve(*slice_)} == {"KH-1", "LENIENT", "OF_2024"}
    ((aside, why),) = suites.not_in_force(*slice_)
    assert (aside.rule_id, why) == ("STRICT", f"replaced by KH-1 under {REGIME}")


def test_an_id_of_a_row_is_used_by_no_suite(
    registry: Registry, log_rules: tuple[LogRule, ...], tmp_path: Path
) -> None:
    write(tmp_path, "baseline/quality_events", rule("EV-1"))
    taken = replace(registry, log_rules=(*log_rules, a_log_rule("EV-1")))
    with pytest.raises(PipelineError, match=r"log_rules\.csv: rule_id EV-1 is used already in .*ev"):
        load_suites(tmp_path, Reference.of(taken))


def test_every_shipped_row_is_a_rule_of_its_process() -> None:
    suites = load_suites(EXPECTATIONS, Reference.of(SHIPPED))
    made = {one.rule_id: one for one in suites.rules if one.suite == "seeds"}
    assert set(made) == {one.rule_id for one in SHIPPED.log_rules}
    assert all(
        made[one.rule_id].only["process_id"] == one.process_id for one in SHIPPED.log_rules
    )
