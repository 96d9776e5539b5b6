"""Rules that judge a share, and the rules on the log, find their faults on the real road."""

import pytest

from pm_pipeline.quality.judging.results import Outcome
from pm_pipeline.synthetic.behaviour import LONG
from pm_pipeline.synthetic.imperfect import LOG_RULES, LONG_SIZES, SHARES
from tests.quality.imperfect_town import ImperfectTown, shared_by_towns, town
from tests.quality.planted_rules import ALSO_BROKEN_BY, FOUND_WITH, LOG_ROWS

pytestmark = pytest.mark.slow

Towns = tuple[ImperfectTown, ImperfectTown]
#: Rows of which every share is allowed: they name the acts for the pattern required_field_missing, and
#: the share is judged by a rule of their regime.
NAMES_ONLY = {row.rule_id for row in LOG_ROWS if row.allowed_percent == 100}
#: Of a clean delivery there is nothing to ask: no code is unmapped.
UNASKED = {"PR-001": {Outcome.NO_DATA}}
JUDGED = sorted({*SHARES, *FOUND_WITH, *(set(LOG_RULES) - NAMES_ONLY)})


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Towns:
    """Years of a town under every law, as they were and with every share spoilt."""
    folder = tmp_path_factory.mktemp("years")
    shared = shared_by_towns(folder / "shared")
    clean, spoilt = (
        town(folder / name, shared, planted, span=LONG, sizes=LONG_SIZES)
        for name, planted in (("clean", ()), ("spoilt", (*LOG_RULES, *SHARES))))
    return clean, spoilt


def outcomes(place: ImperfectTown, rule_id: str) -> dict[tuple[str | None, str | None], Outcome]:
    return {(one.process_id, one.regime_id): one.outcome
            for one in place.results if one.rule_id == rule_id}


def spoilt_regimes(place: ImperfectTown, rule_id: str) -> set[str | None]:
    """In which regimes the share was spoilt; None for a share of the whole delivery."""
    if {regime_id for _, regime_id in outcomes(place, rule_id)} == {None}:
        return {None}
    planted = [FOUND_WITH.get(rule_id, rule_id), ALSO_BROKEN_BY.get(rule_id)]
    return {regime_id for one in planted if one for regime_id in place.planted[one].regimes}


@pytest.mark.parametrize("rule_id", JUDGED)
def test_the_rule_fails_where_its_share_is_spoilt_and_only_there_and_passes_there_in_the_clean_town(
    towns: Towns, rule_id: str
) -> None:
    of_clean, of_spoilt = (outcomes(place, rule_id) for place in towns)
    failed = {where for where, outcome in of_spoilt.items() if outcome is Outcome.FAIL}
    assert {regime_id for _, regime_id in failed} == spoilt_regimes(towns[1], rule_id)
    assert {of_clean[where] for where in failed} <= {Outcome.PASS, *UNASKED.get(rule_id, ())}


def test_no_rule_fails_or_breaks_in_the_clean_town(towns: Towns) -> None:
    clean, _ = towns
    assert {
        (one.rule_id, one.regime_id) for one in clean.results
        if one.outcome in (Outcome.FAIL, Outcome.ERROR)
    } == set()


@pytest.mark.parametrize("rule_id", sorted(LOG_RULES))
def test_each_rule_on_the_log_finds_what_was_made_to_break_it(towns: Towns, rule_id: str) -> None:
    _, spoilt = towns
    planted = spoilt.planted[rule_id]
    if planted.cases:
        found = "select distinct case_id from quality.log_rule_findings where rule_id = '{}'"
        before, after = ({one for (one,) in place.ask(found.format(rule_id))} for place in towns)
        assert after - before == spoilt.case_ids(planted)
        return
    found = (
        "select event_id, judged.system_id, judged.delivered_on::varchar, judged.source_file,"
        " judged.source_row"
        " from quality.log_rule_findings as findings"
        " inner join intermediate.int_events_judged as judged using (event_id)"
        f" where findings.rule_id = '{rule_id}'")
    # one key makes equal rows equal events; their lines are others where rows were taken out
    before, after = (
        {event_id: tuple(where) for event_id, *where in place.ask(found)} for place in towns)
    new = {where for event_id, where in after.items() if event_id not in before}
    assert len(planted.rows) > 5
    assert new == planted.rows


def test_an_act_without_a_day_is_found_by_its_rule_and_is_no_event(towns: Towns) -> None:
    _, spoilt = towns
    counted = (
        "select count(*), count(events.event_id) from quality.log_rule_findings"
        " left join core.events using (event_id) where rule_id = '{}'")
    [(n_days, n_events)] = spoilt.ask(counted.format("FL24_TALK_DAY"))
    assert (n_days > 50, n_events) == (True, 0)
    [(n_parties, n_events)] = spoilt.ask(counted.format("FL24_TALK_PARTY"))
    assert n_parties >= n_events > 50
    unknown = spoilt.ask(
        "select count(*) from quality.findings_of_events anti join core.events using (event_id)")
    assert unknown == [(0,)]
