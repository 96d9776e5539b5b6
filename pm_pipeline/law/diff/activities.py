"""The activities that a difference touches, and what each one is in it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pm_pipeline.bilingual import Words
from pm_pipeline.law.diff.in_force import LawOnDay
from pm_pipeline.law.diff.mappings import MappingDiff
from pm_pipeline.law.diff.pauses import ExemptionDiff, contents
from pm_pipeline.law.diff.processes import ProcessDiff
from pm_pipeline.law.diff.wording import activity_words
from pm_pipeline.registry import Rule


class ActivityRole(StrEnum):
    ANCHOR = "anchor"
    REQUIRED = "required"
    OPENS = "opens"
    BEGINS_EXEMPTION = "begins_exemption"
    ENDS_EXEMPTION = "ends_exemption"
    MAPPED = "mapped"
    #: Its own row in mapping/activities.csv is new, gone or other (only a draft does that).
    DEFINED = "defined"


@dataclass(frozen=True)
class ActivityPart:
    """What an activity is, and in what: the ids of rules, exemptions or codes."""

    role: ActivityRole
    ids: tuple[str, ...]


@dataclass(frozen=True)
class ActivityTouch:
    activity_id: str
    label: Words
    parts: tuple[ActivityPart, ...]


_Found = dict[str, dict[ActivityRole, list[str]]]


def touched_activities(
    before: LawOnDay, after: LawOnDay, processes: Iterable[ProcessDiff],
    exemptions: Iterable[ExemptionDiff], mappings: Iterable[MappingDiff],
) -> tuple[ActivityTouch, ...]:
    """Every activity of a touched rule, exemption or code, in the order of its process (sort rank)."""
    found: _Found = defaultdict(lambda: defaultdict(list))
    for process in processes:
        for rule in process.other_law:
            for row in rule.rows:
                _of_rule(found, row)
    for bent in (one.exemption for one in exemptions):
        found[bent.begins_activity_id][ActivityRole.BEGINS_EXEMPTION].append(bent.exemption_id)
        if bent.ends_activity_id:
            found[bent.ends_activity_id][ActivityRole.ENDS_EXEMPTION].append(bent.exemption_id)
    for mapping in mappings:
        if mapping.changes_meaning:
            for activity_id in mapping.activity_ids:
                code = f"{mapping.system_id} {mapping.source_table} {mapping.source_code}"
                found[activity_id][ActivityRole.MAPPED].append(code)
    for activity_id in _redefined(before, after):
        found[activity_id][ActivityRole.DEFINED].append(activity_id)
    ranks = {
        one.activity_id: one.sort_rank
        for one in (*before.registry.activities, *after.registry.activities)
    }
    return tuple(
        ActivityTouch(activity_id, _label(before, after, activity_id), _parts(found[activity_id]))
        for activity_id in sorted(found, key=lambda one: (ranks.get(one, 0), one))
    )


def _of_rule(found: _Found, rule: Rule) -> None:
    if rule.anchor_activity_id:
        found[rule.anchor_activity_id][ActivityRole.ANCHOR].append(rule.rule_id)
    if rule.opens_activity_id:
        found[rule.opens_activity_id][ActivityRole.OPENS].append(rule.rule_id)
    for activity_id in rule.required_activity_id:
        found[activity_id][ActivityRole.REQUIRED].append(rule.rule_id)


def _redefined(before: LawOnDay, after: LawOnDay) -> list[str]:
    if before.registry is after.registry:
        return []
    old, new = (
        {one.activity_id: contents(one) for one in law.registry.activities} for law in (before, after)
    )
    return [one for one in {**old, **new} if old.get(one) != new.get(one)]


def _label(before: LawOnDay, after: LawOnDay, activity_id: str) -> Words:
    is_new = any(one.activity_id == activity_id for one in after.registry.activities)
    return activity_words(after.registry if is_new else before.registry, activity_id)


def _parts(roles: dict[ActivityRole, list[str]]) -> tuple[ActivityPart, ...]:
    return tuple(
        ActivityPart(role, tuple(dict.fromkeys(roles[role]))) for role in ActivityRole if role in roles
    )
