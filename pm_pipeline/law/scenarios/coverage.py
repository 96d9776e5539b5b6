"""Has every rule an example that meets it and one that does not, in every regime it holds in?"""

from collections.abc import Iterable

from pm_pipeline.law.checks.told import tell
from pm_pipeline.law.scenarios.example import Example
from pm_pipeline.law.scenarios.form import Outcome
from pm_pipeline.registry import Finding, Registry, RuleClock, RuleKind


def coverage_findings(registry: Registry, examples: Iterable[Example]) -> list[Finding]:
    """One finding per row of the rules and kind of example that is missing.

    A rule whose clock no export tells can be neither met nor broken in the data: it needs an example
    that says so.
    """
    of_rule: dict[tuple[str, str, str], list[Example]] = {}
    for one in examples:
        key = (one.rule.rule_id, one.rule.version, one.rule.regime_id)
        of_rule.setdefault(key, []).append(one)
    found = []
    for rule in registry.rules:
        mine = of_rule.get((rule.rule_id, rule.version, rule.regime_id), [])
        if rule.clock is RuleClock.ACCUMULATED_UNEMPLOYMENT:
            shown = any(
                one.scenario.story.expect.outcome is Outcome.NOT_COMPUTABLE or one.is_of_a_cohort
                for one in mine
            )
            missing = [] if shown else ["that is not_computable"]
        else:
            meets, fails = (
                ("with quota_met true", "with quota_met false")
                if rule.kind is RuleKind.POPULATION_SHARE else ("that meets it", "that breaks it")
            )
            missing = [
                words for words, wanted in ((meets, True), (fails, False))
                if not any(one.meets is wanted for one in mine)
            ]
        found += [
            tell(rule, "rule_id", f"an example {words}: version {rule.version} in {rule.regime_id}",
                 "none", f"add one to scenarios/{rule.rule_id}.yml")
            for words in missing
        ]
    return found
