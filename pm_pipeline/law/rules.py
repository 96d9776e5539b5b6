"""Checks of one rule row: a legal basis, law in force, known ids, the columns its kind needs."""

from decimal import Decimal

from pm_pipeline.law.told import law_finding, tell, unknown_ids
from pm_pipeline.registry import Finding, Registry, Rule, RuleKind

_WINDOW = ("anchor_activity_id", "required_activity_id", "window_from", "window_to", "window_unit")
_NEEDED = {
    RuleKind.DEADLINE: _WINDOW,
    RuleKind.MIN_COUNT: (*_WINDOW, "min_count"),
    RuleKind.POPULATION_SHARE: (*_WINDOW, "min_count", "share_required"),
    RuleKind.PRECEDENCE: ("anchor_activity_id", "required_activity_id"),
    RuleKind.REQUIRED: ("required_activity_id",),
    RuleKind.FORBIDDEN: ("required_activity_id",),
}
# A number that no evaluation of the kind reads would promise a rule that is not judged.
_NUMBERS = ("min_count", "share_required")
_NOT_READ_YET = "an empty cell: this scope is not evaluated yet, and ignoring it would misjudge cases"


def rule_findings(registry: Registry, rule: Rule) -> list[Finding]:
    """Every fault of ``rule``."""
    found = _id_findings(registry, rule)
    if not (rule.legal_basis_url or "").startswith(("https://", "http://")):
        found.append(
            tell(rule, "legal_basis_url", "the web address of the legal basis",
                 f"'{rule.legal_basis_url}'" if rule.legal_basis_url else "an empty cell",
                 "enter where the rule can be read")
        )
    needed = _NEEDED[rule.kind]
    for column in needed:
        if getattr(rule, column) in (None, ()):
            found.append(
                tell(rule, column, f"a value, which kind {rule.kind} needs", "an empty cell",
                     "enter it")
            )
    for column in _NUMBERS:
        if column not in needed and getattr(rule, column) is not None:
            found.append(
                tell(rule, column, f"an empty cell, as kind {rule.kind} does not read it",
                     f"{getattr(rule, column)}", "empty the cell or correct the kind")
            )
    if rule.scope_funds:
        found.append(
            tell(rule, "scope_funds", _NOT_READ_YET, f"'{'|'.join(rule.scope_funds)}'",
                 "leave the rule out until funds are part of the events")
        )
    return found + _range_findings(rule)


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
    if (
        rule.window_from is not None and rule.window_to is not None
        and rule.window_from >= rule.window_to
    ):
        found.append(
            tell(rule, "window_to", f"more than window_from {rule.window_from}",
                 f"{rule.window_to}", "correct one of the two")
        )
    return found


def _id_findings(registry: Registry, rule: Rule) -> list[Finding]:
    activities = {one.activity_id for one in registry.activities}
    anchor = (rule.anchor_activity_id,) if rule.anchor_activity_id else ()
    found = law_finding(registry, rule, "change_id", rule.change_id)
    found += unknown_ids(rule, "anchor_activity_id", anchor, activities)
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
