"""Does an activity still mean what it meant? What comes right before it is compared as a whole.

A code keeps its name when a law gives it another content; what people do around it tells. One p-value
per activity, for all that precedes it together (:func:`.steps.mixture_tests`); its size is the total
variation distance of the step: the part of its events that has another predecessor than foretold.
"""

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from pm_pipeline.quality.effects.changes import Change, Touched
from pm_pipeline.quality.effects.comparison import ChangeComparison, Verdict
from pm_pipeline.quality.effects.judge import SEED, Judged, Tested, judged
from pm_pipeline.quality.effects.limits import Limits
from pm_pipeline.quality.effects.steps import mixture_tests
from pm_pipeline.quality.effects.verdicts import adjusted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

MEASURE = "meaning"
# Without the same day of the year before, only what turns half of an activity is told.
_WITHOUT_SEASON = 0.5


def meanings(
    municipality_id: str, change: Change, touched: Touched, pairs: Tested, limits: Limits
) -> list[Judged]:
    """One row per activity that has more than one predecessor in the weeks of ``pairs``.

    ``pairs``: the series ``pair_share`` as it was tested at this change.
    """
    import numpy as np

    of_pairs = judged(municipality_id, change, touched, [pairs], limits)
    members: dict[str, list[int]] = {}
    for at, row in enumerate(pairs.rows):
        members.setdefault(pairs.series.wholes[row], []).append(at)
    members = {activity: ats for activity, ats in members.items() if len(ats) > 1}
    if not members or pairs.denominators is None:
        return []
    chosen = [at for ats in members.values() for at in ats]
    group = [number for number, ats in enumerate(members.values()) for _ in ats]
    wholes = pairs.denominators[chosen]
    shares = np.divide(
        pairs.numerators[chosen], wholes, out=np.zeros_like(wholes), where=wholes > 0
    )
    p_values = mixture_tests(
        shares, wholes, pairs.window.nuisance, pairs.window.is_after, group,
        block_weeks=int(limits.block_weeks), permutations=int(limits.permutations), seed=SEED,
    )
    is_touched = np.array([activity in touched.activities for activity in members], dtype=int)
    corrected = adjusted(p_values, is_touched)
    return [
        _told(
            activity, [of_pairs[at].row for at in ats], pairs, ats, float(p_values[number]),
            float(corrected[number]), limits,
        )
        for number, (activity, ats) in enumerate(members.items())
    ]


def _told(
    activity: str, of_pairs: list[ChangeComparison], pairs: Tested, ats: list[int], p_value: float,
    p_adjusted: float, limits: Limits,
) -> Judged:
    import numpy as np

    one = of_pairs[0]
    steps = pairs.tests.step[ats]
    size = None if np.isnan(steps).any() else min(float(np.abs(steps).sum()) / 2, 1.0)
    verdict, reason = _verdict(of_pairs, size, p_adjusted, pairs.window.knows_season, limits)
    # as much as its least certain pair takes
    is_open = verdict is Verdict.CANNOT_TELL_YET
    needed = {
        name: max((getattr(row, name) or 0 for row in of_pairs), default=0) or None
        for name in ("weeks_needed", "municipalities_needed", "n_needed")
    } if is_open else dict.fromkeys(("weeks_needed", "municipalities_needed", "n_needed"))
    if reason == "too_few" and any(row.reason == "too_few_alone" for row in of_pairs):
        reason, needed["weeks_needed"] = "too_few_alone", None
    row = replace(
        one, measure=MEASURE, item=activity,
        n_before=one.whole_before or 0, n_after=one.whole_after or 0, whole_before=None,
        whole_after=None, value_before=None, value_expected=None, value_after=None,
        effect_measure="total_variation", effect_size=size, effect_low=None, effect_high=None,
        p_value=None if math.isnan(p_value) else p_value,
        p_adjusted=None if math.isnan(p_adjusted) else p_adjusted,
        verdict=verdict, reason=reason, **needed, is_new=False, is_vanished=False,
    )
    return Judged(row, pairs, ats[0])


def _verdict(
    of_pairs: list[ChangeComparison], size: float | None, p_adjusted: float, knows_season: bool,
    limits: Limits,
) -> tuple[Verdict, str | None]:
    """As of one figure (:func:`.verdicts.verdict_of`), with the power of its least certain pair."""
    if not of_pairs[0].weeks_after:
        return Verdict.CANNOT_TELL_YET, "no_weeks_after"
    if size is None or math.isnan(p_adjusted):
        return Verdict.CANNOT_TELL_YET, "too_few"
    if p_adjusted <= limits.level:
        if size < limits.smallest_meaning_shift:
            return Verdict.NO_CHANGE_SHOWN, "smaller_than_worth_seeing"
        if not knows_season and size < _WITHOUT_SEASON:
            return Verdict.CANNOT_TELL_YET, "season_unknown"
        return Verdict.CHANGED, None
    if any(row.verdict is Verdict.CANNOT_TELL_YET for row in of_pairs):
        return Verdict.CANNOT_TELL_YET, "too_few"
    return Verdict.NO_CHANGE_SHOWN, None
