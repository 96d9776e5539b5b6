"""The second reading of the law: its days, its duties, and that the demo has a case of every kind."""

import csv
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import pytest

from pm_pipeline.registry import load_registry
from pm_pipeline.settings import Settings
from pm_pipeline.synthetic import Truth, demo_plan, generate_planned
from pm_pipeline.synthetic.acts import Event
from pm_pipeline.synthetic.case_truth import CaseTruth
from pm_pipeline.synthetic.law_truth import Life, RuleTruth, judge
from pm_pipeline.synthetic.law_truth.days import (
    SUSPENDED,
    after,
    counted_between,
    days_of,
    holidays,
    pushed,
    working_between,
)
from pm_pipeline.synthetic.law_truth.duties import DUTIES, Duty
from pm_pipeline.synthetic.people import Person
from pm_pipeline.synthetic.world import REGIMES_FROM, Absence, Citizen, Course

OUTCOMES = {"fulfilled", "breached", "pending", "exempt", "not_applicable", "not_computable"}
FEWEST_CASES = 15


@lru_cache(maxsize=1)
def demo() -> tuple[Truth, ...]:
    """The truth of the whole demo in its full size."""
    with tempfile.TemporaryDirectory() as folder:
        return tuple(
            generate_planned(one, Path(folder) / one.municipality_id) for one in demo_plan())


# ---- the days ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("anchor", "number", "unit", "due"),
    [
        (date(2021, 3, 1), 1, "week", date(2021, 3, 8)),
        (date(2023, 8, 31), 6, "month", date(2024, 2, 29)),
        (date(2022, 8, 31), 6, "month", date(2023, 2, 28)),
        (date(2024, 2, 29), 6, "month", date(2024, 8, 29)),
        (date(2025, 11, 30), 3, "month", date(2026, 2, 28)),
        (date(2025, 1, 31), 10, "day", date(2025, 2, 10)),
    ],
)
def test_months_are_those_of_the_calendar_and_end_with_it(
    anchor: date, number: int, unit: str, due: date
) -> None:
    assert after(anchor, number, unit) == due


def test_a_day_that_does_not_count_puts_the_end_off_by_a_day_also_one_met_on_the_way() -> None:
    anchor, due = date(2024, 5, 1), date(2024, 5, 15)
    away = days_of([(date(2024, 5, 10), date(2024, 5, 12))], date(2024, 12, 31))
    assert pushed(anchor, due, away) == date(2024, 5, 18)
    again = away | days_of([(date(2024, 5, 17), date(2024, 5, 20))], date(2024, 12, 31))
    assert pushed(anchor, due, again) == date(2024, 5, 22)
    assert counted_between(anchor, date(2024, 5, 22), again) == 14
    # neither the anchor itself nor what lies before it changes anything
    assert pushed(anchor, due, days_of([(date(2024, 4, 1), anchor)], due)) == due


def test_what_has_no_end_yet_runs_to_today() -> None:
    today = date(2024, 6, 30)
    away = days_of([(date(2024, 5, 10), None)], today)
    assert max(away) == today and len(away) == 52
    assert pushed(date(2024, 5, 1), date(2024, 5, 15), away) == date(2024, 7, 6)


def test_easter_is_no_working_day_and_store_bededag_is_one_again_from_2024() -> None:
    assert working_between(date(2024, 3, 27), date(2024, 4, 2)) == 1
    assert working_between(date(2023, 5, 4), date(2023, 5, 5)) == 0
    assert working_between(date(2024, 4, 25), date(2024, 4, 26)) == 1
    assert working_between(date(2024, 4, 26), date(2024, 4, 25)) == -1


def test_the_truth_and_the_register_know_the_same_holidays() -> None:
    with (Settings().seeds_dir / "registry" / "calendar.csv").open(encoding="utf-8") as file:
        seed = {date.fromisoformat(row["holiday_on"]) for row in csv.DictReader(file)}
    years = range(min(seed).year, max(seed).year + 1)
    assert {day for year in years for day in holidays(year)} == seed


def test_talks_were_suspended_for_seventy_six_days() -> None:
    assert min(SUSPENDED) == date(2020, 3, 12) and max(SUSPENDED) == date(2020, 5, 26)
    assert len(SUSPENDED) == 76


# ---- the duties ----------------------------------------------------------------------------------


def test_the_truth_and_the_register_know_the_same_rules() -> None:
    register = load_registry(Settings().seeds_dir)
    in_register = {(rule.rule_id, rule.version, rule.regime_id) for rule in register.rules}
    in_truth = {
        (duty.rule_id, duty.version, f"{duty.process_id}__{day}")
        for duty in DUTIES for day in duty.regimes
    }
    assert in_truth == in_register
    regimes = {regime.regime_id for regime in register.regimes}
    assert regimes == {
        f"{process}__{day:%Y%m%d}" for process, days in REGIMES_FROM.items() for day in days}


def _life(
    registered_on: date, talks: list[date], *, ended_on: date | None = None,
    absences: tuple[Absence, ...] = (), today: date = date(2023, 1, 1),
) -> Life:
    begun = datetime.combine(registered_on, datetime.min.time())
    course = Course(
        "kontanthjaelp", "6.3", "FOERSTE_HENVENDELSE", begun,
        None if ended_on is None else datetime.combine(ended_on, datetime.min.time()), "", "", (), (),
        (), (), absences, (),
    )
    events = [Event("FOERSTE_HENVENDELSE", begun, begun, is_day=True)]
    for day in talks:
        at = datetime.combine(day, datetime.min.time()) + timedelta(hours=10)
        events.append(Event("JOBSAMTALE", at, at, "municipality"))
    person = Person("0101405000", "", "")
    return Life.of(Citizen(1, person, (course,)), course, events, today)


def _first_talk(life: Life) -> RuleTruth:
    (truth,) = [truth for duty, truth in judge(life) if duty.rule_id == "LAB31_G2_5_FIRST_TALK_1W"]
    return truth


@pytest.mark.parametrize(
    ("held_after", "outcome", "days_late"),
    [(0, "fulfilled", None), (7, "fulfilled", None), (8, "breached", 1), (30, "breached", 23)],
)
def test_the_last_day_of_the_week_counts_and_the_next_one_does_not(
    held_after: int, outcome: str, days_late: int | None
) -> None:
    start = date(2021, 3, 1)
    truth = _first_talk(_life(start, [start + timedelta(days=held_after)]))
    assert (truth.outcome, truth.days_late, truth.due_on) == (outcome, days_late, date(2021, 3, 8))


def test_a_week_that_the_stop_interrupts_goes_on_after_it() -> None:
    in_stop = _first_talk(_life(date(2020, 3, 9), [date(2020, 5, 31)]))
    assert in_stop.due_on == date(2020, 3, 16)
    assert in_stop.due_less_stops_on == date(2020, 5, 31) and in_stop.removed_days == 76
    assert in_stop.outcome == "fulfilled" and in_stop.counted_days == 7
    assert _first_talk(_life(date(2020, 3, 9), [date(2020, 6, 1)])).outcome == "breached"


def test_who_has_left_on_the_last_day_or_before_was_never_owed_the_talk() -> None:
    start = date(2021, 3, 1)
    for ended_on, outcome in (
        (date(2021, 3, 8), "not_applicable"), (date(2021, 3, 9), "breached"), (None, "breached"),
    ):
        assert _first_talk(_life(start, [], ended_on=ended_on)).outcome == outcome
    assert _first_talk(_life(start, [], today=date(2021, 3, 8))).outcome == "pending"
    assert _first_talk(_life(start, [], today=date(2021, 3, 9))).outcome == "breached"


def test_an_exemption_lifts_what_is_not_done_while_absence_puts_nothing_off_outside_group_one() -> None:
    start = date(2021, 3, 1)
    at = datetime(2021, 3, 8, 9)
    exempt = Absence("FRITAGELSE", date(2021, 3, 8), date(2021, 3, 20), at)
    ill = Absence("SYGDOM", date(2021, 3, 2), date(2021, 3, 20), at)
    later = Absence("FRITAGELSE", date(2021, 3, 9), date(2021, 3, 20), at)
    assert _first_talk(_life(start, [], absences=(exempt,))).reason == "LAB106_LESS_INTENSIVE"
    assert _first_talk(_life(start, [start], absences=(exempt,))).outcome == "fulfilled"
    assert _first_talk(_life(start, [], absences=(later,))).outcome == "breached"
    assert _first_talk(_life(start, [], absences=(ill,))).due_less_stops_on == date(2021, 3, 8)


# ---- the demo ------------------------------------------------------------------------------------


def test_every_regime_has_enough_cases_in_every_town_that_lived_under_it() -> None:
    for truth, planned in zip(demo(), demo_plan(), strict=True):
        few = {
            (process, day): truth.n_cases.get(process, {}).get(f"{process}__{day:%Y%m%d}", 0)
            for process, days in REGIMES_FROM.items() for day, until in zip(
                days, [*days[1:], date.max], strict=True)
            if day <= planned.span.last_day and until > planned.span.first_day
            and truth.n_cases.get(process, {}).get(f"{process}__{day:%Y%m%d}", 0) < FEWEST_CASES
        }
        assert few == {}, truth.municipality_id


def test_all_six_outcomes_occur_and_each_duty_is_met_and_missed_where_it_can_be() -> None:
    outcomes = Counter(
        (rule.rule_id, rule.outcome) for truth in demo() for case in truth.cases for rule in case.rules)
    assert {outcome for _, outcome in outcomes} == OUTCOMES
    for rule_id in {duty.rule_id for duty in DUTIES if duty.share is None and duty.clock_in_data}:
        assert outcomes[rule_id, "fulfilled"] > 0, rule_id
        assert outcomes[rule_id, "breached"] > 0, rule_id


def test_every_reason_occurs() -> None:
    reasons = Counter(
        rule.reason for truth in demo() for case in truth.cases for rule in case.rules)
    assert {reason for reason in reasons if reason is not None} == {
        "no_anchor_event", "anchor_did_not_happen", "closed_before_due", "opened_after_due",
        "no_opening_event", "clock_not_in_data", "responsible_party_missing",
        "LAB106_LESS_INTENSIVE", "LAB106_FIRST_TALK", "WORKDUTY_OFFER",
    }


def test_a_quota_is_met_in_one_town_and_missed_in_another() -> None:
    met = {share.is_met for truth in demo() for share in truth.population_shares}
    assert met == {True, False, None}
    states = Counter[str]()
    for share in (share for truth in demo() for share in truth.population_shares):
        states.update(share.cases)
    assert all(states[state] > 0 for state in (
        "cohort", "reached", "pending", "closed_before_due", "not_computable"))


@pytest.mark.parametrize("situation", [
    "spans_law_change", "before_every_regime", "shifted_to_social_assistance", "reassessed",
    "benefit_restart", "benefit_change_without_restart", "clock_stop", "absence_removes_days",
    "open_absence", "exemption", "work_duty", "handed_over", "ended_early", "fund_unknown",
    "talk_on_the_last_day", "began_on_a_month_end",
])
def test_the_demo_has_cases_of_every_situation(situation: str) -> None:
    assert sum(situation in case.situations for truth in demo() for case in truth.cases) >= 5


def _of(select: Callable[[CaseTruth], bool]) -> list[CaseTruth]:
    return [case for truth in demo() for case in truth.cases if select(case)]


def test_a_change_of_benefit_restarts_the_course_before_july_2025_and_not_after() -> None:
    for case in _of(lambda case: "benefit_restart" in case.situations):
        day_before = case.registered_on - timedelta(days=1)
        (before,) = [
            one for one in _of(lambda _: True)
            if one.citizen_cpr == case.citizen_cpr and one.ended_on == day_before
        ]
        assert before.target_group == case.target_group
        assert case.registered_on <= date(2025, 7, 1)
    for case in _of(lambda case: "benefit_change_without_restart" in case.situations):
        assert (case.ended_on or date.max) > date(2025, 7, 1)


def test_towns_that_do_not_tell_the_hand_over_cannot_be_judged_by_it() -> None:
    for truth, planned in zip(demo(), demo_plan(), strict=True):
        reasons = Counter(rule.reason for case in truth.cases for rule in case.rules)
        assert (reasons["no_opening_event"] > 0) == (not planned.behaviour.tells_handover)


def test_the_law_of_2024_changes_who_holds_the_talks() -> None:
    for truth in demo():
        per_regime: dict[str, Counter[str]] = {}
        for case in truth.cases:
            if case.process_id == "forsikrede_ledige":
                per_regime.setdefault(str(case.regime_id), Counter()).update(case.talks_per_party)
        before = per_regime["forsikrede_ledige__20200101"]
        since = per_regime["forsikrede_ledige__20240101"]
        assert before["unemployment_fund"] / before.total() < since["unemployment_fund"] / since.total()


def test_each_duty_is_one_reading_of_one_rule() -> None:
    def key(duty: Duty) -> tuple[str, str, str]:
        return duty.rule_id, duty.version, duty.process_id

    assert len({key(duty) for duty in DUTIES}) == len(DUTIES)
    assert all(duty.window is not None for duty in DUTIES if duty.share is not None)
