"""Generalisation: whether every part of a model is used often enough to be more than chance."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from pm_pipeline.mining.fit.replay import Replay

GENERALISATION_MEASURE = "activity_use_on_fitting_prefixes"


@dataclass(frozen=True)
class Generalisation:
    """Use of the model's activities, and the share of the log's steps that were counted as use."""

    value: float
    coverage: float


def generalisation(activities: Collection[str], walked: Replay) -> Generalisation:
    """``1 - mean of 1 / sqrt(times used)`` over the activities of a model; one never used counts 1.

    Buijs, van Dongen, van der Aalst, Quality Dimensions in Process Discovery (2014), 3.4, over the
    visible steps of the model: how often a silent step is taken is not told by a log. An activity is
    used where a case walks it while the model still allows all that the case has done; steps after a
    deviation are no use of the model that could be told exactly, so the figure errs to the low side,
    and ``coverage`` says how many of the steps it rests on.
    """
    used: Counter[str] = Counter()
    for prefix in walked.prefixes[1:]:
        if prefix.state is not None:
            used[prefix.activity] += prefix.n_cases
    names = set(activities)
    chance = sum(1 / used[name] ** 0.5 if used[name] else 1.0 for name in names)
    return Generalisation(
        value=1 - chance / len(names) if names else 1.0,
        coverage=used.total() / walked.n_steps if walked.n_steps else 1.0,
    )
