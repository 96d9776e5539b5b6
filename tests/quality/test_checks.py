"""How results read in Dagster: passed or failed, in words, with counts and without values."""

from datetime import date
from typing import Any

import dagster as dg
import pytest

from pm_pipeline.defs.quality.checks import (
    JUDGED_TABLE,
    check_name,
    check_result,
    judged_asset,
    quality_checks,
)
from pm_pipeline.errors import PipelineError
from pm_pipeline.quality.judging.results import Outcome, RuleResult
from pm_pipeline.quality.judging.since import Since
from pm_pipeline.quality.suites.datasets import DATASETS

SPEC = dg.AssetCheckSpec("baseline__events", asset=["core", "events"])
SLICE = ("kontanthjaelp", "kontanthjaelp__20240101")
SINCE = {
    ("EV-001", *SLICE): Since(date(2026, 9, 1), is_known=True),
    ("EV-003", *SLICE): Since(date(2026, 8, 1), is_known=False),
}
JUDGED = (Outcome.PASS, Outcome.FAIL, Outcome.ERROR)


def result(outcome: Outcome, severity: str = "warning", **changes: Any) -> RuleResult:
    values: dict[str, Any] = {
        "municipality_id": "901", "process_id": "kontanthjaelp",
        "regime_id": "kontanthjaelp__20240101", "dataset": "quality_events", "suite": "baseline",
        "rule_id": "EV-001", "title_da": "Højst 1 pct.", "title_en": "At most 1 pct.",
        "severity": severity, "outcome": outcome, "n_checked": 400, "n_failed": 30,
        "percent": 7.5, "threshold": 1.0, "legal_basis": None, "reason": "why", "detail": None,
    }  # fmt: skip
    return RuleResult(**(values | changes))


def told(*results: RuleResult) -> dg.AssetCheckResult:
    return check_result(SPEC, "901", list(results), SINCE)


def text(found: dg.AssetCheckResult, name: str) -> str:
    return str(found.metadata[name].value)


@pytest.mark.parametrize(
    ("outcome", "severity", "passed", "shown_as"),
    [
        (Outcome.FAIL, "critical", False, dg.AssetCheckSeverity.ERROR),
        (Outcome.FAIL, "warning", False, dg.AssetCheckSeverity.WARN),
        (Outcome.FAIL, "info", True, dg.AssetCheckSeverity.WARN),
        (Outcome.ERROR, "critical", False, dg.AssetCheckSeverity.ERROR),
        (Outcome.ERROR, "info", False, dg.AssetCheckSeverity.WARN),
        (Outcome.PASS, "critical", True, dg.AssetCheckSeverity.WARN),
    ],
)
def test_a_rule_that_broke_is_a_failed_check_whatever_its_severity(
    outcome: Outcome, severity: str, passed: bool, shown_as: dg.AssetCheckSeverity
) -> None:
    found = told(result(Outcome.PASS), result(outcome, severity))
    assert (found.passed, found.severity) == (passed, shown_as)


@pytest.mark.parametrize("outcome", [one for one in Outcome if one not in JUDGED])
def test_a_suite_that_judged_nothing_says_so(outcome: Outcome) -> None:
    found = told(result(outcome), result(outcome, "critical"))
    assert found.passed
    assert found.description == f"Nothing was judged, which is not a pass: 2 {outcome}."
    assert text(found, "judged") == "None."


def test_a_suite_without_results_fails_and_says_what_to_do() -> None:
    found = told()
    assert not found.passed
    assert "judge this municipality again" in (found.description or "")


def test_the_outcomes_stand_first_and_the_worst_before_the_others() -> None:
    found = told(
        result(Outcome.NO_DATA), result(Outcome.PASS), result(Outcome.FAIL),
        result(Outcome.ERROR, "info"), result(Outcome.FAIL, "critical"),
    )  # fmt: skip
    assert next(iter(found.metadata)) == "outcomes"
    assert text(found, "outcomes") == "1 ERROR, 2 FAIL, 1 PASS, 1 NO_DATA"
    assert found.description == (
        "3 of 4 judgements are not as expected (1 critical, 1 warning, 1 info). 1 rule(s) broke "
        "themselves: mend the rule; nothing is known of the data. What a critical rule judged is "
        "withheld from publication. 1 were not judged."
    )


def test_what_is_as_expected_says_how_much_was_not_judged() -> None:
    found = told(result(Outcome.PASS), result(Outcome.PASS), result(Outcome.NOT_IN_FORCE))
    assert found.passed
    assert found.description == "Judged and as expected: 2. 1 were not judged."


def test_the_table_tells_slice_rule_severity_outcome_counts_percent_and_threshold() -> None:
    lines = text(told(result(Outcome.PASS, rule_id="EV-002"), result(Outcome.FAIL)), "judged")
    header, _, first, second = lines.splitlines()
    assert header == (
        "| slice | rule | title | severity | outcome | failed / checked | percent | allowed | since"
        " | why |"
    )
    assert first == (
        "| kontanthjaelp__20240101 | EV-001 | Højst 1 pct. | warning | **FAIL** | 30 / 400 | 7.5 | 1"
        " | 2026-09-01 |  |"
    )
    assert "EV-002" in second and "| – |  |" in second


def test_a_rule_that_may_have_failed_before_is_said_to_fail_at_least_since_a_day() -> None:
    table = text(told(result(Outcome.FAIL, rule_id="EV-003")), "judged")
    assert "| at least since 2026-08-01 |" in table


@pytest.mark.parametrize(
    ("changes", "slice_"),
    [
        ({"regime_id": None}, "kontanthjaelp, no regime"),
        ({"regime_id": None, "process_id": None}, "whole delivery"),
    ],
)
def test_a_slice_without_regime_or_process_says_what_it_is(
    changes: dict[str, None], slice_: str
) -> None:
    assert f"| {slice_} | EV-001 |" in text(told(result(Outcome.PASS, **changes)), "judged")


def test_rules_not_judged_for_the_same_reason_share_a_line() -> None:
    found = told(
        result(Outcome.NO_DATA, detail="no row to check"),
        result(Outcome.NO_DATA, rule_id="EV-002", detail="no row to check"),
        result(Outcome.NOT_APPLICABLE, rule_id="EV-003", detail="replaced by FL24-001"),
    )
    _, _, *lines = text(found, "not judged").splitlines()
    assert lines == [
        "| kontanthjaelp__20240101 | **NO_DATA** | no row to check | EV-001, EV-002 |",
        "| kontanthjaelp__20240101 | **NOT_APPLICABLE** | replaced by FL24-001 | EV-003 |",
    ]


def test_a_title_does_not_break_the_table() -> None:
    lines = text(told(result(Outcome.FAIL, title_da="a | b")), "judged").splitlines()
    assert {line.count("|") for line in lines} == {11}


def test_every_dataset_has_a_table_on_which_its_checks_are_shown() -> None:
    assert {judged_asset(name).path[0] for name in DATASETS} == {"core"}
    assert set(DATASETS) <= set(JUDGED_TABLE)


def test_a_dataset_that_is_about_no_table_is_refused_with_a_sentence() -> None:
    with pytest.raises(PipelineError, match=r"quality_dreams: nobody has said .* JUDGED_TABLE"):
        judged_asset("quality_dreams")


def test_every_suite_is_a_check_and_none_of_them_blocks() -> None:
    specs = list(quality_checks.check_specs)
    assert {"baseline__events", "privacy__codes", "forsikrede_ledige__20240101__events"} <= {
        spec.name for spec in specs
    }
    assert {spec.asset_key.path[0] for spec in specs} == {"core"}
    assert not any(spec.blocking for spec in specs)
    assert check_name("regimes/kontanthjaelp__20240101", "quality_events") == (
        "kontanthjaelp__20240101__events"
    )
