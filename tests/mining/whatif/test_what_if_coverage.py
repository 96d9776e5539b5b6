"""The interval of a what-if holds what then happens in a town whose truth is known."""

from typing import Any

import numpy as np

from pm_pipeline.mining.whatif.answer import Answer
from pm_pipeline.mining.whatif.measures import MEASURES, measured
from pm_pipeline.mining.whatif.replay import LONGEST
from tests.mining.whatif.asking import LIMITS, asked, what_if
from tests.mining.whatif.simulated_town import Town

# The larger table, with how to repeat it, stands in the decision log and in benchmarks/.
_TOWNS = 30


def time_after(
    town: Town, quota: int | None, staffing: float | None, n_weeks: int
) -> dict[str, float]:
    """What becomes of the town, lived case by case."""
    if quota is not None:
        town.change_quota(quota)
    town.pace *= staffing or 1
    late = np.minimum(town.live(7 * n_weeks), LONGEST)
    counts = np.bincount(late, minlength=LONGEST + 1)[None, :]
    return dict(zip(MEASURES, measured(counts, np.array([town.waiting]))[0], strict=True))


def told_and_true(
    seed: int, quota: int | None, staffing: float | None, **facts: Any
) -> tuple[Answer, dict[str, float]]:
    """A town of two years asks, and then does it."""
    town = Town(np.random.default_rng(seed), **facts)
    town.live(7 * 104)
    found = asked(town, what_if(new_quota_days=quota, staffing_factor=staffing))
    return found, time_after(town, quota, staffing, int(LIMITS.weeks))


def test_what_comes_after_a_change_lies_within_the_interval() -> None:
    """Three towns, each lived thirty times: shorter quota, more staff, both."""
    within, told, asked_of = np.zeros(len(MEASURES)), 0, 0
    for quota, staffing, pace in ((21, None, 3.0), (None, 1.25, 3.6), (21, 1.3, 4.4)):
        for seed in range(_TOWNS):
            found, truth = told_and_true(seed, quota, staffing, pace=pace)
            for place, (measure, figures) in enumerate(found.figures.items()):
                within[place] += figures.changed.low <= truth[measure] <= figures.changed.high
            told += bool(found.figures)
            asked_of += 1
    assert told >= 0.75 * asked_of
    assert (within >= 0.9 * told).all(), dict(zip(MEASURES, within / told, strict=True))
    assert within.mean() <= 0.995 * told


def test_a_shorter_quota_with_the_same_staff_makes_everybody_later_and_more_staff_earlier() -> None:
    town = Town(np.random.default_rng(3), pace=4.3)
    town.live(7 * 104)
    shorter = asked(town, what_if(new_quota_days=21)).figures["mean_days_late"]
    staffed = asked(town, what_if(new_quota_days=None, staffing_factor=1.3)).figures["mean_days_late"]
    assert shorter.difference.low > 0 > staffed.difference.high
    assert shorter.unchanged == staffed.unchanged
