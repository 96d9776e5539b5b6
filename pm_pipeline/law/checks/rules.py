"""Checks of rule rows: a legal basis, law in force, known ids, the columns its kind needs."""

from decimal import Decimal

from pm_pipeline.law.checks.told import law_finding, tell, unknown_ids, url_finding
from pm_pipeline.registry import Finding, Registry, Rule, RuleKind

_WINDOW = ("window_from", "window_to", "window_unit", "clock")
_COUNTED = ("anchor_activity_id", "required_activity_id", *_WINDOW)
_NEEDED = {
    RuleKind.DEADLINE: _COUNTED,
    RuleKind.MIN_COUNT: (*_COUNTED, "min_count"),
    RuleKind.POPULATION_SHARE: (*_COUNTED, "min_count", "share_required"),
    RuleKind.PRECEDENCE: ("anchor_activity_id", "required_activity_id"),
    RuleKind.REQUIRED: ("required_activity_id",),
    RuleKind.FORBIDDEN: ("required_activity_id",),
}
# Whole cases, or a part of them: the window is all there or not at all.
_MAY_HAVE_WINDOW = (RuleKind.REQUIRED, RuleKind.FORBIDDEN)
# A cell that no evaluation of the kind reads would promise a rule that is not judged.
_UNREAD = {
    RuleKind.DEADLINE: ("min_count", "share_required"),
    RuleKind.MIN_COUNT: ("share_required",),
    RuleKind.POPULATION_SHARE: (),
    RuleKind.PRECEDENCE: ("share_required", "opens_activity_id", *_WINDOW),
    RuleKind.REQUIRED: ("share_required",),
    RuleKind.FORBIDDEN: ("min_count", "share_required"),
}
# What a wording asks for: the same in every regime in which it holds.
_WORDING = (
    "kind", "applies_to_target_groups", "scope_municipalities", "scope_funds", "replaces_rule_id",
    "anchor_activity_id", "required_activity_id", "responsible_party", "min_count", "clock",
    "opens_activity_id", "window_from", "window_to", "window_unit", "share_required",
)


def rule_findings(registry: Registry, rule: Rule) -> list[Finding]:
    """Every fault of ``rule``."""
    return [
        *_id_findings(registry, rule), *url_finding(rule, "legal_basis_url"),
        *_cell_findings(rule), *_range_findings(rule), *_replacement_findings(registry, rule),
    ]


def wording_findings(registry: Registry) -> list[Finding]:
    """One version is one wording: a rule that asks for something else is another version."""
    first: dict[tuple[str, str], Rule] = {}
    found = []
    for rule in registry.rules:
        known = first.setdefault((rule.rule_id, rule.version), rule)
        found += [
            tell(rule, column, f"what row {known.row} says of version {rule.version}: "
                 f"'{getattr(known, column)}'", f"'{getattr(rule, column)}'",
                 "give the other wording a version of its own")
            for column in _WORDING if getattr(rule, column) != getattr(known, column)
        ]
    return found


def _cell_findings(rule: Rule) -> list[Finding]:
    needed = _NEEDED[rule.kind]
    has_window = any(getattr(rule, column) is not None for column in _WINDOW)
    if rule.kind in _MAY_HAVE_WINDOW and (has_window or rule.opens_activity_id):
        needed = (*needed, "anchor_activity_id", *_WINDOW)
    wanted = f"a value, which kind {rule.kind} needs"
    if rule.kind is RuleKind.POPULATION_SHARE:
        wanted += ": no share without its cohort (anchor, window, count)"
    found = [
        tell(rule, column, wanted, "an empty cell", "enter it")
        for column in dict.fromkeys(needed) if getattr(rule, column) in (None, ())
    ]
    found += [
        tell(rule, column, f"an empty cell, as kind {rule.kind} does not read it",
             f"{getattr(rule, column)}", "empty the cell or correct the kind")
        for column in _UNREAD[rule.kind] if getattr(rule, column) is not None
    ]
    return found


def _range_findings(rule: Rule) -> list[Finding]:
    found = []
    if rule.min_count is not None and rule.min_count < 1:
        found.append(
            tell(rule, "min_count", "1 or more", f"{rule.min_count}", "correct the number")
        )
    share = rule.share_required
    if share is not None and not Decimal(0) < share <= Decimal(1):
        found.append(
            tell(rule, "share_required", "a share above 0 and up to 1", f"{share}",
                 "enter 75 pct. as 0.75")
        )
    if rule.window_from is not None and rule.window_from < 0:
        found.append(
            tell(rule, "window_from", "0 or more: a window begins at its anchor or after it",
                 f"{rule.window_from}", "correct the number")
        )
    if (
        rule.window_from is not None and rule.window_to is not None
        and rule.window_from >= rule.window_to
    ):
        found.append(
            tell(rule, "window_to", f"more than window_from {rule.window_from}",
                 f"{rule.window_to}", "correct one of the two")
        )
    return found


def _replacement_findings(registry: Registry, rule: Rule) -> list[Finding]:
    replaced = rule.replaces_rule_id
    if replaced is None:
        return []
    others = {
        one.rule_id for one in registry.rules
        if one.regime_id == rule.regime_id and one.rule_id != rule.rule_id
    }
    found = unknown_ids(rule, "replaces_rule_id", (replaced,), others)
    if not (rule.scope_municipalities or rule.scope_funds):
        found.append(
            tell(rule, "replaces_rule_id", "a scope: a rule that covers everybody replaces nothing "
                 "for some", f"'{replaced}' and no scope",
                 "enter scope_municipalities or scope_funds, or remove the replaced rule")
        )
    return found


def _id_findings(registry: Registry, rule: Rule) -> list[Finding]:
    activities = {one.activity_id for one in registry.activities}
    found = law_finding(registry, rule, "change_id", rule.change_id)
    for column in ("anchor_activity_id", "opens_activity_id"):
        one = getattr(rule, column)
        found += unknown_ids(rule, column, (one,) if one else (), activities)
    found += unknown_ids(rule, "required_activity_id", rule.required_activity_id, activities)
    found += unknown_ids(
        rule, "scope_municipalities", rule.scope_municipalities,
        {one.municipality_id for one in registry.municipalities},
    )
    groups = {one.target_group for one in registry.target_groups}
    regime = next((one for one in registry.regimes if one.regime_id == rule.regime_id), None)
    if regime is None:
        found += unknown_ids(
            rule, "regime_id", (rule.regime_id,), {one.regime_id for one in registry.regimes}
        )
    else:
        of_process = {
            group for one in registry.processes if one.process_id == regime.process_id
            for group in one.target_groups
        }
        # A group outside the process would make a rule that never meets a case.
        groups = of_process & groups or groups
    found += unknown_ids(
        rule, "applies_to_target_groups", rule.applies_to_target_groups, groups
    )
    return found
