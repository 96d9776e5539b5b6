"""What may be said of a question: the figures with their intervals, or why there are none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from pm_pipeline.mining.whatif.asked import WhatIf
from pm_pipeline.mining.whatif.fit import Fitted, fit
from pm_pipeline.mining.whatif.measures import MEASURES, measured
from pm_pipeline.mining.whatif.people import People
from pm_pipeline.mining.whatif.quota import WorkingDays
from pm_pipeline.mining.whatif.scenario import Replays, replay_ahead, replay_past
from pm_pipeline.mining.whatif.turns import Turns

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_ENDS = (0.025, 0.5, 0.975)
#: Of the replays, in which some talk must be held for a share of talks to be told.
_TOLD_SHARE = 0.99


class Outcome(StrEnum):
    TOLD = "told"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True)
class Limits:
    """One field per row ``what_if_<name>`` of ``detectors/quality_limits.csv``."""

    weeks: float
    fewest_weeks: float
    fewest_busy_weeks: float
    fewest_talks: float
    block_weeks: float
    replays: float
    early_share: float
    support: float


@dataclass(frozen=True)
class Span:
    """The middle of the replays and what 95 % of them lie between."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class Figures:
    """One measure.

    Attributes:
        observed: of the weeks seen; None where few people stand behind it.
        replayed: of the same weeks in the model; all measures together lie within in 95 % of replays.
        unchanged, changed: of the weeks to come.
        difference: of the two, in the same weeks drawn.
    """

    observed: float | None
    replayed: Span
    unchanged: Span
    changed: Span
    difference: Span


@dataclass(frozen=True)
class Answer:
    """``figures`` is empty where the outcome is ``cannot_tell``.

    Attributes:
        n_busy_weeks: weeks that say how many talks can be held; None where nobody looked.
        pace: talks that can be held a working day.
    """

    outcome: Outcome
    reason: str | None
    n_busy_weeks: int | None = None
    pace: float | None = None
    figures: Mapping[str, Figures] = field(default_factory=dict)

    @classmethod
    def cannot_tell(
        cls, reason: str, n_busy_weeks: int | None = None, pace: float | None = None
    ) -> "Answer":
        return cls(Outcome.CANNOT_TELL, reason, n_busy_weeks, pace)


def answer(
    what_if: WhatIf, turns: Turns | None, people: People, calendar: WorkingDays, limits: Limits,
    min_group_size: int,
) -> Answer:
    """Fit, check on what was seen, and replay. Never an error: what cannot be told says why."""
    if turns is None:
        return Answer.cannot_tell("no_talks")
    if turns.n_citizens < min_group_size:
        return Answer.cannot_tell("below_minimum_group")
    if turns.n_weeks < limits.fewest_weeks:
        return Answer.cannot_tell("too_few_weeks")
    fitted = fit(turns, what_if.now, calendar)
    if not fitted.late.sum():
        return Answer.cannot_tell("no_talks")
    n_busy = int(fitted.is_busy.sum())
    if people.late < min_group_size:
        # of so few nothing is told, but that nobody waits for long is no secret of anybody
        return Answer.cannot_tell("no_backlog_seen" if not n_busy else "below_minimum_group")
    if n_busy < limits.fewest_busy_weeks:
        return Answer.cannot_tell("no_backlog_seen", n_busy)
    if fitted.held.reshape(-1, 7)[fitted.is_busy].sum() < limits.fewest_talks:
        return Answer.cannot_tell("too_few_talks", n_busy)
    if fitted.share_early > limits.early_share:
        return Answer.cannot_tell("not_by_due_day", n_busy)
    if _support(fitted) < limits.support:
        return Answer.cannot_tell("talks_follow_queue", n_busy)
    return _replayed(what_if, turns, fitted, people, calendar, limits, min_group_size)


def _support(fitted: Fitted) -> float:
    """How much better busy weeks are explained by a limit than by those who waited (log likelihood).

    Talks as Poisson counts: the same on every working day, or in proportion to how many waited in the
    week. Where each waits for a reason of their own, more talks are held when more wait.
    """
    import numpy as np

    busy = fitted.is_busy
    talks = fitted.held.reshape(-1, 7).sum(axis=1)[busy]
    wanted = np.maximum(fitted.wanted[busy], 1.0)
    # both have as many talks in all, so only the talks of each week tell them apart
    limit = talks.sum() / fitted.n_worked[busy].sum()
    share = talks.sum() / (fitted.n_worked[busy] * wanted).sum()
    return float((talks * np.log(limit / (share * wanted))).sum())


def _replayed(
    what_if: WhatIf, turns: Turns, fitted: Fitted, people: People, calendar: WorkingDays,
    limits: Limits, min_group_size: int,
) -> Answer:
    import numpy as np

    replays = Replays(int(limits.replays), int(limits.weeks), int(limits.block_weeks))
    now, then = what_if.now, what_if.then
    n_busy = int(fitted.is_busy.sum())
    pace = float(np.nanmean(fitted.pace[fitted.is_busy]))
    seen = measured(fitted.late, fitted.waiting[-1:])[0]
    past = replay_past(turns, fitted, now, calendar, replays)
    # four measures are held to it at once
    side = 0.025 / len(MEASURES)
    past_spans = _spans(past, (side, 0.5, 1 - side))
    fits = all(
        span.low <= value <= span.high for span, value in zip(past_spans, seen, strict=True)
    )
    if not fits:
        return Answer.cannot_tell("model_does_not_fit", n_busy, pace)
    unchanged = replay_ahead(turns, fitted, now, now, 1.0, calendar, replays)
    changed = replay_ahead(turns, fitted, now, then, what_if.staffing, calendar, replays)
    if min(np.isfinite(one).all(axis=1).mean() for one in (unchanged, changed)) < _TOLD_SHARE:
        return Answer.cannot_tell("too_few_talks", n_busy, pace)
    told = _may_be_told(people, min_group_size)
    columns = (past_spans, *(_spans(one, _ENDS) for one in (unchanged, changed, changed - unchanged)))
    return Answer(
        Outcome.TOLD, None, n_busy, pace,
        {
            measure: Figures(float(value) if measure in told else None, *spans)
            for measure, value, *spans in zip(MEASURES, seen, *columns, strict=True)
        },
    )


def _may_be_told(people: People, min_group_size: int) -> frozenset[str]:
    """Measures of what was seen that nobody few stand behind, nor beside."""
    told = {"mean_days_late", "p90_days_late"}
    if people.on_time == 0 or people.on_time >= min_group_size:
        told.add("share_on_time")
    if people.waiting == 0 or people.waiting >= min_group_size:
        told.add("n_waiting")
    return frozenset(told)


def _spans(values: "Floats", ends: tuple[float, float, float]) -> list[Span]:
    """One for each measure; a replay in which no talk was held tells nothing of talks.

    The next draw lies between the ends as often as it should, however few replays there are (the sixth
    definition in Hyndman and Fan 1996, The American Statistician 50(4)).
    """
    import numpy as np

    found = np.nanquantile(values, ends, axis=0, method="weibull")
    return [Span(*(float(one) for one in column)) for column in found.T]
