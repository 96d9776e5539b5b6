"""Weeks are drawn twice, and those side by side together."""

import numpy as np

from pm_pipeline.mining.whatif.resample import drawn_weeks


def test_what_is_drawn_varies_by_the_year_to_come_and_by_what_is_not_known_of_the_town() -> None:
    """The mean of weeks that are drawn once has a variance of s²/n; each draw adds one."""
    rng = np.random.default_rng(1)
    weeks = rng.normal(size=52)
    means = weeks[drawn_weeks(52, 52, 20_000, 1, rng)].mean(axis=1)
    assert abs(means.mean() - weeks.mean()) < 0.01
    assert 1.85 < means.var() / (weeks.var() / 52) < 2.1


def test_weeks_side_by_side_stay_together() -> None:
    drawn = drawn_weeks(40, 12, 500, 4, np.random.default_rng(1))
    assert drawn.shape == (500, 12) and drawn.min() == 0 and drawn.max() == 39
    # twice drawn: a block of the second draw lies in one of the first or across the seam of two
    steps = (np.diff(drawn.reshape(500, 3, 4), axis=2) % 40) == 1
    assert steps.mean() > 0.7
