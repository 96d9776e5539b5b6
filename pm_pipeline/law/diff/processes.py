"""Per process: the regime before and after, the ones passed on the way, and the rules of both."""

from dataclasses import dataclass

from pm_pipeline.bilingual import Words
from pm_pipeline.law.diff.in_force import LawOnDay
from pm_pipeline.law.diff.rules import RuleDiff, rule_diffs
from pm_pipeline.registry import Regime


@dataclass(frozen=True)
class ProcessDiff:
    """A process whose law differs. ``passed``: regimes that began and ended between the two days."""

    process_id: str
    label: Words
    before: Regime | None
    after: Regime | None
    passed: tuple[Regime, ...]
    rules: tuple[RuleDiff, ...]

    @property
    def has_other_regime(self) -> bool:
        return _id(self.before) != _id(self.after)

    @property
    def touched_rules(self) -> tuple[RuleDiff, ...]:
        return tuple(one for one in self.rules if one.is_touched)

    @property
    def other_law(self) -> tuple[RuleDiff, ...]:
        """The rules by which cases are judged otherwise."""
        return tuple(one for one in self.rules if one.is_other_law)


def process_diffs(before: LawOnDay, after: LawOnDay) -> tuple[ProcessDiff, ...]:
    """The processes with another regime or another rule, in the order of their seed."""
    found = []
    for process in after.registry.processes:
        one = ProcessDiff(
            process_id=process.process_id,
            label=Words(process.label_da, process.label_en),
            before=before.regimes.get(process.process_id),
            after=after.regimes.get(process.process_id),
            passed=_passed(before, after, process.process_id),
            rules=rule_diffs(before, after, process.process_id),
        )
        if one.has_other_regime or one.touched_rules:
            found.append(one)
    return tuple(found)


def _passed(before: LawOnDay, after: LawOnDay, process_id: str) -> tuple[Regime, ...]:
    ends = {_id(before.regimes.get(process_id)), _id(after.regimes.get(process_id))}
    return tuple(
        one for one in after.registry.regimes_of(process_id)
        if one.regime_id not in ends and before.day < one.valid_from <= after.day
    )


def _id(regime: Regime | None) -> str | None:
    return regime.regime_id if regime else None
