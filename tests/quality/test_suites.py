"""A suite that is not what it should be stops at load, with file, number and a hint."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pm_pipeline.errors import PipelineError
from pm_pipeline.quality.suites.loading import check_suites, load_suites
from pm_pipeline.quality.suites.reference import Reference
from pm_pipeline.registry import ChangeStatus, Registry
from tests.quality.clean_facts import EXPECTATIONS

Spec = dict[str, Any]


def rule(rule_id: str = "EV-1", **changes: Any) -> Spec:
    meta = {
        "rule_id": rule_id, "title_da": "Titel", "title_en": "Title", "reason": "Because.",
        "checked": "events", "failed": "events_in_future",
    }  # fmt: skip
    kwargs = {"column": "events_in_future_percent", "max_value": 1}
    found: Spec = {
        "type": "expect_column_values_to_be_between", "kwargs": kwargs, "severity": "warning",
        "meta": meta,
    }  # fmt: skip
    for key, value in changes.items():
        section, _, name = key.partition("__")
        target = found[section] if name else found
        if value is None:
            del target[name or section]
        else:
            target[name or section] = value
    return found


def write(root: Path, name: str, *rules: Spec, **extra: Any) -> Path:
    path = root / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"name": name, "expectations": list(rules)} | extra), "utf-8")
    return path


@pytest.fixture
def reference(registry: Registry) -> Reference:
    return Reference.of(registry)


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
    ],
)  # fmt: skip
def test_a_faulty_rule_is_refused_with_its_file_and_number(
    tmp_path: Path, reference: Reference, changes: Spec, told: str
) -> None:
    path = write(tmp_path, "baseline/quality_events", rule("EV-0"), rule("EV-1", **changes))

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
    assert "EV-1 is used already in baseline/quality_events.json" in refusal(tmp_path, reference)


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
    write(tmp_path, "baseline/quality_events", rule("EV-1"), rule("EV-2"))
    write(
        tmp_path,
        "regimes/kontanthjaelp__20240101/quality_events",
        rule("KH-1"),
        meta={"retires": ["EV-1"]},
    )
    suites = load_suites(tmp_path, reference)

    def ids(regime_id: str | None) -> list[str]:
        return [one.rule_id for one in suites.resolve("quality_events", regime_id)]

    assert ids("kontanthjaelp__20240101") == ["EV-2", "KH-1"]
    assert ids("kontanthjaelp__20200101") == ids(None) == ["EV-1", "EV-2"]


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


def test_an_edited_suite_is_read_again(tmp_path: Path, reference: Reference) -> None:
    first: Callable[[], int] = lambda: len(load_suites(tmp_path, reference).rules)  # noqa: E731
    path = write(tmp_path, "baseline/quality_events", rule("EV-1"))
    assert first() == 1
    write(tmp_path, "baseline/quality_events", rule("EV-1"), rule("EV-2"))
    assert path.exists()
    assert first() == 2


def test_loading_suites_imports_neither_great_expectations_nor_pandas() -> None:
    code = (
        "import sys, pm_pipeline.quality.judging.runner, pm_pipeline.quality.privacy; "
        "sys.exit(bool({'great_expectations', 'pandas', 'dagster'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
