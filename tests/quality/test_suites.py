"""A suite that is not what it should be stops at load, with file, number and a hint."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pm_pipeline.errors import PipelineError
from pm_pipeline.quality.suites.datasets import VOCABULARIES
from pm_pipeline.quality.suites.loading import SuiteSet, check_suites, load_suites
from pm_pipeline.quality.suites.reference import Reference
from pm_pipeline.registry import ChangeStatus, Registry
from tests.quality.clean_facts import EXPECTATIONS
from tests.quality.written_suites import Spec, rule, write


@pytest.fixture
def reference(registry: Registry) -> Reference:
    return Reference.of(registry)


def set_aside(suites: SuiteSet, regime_id: str | None) -> dict[str, str]:
    """What a regime put aside of the facts about events, with why."""
    aside = suites.not_in_force("quality_events", "kontanthjaelp", regime_id)
    return {one.rule_id: why for one, why in aside}


def refusal(root: Path, reference: Reference) -> str:
    with pytest.raises(PipelineError) as caught:
        load_suites(root, reference)
    return str(caught.value)


def test_every_shipped_rule_is_loaded_and_great_expectations_builds_it(registry: Registry) -> None:
    in_files = sum(
        len(json.loads(path.read_text("utf-8"))["expectations"])
        for path in EXPECTATIONS.rglob("*.json")
    )
    assert check_suites(EXPECTATIONS, registry) == in_files > 30


def test_every_regime_of_a_change_that_is_law_has_a_suite(registry: Registry) -> None:
    in_force = {
        regime.regime_id for regime in registry.regimes if registry.change(regime.change_id).is_law
    }
    assert in_force == {path.name for path in (EXPECTATIONS / "regimes").iterdir()}
    assert ChangeStatus.IN_FORCE in {change.status for change in registry.changes}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"type": "expect_column_values_to_be_betwen"},
         "did you mean 'expect_column_values_to_be_between'"),
        ({"type": None}, "unknown expectation type"),
        ({"meta__rule_id": None}, "meta.rule_id is missing"),
        ({"meta__rule_id": "rule 1"}, "must look like EV-001"),
        ({"meta__title_da": None}, "meta.title_da is missing"),
        ({"meta__title_da": " "}, "meta.title_da must be text"),
        ({"meta__reason": None}, "give meta.legal_basis"),
        ({"meta__legal_basis": "LAB § 31"}, "must be a link"),
        ({"meta__tittle": "x"}, "unknown key 'tittle'"),
        ({"meta__checked": "evnts"}, "did you mean 'events'"),
        ({"meta__failed": "events_in_future_percent"}, "must name a count column"),
        ({"kwargs__column": "event_in_future_percent"}, "did you mean 'events_in_future_percent'"),
        ({"kwargs__column": "regime_id"}, "column 'regime_id' holds a text"),
        ({"kwargs__column": None}, "argument 'column' is missing"),
        ({"kwargs__max_value": None}, "neither min_value nor max_value"),
        ({"kwargs__max_value": "1"}, "expected a number"),
        ({"kwargs__min_value": 2}, "min_value 2 is above max_value 1"),
        ({"kwargs__maxvalue": 1}, "did you mean 'max_value'"),
        ({"kwargs__mostly": 0.5}, "unknown argument 'mostly'"),
        ({"severity": "error"}, "severity must be one of critical, warning, info"),
        ({"severity": None}, "severity must be one of"),
        ({"enabled": True}, "unknown key 'enabled'"),
        ({"kwargs": None}, "kwargs and meta must both be objects"),
        ({"meta": None}, "kwargs and meta must both be objects"),
        ({"meta__only": {}}, "meta.only must look like"),
        ({"meta__only": ["talks"]}, "meta.only must look like"),
        ({"meta__only": {"events": "9"}}, "has no text column 'events'"),
        ({"meta__only": {"proces_id": "kontanthjaelp"}}, "did you mean 'process_id'"),
        ({"meta__only": {"process_id": "kontanthjælp"}}, "did you mean 'kontanthjaelp'"),
        ({"meta__only": {"process_id": None}}, "meta.only.process_id must be text"),
        ({"meta__only": {"regime_id": "kontanthjaelp__20240101"}}, "regimes/<regime_id>/"),
        ({"meta__replaces": "EV-0"}, "only a rule of a regime replaces another"),
    ],
)  # fmt: skip
def test_a_faulty_rule_is_refused_with_its_file_and_number(
    tmp_path: Path, reference: Reference, changes: Spec, told: str
) -> None:
    sound = rule("EV-0", kwargs__max_value=2)
    path = write(tmp_path, "baseline/quality_events", sound, rule("EV-1", **changes))

    message = refusal(tmp_path, reference)

    assert message.startswith(f"{path}: expectation 2 (")
    assert told in message


def test_a_regex_and_a_parameter_that_do_not_exist_are_refused(
    tmp_path: Path, reference: Reference
) -> None:
    meta = {"rule_id": "CO-1", "title_da": "t", "title_en": "t", "reason": "r"}
    bad = {"type": "expect_column_values_to_match_regex", "severity": "info", "meta": meta,
           "kwargs": {"column": "target_group", "regex": "("}}  # fmt: skip
    write(tmp_path, "baseline/quality_codes", bad)
    assert "not a regular expression" in refusal(tmp_path, reference)

    bad |= {
        "type": "expect_column_values_to_be_in_set",
        "kwargs": {"column": "target_group", "value_set": {"$PARAMETER": "target_group"}},
    }
    write(tmp_path, "baseline/quality_codes", bad)
    assert "did you mean 'target_groups'" in refusal(tmp_path, reference)


def test_a_suite_without_expectations_is_refused(tmp_path: Path, reference: Reference) -> None:
    write(tmp_path, "baseline/quality_events")
    assert "no expectations" in refusal(tmp_path, reference)


def test_a_rule_id_used_twice_is_refused_across_files(tmp_path: Path, reference: Reference) -> None:
    write(tmp_path, "baseline/quality_events", rule("EV-1"))
    write(tmp_path, "regimes/kontanthjaelp__20240101/quality_events", rule("EV-1"))
    first = f"{tmp_path}/baseline/quality_events.json"
    assert f"EV-1 is used already in {first}" in refusal(tmp_path, reference)


def test_a_folder_that_is_no_regime_is_refused(tmp_path: Path, reference: Reference) -> None:
    write(tmp_path, "baseline/quality_events", rule("EV-1"))
    write(tmp_path, "regimes/kontanthjaelp__20240102/quality_events", rule("EV-2"))
    assert "did you mean 'kontanthjaelp__20240101'" in refusal(tmp_path, reference)


@pytest.mark.parametrize(
    "name", ["baseline/quality_event", "quality_events", "basline/quality_events"]
)
def test_a_file_in_no_known_place_is_refused(
    tmp_path: Path, reference: Reference, name: str
) -> None:
    write(tmp_path, "baseline/quality_events", rule("EV-1"))
    path = write(tmp_path, name, rule("EV-2"))
    assert str(path) in refusal(tmp_path, reference)


def test_a_regime_cannot_judge_whole_deliveries(tmp_path: Path, reference: Reference) -> None:
    write(tmp_path, "baseline/quality_events", rule("EV-1"))
    write(tmp_path, "regimes/kontanthjaelp__20240101/quality_rows", rule("EV-2"))
    assert "describes whole deliveries" in refusal(tmp_path, reference)


def test_a_key_that_stands_twice_is_refused(tmp_path: Path, reference: Reference) -> None:
    path = write(tmp_path, "baseline/quality_events", rule("EV-1"))
    path.write_text(path.read_text().replace('{"name"', '{"name": "x", "name"', 1))
    assert "the key 'name' stands twice" in refusal(tmp_path, reference)


def test_a_file_that_is_no_json_is_refused(tmp_path: Path, reference: Reference) -> None:
    path = write(tmp_path, "baseline/quality_events", rule("EV-1"))
    path.write_text("{")
    assert "not JSON in UTF-8" in refusal(tmp_path, reference)


def test_a_regime_retires_a_baseline_rule_and_other_regimes_keep_it(
    tmp_path: Path, reference: Reference
) -> None:
    write(tmp_path, "baseline/quality_events", rule("EV-1"), rule("EV-2", kwargs__max_value=2))
    write(
        tmp_path,
        "regimes/kontanthjaelp__20240101/quality_events",
        rule("KH-1"),
        meta={"retires": ["EV-1"]},
    )
    suites = load_suites(tmp_path, reference)

    def ids(regime_id: str | None) -> list[str]:
        return [
            one.rule_id for one in suites.resolve("quality_events", "kontanthjaelp", regime_id)
        ]

    assert ids("kontanthjaelp__20240101") == ["EV-2", "KH-1"]
    assert ids("kontanthjaelp__20200101") == ids(None) == ["EV-1", "EV-2"]
    assert set_aside(suites, "kontanthjaelp__20240101") == {
        "EV-1": "retired under kontanthjaelp__20240101"
    }
    assert set_aside(suites, None) == set_aside(suites, "kontanthjaelp__20200101") == {}


def test_a_rule_of_privacy_cannot_be_retired(tmp_path: Path, reference: Reference) -> None:
    write(tmp_path, "baseline/quality_events", rule("EV-1"))
    write(tmp_path, "privacy/quality_events", rule("PR-1"))
    write(
        tmp_path,
        "regimes/kontanthjaelp__20240101/quality_events",
        rule("KH-1"),
        meta={"retires": ["PR-1"]},
    )
    assert "PR-1 guards privacy" in refusal(tmp_path, reference)


def test_a_retired_rule_that_does_not_exist_is_refused(
    tmp_path: Path, reference: Reference
) -> None:
    write(tmp_path, "baseline/quality_events", rule("EV-001"))
    write(
        tmp_path,
        "regimes/kontanthjaelp__20240101/quality_events",
        rule("KH-1"),
        meta={"retires": ["EV-002"]},
    )
    assert "did you mean 'EV-001'" in refusal(tmp_path, reference)


@pytest.mark.parametrize(
    ("extra", "told"),
    [
        ({"expectation": []}, "the suite has an unknown key 'expectation'"),
        ({"meta": {"retire": ["EV-1"]}}, "did you mean 'retires'"),
        ({"meta": []}, "meta must be an object"),
        ({"meta": {"retires": "EV-1"}}, "must be a list of rule ids"),
        ({"meta": {"retires": ["EV-1"]}}, "only the suite of a regime may retire rules"),
        ({"name": "baseline/quality_event"}, "expected the name 'baseline/quality_events'"),
        ({"name": None}, "found None"),
        ({"expectations": {"EV-1": {}}}, "no expectations"),
        ({"expectations": ["EV-1"]}, "expectation 1: expected an object"),
    ],
)
def test_a_faulty_suite_is_refused_with_its_file(
    tmp_path: Path, reference: Reference, extra: Spec, told: str
) -> None:
    path = write(tmp_path, "baseline/quality_events", rule("EV-1"), **extra)
    message = refusal(tmp_path, reference)
    assert message.startswith(str(path)) and told in message


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_limit_that_is_no_number_of_json_is_refused(
    tmp_path: Path, reference: Reference, number: str
) -> None:
    path = write(tmp_path, "baseline/quality_events", rule("EV-1", kwargs__max_value=12345))
    path.write_text(path.read_text().replace("12345", number))
    assert "is not a number of JSON" in refusal(tmp_path, reference)


@pytest.mark.parametrize("content", ["Højst".encode("latin-1"), b"\xef\xbb\xbf{}", b"[]", b""])
def test_a_file_of_other_bytes_is_refused(
    tmp_path: Path, reference: Reference, content: bytes
) -> None:
    path = write(tmp_path, "baseline/quality_events", rule("EV-1"))
    path.write_bytes(content)
    assert refusal(tmp_path, reference).startswith(str(path))


def test_a_rule_written_twice_under_two_ids_is_refused(
    tmp_path: Path, reference: Reference
) -> None:
    write(tmp_path, "baseline/quality_events", rule("EV-1"), rule("EV-2"))
    assert "EV-2 judges the same as EV-1" in refusal(tmp_path, reference)


def test_rules_about_other_rows_or_with_other_limits_are_not_the_same(
    tmp_path: Path, reference: Reference
) -> None:
    one_process = {"process_id": "kontanthjaelp"}
    write(
        tmp_path, "baseline/quality_events",
        rule("EV-1"), rule("EV-2", meta__only=one_process), rule("EV-3", kwargs__max_value=2),
    )  # fmt: skip
    assert len(load_suites(tmp_path, reference).rules) == 3


REGIME = "regimes/kontanthjaelp__20240101"


def test_a_rule_of_a_regime_takes_the_place_of_a_baseline_rule(
    tmp_path: Path, reference: Reference
) -> None:
    write(tmp_path, "baseline/quality_events", rule("EV-1"), rule("EV-2", kwargs__max_value=2))
    write(tmp_path, f"{REGIME}/quality_events", rule("KH-1", meta__replaces="EV-1"))
    other = "regimes/kontanthjaelp__20200101"
    write(tmp_path, f"{other}/quality_events", rule("KH-2", meta__replaces="EV-1"))
    suites = load_suites(tmp_path, reference)

    found = suites.resolve("quality_events", "kontanthjaelp", "kontanthjaelp__20240101")
    assert [one.rule_id for one in found] == ["EV-2", "KH-1"]
    assert set_aside(suites, "kontanthjaelp__20240101") == {
        "EV-1": "replaced by KH-1 under kontanthjaelp__20240101"
    }
    assert set_aside(suites, "kontanthjaelp__20200101") == {
        "EV-1": "replaced by KH-2 under kontanthjaelp__20200101"
    }


@pytest.mark.parametrize(
    ("rules", "meta", "told"),
    [
        ([rule("KH-1", meta__replaces="EV-2")], {}, "'EV-2', which is no rule of baseline/"),
        ([rule("KH-1", meta__replaces="PR-1")], {}, "PR-1 guards privacy"),
        ([rule("KH-1", meta__replaces="KH-2"), rule("KH-2", kwargs__max_value=2)], {},
         "'KH-2', which is no rule of baseline/"),
        ([rule("KH-1", meta__replaces="CA-1")], {}, "CA-1 judges quality_cases, not quality_events"),
        ([rule("KH-1", meta__replaces="EV-1"),
          rule("KH-2", meta__replaces="EV-1", kwargs__max_value=2)], {},
         "EV-1 is replaced by KH-1 already"),
        ([rule("KH-1", meta__replaces="EV-1")], {"retires": ["EV-1"]},
         "EV-1 is retired by kontanthjaelp__20240101 as well"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_replaced_is_refused(
    tmp_path: Path, reference: Reference, rules: list[Spec], meta: Spec, told: str
) -> None:
    of_cases = {"kwargs__column": "cases_with_one_event_percent", "meta__checked": "cases",
                "meta__failed": "cases_with_one_event"}  # fmt: skip
    write(tmp_path, "baseline/quality_events", rule("EV-1"))
    write(tmp_path, "baseline/quality_cases", rule("CA-1", **of_cases))
    write(tmp_path, "privacy/quality_events", rule("PR-1"))
    path = write(tmp_path, f"{REGIME}/quality_events", *rules, meta=meta)
    message = refusal(tmp_path, reference)
    assert message.startswith(str(path)) and told in message


def test_a_rule_about_one_process_is_no_rule_of_another(
    tmp_path: Path, reference: Reference
) -> None:
    of_one = rule("EV-1", meta__only={"process_id": "kontanthjaelp"})
    write(tmp_path, "baseline/quality_events", of_one)
    suites = load_suites(tmp_path, reference)
    assert suites.resolve("quality_events", "kontanthjaelp", None)
    assert not suites.resolve("quality_events", "forsikrede_ledige", None)


@pytest.mark.parametrize(
    ("dataset", "only", "told"),
    [
        ("quality_codes", {"activity_id": "JOBSAMTALER"}, "did you mean 'JOBSAMTALE'"),
        ("quality_codes", {"target_group": "99"}, "none of the parameter target_groups"),
        ("quality_rows", {"system_id": "momentun"}, "did you mean 'momentum'"),
        ("quality_rows", {"process_id": "kontanthjaelp"}, "describes whole deliveries, no process"),
    ],
)
def test_a_value_that_no_seed_knows_is_no_row_to_look_at(
    tmp_path: Path, reference: Reference, dataset: str, only: Spec, told: str
) -> None:
    of_codes = {
        "type": "expect_column_values_to_not_be_null", "kwargs": {"column": "activity_id"},
        "meta__checked": None, "meta__failed": None,
    }  # fmt: skip
    of_rows = {
        "kwargs__column": "rows_unmapped_percent", "meta__checked": "judged_rows",
        "meta__failed": "rows_unmapped",
    }  # fmt: skip
    shape = of_codes if dataset == "quality_codes" else of_rows
    write(tmp_path, f"baseline/{dataset}", rule("XX-1", meta__only=only, **shape))
    assert told in refusal(tmp_path, reference)


def test_codes_that_no_seed_lists_are_not_compared(tmp_path: Path, reference: Reference) -> None:
    ready_log = replace(reference, parameters={**reference.parameters, "systems": ()})
    shape = {"kwargs__column": "rows_unmapped_percent", "meta__checked": "judged_rows",
             "meta__failed": "rows_unmapped", "meta__only": {"system_id": "anything"}}  # fmt: skip
    write(tmp_path, "baseline/quality_rows", rule("XX-1", **shape))
    assert len(load_suites(tmp_path, ready_log).rules) == 1


def test_every_column_with_a_vocabulary_names_a_parameter(reference: Reference) -> None:
    assert set(VOCABULARIES.values()) <= set(reference.parameters)
    assert {"activities", "systems", "processes", "log_rules"} <= set(reference.parameters)


def test_an_edited_suite_is_read_again(tmp_path: Path, reference: Reference) -> None:
    first: Callable[[], int] = lambda: len(load_suites(tmp_path, reference).rules)  # noqa: E731
    path = write(tmp_path, "baseline/quality_events", rule("EV-1"))
    assert first() == 1
    write(tmp_path, "baseline/quality_events", rule("EV-1"), rule("EV-2", kwargs__max_value=2))
    assert path.exists()
    assert first() == 2


def test_loading_suites_imports_neither_great_expectations_nor_pandas() -> None:
    code = (
        "import sys, pm_pipeline.quality.judging.runner, pm_pipeline.quality.privacy; "
        "sys.exit(bool({'great_expectations', 'pandas', 'dagster'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
