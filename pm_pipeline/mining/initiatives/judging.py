"""From a step and its interval to what may be said of an initiative."""

import math
from dataclasses import dataclass
from statistics import NormalDist

from pm_pipeline.mining.initiatives.comparing import FEWEST_AFTER, FEWEST_BEFORE, Compared, compared
from pm_pipeline.mining.initiatives.effect import Verdict
from pm_pipeline.mining.initiatives.limits import Limits
from pm_pipeline.mining.initiatives.series import Arm, Initiative
from pm_pipeline.mining.initiatives.steps import Step

_TWO_SIDED = 0.975


@dataclass(frozen=True)
class Judged:
    """A verdict with why it is no other, and the figures it rests on."""

    verdict: Verdict
    reason: str | None
    step: Step | None = None
    slope: Step | None = None
    n_placebos: int = 0
    placebo_share: float | None = None
    n_more_cases: int | None = None


def judge(
    initiative: Initiative, target: Arm, comparison: Arm | None, limits: Limits, min_group_size: int
) -> Judged:
    """What became of the measure. Never an error: what cannot be estimated says why."""
    series = compared(target, comparison, initiative.is_share)
    arms = [target] if comparison is None else [target, comparison]
    for after in (False, True):
        if any(not arm.count(arm.cases, after) for arm in arms):
            reason = "no_cases_after" if after else "no_cases_before"
            return _cannot_tell(reason, series, initiative, limits, None)
        if any(arm.count(arm.citizens, after) < min_group_size for arm in arms):
            return Judged(Verdict.CANNOT_TELL_YET, "below_minimum_group")
    if series.n_before < FEWEST_BEFORE or series.n_after < FEWEST_AFTER:
        return _cannot_tell("too_few_periods", series, initiative, limits, None)
    try:
        step = series.step()
    except ValueError:
        return Judged(Verdict.CANNOT_TELL_YET, "no_variation")
    placebos = series.placebos()
    share = None
    if placebos:
        share = sum(abs(one.in_errors) >= abs(step.in_errors) for one in placebos) / len(placebos)
    found = _verdict(initiative, series, step, len(placebos), share, limits)
    if found.reason in ("too_few", "too_few_alone"):
        found = _cannot_tell("too_few", series, initiative, limits, step)
    return Judged(
        found.verdict, found.reason, step, _slope(series), len(placebos), share, found.n_more_cases
    )


def _verdict(
    initiative: Initiative, series: Compared, step: Step, n_placebos: int,
    placebo_share: float | None, limits: Limits,
) -> Judged:
    low, high = towards(initiative.direction, step)
    if series.is_difference:
        trend = series.trend_before()
        if trend.low > 0 or trend.high < 0:
            return Judged(Verdict.CANNOT_TELL_YET, "trends_not_parallel")
    if not series.knows_season:
        return Judged(Verdict.CANNOT_TELL_YET, "season_unknown")
    if low > 0 or high < 0:
        if n_placebos >= limits.fewest_placebos and (placebo_share or 0) > limits.placebo_share:
            return Judged(Verdict.CANNOT_TELL_YET, "placebo_as_large")
        if high < 0:
            return Judged(Verdict.WORSENED, None)
        is_less = high < initiative.expected_size
        return Judged(Verdict.IMPROVED, "less_than_expected" if is_less else None)
    if high < initiative.expected_size:
        return Judged(Verdict.NO_CHANGE_SHOWN, None)
    return Judged(Verdict.CANNOT_TELL_YET, "too_few")


def towards(direction: str, step: Step) -> tuple[float, float]:
    """The interval with what was hoped for above 0."""
    return (-step.high, -step.low) if direction == "lower" else (step.low, step.high)


def _cannot_tell(
    reason: str, series: Compared, initiative: Initiative, limits: Limits, step: Step | None
) -> Judged:
    """With how many cases more the expected size would be told from none.

    Where it would have been by now, and the step lies halfway: until the interval cannot hold both.
    """
    if series.n_before < FEWEST_BEFORE:
        return Judged(Verdict.CANNOT_TELL_YET, reason)
    normal = NormalDist()
    reach = normal.inv_cdf(_TWO_SIDED)
    wanted = initiative.expected_size / (reach + normal.inv_cdf(limits.power))
    if step is not None and step.standard_error <= wanted:
        wanted = initiative.expected_size / (2 * reach)
    most = max(0, math.floor(limits.reach_days / limits.period_days) - int(series.periods[-1]) - 1)
    more = series.periods_until(wanted, most, step)
    if more is None:
        return Judged(
            Verdict.CANNOT_TELL_YET, "too_few_alone" if reason == "too_few" else reason
        )
    return Judged(
        Verdict.CANNOT_TELL_YET, reason, n_more_cases=_about(max(more, 1) * series.cases.mean())
    )


def _about(cases: float) -> int:
    """Upwards, to ten: it is an estimate."""
    return 10 * math.ceil(cases / 10)


def _slope(series: Compared) -> Step | None:
    if series.is_difference:
        return None
    try:
        return series.slope_change()
    except ValueError:
        return None  # too few periods for one coefficient more
