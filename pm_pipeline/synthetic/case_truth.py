"""What is true of one case: its first talk, the talks in the windows of the law, its changes."""

from dataclasses import dataclass
from datetime import date

from pm_pipeline.synthetic.clock import add_months
from pm_pipeline.synthetic.world import FUND, JOINT, MUNICIPALITY, Course, Event

# The generator's own reading of LAB sections 25 and 31, independent of the seeds it checks:
# rule_id -> (activities that count, parties that count, months of the window, talks wanted)
_Counted = tuple[tuple[str, ...], tuple[str, ...], int, int]
_COUNTED: dict[str, dict[str, _Counted]] = {
    "forsikrede_ledige__20200101": {
        "LAB31_G1_MUNICIPALITY_TALKS_6M": (("JOBSAMTALE",), (MUNICIPALITY,), 6, 4),
    },
    "forsikrede_ledige__20240101": {
        "LAB31_G1_FUND_TALKS_3M": (("JOBSAMTALE", "CV_SAMTALE"), (FUND,), 3, 3),
        "LAB31_G1_MUNICIPALITY_TALKS_6M": (
            ("JOBSAMTALE", "FAELLESSAMTALE"), (MUNICIPALITY, JOINT), 6, 3),
    },
    "kontanthjaelp__20200101": {"LAB31_G2_5_TALKS_6M": (("JOBSAMTALE",), (MUNICIPALITY,), 6, 4)},
    "kontanthjaelp__20240101": {"LAB31_G2_5_TALKS_6M": (("JOBSAMTALE",), (MUNICIPALITY,), 6, 4)},
}
# regime -> (rule_id, activities that fulfil it, party, days)
_FIRST_TALK = {
    "forsikrede_ledige__20200101": ("LAB25_G1_CV_TALK_2W", ("CV_SAMTALE",), FUND, 14),
    "forsikrede_ledige__20240101": (
        "LAB31_G1_FUND_FIRST_TALK_2W", ("JOBSAMTALE", "CV_SAMTALE"), FUND, 14),
    "kontanthjaelp__20200101": ("LAB31_G2_5_FIRST_TALK_1W", ("JOBSAMTALE",), MUNICIPALITY, 7),
    "kontanthjaelp__20240101": ("LAB31_G2_5_FIRST_TALK_1W", ("JOBSAMTALE",), MUNICIPALITY, 7),
}
_TALKS = ("JOBSAMTALE", "FAELLESSAMTALE", "CV_SAMTALE")


@dataclass(frozen=True)
class CountedTalks:
    """One minimum-count rule of one case, after the last delivery."""

    rule_id: str
    window_ends_on: date
    counted: int
    required: int


@dataclass(frozen=True)
class CaseTruth:
    """One case. ``citizen_cpr`` (ten digits) and ``case_ref`` are source identifiers: a test that
    holds the municipality's key computes the pseudonyms from them. ``case_ref`` is the Momentum
    rowId of the target group, the Fasit Sagsnr or the case id of the event log.

    ``first_talk`` is one of met, late (held late, or not at all although the deadline passed while
    the course was open), ended_before_due, pending.
    """

    process_id: str
    regime_id: str
    citizen_cpr: str
    case_ref: str
    target_group: str
    registered_on: date
    ended_on: date | None
    n_events: int
    caseworker_changes: int
    first_talk_rule: str
    first_talk_due_on: date
    first_talk_on: date | None
    first_talk: str
    talks_0_3_months: dict[str, int]
    talks_0_6_months: dict[str, int]
    counted_talks: tuple[CountedTalks, ...]


def case_truth(
    course: Course, events: list[Event], cpr: str, case_ref: str, end_of_data: date
) -> CaseTruth:
    """The truth of one case from the events its system tells of."""
    start = course.registered_on
    talks = [(e.at.date(), e.activity, e.party) for e in events if e.activity in _TALKS]
    rule_id, activities, party, days = _FIRST_TALK[course.regime_id]
    due_on = date.fromordinal(start.toordinal() + days)
    firsts = [on for on, activity, by in talks if activity in activities and by == party]
    first_on = min(firsts, default=None)
    counted = tuple(
        CountedTalks(rule, add_months(start, months), sum(
            1 for on, activity, by in talks
            if activity in kinds and by in parties and on < add_months(start, months)
        ), required)
        for rule, (kinds, parties, months, required) in _COUNTED[course.regime_id].items()
    )
    return CaseTruth(
        course.process_id, course.regime_id, cpr, case_ref, course.target_group, start,
        course.ended_on, len(events),
        sum(1 for event in events if event.activity == "SAGSBEHANDLERSKIFTE"),
        rule_id, due_on, first_on, _first_talk(first_on, due_on, course.ended_on, end_of_data),
        _by_party(talks, add_months(start, 3)), _by_party(talks, add_months(start, 6)), counted,
    )


def _first_talk(first_on: date | None, due_on: date, ended_on: date | None, known: date) -> str:
    if first_on is not None:
        return "met" if first_on <= due_on else "late"
    if ended_on is not None and ended_on <= due_on:
        return "ended_before_due"
    return "late" if due_on < known else "pending"


def _by_party(talks: list[tuple[date, str, str]], before: date) -> dict[str, int]:
    """JOBSAMTALE and FAELLESSAMTALE held before a day, by who held them (a joint talk is joint)."""
    counts = dict.fromkeys((MUNICIPALITY, FUND, JOINT), 0)
    for on, activity, party in talks:
        if activity != "CV_SAMTALE" and on < before:
            counts[party] += 1
    return counts

