"""Of each shipped rule a test shows that it finds its fault and is silent without it."""

from pm_pipeline.quality.suites.loading import load_suites
from pm_pipeline.quality.suites.reference import Reference
from pm_pipeline.registry import load_registry
from pm_pipeline.synthetic.imperfect import LOG_RULES, SHARES
from tests.quality.clean_facts import EXPECTATIONS, REPOSITORY
from tests.quality.planted_rules import BY_HAND, FOUND_WITH, OF_PATTERNS, WRONG_CODES


def test_every_shipped_rule_has_a_fault_that_a_test_plants_for_it() -> None:
    reference = Reference.of(load_registry(REPOSITORY / "dbt_project" / "seeds"))
    shipped = {rule.rule_id for rule in load_suites(EXPECTATIONS, reference).rules}
    planted = {
        *SHARES, *LOG_RULES, *FOUND_WITH, *WRONG_CODES, *BY_HAND,
        *(rule_id for rules in OF_PATTERNS.values() for rule_id in rules),
    }
    assert {"no planted fault": shipped - planted, "no such rule": planted - shipped} == {
        "no planted fault": set(), "no such rule": set(),
    }  # fmt: skip
