"""All figures of one process at one change: tested together, corrected together, told one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pm_pipeline.quality.effects.changes import Change, Touched
from pm_pipeline.quality.effects.comparison import ChangeComparison
from pm_pipeline.quality.effects.limits import Limits
from pm_pipeline.quality.effects.series import Series
from pm_pipeline.quality.effects.steps import StepTests, step_tests
from pm_pipeline.quality.effects.verdicts import (
    Effect,
    Said,
    adjusted,
    share_effect,
    stable,
    verdict_of,
    volume_effect,
    weeks_to_wait,
)
from pm_pipeline.quality.effects.windows import Window

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

# One number for all: the same data give the same p-values, on any day.
SEED = 20240101
_FEWEST_WEEKS = 4
#: The item of a volume that is all events of the process.
ALL = "all"


@dataclass(frozen=True)
class Tested:
    """The items of one series in one window that were worth testing."""

    series: Series
    window: Window
    rows: "NDArray[np.intp]"
    numerators: "Array"
    denominators: "Array | None"
    days: "Array"
    tests: StepTests
    effect: Effect


@dataclass(frozen=True)
class Judged:
    """A row, and where the weeks behind it are."""

    row: ChangeComparison
    part: Tested
    at: int


def tested(series: Series, window: Window, days: "Array", limits: Limits) -> Tested:
    """Test what has events enough and is not always nothing, or always everything."""
    import numpy as np

    numerators = series.numerators[:, window.columns]
    denominators = None if series.denominators is None else series.denominators[:, window.columns]
    days = days[window.columns]
    is_worth = numerators.sum(axis=1) >= limits.min_events
    if not window.weeks_after:  # then there is one thing to say, and it is the same of every item
        is_worth &= np.asarray(series.items) == ALL
    if denominators is not None:
        is_worth &= numerators.sum(axis=1) < denominators.sum(axis=1)
        told = denominators > 0
        is_worth &= (told & window.is_shown_before).sum(axis=1) > 0
    rows = np.flatnonzero(is_worth)
    numerators = numerators[rows]
    denominators = None if denominators is None else denominators[rows]
    if denominators is None:
        per_week = numerators * 7 / days
        values, weights = stable(per_week), np.broadcast_to(days / 7, numerators.shape)
    else:
        values = np.divide(
            numerators, denominators, out=np.zeros_like(numerators), where=denominators > 0
        )
        weights = denominators
    tests = step_tests(
        values, weights, window.nuisance, window.is_after,
        block_weeks=int(limits.block_weeks), permutations=int(limits.permutations), seed=SEED,
    )
    after = _value(numerators, denominators, days, window.is_shown_after)
    sized = volume_effect if denominators is None else share_effect
    effect = sized(after, tests.step, tests.low, tests.high, limits)
    return Tested(series, window, rows, numerators, denominators, days, tests, effect)


def judged(
    municipality_id: str, change: Change, touched: Touched, parts: Sequence[Tested], limits: Limits
) -> list[Judged]:
    """One row per item. What the change names is one family of tests, all the rest another: who asks
    for a few things beforehand is not to pay for the many that are looked through."""
    import numpy as np

    p_values = [np.empty(0), *(part.tests.p_value for part in parts)]
    is_touched = [
        touched.holds(part.series.measure, part.series.items[row], part.series.wholes[row])
        for part in parts for row in part.rows
    ]
    corrected = adjusted(np.concatenate(p_values), np.asarray(is_touched, dtype=int))
    found: list[Judged] = []
    for part in parts:
        for at in range(len(part.rows)):
            number = len(found)
            row = _row(
                municipality_id, change, part, at, float(corrected[number]), is_touched[number], limits
            )
            found.append(Judged(row, part, at))
    return found


def _row(
    municipality_id: str, change: Change, part: Tested, at: int, p_adjusted: float, is_touched: bool,
    limits: Limits,
) -> ChangeComparison:
    series, window, effect = part.series, part.window, part.effect
    numerators = part.numerators[at:at + 1]
    denominators = None if part.denominators is None else part.denominators[at:at + 1]
    before = float(_value(numerators, denominators, part.days, window.is_shown_before)[0])
    after = float(_value(numerators, denominators, part.days, window.is_shown_after)[0])
    told = numerators if denominators is None else denominators
    weeks_after = int(((told[0] > 0) & window.is_shown_after).sum()) if denominators is not None \
        else window.weeks_after
    wait = weeks_to_wait(
        weeks_after, float(part.tests.standard_error[at]), float(effect.smallest_step[at]), limits
    )
    said = verdict_of(
        p_adjusted=p_adjusted, size=float(effect.size[at]),
        raw_size=raw_size(before, after, effect.measure), effect=effect, weeks_after=weeks_after,
        wait=wait, knows_season=window.knows_season, limits=limits,
    )
    n_before = _sum(numerators, window.is_shown_before)
    n_after = _sum(numerators, window.is_shown_after)
    is_law = change.kind == "law"
    return ChangeComparison(
        municipality_id=municipality_id, kind=change.kind, change_id=change.change_id,
        part=change.part, changed_on=change.changed_on, process_id=change.process_id,
        system_id=series.system_id, axis=series.axis, measure=series.measure,
        item=series.items[part.rows[at]], is_touched=is_touched if is_law else False,
        n_before=n_before, n_after=n_after,
        whole_before=None if denominators is None else _sum(denominators, window.is_shown_before),
        whole_after=None if denominators is None else _sum(denominators, window.is_shown_after),
        weeks_before=window.weeks_before, weeks_after=weeks_after,
        value_before=_known(before), value_expected=_known(float(effect.expected[at])),
        value_after=_known(after), effect_measure=effect.measure,
        effect_size=_known(float(effect.size[at])), effect_low=_known(float(effect.low[at])),
        effect_high=_known(float(effect.high[at])), p_value=_known(float(part.tests.p_value[at])),
        p_adjusted=_known(p_adjusted), verdict=said.verdict, reason=said.reason,
        weeks_needed=said.weeks_needed,
        municipalities_needed=said.municipalities_needed, n_needed=_needed(said, told[0], window),
        is_new=float(numerators[0, window.at < 0].sum()) == 0 and n_after > 0,
        is_vanished=n_after == 0 and weeks_after >= _FEWEST_WEEKS and n_before > 0,
        adopted_on=None, adopted_from_on=None, adopted_to_on=None, adoption_days=None, is_late=None,
        cause=None, caused_by=None, cause_rests_on=None, confounders=_others(window, change),
        sentence_da="", sentence_en="",
    )


def raw_size(before: float, after: float, measure: str) -> float:
    """The effect size of two values, as :mod:`.verdicts` measures it."""
    import math

    if math.isnan(before) or math.isnan(after):
        return math.nan
    if measure == "log_rate_ratio":
        return math.log((after + 0.125) / (before + 0.125))
    return 2 * math.asin(math.sqrt(after)) - 2 * math.asin(math.sqrt(before))


def _value(
    numerators: "Array", denominators: "Array | None", days: "Array", weeks: "NDArray[np.bool_]"
) -> "Array":
    """Share of the weeks, or events a week in them; NaN without a week or a whole."""
    import numpy as np

    parts = numerators[:, weeks].sum(axis=1)
    wholes = np.full(len(parts), days[weeks].sum() / 7) if denominators is None \
        else denominators[:, weeks].sum(axis=1)
    value: Array = np.divide(parts, wholes, out=np.full(len(parts), np.nan), where=wholes > 0)
    return value


def _sum(amounts: "Array", weeks: "NDArray[np.bool_]") -> int:
    return int(amounts[0, weeks].sum())


def _others(window: Window, change: Change) -> str | None:
    return "|".join(one for one in window.confounders if one != change.change_id) or None


def _known(value: float) -> float | None:
    import math

    return None if math.isnan(value) else value


def _needed(said: Said, told: "Array", window: Window) -> int | None:
    """Events or cases in the weeks it takes, at the pace of the weeks told."""
    import math

    if said.weeks_worth is None:
        return None
    weeks = window.is_shown_after if window.weeks_after else window.is_shown_before
    pace = float(told[weeks].sum()) / max(int(weeks.sum()), 1)
    return math.ceil(pace * said.weeks_worth) if pace else None
