"""Which weeks a change is judged on, and what else happened in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pm_pipeline.quality.effects.changes import Change
from pm_pipeline.quality.effects.limits import Limits
from pm_pipeline.quality.effects.nuisance import knows_season, nuisance_terms
from pm_pipeline.quality.effects.series import Calendar, Series

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

_WHOLE_WEEK = 7
# A step of another change needs weeks of its own on both sides, or nothing is left to see it by.
_FEWEST_WEEKS_OF_A_STEP = 4


@dataclass(frozen=True)
class Window:
    """The weeks of one series around one change.

    Attributes:
        columns: of the calendar, oldest first.
        at: weeks from the change, negative before it.
        is_after: 1 from the day on.
        is_shown_before, is_shown_after: the weeks that are told side by side.
        nuisance: weeks × terms.
        knows_season: whether the same day of the year before is among the weeks.
        confounders: ids of the changes near, this one among them: laws of one day share a window.
    """

    columns: "NDArray[np.intp]"
    at: "Array"
    is_after: "Array"
    is_shown_before: "NDArray[np.bool_]"
    is_shown_after: "NDArray[np.bool_]"
    nuisance: "Array"
    knows_season: bool
    confounders: tuple[str, ...]

    @property
    def weeks_before(self) -> int:
        return int(self.is_shown_before.sum())

    @property
    def weeks_after(self) -> int:
        return int(self.is_shown_after.sum())


def window_of(
    change: Change, others: Iterable[Change], series: Series, calendar: Calendar, limits: Limits,
    reach: Series | None = None,
) -> Window:
    """The weeks from the history before the change to the end of the window after it, as far as data
    go.

    ``reach``: the series that tells how far they go, where ``series`` may have nothing to tell for
    years: a code that nobody knows.
    """
    import numpy as np

    days_from = (calendar.starts_on - np.datetime64(change.changed_on)).astype(float)
    weeks_from = days_from / _WHOLE_WEEK
    reach = reach or series
    told = reach.denominators if reach.denominators is not None else reach.numerators
    told_in = np.flatnonzero(told.sum(axis=0) > 0)
    reached = np.zeros(len(weeks_from), dtype=bool)
    if len(told_in):
        reached[told_in[0]:told_in[-1] + 1] = True
    # the last week of the data is not over
    if calendar.days[-1] < _WHOLE_WEEK:
        reached[-1] = False
    inside = (weeks_from >= -limits.history_weeks) & (weeks_from < limits.window_weeks) & reached
    columns = np.flatnonzero(inside)
    at = weeks_from[columns]
    is_after = at >= 0
    near, steps_at = _others(change, list(others), at, limits)
    return Window(
        columns, at, is_after.astype(float),
        is_shown_before=~is_after & (at >= -limits.window_weeks),
        is_shown_after=is_after,
        nuisance=nuisance_terms(at, steps_at, bends=series.denominators is None),
        knows_season=knows_season(at),
        confounders=near,
    )


def own_weeks(
    change: Change, others: Iterable[Change], limits: Limits
) -> tuple[float, float]:
    """From which week to which one a law has the data to itself, counted from its day.

    Another law that is far enough away to be told apart ends them: its step is not the late effect of
    this one. A release does not: there are several a year, and they change what is written down.
    """
    weeks = [
        (other.changed_on - change.changed_on).days / _WHOLE_WEEK for other in others
        if other.kind == "law" and concerns_the_same(change, other)
    ]
    return (
        max([-limits.window_weeks, *(one for one in weeks if one <= -limits.apart_weeks)]),
        min([limits.adoption_weeks, *(one for one in weeks if one >= limits.apart_weeks)]),
    )


def concerns_the_same(change: Change, other: Change) -> bool:
    """Whether another change may move the same figures: the process, and the system where one has
    one.
    """
    return (
        other.day != change.day
        and other.process_id == change.process_id
        and (not change.system_id or not other.system_id or other.system_id == change.system_id)
    )


def _others(
    change: Change, others: list[Change], at: "Array", limits: Limits
) -> tuple[tuple[str, ...], list[float]]:
    """The ids of those near the change, and where those far enough from it have a step of their own."""
    near = {change.change_id}
    steps: list[float] = []
    for other in sorted(others, key=lambda one: one.changed_on):
        if not concerns_the_same(change, other) or other.kind == "delivery":
            continue
        weeks = (other.changed_on - change.changed_on).days / _WHOLE_WEEK
        if abs(weeks) < limits.window_weeks:
            near.add(other.change_id)
        is_seen = min((at < weeks).sum(), (at >= weeks).sum()) >= _FEWEST_WEEKS_OF_A_STEP
        is_apart = all(abs(weeks - one) >= limits.apart_weeks for one in [0.0, *steps])
        if is_seen and is_apart:
            steps.append(weeks)
    return tuple(sorted(near)), steps
