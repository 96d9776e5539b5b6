"""What became of each rule between two days: added, removed, changed, told otherwise, carried on."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from pm_pipeline.law.diff.in_force import LawOnDay
from pm_pipeline.law.diff.wording import FieldChange, field_changes
from pm_pipeline.registry import Rule

#: What is said of a rule beside the duty itself.
_TOLD = {"version", "legal_basis_url", "certainty", "title_da", "title_en"}


class RuleFate(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    #: The same duty with another version, source, certainty or title: no citizen's case is judged
    #: otherwise, yet what is shown of it differs.
    RETOLD = "retold"
    #: The same wording in another regime: its outcomes are counted under the new one.
    CARRIED = "carried"


@dataclass(frozen=True)
class RuleDiff:
    """One rule of a process; ``before`` is None for an added rule, ``after`` for a removed one."""

    rule_id: str
    fate: RuleFate
    before: Rule | None
    after: Rule | None
    fields: tuple[FieldChange, ...] = ()

    @property
    def is_touched(self) -> bool:
        """Its row reads otherwise, or is there on one day only."""
        return self.fate is not RuleFate.CARRIED

    @property
    def is_other_law(self) -> bool:
        """Cases are judged otherwise."""
        return self.fate not in (RuleFate.CARRIED, RuleFate.RETOLD)

    @property
    def rows(self) -> tuple[Rule, ...]:
        return tuple(one for one in (self.before, self.after) if one is not None)


def rule_diffs(before: LawOnDay, after: LawOnDay, process_id: str) -> tuple[RuleDiff, ...]:
    """Every rule of a process on either day, in the order of their ids."""
    old, new = before.rules_of(process_id), after.rules_of(process_id)
    found: list[RuleDiff] = []
    for rule_id in sorted({one.rule_id for one in (*old, *new)}):
        for was, now in _pairs(
            [one for one in old if one.rule_id == rule_id],
            [one for one in new if one.rule_id == rule_id],
        ):
            found.append(_diff(before, after, rule_id, was, now))
    return tuple(found)


def _diff(
    before: LawOnDay, after: LawOnDay, rule_id: str, was: Rule | None, now: Rule | None
) -> RuleDiff:
    if was is None or now is None:
        return RuleDiff(rule_id, RuleFate.ADDED if was is None else RuleFate.REMOVED, was, now)
    fields = field_changes(was, now, before.registry, after.registry)
    changed = {column for one in fields for column in one.columns}
    fate = RuleFate.CHANGED if changed - _TOLD else RuleFate.RETOLD if changed else RuleFate.CARRIED
    return RuleDiff(rule_id, fate, was, now, fields)


def _pairs(old: list[Rule], new: list[Rule]) -> Iterator[tuple[Rule | None, Rule | None]]:
    """Wordings of one rule that follow each other: the same version, else the same people."""
    left = list(new)
    waiting = []
    for was in old:
        same = next((one for one in left if one.version == was.version), None)
        if same is None:
            waiting.append(was)
        else:
            left.remove(same)
            yield was, same
    for was in waiting:
        groups = set(was.applies_to_target_groups)
        now = max(
            left, key=lambda one: len(groups & set(one.applies_to_target_groups)), default=None
        )
        if now is not None:
            left.remove(now)
        yield was, now
    for now in left:
        yield None, now
