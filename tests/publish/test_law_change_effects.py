"""The page of a change is published: the law of it always, its figures only where enough people are."""

from collections.abc import Callable

from pm_pipeline.publish import Candidate, check_candidate
from tests.publish.publish_data import CASH, Inputs, K, change, rows

FIGURES = (
    "select target_group, item, compared, n_cases, n_citizens, n_fulfilled, n_fulfilled_citizens,"
    " share_fulfilled, is_masked from law_change_effects where section = 'outcomes'"
    f" and change_id = 'CONTACT-2024' and process_id = '{CASH[0]}' and item = 'FIRST_TALK' order by all"
)


def test_the_figures_of_a_page_are_those_of_the_rule_and_as_small_groups_left_out(
    publish: Callable[..., Candidate],
) -> None:
    database = publish().database
    assert rows(database, FIGURES) == [
        ("6.2", "FIRST_TALK", "after", 52, 52, 40, 40, 40 / 52, False),
        # two of 20 missed it
        ("6.3", "FIRST_TALK", "after", 20, 20, None, None, None, True),
        # four people, and three with eight cases: no row
    ]
    told = (
        "select distinct n_cases, n_citizens, n_fulfilled, share_fulfilled from {}"
        " where target_group = '6.2' and {} = 'FIRST_TALK'"
    )
    assert rows(database, told.format("law_change_effects", "item")) == rows(
        database, told.format("rule_outcomes_total", "rule_id")
    )


def test_an_announced_change_is_published_as_no_law_without_figures(
    publish: Callable[..., Candidate],
) -> None:
    found = rows(
        publish().database,
        "select what, is_law, n_cases, from_on from law_change_effects where change_id = 'REFORM-2'",
    )
    assert found == [("not_law", False, None, None)]


def test_a_withheld_slice_has_no_figures_and_its_law_is_told(
    publish: Callable[..., Candidate],
) -> None:
    database = publish(withheld={CASH, (CASH[0], None)}).database
    assert rows(database, FIGURES) == []
    regimes = f"select what from law_change_effects where item = '{CASH[1]}' and section = 'regimes'"
    assert ("regime_begun",) in rows(database, regimes)


def test_the_gate_finds_a_page_that_counts_few_or_does_not_know_whom_it_counts(
    publish: Callable[..., Candidate],
) -> None:
    candidate = publish()
    for wrong in ("n_citizens = 4", "n_citizens = null", "n_citizens = 0"):
        change(
            candidate.database,
            f"update law_change_effects set {wrong} where section = 'outcomes'"
            " and target_group = '6.2'",
        )
        found = {(finding.rule, finding.place) for finding in check_candidate(candidate, K)}
        assert ("small group", "law_change_effects") in found, wrong


def test_the_law_of_a_page_counts_nobody(built: Inputs) -> None:
    found = rows(
        built.warehouse,
        "select distinct section from marts.law_change_effects where n_citizens is not null"
        " or n_cases is not null or regime_id is not null order by all",
    )
    assert {section for (section,) in found} <= {"code_use", "outcomes"}
