"""One case before one duty: what was done in time, and what the law makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pm_pipeline.synthetic.acts import Event
from pm_pipeline.synthetic.law_truth.days import (
    NOT_UNEMPLOYMENT,
    SUSPENDED,
    Period,
    after,
    counted_between,
    days_of,
    pushed,
    working_between,
)
from pm_pipeline.synthetic.law_truth.duties import (
    ABSENCE,
    BEGINS,
    DUTIES,
    EXEMPTION,
    WORK_DUTY,
    Duty,
)
from pm_pipeline.synthetic.world import Citizen, Course


@dataclass(frozen=True)
class RuleTruth:
    """What is right of one case and one duty, known on the day of the last delivery.

    ``due_on`` is the day by the calendar, ``due_less_stops_on`` less the days that do not count.
    ``reached_on``: the day the number asked for was reached, in time or not. The three durations run
    from the anchor to it.
    """

    rule_id: str
    version: str
    regime_id: str
    kind: str
    outcome: str
    reason: str | None
    anchor_on: date | None
    window_starts_on: date | None
    due_on: date | None
    due_less_stops_on: date | None
    removed_days: int
    first_on: date | None
    reached_on: date | None
    counted: int
    required: int
    days_late: int | None
    calendar_days: int | None
    counted_days: int | None
    working_days: int | None


@dataclass(frozen=True)
class Life:
    """A case with what bends the law for its citizen, in whichever course it was written down.

    ``periods``: by kind; ``days``: every one of their days until today.
    """

    course: Course
    events: Sequence[Event]
    periods: dict[str, tuple[Period, ...]]
    days: dict[str, frozenset[date]]
    today: date

    @classmethod
    def of(cls, citizen: Citizen, course: Course, events: Sequence[Event], today: date) -> "Life":
        """The life of one course of a citizen, as far as it is known today."""
        periods: dict[str, tuple[Period, ...]] = {ABSENCE: (), EXEMPTION: (), WORK_DUTY: ()}
        for one in (absence for lived in citizen.courses for absence in lived.absences):
            kind = EXEMPTION if one.is_exemption else WORK_DUTY if one.is_work_duty else ABSENCE
            periods[kind] += ((one.start_on, one.end_on),)
        days = {kind: days_of(those, today) for kind, those in periods.items()}
        return cls(course, events, periods, days, today)

    def days_with(self, activities: Sequence[str]) -> list[date]:
        return sorted(event.at.date() for event in self.events if event.activity in activities)


def judge(life: Life) -> list[tuple[Duty, RuleTruth]]:
    """Every duty that binds a case, shares of a cohort included (whose outcome is no verdict)."""
    course, regime_id = life.course, life.course.regime_id
    if regime_id is None:
        return []
    begun = regime_id.split("__")[1]
    return [
        (duty, _judge(life, duty, regime_id)) for duty in DUTIES
        if duty.process_id == course.process_id and begun in duty.regimes
        and course.target_group in duty.groups
    ]


@dataclass(frozen=True)
class _Window:
    """When a duty is to be done. ``is_never_opened``: nobody knows from when on."""

    anchor_on: date | None
    starts_on: date | None
    due_on: date | None
    last_on: date | None
    removed: frozenset[date]
    opened_on: date | None
    is_never_opened: bool


def _window(life: Life, duty: Duty) -> _Window:
    anchors = life.days_with([duty.anchor])
    removed = frozenset[date]()
    if duty.window is not None:
        removed = SUSPENDED if duty.is_suspended_in_stop else removed
        removed = removed | NOT_UNEMPLOYMENT if duty.is_counted_as_unemployment else removed
        removed = removed | life.days[duty.not_counting] if duty.not_counting else removed
    if not anchors:
        return _Window(None, None, None, None, removed, None, False)
    anchor = anchors[0]
    if duty.window is None:
        return _Window(anchor, anchor, None, None, removed, None, False)
    first, last, unit = duty.window
    starts_on = pushed(anchor, after(anchor, first, unit), removed)
    due_on = after(anchor, last, unit)
    opened_on = None
    if duty.opens is not None:
        opened_on = min((on for on in life.days_with([duty.opens]) if on >= anchor), default=None)
    never = duty.opens is not None and opened_on is None
    return _Window(
        anchor, None if never else max(starts_on, opened_on or starts_on), due_on,
        pushed(anchor, due_on, removed), removed, opened_on, never,
    )


def _judge(life: Life, duty: Duty, regime_id: str) -> RuleTruth:
    window = _window(life, duty)
    done, unknown = _done(life, duty, window)
    in_time = [on for on in done if _is_in_time(on, window)]
    unknown_in_time = [on for on in unknown if _is_in_time(on, window)]
    reached_on = done[duty.count - 1] if len(done) >= duty.count else None
    outcome, reason = _verdict(life, duty, window, len(in_time), len(unknown_in_time))
    late = duty.kind == "deadline" and outcome == "breached" and done and window.last_on is not None
    took = None if reached_on is None or window.anchor_on is None else (window.anchor_on, reached_on)
    return RuleTruth(
        duty.rule_id, duty.version, regime_id, duty.kind, outcome, reason, window.anchor_on,
        window.starts_on, window.due_on, window.last_on,
        (window.last_on - window.due_on).days if window.last_on and window.due_on else 0,
        min(done, default=None), reached_on, len(in_time), duty.count,
        (done[0] - window.last_on).days if late and window.last_on is not None else None,
        (took[1] - took[0]).days if took else None,
        counted_between(*took, window.removed) if took else None,
        working_between(*took) if took else None,
    )


def _done(life: Life, duty: Duty, window: _Window) -> tuple[list[date], list[date]]:
    """Days of the acts from the opening of the window on: by those who owe them, by nobody knows."""
    if window.starts_on is None:
        return [], []
    if duty.kind == "precedence":
        before = _before(life, duty.anchor)
        acts = sorted((event.at.date(), event.party) for event in before if event.activity in duty.acts)
    else:
        acts = sorted(
            (event.at.date(), event.party) for event in life.events
            if event.activity in duty.acts and event.at.date() >= window.starts_on
        )
    done = [on for on, party in acts if not duty.parties or party in duty.parties]
    return done, [on for on, party in acts if duty.parties and not party]


def _before(life: Life, anchor: str) -> list[Event]:
    """Acts before the first anchor; of one day, also those whose order nobody recorded."""
    first = min((event for event in life.events if event.activity == anchor), key=lambda one: one.at)
    return [
        event for event in life.events if event.at < first.at
        or (event.at.date() == first.at.date() and (event.is_day or first.is_day))
    ]


def _is_in_time(on: date, window: _Window) -> bool:
    return window.last_on is None or on <= window.last_on


def _verdict(
    life: Life, duty: Duty, window: _Window, n_done: int, n_unknown: int
) -> tuple[str, str | None]:
    """(outcome, reason): the first that holds, in the order of judgement."""
    ended_on, last_on = life.course.ended_on, window.last_on
    if not duty.clock_in_data:
        return "not_computable", "clock_not_in_data"
    if window.anchor_on is None:
        if duty.anchor == BEGINS[duty.process_id]:
            return "not_computable", "no_anchor_event"
        return ("pending", None) if ended_on is None else ("not_applicable", "anchor_did_not_happen")
    if n_done >= duty.count:
        return "fulfilled", None
    for kind, exemption_id in duty.lifted_by:
        if _has_day_in(life, window, life.periods[kind]):
            return "exempt", exemption_id
    if ended_on is not None and last_on is not None and ended_on <= last_on:
        return "not_applicable", "closed_before_due"
    if window.opened_on is not None and last_on is not None and window.opened_on > last_on:
        return "not_applicable", "opened_after_due"
    still_runs = life.today <= last_on if last_on is not None else ended_on is None
    if still_runs:
        return "pending", None
    if window.is_never_opened:
        return "not_computable", "no_opening_event"
    if n_done + n_unknown >= duty.count:
        return "not_computable", "responsible_party_missing"
    return "breached", None


def _has_day_in(life: Life, window: _Window, periods: Sequence[Period]) -> bool:
    """Whether a day of one of the periods lies in the window."""
    first = window.starts_on or window.anchor_on or life.course.registered_on
    last = window.last_on or life.course.ended_on or date.max
    return any(begins <= last and (ends or date.max) >= first for begins, ends in periods)
