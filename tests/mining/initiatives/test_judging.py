"""What may be said of an initiative, and why it cannot be said yet: a stated result, never an error."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from pm_pipeline.mining.initiatives.effect import Verdict
from pm_pipeline.mining.initiatives.judging import Judged, judge
from pm_pipeline.mining.initiatives.series import Arm, nobody
from tests.mining.initiatives.planted_series import arm, wandering
from tests.mining.initiatives.wanted import LIMITS, initiative


def _judged(target: Arm, comparison: Arm | None = None, **cells: Any) -> Judged:
    return judge(initiative(**cells), target, comparison, LIMITS, min_group_size=5)


def _planted(**facts: Any) -> Arm:
    return arm(np.random.default_rng(7), **({"n_before": 26, "n_after": 13, "cases": 12} | facts))


def _level(periods: range, cases: int, value: float, scatter: float = 0.0) -> Arm:
    """Every period alike; ``scatter`` is the variance of its cases."""
    numbers, sizes = np.array(periods, dtype=float), np.full(len(periods), float(cases))
    return Arm(numbers, sizes, sizes, sizes * value, sizes * (value**2 + scatter))


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        (nobody(), "no_cases_before"),
        (_level(range(0, 12), 5, 9.0, 4.0), "no_cases_before"),
        (_level(range(-12, 0), 5, 9.0, 4.0), "no_cases_after"),
        (_level(range(-1, 0), 7, 9.0, 4.0), "no_cases_after"),
        (_level(range(-1, 1), 7, 9.0, 4.0), "too_few_periods"),
        (_level(range(-26, 2), 7, 9.0, 4.0), "too_few_periods"),
        (_level(range(-26, 13), 5, 9.0), "no_variation"),
        (_level(range(-9, 6), 5, 9.0, 4.0), "season_unknown"),
    ],
)
def test_what_cannot_be_told_says_why(target: Arm, reason: str) -> None:
    judged = _judged(target)
    assert (judged.verdict, judged.reason) == (Verdict.CANNOT_TELL_YET, reason)


def test_an_initiative_that_has_not_begun_tells_how_many_cases_it_will_take() -> None:
    judged = _judged(_planted(n_after=0))
    assert judged.reason == "no_cases_after"
    assert judged.n_more_cases is not None and 30 <= judged.n_more_cases <= 400


def test_of_a_side_with_fewer_citizens_than_the_minimum_group_nothing_is_estimated() -> None:
    target = _planted()
    few = Arm(target.periods, target.cases, target.citizens * 0, target.totals, target.squares)
    judged = _judged(target, few)
    assert judged.reason == "below_minimum_group"
    assert judged.step is None and judged.placebo_share is None and judged.n_more_cases is None


@pytest.mark.parametrize(
    ("effect", "direction", "expected", "verdict", "reason"),
    [
        (-12.0, "lower", 8.0, Verdict.IMPROVED, None),
        (-12.0, "lower", 40.0, Verdict.IMPROVED, "less_than_expected"),
        (12.0, "lower", 8.0, Verdict.WORSENED, None),
        (12.0, "higher", 8.0, Verdict.IMPROVED, None),
        (0.0, "lower", 12.0, Verdict.NO_CHANGE_SHOWN, None),
        (0.0, "lower", 3.2, Verdict.CANNOT_TELL_YET, "too_few"),
        (0.0, "lower", 0.1, Verdict.CANNOT_TELL_YET, "too_few_alone"),
    ],
)
def test_the_verdict_weighs_the_interval_against_nothing_and_against_what_was_expected(
    effect: float, direction: str, expected: float, verdict: Verdict, reason: str | None
) -> None:
    judged = _judged(_planted(effect=effect), direction=direction, expected_size=expected)
    assert (judged.verdict, judged.reason) == (verdict, reason)
    assert (judged.n_more_cases is not None) == (reason == "too_few")


def test_fewer_cases_are_needed_for_a_larger_effect() -> None:
    small, large = (
        _judged(_planted(n_after=0), expected_size=size).n_more_cases for size in (3.0, 8.0)
    )
    assert small is not None and large is not None and small > large


def test_what_both_groups_went_through_is_no_effect() -> None:
    """A level that falls at the start in both: alone it looks like an effect, beside the other not."""
    fallen = np.where(np.arange(-26, 13) >= 0, -12.0, 0.0)
    target, other = (
        arm(np.random.default_rng(seed), 26, 13, cases=12, common=fallen) for seed in (1, 2)
    )
    assert _judged(target).verdict is Verdict.IMPROVED
    judged = _judged(target, other)
    assert judged.verdict is Verdict.NO_CHANGE_SHOWN
    assert judged.slope is None


def test_groups_that_went_apart_before_say_nothing_of_each_other() -> None:
    target = _planted(yearly=0.0)
    apart = arm(np.random.default_rng(8), 26, 13, cases=12, yearly=15.0)
    assert _judged(target, apart).reason == "trends_not_parallel"


def test_a_step_that_other_days_show_as_well_is_not_told() -> None:
    """A level that fell by as much a year before, when nothing was done."""
    fallen = np.where((np.arange(-39, 13) >= -26) & (np.arange(-39, 13) < -13), -14.0, 0.0)
    fallen = np.where(np.arange(-39, 13) >= 0, -14.0, fallen)
    target = arm(np.random.default_rng(3), 39, 13, cases=40, common=fallen, yearly=0)
    judged = _judged(target)
    assert judged.verdict is Verdict.IMPROVED
    assert judged.placebo_share is not None and judged.placebo_share > 0.05
    stricter = replace(LIMITS, placebo_share=0.05)
    judged = judge(initiative(), target, None, stricter, min_group_size=5)
    assert (judged.verdict, judged.reason) == (Verdict.CANNOT_TELL_YET, "placebo_as_large")


def test_a_share_that_nobody_reached_has_an_interval_all_the_same() -> None:
    periods = np.arange(-26, 13).astype(float)
    sizes = np.full(39, 8.0)
    reached = np.where(periods >= 0, 8.0, 0.0)
    judged = _judged(
        Arm(periods, sizes, sizes, reached, reached), measure="share_with_activity", direction="higher",
        expected_size=0.3,
    )
    assert judged.verdict is Verdict.IMPROVED
    assert judged.step is not None and judged.step.low < 1.0 < judged.step.high + 0.05


def test_a_turn_of_the_yearly_movement_is_told_beside_the_verdict() -> None:
    turned = np.where(np.arange(-26, 26) >= 0, np.arange(-26, 26) * 20 / 13, 0.0)
    judged = _judged(_planted(n_after=26, cases=30, common=turned))
    assert judged.slope is not None
    assert judged.slope.low <= 20 <= judged.slope.high and judged.slope.low > 0


def test_what_was_registered_after_the_first_result_explores() -> None:
    assert not initiative(registered_on=date(2024, 5, 29)).is_exploratory
    assert initiative(registered_on=date(2024, 5, 30)).is_exploratory


def test_a_level_that_wanders_makes_the_interval_wider() -> None:
    calm = _judged(_planted(cases=60)).step
    wild = _judged(_planted(cases=60, common=wandering(np.random.default_rng(2), 39, 4.0, 0.6))).step
    assert calm is not None and wild is not None
    assert wild.high - wild.low > 1.5 * (calm.high - calm.low)
