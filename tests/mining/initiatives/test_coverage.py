"""The interval holds the truth as often as it says, the verdict is seldom wrong and often found."""

import numpy as np
import pytest

from pm_pipeline.mining.initiatives.comparing import compared
from pm_pipeline.mining.initiatives.effect import Verdict
from pm_pipeline.mining.initiatives.judging import judge
from tests.mining.initiatives.planted_series import arm, wandering
from tests.mining.initiatives.wanted import LIMITS, initiative

# The larger table, with how to repeat it, stands in the decision log and in benchmarks/.
_SERIES = 200


@pytest.mark.parametrize(
    ("n_before", "n_after", "cases", "spread", "memory"),
    [(20, 13, 3, 0.0, 0.0), (20, 13, 3, 2.0, 0.7), (20, 13, 30, 2.0, 0.4), (20, 13, 30, 2.0, 0.7)],
)
def test_the_interval_of_a_short_seasonal_series_with_a_memory_covers_the_truth(
    n_before: int, n_after: int, cases: float, spread: float, memory: float
) -> None:
    rng = np.random.default_rng(20260701)
    covered = 0
    for _ in range(_SERIES):
        target = arm(
            rng, n_before, n_after, cases=cases, spread=spread, memory=memory, season=3, effect=-4
        )
        step = compared(target, None, is_share=False).step()
        covered += step.low <= -4 <= step.high
    assert 0.915 <= covered / _SERIES <= 0.995


def test_the_interval_of_two_groups_that_share_their_season_covers_the_truth() -> None:
    rng = np.random.default_rng(20260702)
    covered = 0
    for _ in range(_SERIES):
        common = 4 * wandering(rng, 33, 1.0, 0.7)
        target, other = (
            arm(rng, 20, 13, cases=6, season=3, effect=effect, common=common, spread=1, memory=0.5)
            for effect in (-4, 0)
        )
        step = compared(target, other, is_share=False).step()
        covered += step.low <= -4 <= step.high
    assert 0.915 <= covered / _SERIES <= 0.995


def test_nothing_is_found_where_nothing_was_planted() -> None:
    assert sum(one in (Verdict.IMPROVED, Verdict.WORSENED) for one in _verdicts(0.0)) <= 3


def test_what_was_planted_is_found_and_never_called_the_opposite() -> None:
    found = _verdicts(-12.0)
    assert found.count(Verdict.IMPROVED) >= 48
    assert not set(found) & {Verdict.WORSENED, Verdict.NO_CHANGE_SHOWN}


def _verdicts(effect: float) -> list[Verdict]:
    """Of sixty municipalities with some seventy cases before and after."""
    rng = np.random.default_rng(20260703)
    return [
        judge(initiative(), arm(rng, 20, 13, cases=6, spread=1, memory=0.4, season=2, effect=effect),
              None, LIMITS, min_group_size=5).verdict
        for _ in range(60)
    ]  # fmt: skip
