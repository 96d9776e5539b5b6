"""Find, strictly load and resolve the expectation suites of a field of work.

A suite is native Great Expectations JSON. What the library would pass over in silence (a misspelt
type, a second rule with the same id, a suite of nothing) is an error here, when the suites are
loaded. The library is not imported for it; :func:`check_suites` asks it as well.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pm_pipeline.errors import PipelineError
from pm_pipeline.quality.suites.catalogue import nearest
from pm_pipeline.quality.suites.datasets import DATASETS, Dataset
from pm_pipeline.quality.suites.log_rules import rule_of
from pm_pipeline.quality.suites.reference import Reference
from pm_pipeline.quality.suites.regime_changes import Retirement, SetAside, set_aside_by_regime
from pm_pipeline.quality.suites.rule import SEEDS, Rule, file_of, read_rule, refuse_unknown
from pm_pipeline.quality.suites.strict_json import read_object
from pm_pipeline.registry import Registry

_SUITE_KEYS = frozenset({"name", "meta", "notes", "expectations"})
_SUITE_META_KEYS = frozenset({"description", "retires"})


@dataclass(frozen=True)
class SuiteSet:
    """Every rule of a field of work, and which rules each regime sets aside, with why."""

    rules: tuple[Rule, ...]
    set_aside: SetAside

    def resolve(
        self, dataset: str, process_id: str | None, regime_id: str | None
    ) -> tuple[Rule, ...]:
        """The rules in force for one slice: baseline less what is set aside, the regime's, privacy."""
        aside = self.set_aside.get(regime_id or "", {})
        return tuple(
            rule
            for rule in self._of(dataset, process_id, regime_id)
            if rule.rule_id not in aside
        )

    def not_in_force(
        self, dataset: str, process_id: str | None, regime_id: str | None
    ) -> tuple[tuple[Rule, str], ...]:
        """The rules that the regime of a slice retired or replaced, each with why."""
        aside = self.set_aside.get(regime_id or "", {})
        return tuple(
            (rule, aside[rule.rule_id])
            for rule in self._of(dataset, process_id, regime_id)
            if rule.rule_id in aside
        )

    def _of(self, dataset: str, process_id: str | None, regime_id: str | None) -> list[Rule]:
        suites = {"baseline", "privacy", SEEDS, f"regimes/{regime_id}"}
        return [
            rule
            for rule in self.rules
            if rule.dataset == dataset
            and rule.suite in suites
            and rule.is_for(process_id, regime_id)
        ]


def load_suites(expectations_dir: Path, reference: Reference) -> SuiteSet:
    """Load every suite under ``expectations_dir``: baseline/, regimes/<regime_id>/, privacy/.

    The rules of the log, which are rows of a seed, come with them.

    Raises:
        PipelineError: a file or folder that is no suite of a known dataset or regime, a suite
            without expectations, an unknown key, type, column or parameter, a rule without its
            id, titles or reason, an id used twice, a rule written twice, a retired or replaced rule
            that is no baseline rule.
    """
    if not (expectations_dir / "baseline").is_dir():
        raise PipelineError(f"{expectations_dir}: expected a folder baseline/ with suites in it")
    rules: list[Rule] = []
    retirements: list[Retirement] = []
    for path in sorted(expectations_dir.rglob("*")):
        if path.is_dir() or path == expectations_dir / "README.md":
            continue
        suite, dataset = _place(path, expectations_dir, reference)
        spec = read_object(path)
        rules += _rules(path, spec, suite, dataset, reference)
        retirements += [
            Retirement(path, suite.removeprefix("regimes/"), rule_id)
            for rule_id in _retires(path, spec, suite)
        ]
    rules += [rule_of(row) for row in reference.log_rules]
    _refuse_duplicates(expectations_dir, rules)
    return SuiteSet(tuple(rules), set_aside_by_regime(retirements, rules, expectations_dir))


def check_suites(expectations_dir: Path, registry: Registry) -> int:
    """Load every suite and have Great Expectations build it too; the number of rules.

    Slow on first use (the library's import). For ``pm-pipeline`` checks and tests.

    Raises:
        PipelineError: as :func:`load_suites`, or the library refuses or drops an expectation.
    """
    from pm_pipeline.quality.judging.engine import get_engine

    suites = load_suites(expectations_dir, Reference.of(registry))
    get_engine().check(suites.rules)
    return len(suites.rules)


def _place(path: Path, root: Path, reference: Reference) -> tuple[str, Dataset]:
    """The suite's name and dataset, read from where the file lies."""
    parts = path.relative_to(root).parts
    if len(parts) == 2 and parts[0] in ("baseline", "privacy"):
        suite = parts[0]
    elif len(parts) == 3 and parts[0] == "regimes":
        suite = f"regimes/{parts[1]}"
        if parts[1] not in reference.regimes:
            hint = nearest(parts[1], list(reference.regimes))
            raise PipelineError(f"{path}: {parts[1]!r} is no regime of law/regimes.csv; {hint}")
    else:
        raise PipelineError(
            f"{path}: expected baseline/<dataset>.json, regimes/<regime_id>/<dataset>.json or "
            "privacy/<dataset>.json; move or remove the file"
        )
    if path.suffix != ".json" or path.stem not in DATASETS:
        hint = nearest(path.stem, list(DATASETS))
        raise PipelineError(f"{path}: expected <dataset>.json with a known dataset; {hint}")
    dataset = DATASETS[path.stem]
    if suite.startswith("regimes/") and not dataset.sliced:
        raise PipelineError(
            f"{path}: {dataset.name} describes whole deliveries, not a regime; put it in baseline/"
        )
    return suite, dataset


def _rules(
    path: Path, spec: dict[str, Any], suite: str, dataset: Dataset, reference: Reference
) -> list[Rule]:
    refuse_unknown(path, "the suite", spec, _SUITE_KEYS)
    name = f"{suite}/{dataset.name}"
    if spec.get("name") != name:
        raise PipelineError(f"{path}: expected the name {name!r}, found {spec.get('name')!r}")
    expectations = spec.get("expectations")
    if not isinstance(expectations, list) or not expectations:
        raise PipelineError(f"{path}: no expectations: a suite of nothing would always succeed")
    return [
        read_rule(f"{path}: expectation {number}", item, suite, dataset, reference.parameters)
        for number, item in enumerate(expectations, start=1)
    ]


def _retires(path: Path, spec: dict[str, Any], suite: str) -> list[str]:
    meta = spec.get("meta", {})
    if not isinstance(meta, dict):
        raise PipelineError(f"{path}: meta must be an object")
    refuse_unknown(path, "meta", meta, _SUITE_META_KEYS)
    retires = meta.get("retires", [])
    if not isinstance(retires, list) or not all(isinstance(rule_id, str) for rule_id in retires):
        raise PipelineError(f"{path}: meta.retires must be a list of rule ids")
    if retires and not suite.startswith("regimes/"):
        raise PipelineError(f"{path}: only the suite of a regime may retire rules")
    return retires


def _refuse_duplicates(root: Path, rules: list[Rule]) -> None:
    ids: dict[str, Rule] = {}
    contents: dict[str, Rule] = {}
    for rule in rules:
        other = ids.setdefault(rule.rule_id, rule)
        if other is not rule:
            raise PipelineError(
                f"{_file(root, rule)}: rule_id {rule.rule_id} is used already in "
                f"{_file(root, other)}; give each rule its own id"
            )
        judged = [rule.suite, rule.dataset, rule.type, dict(rule.kwargs), dict(rule.only)]
        other = contents.setdefault(json.dumps(judged, sort_keys=True), rule)
        if other is not rule:
            raise PipelineError(
                f"{_file(root, rule)}: {rule.rule_id} judges the same as {other.rule_id}, with the "
                "same limits; keep one of them"
            )


def _file(root: Path, rule: Rule) -> str:
    place = file_of(rule.suite, rule.dataset)
    return place if rule.suite == SEEDS else str(root / place.removeprefix("expectations/"))
