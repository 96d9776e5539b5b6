"""The figures of the marts about rules, over judgements written by hand."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.law.core_sql import Core

RULE = ("municipal", "RULE", "A", "municipal__2024")
OUTCOMES = (
    # case, citizen, registered, anchor, outcome, calendar days, counted days, working days
    ("1", "a", "2024-01-30", "2024-01-31", "fulfilled", 2, 2, 2),
    ("2", "b", "2024-01-01", "2024-01-01", "fulfilled", 8, 5, 6),
    ("3", "c", "2024-01-05", "2024-01-05", "breached", 30, 30, 20),
    ("4", "c", "2024-01-20", "2024-01-20", "breached", None, None, None),
    ("5", "d", "2024-01-31", "2024-02-01", "fulfilled", 4, 4, 2),
    ("6", "e", "2024-02-10", "2024-02-10", "pending", None, None, None),
    ("7", "f", "2024-02-29", None, "not_computable", None, None, None),
    ("8", "g", "2024-02-02", "2024-02-02", "exempt", None, None, None),
    ("9", "g", "2024-02-09", "2024-02-09", "not_applicable", None, None, None),
)


@pytest.fixture
def core() -> Iterator[Core]:
    with Core() as made:
        made.seed("rules")
        made.run(
            "delete from rules;"
            "create table cases (process_id varchar, case_id varchar, citizen_id varchar,"
            " registered_on date);"
            "create table rule_outcomes (process_id varchar, rule_id varchar, version varchar,"
            " regime_id varchar, kind varchar, target_group varchar, case_id varchar,"
            " citizen_id varchar, anchor_on date, outcome varchar, calendar_days bigint,"
            " counted_days bigint, working_days bigint)"
        )
        yield made


def told(
    core: Core, mart: str, columns: str, kind: str = "deadline", certainty: str = "verified"
) -> list[tuple[Any, ...]]:
    """Rows of a mart over :data:`OUTCOMES` as the outcomes of one rule."""
    process, *key = RULE
    core.insert("rules (rule_id, version, regime_id, kind, certainty, title_da, title_en)",
                [(*key, kind, certainty, "Regel", "Rule")])  # fmt: skip
    for case, citizen, registered, anchor, outcome, *days in OUTCOMES:
        core.insert("cases", [(process, case, citizen, registered)])
        core.insert("rule_outcomes",
                    [(*RULE, kind, "6.2", case, citizen, anchor, outcome, *days)])  # fmt: skip
    core.make("rule_cohorts")
    core.make(mart)
    return core.rows(f"select {columns} from {mart} order by all")


def test_a_case_belongs_to_the_month_of_its_anchor_or_else_of_its_registration(core: Core) -> None:
    found = told(
        core, "rule_outcomes_summary",
        "cohort_month::varchar, n_cases, n_fulfilled, share_fulfilled, n_pending, n_exempt,"
        " n_not_applicable, n_not_computable",
    )
    assert found == [("2024-01-01", 4, 2, 0.5, 0, 0, 0, 0), ("2024-02-01", 1, 1, 1.0, 1, 1, 1, 1)]


def test_the_total_counts_citizens_once_and_judges_only_those_judged(core: Core) -> None:
    found = told(
        core, "rule_outcomes_total",
        "n_cases, n_citizens, n_fulfilled, n_fulfilled_citizens, share_fulfilled, n_not_computable",
    )
    assert found == [(5, 4, 3, 3, 0.6, 1)]


def test_days_are_those_to_the_act_that_fulfilled(core: Core) -> None:
    found = told(
        core, "rule_outcomes_total", "median_calendar_days, median_counted_days, median_working_days"
    )
    assert found == [(4.0, 4.0, 2.0)]


@pytest.mark.parametrize("kind", ["precedence", "forbidden"])
def test_a_rule_that_no_later_act_fulfils_has_no_days(core: Core, kind: str) -> None:
    assert told(core, "rule_outcomes_total", "kind, n_fulfilled, median_calendar_days", kind) == [
        (kind, 3, None)
    ]


@pytest.mark.parametrize(("certainty", "is_certain"), [("verified", True), ("uncertain", False)])
def test_an_uncertain_rule_stays_marked(core: Core, certainty: str, is_certain: bool) -> None:
    columns = "distinct certainty, is_certain"
    found = told(core, "rule_outcomes_summary", columns, certainty=certainty)
    assert found == [(certainty, is_certain)]


@pytest.mark.parametrize(
    ("states", "share", "quota_met"),
    [
        (("reached",) * 3 + ("not_reached",), 0.75, True),
        (("reached",) * 2 + ("not_reached",), 2 / 3, False),
        (("pending", "closed_before_due", "exempt"), None, None),
        (("reached", "reached", "reached", "not_reached", "pending", "pending"), 0.75, True),
        (("not_reached", "pending"), 0.0, False),
    ],
)
@pytest.mark.parametrize("mart", ["rule_shares", "rule_shares_total"])
def test_a_quota_is_met_by_exactly_the_share_asked_for_and_open_while_nobodys_window_is_over(
    core: Core, mart: str, states: tuple[str, ...], share: float | None, quota_met: bool | None
) -> None:
    _, *key = RULE
    core.insert("rules (rule_id, version, regime_id, kind, share_required, min_count, certainty)",
                [(*key, "population_share", 0.75, 2, "verified")])  # fmt: skip
    core.run(
        "create table population_members (process_id varchar, rule_id varchar, version varchar,"
        " regime_id varchar, target_group varchar, case_id varchar, citizen_id varchar,"
        " share_required decimal(6, 4), required_count integer, cohort_month date, state varchar)"
    )
    core.insert("population_members", [
        (*RULE, "6.2", str(number), str(number), 0.75, 2, "2026-07-01", state)
        for number, state in enumerate(states)
    ])  # fmt: skip
    core.make("population_shares")
    core.make(mart)
    found = core.rows(f"select share_reached, share_required, quota_met, n_pending from {mart}")
    pending = states.count("pending")
    assert found == [(share if share is None else pytest.approx(share), 0.75, quota_met, pending)]


def test_citizens_of_several_months_are_one_in_the_total_of_a_share(core: Core) -> None:
    process, *key = RULE
    core.insert("rules (rule_id, version, regime_id, kind, share_required, min_count)",
                [(*key, "population_share", 0.75, 2)])  # fmt: skip
    core.run(
        f"create table population_members as select '{process}' as process_id, 'RULE' as rule_id,"
        " 'A' as version, 'municipal__2024' as regime_id, '6.2' as target_group, i::varchar as case_id,"
        " 'the same' as citizen_id, 0.75 as share_required, 2 as required_count,"
        " make_date(2026, 7 + i::integer, 1) as cohort_month, 'reached' as state"
        " from range(3) as months(i)"
    )
    core.make("rule_shares_total")
    counts = "n_cases, n_citizens, n_reached, n_reached_citizens"
    found = core.rows(f"select {counts} from rule_shares_total")
    assert found == [(3, 1, 3, 1)]
