"""Each shipped rule is silent on clean facts and finds its fault; outcomes are told apart."""

import json
import logging
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

import duckdb
import pyarrow.parquet as pq
import pytest

from pm_pipeline.errors import PipelineError
from pm_pipeline.quality.judging.results import (
    SCHEMA,
    Outcome,
    read_results,
    withheld_slices,
    write_results,
)
from pm_pipeline.quality.judging.runner import run_suites
from pm_pipeline.quality.privacy import scan_tree
from pm_pipeline.quality.suites.datasets import DATASETS
from pm_pipeline.quality.suites.loading import load_suites
from pm_pipeline.quality.suites.reference import Reference
from pm_pipeline.quality.suites.rule import SEEDS, Rule
from pm_pipeline.registry import ChangeStatus, Registry, load_registry
from tests.quality.clean_facts import EXPECTATIONS, REPOSITORY, TODAY, clean_row, insert
from tests.quality.written_suites import rule as written
from tests.quality.written_suites import write

# Shaped like a person's number; month 13, so that it can be nobody's.
CANARY = "311399-1234"
SHIPPED = [
    rule
    for rule in load_suites(
        EXPECTATIONS, Reference.of(load_registry(REPOSITORY / "dbt_project" / "seeds"))
    ).rules
    if rule.suite != SEEDS  # judged in test_rules_of_the_log
]
FUND_RULE = next(rule for rule in SHIPPED if rule.rule_id == "FL24-002")


#: What the shipped suites of regimes replace; they retire nothing.
SET_ASIDE = {
    (one["meta"]["replaces"], path.parent.name)
    for path in (EXPECTATIONS / "regimes").glob("*/*.json")
    for one in json.loads(path.read_text("utf-8"))["expectations"] if "replaces" in one["meta"]
}


def only(rule: Rule, root: Path, **changes: object) -> Path:
    """A folder of expectations with one rule in it."""
    spec = {
        "type": rule.type, "kwargs": dict(rule.kwargs), "severity": rule.severity,
        "meta": {name: getattr(rule, name)
                 for name in ("rule_id", "title_da", "title_en", "legal_basis", "reason",
                              "checked", "failed") if getattr(rule, name)},
    }  # fmt: skip
    path = root / rule.suite / f"{rule.dataset}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    (root / "baseline").mkdir(exist_ok=True)
    path.write_text(
        json.dumps({"name": f"{rule.suite}/{rule.dataset}", "expectations": [spec | changes]}),
        "utf-8",
    )
    return root


def plant(connection: duckdb.DuckDBPyConnection, rule: Rule) -> None:
    """The fault the rule is about: everything is wrong, or a code nobody knows."""
    table, column = f"quality.{rule.dataset}", str(rule.kwargs["column"])
    if rule.failed is None:
        connection.execute(f"update {table} set {column} = ? where {column} is not null", [CANARY])
    else:
        connection.execute(f"update {table} set {rule.failed} = {rule.checked}")
        if column != rule.failed:
            connection.execute(f"update {table} set {column} = 100")


@pytest.mark.parametrize("rule", SHIPPED, ids=lambda rule: rule.rule_id)
def test_each_rule_passes_clean_facts_and_fails_its_planted_fault(
    rule: Rule, warehouse: duckdb.DuckDBPyConnection, registry: Registry, tmp_path: Path
) -> None:
    expectations, out = only(rule, tmp_path / "e"), tmp_path / "r.parquet"

    clean = run_suites(warehouse, "901", registry, expectations, out, TODAY)
    plant(warehouse, rule)
    faulty = run_suites(warehouse, "901", registry, expectations, out, TODAY)

    assert {result.outcome for result in clean.results} == {Outcome.PASS}
    assert {result.outcome for result in faulty.results} == {Outcome.FAIL}
    assert all(result.n_failed == 0 for result in clean.results)
    assert all(result.n_checked == result.n_failed != 0 for result in faulty.results)
    assert all(result.percent == 100 for result in faulty.results)


def test_all_rules_together_pass_clean_facts_and_the_file_says_the_same(
    warehouse: duckdb.DuckDBPyConnection, registry: Registry, tmp_path: Path
) -> None:
    out = tmp_path / "quality" / "rule_results.parquet"

    report = run_suites(warehouse, "901", registry, EXPECTATIONS, out, TODAY)

    aside = {(r.rule_id, r.regime_id) for r in report.results if r.outcome is not Outcome.PASS}
    assert aside == SET_ASIDE
    assert report.outcomes == dict.fromkeys(Outcome, 0) | {
        Outcome.PASS: len(report.results) - len(SET_ASIDE), Outcome.NOT_APPLICABLE: len(SET_ASIDE),
    }  # fmt: skip
    assert read_results(out) == report.results
    assert pq.read_schema(out).equals(SCHEMA)
    assert withheld_slices(out) == set()
    assert [path.name for path in out.parent.iterdir()] == [out.name]


def test_results_name_rule_threshold_and_legal_basis(
    warehouse: duckdb.DuckDBPyConnection, registry: Registry, tmp_path: Path
) -> None:
    report = run_suites(warehouse, "901", registry, EXPECTATIONS, tmp_path / "r.parquet", TODAY)

    found = next(result for result in report.results if result.rule_id == "FL24-002")

    assert (found.suite, found.severity) == ("regimes/forsikrede_ledige__20240101", "critical")
    assert (found.process_id, found.threshold, found.n_checked) == ("forsikrede_ledige", 75, 100)
    assert found.legal_basis and found.legal_basis.endswith("/paragraf/31")
    ids_of_2024 = {r.rule_id for r in report.results if r.regime_id == found.regime_id}
    assert {"FL24-001", "EV-001", "PR-002"} <= ids_of_2024


def test_a_rule_that_a_regime_retired_says_by_what(
    warehouse: duckdb.DuckDBPyConnection, registry: Registry, tmp_path: Path
) -> None:
    regime_id = "ressourceforloeb__20220101"
    write(tmp_path, "baseline/quality_events", written("EV-1"))
    write(tmp_path, f"regimes/{regime_id}/quality_events", written("RF-1"), meta={"retires": ["EV-1"]})

    report = run_suites(warehouse, "901", registry, tmp_path, tmp_path / "r.parquet", TODAY)

    told = {r.regime_id: r for r in report.results if r.rule_id == "EV-1"}
    assert (told[regime_id].outcome, told[regime_id].detail) == (
        Outcome.NOT_APPLICABLE, "retired under ressourceforloeb__20220101",
    )  # fmt: skip
    assert told["ressourceforloeb__20200101"].outcome is Outcome.PASS


def test_a_rule_that_a_regime_replaced_says_by_what(
    warehouse: duckdb.DuckDBPyConnection, registry: Registry, tmp_path: Path
) -> None:
    report = run_suites(warehouse, "901", registry, EXPECTATIONS, tmp_path / "r.parquet", TODAY)

    told = {(r.rule_id, r.regime_id): r for r in report.results}
    replaced = told["EV-009", "forsikrede_ledige__20240101"]
    assert (replaced.outcome, replaced.detail, replaced.n_checked) == (
        Outcome.NOT_APPLICABLE, "replaced by FL24-001 under forsikrede_ledige__20240101", None,
    )  # fmt: skip
    assert told["EV-009", "kontanthjaelp__20240101"].outcome is Outcome.PASS
    assert told["FL24-001", "forsikrede_ledige__20240101"].outcome is Outcome.PASS


def test_rules_about_a_whole_column_see_one_slice_at_a_time(
    warehouse: duckdb.DuckDBPyConnection, registry: Registry, tmp_path: Path
) -> None:
    rule = next(rule for rule in SHIPPED if rule.rule_id == "CO-002")
    expectations = only(
        rule, tmp_path / "e", type="expect_column_distinct_values_to_contain_set",
        kwargs={"column": "activity_id", "value_set": ["TILMELDT"]},
    )  # fmt: skip
    warehouse.execute(
        "update quality.quality_codes set activity_id = 'TILMELDT'"
        " where kind = 'activity_id' and regime_id = 'kontanthjaelp__20240101'"
    )
    report = run_suites(warehouse, "901", registry, expectations, tmp_path / "r", TODAY)
    passed = {r.regime_id for r in report.results if r.outcome is Outcome.PASS}
    assert passed == {"kontanthjaelp__20240101"}
    assert report.outcomes[Outcome.FAIL] == len(registry.regimes) - 1


def test_a_fault_in_one_regime_fails_that_regime_only(
    warehouse: duckdb.DuckDBPyConnection, registry: Registry, tmp_path: Path
) -> None:
    warehouse.execute(
        "update quality.quality_events set events_in_future = 50,"
        " events_in_future_percent = 50 where regime_id = 'kontanthjaelp__20240101'"
    )
    report = run_suites(warehouse, "901", registry, EXPECTATIONS, tmp_path / "r", TODAY)
    failed = [(r.rule_id, r.regime_id) for r in report.results if r.outcome is Outcome.FAIL]
    assert failed == [("EV-001", "kontanthjaelp__20240101")]
    assert withheld_slices(report) == {("kontanthjaelp", "kontanthjaelp__20240101")}


def test_a_share_exactly_at_the_limit_passes(
    warehouse: duckdb.DuckDBPyConnection, registry: Registry, tmp_path: Path
) -> None:
    column = FUND_RULE.kwargs["column"]
    outcomes = []
    for share in (75.0, 75.01):
        warehouse.execute(f"update quality.quality_cases set {column} = {share}")
        report = run_suites(
            warehouse, "901", registry, only(FUND_RULE, tmp_path / "e"), tmp_path / "r", TODAY
        )
        outcomes.append(report.results[0].outcome)
    assert outcomes == [Outcome.PASS, Outcome.FAIL]


def test_nothing_checked_is_no_data_and_a_broken_rule_is_an_error(
    warehouse: duckdb.DuckDBPyConnection, registry: Registry, tmp_path: Path
) -> None:
    column = FUND_RULE.kwargs["column"]
    expectations = only(FUND_RULE, tmp_path / "e")

    def judged() -> tuple[Outcome, int | None]:
        report = run_suites(warehouse, "901", registry, expectations, tmp_path / "r", TODAY)
        return report.results[0].outcome, len(withheld_slices(report))

    warehouse.execute(f"update quality.quality_cases set {FUND_RULE.checked} = 0, {column} = null")
    assert judged() == (Outcome.NO_DATA, 0)
    warehouse.execute(f"alter table quality.quality_cases alter {column} type varchar")
    warehouse.execute(
        f"update quality.quality_cases set {column} = '{CANARY}', {FUND_RULE.checked} = 5"
    )
    assert judged() == (Outcome.ERROR, 1)
    warehouse.execute(f"alter table quality.quality_cases drop {column}")
    assert judged() == (Outcome.ERROR, 1)
    assert scan_tree(tmp_path) == []


def test_one_missing_column_is_an_error_of_its_own_rules_only(
    warehouse: duckdb.DuckDBPyConnection, registry: Registry, tmp_path: Path
) -> None:
    warehouse.execute("alter table quality.quality_events drop events_in_future_percent")

    report = run_suites(warehouse, "901", registry, EXPECTATIONS, tmp_path / "r", TODAY)

    broken = {r.rule_id for r in report.results if r.outcome is Outcome.ERROR}
    assert broken == {"EV-001"}
    n_aside = len(SET_ASIDE)
    assert report.outcomes[Outcome.PASS] == len(report.results) - len(registry.regimes) - n_aside


def test_no_row_is_told_from_no_process_and_from_a_regime_not_in_force(
    warehouse: duckdb.DuckDBPyConnection, registry: Registry, tmp_path: Path
) -> None:
    for table in (one.name for one in DATASETS.values() if one.sliced):
        warehouse.execute(
            f"delete from quality.{table} where regime_id <> 'forsikrede_ledige__20240101'"
        )
    warehouse.execute("update quality.quality_cases set first_registered_on = '2024-02-01'")

    report = run_suites(warehouse, "901", registry, EXPECTATIONS, tmp_path / "r", date(2026, 6, 30))
    outcomes = {
        (r.regime_id, r.outcome)
        for r in report.results
        if r.process_id is not None and (r.rule_id, r.regime_id) not in SET_ASIDE
    }

    assert outcomes == {
        ("forsikrede_ledige__20200101", Outcome.NOT_IN_FORCE),
        ("forsikrede_ledige__20240101", Outcome.PASS),
        ("forsikrede_ledige__20260701", Outcome.NOT_IN_FORCE),
        ("kontanthjaelp__20200101", Outcome.NOT_APPLICABLE),
        ("kontanthjaelp__20240101", Outcome.NOT_APPLICABLE),
        ("kontanthjaelp__20260701", Outcome.NOT_APPLICABLE),
        ("ressourceforloeb__20200101", Outcome.NOT_APPLICABLE),
        ("ressourceforloeb__20220101", Outcome.NOT_APPLICABLE),
    }
    later = run_suites(warehouse, "901", registry, EXPECTATIONS, tmp_path / "r", date(2026, 7, 1))
    of_2026 = [r for r in later.results if r.regime_id == "forsikrede_ledige__20260701"]
    assert {r.outcome for r in of_2026 if r.rule_id != "EV-009"} == {Outcome.NO_DATA}


def test_the_suite_of_a_change_that_is_not_law_judges_nothing(
    warehouse: duckdb.DuckDBPyConnection, registry: Registry, tmp_path: Path
) -> None:
    regime = registry.regime("forsikrede_ledige__20260701")
    announced = replace(registry, changes=tuple(
        one.model_copy(update={"status": ChangeStatus.ANNOUNCED})
        if one.change_id == regime.change_id else one
        for one in registry.changes
    ))  # fmt: skip
    warehouse.execute("update quality.quality_events set talks_without_party_percent = 100")

    report = run_suites(warehouse, "901", announced, EXPECTATIONS, tmp_path / "r", TODAY)

    told = {
        (r.outcome, r.detail)
        for r in report.results
        if r.regime_id == regime.regime_id and r.rule_id != "EV-009"
    }
    assert told == {(Outcome.NOT_IN_FORCE, "its change is not law")}
    assert withheld_slices(report) == {("forsikrede_ledige", "forsikrede_ledige__20240101")}


def test_cases_outside_every_regime_are_judged_by_the_baseline(
    warehouse: duckdb.DuckDBPyConnection, registry: Registry, tmp_path: Path
) -> None:
    from pm_pipeline.quality.suites.datasets import QUALITY_EVENTS

    row = clean_row(QUALITY_EVENTS, "kontanthjaelp", None)
    row |= {"events_in_future": 90, "events_in_future_percent": 90.0}
    insert(warehouse, "quality_events", row)

    report = run_suites(warehouse, "901", registry, EXPECTATIONS, tmp_path / "r", TODAY)

    outside = [r for r in report.results if r.process_id and r.regime_id is None]
    assert {r.suite for r in outside} == {"baseline"}
    assert withheld_slices(report) == {("kontanthjaelp", None)}


def test_a_critical_fault_of_a_delivery_withholds_every_slice_and_a_warning_none(
    warehouse: duckdb.DuckDBPyConnection, registry: Registry, tmp_path: Path
) -> None:
    warehouse.execute(
        "update quality.quality_rows set rows_rejected = 60, rows_rejected_percent = 60"
        " where source_table = 'tasks'"
    )
    warned = run_suites(warehouse, "901", registry, EXPECTATIONS, tmp_path / "r", TODAY)
    failed = next(r for r in warned.results if r.outcome is Outcome.FAIL)
    assert (failed.rule_id, failed.percent, failed.detail) == (
        "RW-003",
        60,
        "worst: momentum/tasks",
    )
    assert (failed.n_checked, failed.n_failed) == (200, 60)
    assert withheld_slices(warned) == set()

    warehouse.execute("update quality.quality_rows set unmapped_codes_like_person_numbers = 1")
    report = run_suites(warehouse, "901", registry, EXPECTATIONS, tmp_path / "r", TODAY)
    slices = {(one.process_id, one.regime_id) for one in registry.regimes}
    assert withheld_slices(report) == slices | {(None, None)}


def test_no_value_of_the_data_reaches_results_logs_or_output(
    warehouse: duckdb.DuckDBPyConnection,
    registry: Registry,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    for rule in SHIPPED:
        if rule.dataset == "quality_codes":
            plant(warehouse, rule)
    warehouse.execute("alter table quality.quality_events alter talks_by_fund_percent type varchar")
    warehouse.execute(f"update quality.quality_events set talks_by_fund_percent = '{CANARY}'")

    report = run_suites(warehouse, "901", registry, EXPECTATIONS, tmp_path / "r.parquet", TODAY)

    broken = [rule for rule in SHIPPED if rule.kwargs.get("column") == "talks_by_fund_percent"]
    assert report.outcomes[Outcome.FAIL] > 0
    assert report.outcomes[Outcome.ERROR] == len(broken) > 0
    assert scan_tree(tmp_path, forbidden_words=[CANARY]) == []
    captured = capfd.readouterr()
    assert CANARY not in caplog.text + captured.out + captured.err + repr(report)
    assert "Calculating Metrics" not in captured.out + captured.err


def test_the_second_municipality_does_not_pay_for_the_first(
    warehouse: duckdb.DuckDBPyConnection, registry: Registry, tmp_path: Path
) -> None:
    from pm_pipeline.quality.judging.engine import get_engine

    run_suites(warehouse, "901", registry, EXPECTATIONS, tmp_path / "a", TODAY)
    before = get_engine()
    built = len(before._suites)
    report = run_suites(warehouse, "902", registry, EXPECTATIONS, tmp_path / "b", TODAY)

    assert get_engine() is before and len(before._suites) == built
    assert {result.municipality_id for result in report.results} == {"902"}


def test_great_expectations_may_not_drop_or_refuse_a_rule() -> None:
    from pm_pipeline.quality.judging.engine import get_engine

    dropped = replace(FUND_RULE, type="expect_column_values_to_be_betwen")
    refused = replace(FUND_RULE, kwargs=MappingProxyType({"column": "cases", "max_valu": 1}))
    with pytest.raises(PipelineError, match="kept 0 of 1 rules"):
        get_engine().check([dropped])
    with pytest.raises(PipelineError, match="refuses the rule"):
        get_engine().check([refused])


def test_a_warehouse_without_facts_is_refused(registry: Registry, tmp_path: Path) -> None:
    with duckdb.connect() as empty, pytest.raises(PipelineError, match=r"quality\.quality_events"):
        run_suites(empty, "901", registry, EXPECTATIONS, tmp_path / "r", TODAY)
    assert list(tmp_path.iterdir()) == []


def test_no_results_are_a_typed_table_and_a_missing_file_is_refused(tmp_path: Path) -> None:
    write_results([], tmp_path / "r.parquet")
    assert read_results(tmp_path / "r.parquet") == ()
    assert pq.read_schema(tmp_path / "r.parquet").equals(SCHEMA)
    with pytest.raises(PipelineError, match="no rule results yet"):
        withheld_slices(tmp_path / "missing.parquet")
