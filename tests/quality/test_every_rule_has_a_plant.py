"""Of each shipped rule a test shows that it finds its fault and is silent without it."""

from collections.abc import Hashable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from pm_pipeline.quality.suites.loading import load_suites
from pm_pipeline.quality.suites.reference import Reference
from pm_pipeline.quality.suites.rule import SEEDS, Rule
from pm_pipeline.registry import LogRule, load_registry
from pm_pipeline.synthetic.imperfect import LOG_RULES, SHARES
from tests.quality.clean_facts import EXPECTATIONS, REPOSITORY
from tests.quality.planted_rules import BY_HAND, FOUND_WITH, LOG_ROWS, OF_PATTERNS, WRONG_CODES

RULES = load_suites(
    EXPECTATIONS, Reference.of(load_registry(REPOSITORY / "dbt_project" / "seeds"))
).rules
PLANTED = {
    *SHARES, *LOG_RULES, *FOUND_WITH, *WRONG_CODES, *BY_HAND,
    *(rule_id for rules in OF_PATTERNS.values() for rule_id in rules),
}  # fmt: skip
#: What may differ where a regime asks of its cases what is asked of others already.
OF_THE_REGIME = {
    "rule_id", "regime_id", "allowed_percent", "label_da", "label_en", "severity", "certainty", "notes",
}  # fmt: skip


def question(rule: Rule, rows: Iterable[LogRule]) -> Hashable:
    """What a rule asks of the facts, whatever its limit and whosever cases; None: of codes."""
    if rule.suite == SEEDS:
        (row,) = [one for one in rows if one.rule_id == rule.rule_id]
        return row.model_dump_json(exclude=OF_THE_REGIME)
    if rule.failed is None:
        return None
    bounds = frozenset(rule.kwargs)
    return rule.dataset, rule.type, bounds, rule.columns, rule.failed, frozenset(rule.only.items())


def without_a_plant(rules: Iterable[Rule], rows: Iterable[LogRule] = LOG_ROWS) -> set[str]:
    """Rules without a fault of their own, unless a regime asks what a fault is planted for already."""
    rules, rows = tuple(rules), tuple(rows)
    known = {question(one, rows) for one in rules if one.rule_id in PLANTED} - {None}
    of_regimes = {one.rule_id for one in rows if one.regime_id}
    return {
        one.rule_id for one in rules
        if one.rule_id not in PLANTED
        and not (
            (one.suite.startswith("regimes/") or one.rule_id in of_regimes)
            and question(one, rows) in known
        )
    }  # fmt: skip


def test_every_shipped_rule_has_a_fault_that_a_test_plants_for_it() -> None:
    assert {
        "no planted fault": without_a_plant(RULES),
        "no such rule": PLANTED - {rule.rule_id for rule in RULES},
    } == {"no planted fault": set(), "no such rule": set()}  # fmt: skip


@pytest.mark.parametrize(("rule_id", "name"), BY_HAND.items())
def test_what_is_planted_by_hand_is_asked_for_in_the_file_that_is_named(
    rule_id: str, name: str
) -> None:
    assert f'"{rule_id}"' in Path(__file__).with_name(name).read_text(encoding="utf-8")


def shipped(rule_id: str) -> Rule:
    return next(rule for rule in RULES if rule.rule_id == rule_id)


def test_a_regime_may_ask_of_its_cases_what_a_fault_is_planted_for_already() -> None:
    stricter = replace(
        shipped("FL24-001"), rule_id="KH30-001", suite="regimes/kontanthjaelp__20300101",
        kwargs={"column": "talks_without_party_percent", "max_value": 3}, severity="warning",
    )  # fmt: skip
    assert without_a_plant([*RULES, stricter]) == set()


@pytest.mark.parametrize(
    "changes",
    [
        {"suite": "baseline"},
        {"kwargs": {"column": "talks_without_party_percent", "min_value": 3}},
        {"kwargs": {"column": "cases_spanning_law_change_percent", "max_value": 3},
         "dataset": "quality_cases", "failed": "cases_spanning_law_change"},
        {"failed": "events_in_future"},
        {"failed": None},
    ],
    ids=["of every regime", "of too few", "of a fact nobody spoils", "of another count", "of codes"],
)  # fmt: skip
def test_what_nobody_plants_is_no_plant_for_a_regime_either(changes: dict[str, object]) -> None:
    new = replace(shipped("FL24-001"), **{"rule_id": "FL30-001", **changes})  # type: ignore[arg-type]
    assert without_a_plant([*RULES, new]) == {"FL30-001"}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"regime_id": "kontanthjaelp__20300101"}, set()),
        ({"regime_id": None}, {"KH30_TALK_DAY"}),
        ({"activity_id": ("MIN_PLAN",)}, {"KH30_TALK_DAY"}),
    ],
    ids=["under the next law", "under every law", "of another act"],
)
def test_a_row_on_the_log_is_planted_where_it_is_a_known_one_under_another_law(
    changes: dict[str, object], found: set[str]
) -> None:
    (known,) = [row for row in LOG_ROWS if row.rule_id == "KH26_TALK_DAY"]
    row = known.model_copy(update={"rule_id": "KH30_TALK_DAY", **changes})
    rule = replace(shipped("KH26_TALK_DAY"), rule_id=row.rule_id)
    assert without_a_plant([*RULES, rule], [*LOG_ROWS, row]) == found
