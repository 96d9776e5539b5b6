"""What looks like a pattern and is none: it is planted in every town, and nothing may find it."""

from datetime import datetime, time, timedelta

from pm_pipeline.synthetic.imperfect.fasit import (
    TABLE,
    happened_at,
    happens,
    prompt,
    registered_at,
    with_label,
)
from pm_pipeline.synthetic.imperfect.momentum import export_of
from pm_pipeline.synthetic.imperfect.regimes import INSURED_NEW, SOCIAL_NEW, SOCIAL_OLD
from pm_pipeline.synthetic.imperfect.town import Planters, Seen, Town

PLANTERS = Planters()
_HONEST = timedelta(days=21)
_MEETING_AT = time(9)


@PLANTERS.of("late_but_honest")
def late_but_honest(town: Town) -> Seen:
    """Acts that were written down when the caseworker was back from three weeks of leave."""
    seen = Seen()
    for case in town.cases(8, SOCIAL_NEW, with_label("Jobsamtale")):
        for act in case.labelled("Jobsamtale")[:2]:
            if happened_at(act) + _HONEST < export_of(act):
                happens(act, happened_at(act), registered=happened_at(act) + _HONEST)
                seen.records.append(act)
    return seen


@PLANTERS.of("two_talks_on_one_day")
def two_talks_on_one_day(town: Town) -> Seen:
    """A talk with the municipality and one that it led to, three hours later."""
    seen = Seen()
    sheet = town.fasit.last(TABLE)
    for case in town.cases(6, SOCIAL_OLD, with_label("Jobsamtale")):
        act = case.labelled("Jobsamtale")[0]
        later = timedelta(hours=3, minutes=10)
        again = sheet.add(act, Løbenr=town.fasit.next_key(TABLE), Notat="")
        happens(again, happened_at(act) + later, registered=registered_at(act) + later)
        seen.records.append(again)
    return seen


@PLANTERS.of("many_citizens_on_one_day")
def many_citizens_on_one_day(town: Town) -> Seen:
    """A meeting for many at nine o'clock; a caseworker writes them down one after the other."""
    seen = Seen()
    sheet = town.fasit.last(TABLE)
    cases = list(town.cases(20, INSURED_NEW, with_label("Jobsamtale")))
    on = max(case.registered_on for case in cases) + timedelta(days=30)
    for number, case in enumerate(cases):
        if case.ended_on is None or case.ended_on > on:
            at = datetime.combine(on, _MEETING_AT)
            met = sheet.add(
                case.labelled("Jobsamtale")[0], Løbenr=town.fasit.next_key(TABLE), Notat="")
            happens(met, at, registered=at + timedelta(hours=2, minutes=number))
            seen.records.append(met)
    return seen


@PLANTERS.of("case_number_not_told")
def case_number_not_told(town: Town) -> Seen:
    """Rows without a case number, of a citizen who was in one case only on that day."""
    seen = Seen()
    for case in town.cases(6, INSURED_NEW, with_label("Jobsamtale")):
        act = case.labelled("Jobsamtale")[0]
        act["Sagsnr"] = ""
        seen.records.append(act)
    return seen


@PLANTERS.of("day_that_is_its_month")
def day_that_is_its_month(town: Town) -> Seen:
    """Acts on 3 March or 5 May are the same with day and month swapped."""
    seen = Seen()

    for case in town.cases(6, SOCIAL_NEW, lambda case: bool(prompt(case))):
        act = prompt(case)[0]
        at = happened_at(act)
        same = at.replace(day=at.month)
        happens(act, same, registered=same + (registered_at(act) - at))
        seen.records.append(act)
    return seen
