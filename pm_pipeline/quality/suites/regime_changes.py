"""Which baseline rules a regime retires or replaces, and why, in words for the result."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from pm_pipeline.errors import PipelineError
from pm_pipeline.quality.suites.catalogue import nearest
from pm_pipeline.quality.suites.rule import SEEDS, Rule

#: Suites whose rules a regime may set aside; privacy is none of them.
_MAY_BE_SET_ASIDE = ("baseline", SEEDS)

#: By regime: the rules that are not judged under it, each with why.
SetAside = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Retirement:
    """``meta.retires`` of one suite: the file, its regime and a rule id it names."""

    path: Path
    regime_id: str
    rule_id: str


def set_aside_by_regime(
    retirements: Sequence[Retirement], rules: Sequence[Rule], root: Path
) -> SetAside:
    """The rules that each regime sets aside, with why.

    Args:
        root: the folder of the suites, for messages.

    Raises:
        PipelineError: a rule that guards privacy or is of no baseline, a rule replaced by one about
            other facts, by two, or retired as well.
    """
    by_id = {rule.rule_id: rule for rule in rules}
    found: dict[str, dict[str, str]] = {}
    for one in retirements:
        _settable(f"{one.path}: meta.retires", one.rule_id, by_id)
        found.setdefault(one.regime_id, {})[one.rule_id] = f"retired under {one.regime_id}"
    replaced: dict[tuple[str, str], Rule] = {}
    for rule in rules:
        if rule.replaces is None:
            continue
        where = f"{root / rule.suite / rule.dataset}.json: {rule.rule_id}: meta.replaces"
        other = _settable(where, rule.replaces, by_id)
        if other.dataset != rule.dataset:
            raise PipelineError(
                f"{where}: {other.rule_id} judges {other.dataset}, not {rule.dataset}; retire it in "
                "the meta of the suite if this regime does not need it"
            )
        regime_id = rule.suite.removeprefix("regimes/")
        first = replaced.setdefault((regime_id, other.rule_id), rule)
        if first is not rule:
            raise PipelineError(
                f"{where}: {other.rule_id} is replaced by {first.rule_id} already; one rule takes "
                "the place of one"
            )
        if other.rule_id in found.get(regime_id, {}):
            raise PipelineError(
                f"{where}: {other.rule_id} is retired by {regime_id} as well; drop it from "
                "meta.retires"
            )
    for (regime_id, rule_id), rule in replaced.items():
        found.setdefault(regime_id, {})[rule_id] = f"replaced by {rule.rule_id} under {regime_id}"
    return MappingProxyType({name: MappingProxyType(told) for name, told in found.items()})


def _settable(where: str, rule_id: str, by_id: Mapping[str, Rule]) -> Rule:
    rule = by_id.get(rule_id)
    if rule is not None and rule.suite == "privacy":
        raise PipelineError(f"{where}: {rule_id} guards privacy: no regime sets it aside")
    if rule is None or rule.suite not in _MAY_BE_SET_ASIDE:
        known = [one.rule_id for one in by_id.values() if one.suite in _MAY_BE_SET_ASIDE]
        raise PipelineError(
            f"{where} names {rule_id!r}, which is no rule of baseline/; {nearest(rule_id, known)}"
        )
    return rule
