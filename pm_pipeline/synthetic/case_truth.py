"""What is true of one case: whose it is, the law it follows, its changes, and what is right of it."""

from dataclasses import dataclass
from datetime import date

from pm_pipeline.synthetic.acts import Event
from pm_pipeline.synthetic.law_truth import Life, Member, RuleTruth, judge, member
from pm_pipeline.synthetic.law_truth.days import SUSPENDED
from pm_pipeline.synthetic.world import REGIMES_FROM, Citizen, Course

_CV_OR_TALK = ("CV_SAMTALE", "JOBSAMTALE", "FAELLESSAMTALE")


@dataclass(frozen=True)
class CaseTruth:
    """One case. ``citizen_cpr`` (ten digits) and ``case_ref`` are source identifiers: a test that
    holds the municipality's key computes the pseudonyms from them. ``case_ref`` is the Momentum
    rowId of the target group, the Fasit Sagsnr or the case id of the event log.

    ``regime_id`` is None for who was registered before any of the laws. ``rules``: every duty of the
    case; a share of a cohort is in none of them. ``situations``: what is odd about the case.
    """

    process_id: str
    regime_id: str | None
    citizen_cpr: str
    case_ref: str
    target_group: str
    unemployment_fund: str
    registered_on: date
    ended_on: date | None
    spans_law_change: bool
    n_events: int
    caseworker_changes: int
    talks_per_party: dict[str, int]
    situations: tuple[str, ...]
    rules: tuple[RuleTruth, ...]


def case_truth(
    citizen: Citizen, course: Course, events: list[Event], case_ref: str, end_of_data: date
) -> tuple[CaseTruth, list[Member]]:
    """The truth of one case from the events its system tells of, and its place in cohorts."""
    judged = judge(Life.of(citizen, course, events, end_of_data))
    cpr, ended_on = citizen.person.cpr, course.ended_on
    until = ended_on or max(event.at.date() for event in events)
    spans = any(
        course.registered_on < day <= until for day in REGIMES_FROM[course.process_id])
    per_party: dict[str, int] = {}
    for event in events:
        if event.activity in _CV_OR_TALK:
            per_party[event.party] = per_party.get(event.party, 0) + 1
    rules = tuple(truth for duty, truth in judged if duty.share is None)
    truth = CaseTruth(
        course.process_id, course.regime_id, cpr, case_ref, course.target_group,
        course.unemployment_fund, course.registered_on, ended_on, spans, len(events),
        sum(1 for event in events if event.activity == "SAGSBEHANDLERSKIFTE"), per_party,
        _situations(course, events, rules, spans), rules,
    )
    return truth, [
        member(duty, one, course.process_id, course.target_group, cpr, ended_on,
               course.registered_on, end_of_data)
        for duty, one in judged if duty.share is not None
    ]


def _situations(
    course: Course, events: list[Event], rules: tuple[RuleTruth, ...], spans: bool
) -> tuple[str, ...]:
    activities = {event.activity for event in events}
    pushed = any(one.removed_days for one in rules)
    stopped = any(
        one.anchor_on is not None and one.due_less_stops_on is not None
        and any(one.anchor_on < day <= one.due_less_stops_on for day in SUSPENDED) for one in rules)
    on_the_edge = any(
        one.due_less_stops_on is not None and event.activity in _CV_OR_TALK
        and event.at.date() == one.due_less_stops_on for one in rules for event in events)
    found = {
        "spans_law_change": spans,
        "before_every_regime": course.regime_id is None,
        "clock_stop": pushed and stopped,
        "absence": "FRAVAER_START" in activities,
        "absence_removes_days": pushed and not stopped,
        "open_absence": any(one.is_absence and one.end_on is None for one in course.absences),
        "exemption": "FRITAGELSE_START" in activities,
        "work_duty": "ARBEJDSPLIGT_START" in activities,
        "handed_over": "OVERGANG_KOMMUNE" in activities,
        "ended_early": any(one.reason == "closed_before_due" for one in rules),
        "talk_on_the_last_day": on_the_edge,
        "fund_unknown": course.target_group == "6.1" and not course.unemployment_fund,
        "began_on_a_month_end": (course.registered_on.day >= 29),
    }
    return (*course.situations, *(name for name, holds in found.items() if holds))
