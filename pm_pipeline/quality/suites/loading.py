"""Find, strictly load and resolve the expectation suites of a field of work.

A suite is native Great Expectations JSON. What the library would pass over in silence (a misspelt
type, a second rule with the same id, a suite of nothing) is an error here, when the suites are
loaded. The library is not imported for it; :func:`check_suites` asks it as well.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn

from pm_pipeline.errors import PipelineError
from pm_pipeline.quality.suites.catalogue import nearest
from pm_pipeline.quality.suites.datasets import DATASETS, Dataset
from pm_pipeline.quality.suites.reference import Reference
from pm_pipeline.quality.suites.rule import Rule, read_rule, refuse_unknown
from pm_pipeline.registry import Registry

_SUITE_KEYS = frozenset({"name", "meta", "notes", "expectations"})
_SUITE_META_KEYS = frozenset({"description", "retires"})


@dataclass(frozen=True)
class SuiteSet:
    """Every rule of a field of work, and which baseline rules each regime retires."""

    rules: tuple[Rule, ...]
    retired: Mapping[str, frozenset[str]]

    def resolve(self, dataset: str, regime_id: str | None) -> tuple[Rule, ...]:
        """The rules in force for one slice: (baseline less retired), the regime's own, privacy."""
        retired = self.retired.get(regime_id, frozenset()) if regime_id else frozenset()
        suites = {"baseline", "privacy", *([f"regimes/{regime_id}"] if regime_id else [])}
        return tuple(
            rule
            for rule in self.rules
            if rule.dataset == dataset and rule.suite in suites and rule.rule_id not in retired
        )


def load_suites(expectations_dir: Path, reference: Reference) -> SuiteSet:
    """Load every suite under ``expectations_dir``: baseline/, regimes/<regime_id>/, privacy/.

    Raises:
        PipelineError: a file or folder that is no suite of a known dataset or regime, a suite
            without expectations, an unknown key, type, column or parameter, a rule without its
            id, titles or reason, an id used twice, a retired rule that is no baseline rule.
    """
    if not (expectations_dir / "baseline").is_dir():
        raise PipelineError(f"{expectations_dir}: expected a folder baseline/ with suites in it")
    rules: list[Rule] = []
    retires: list[tuple[Path, str, str]] = []
    for path in sorted(expectations_dir.rglob("*")):
        if path.is_dir() or path == expectations_dir / "README.md":
            continue
        suite, dataset = _place(path, expectations_dir, reference)
        spec = _read(path)
        rules += _rules(path, spec, suite, dataset, reference)
        retires += [(path, suite, rule_id) for rule_id in _retires(path, spec, suite)]
    _refuse_duplicates(expectations_dir, rules)
    return SuiteSet(tuple(rules), _retired_by_regime(retires, rules))


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


def _read(path: Path) -> dict[str, Any]:
    try:
        return _parsed(path, path.stat().st_mtime_ns)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise PipelineError(f"{path}: not JSON in UTF-8: {error}") from error


@lru_cache(maxsize=256)
def _parsed(path: Path, _modified: int) -> dict[str, Any]:
    def no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        for name in names:
            if names.count(name) > 1:
                raise PipelineError(f"{path}: the key {name!r} stands twice in one object")
        return dict(pairs)

    def no_constant(word: str) -> NoReturn:
        raise PipelineError(f"{path}: {word} is not a number of JSON")

    spec = json.loads(
        path.read_text("utf-8"), object_pairs_hook=no_duplicates, parse_constant=no_constant
    )
    if not isinstance(spec, dict):
        raise PipelineError(f"{path}: expected an object with name, meta and expectations")
    return spec


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
    seen: dict[str, Rule] = {}
    for rule in rules:
        other = seen.setdefault(rule.rule_id, rule)
        if other is not rule:
            raise PipelineError(
                f"{root / rule.suite / rule.dataset}.json: rule_id {rule.rule_id} is used already "
                f"in {other.suite}/{other.dataset}.json; give each rule its own id"
            )


def _retired_by_regime(
    retires: list[tuple[Path, str, str]], rules: list[Rule]
) -> Mapping[str, frozenset[str]]:
    suite_of = {rule.rule_id: rule.suite for rule in rules}
    baseline = [rule_id for rule_id, suite in suite_of.items() if suite == "baseline"]
    retired: dict[str, frozenset[str]] = {}
    for path, suite, rule_id in retires:
        if suite_of.get(rule_id) == "privacy":
            raise PipelineError(f"{path}: {rule_id} guards privacy and is never retired")
        if rule_id not in baseline:
            raise PipelineError(
                f"{path}: meta.retires names {rule_id!r}, which is no rule of "
                f"baseline/; {nearest(rule_id, baseline)}"
            )
        regime_id = suite.removeprefix("regimes/")
        retired[regime_id] = retired.get(regime_id, frozenset()) | {rule_id}
    return MappingProxyType(retired)
