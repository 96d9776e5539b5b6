"""How acts and cases came to be recorded: the patterns of Suriadi et al. 2017 that concern no label.

Suriadi, S., Andrews, R., ter Hofstede, A. H. M., Wynn, M. T.: Event log imperfection patterns for
process mining. Information Systems 64 (2017), pp. 132-150.
"""

from collections import Counter
from datetime import date, datetime, timedelta

from pm_pipeline.synthetic.imperfect.fasit import (
    TABLE,
    happened_at,
    happens,
    registered_at,
    with_label,
    with_timed,
)
from pm_pipeline.synthetic.imperfect.momentum import (
    TABLES,
    add_course,
    add_talk,
    export_of,
    moment_in,
)
from pm_pipeline.synthetic.imperfect.regimes import (
    INSURED_NEW,
    INSURED_OLD,
    RESOURCE,
    SOCIAL_NEW,
    SOCIAL_OLD,
)
from pm_pipeline.synthetic.imperfect.town import Planters, Seen, Town
from pm_pipeline.synthetic.momentum_format import instant

PLANTERS = Planters()
_ON_ONE_FORM = 4
_QUIET_BEFORE, _QUIET_AFTER = 10, 3


@PLANTERS.of("form_based")
def form_based(town: Town) -> Seen:
    """Acts of several days were written into forms and carry the minute in which each was saved."""
    seen = Seen()
    for case in town.cases(36, INSURED_OLD, with_timed(2 * _ON_ONE_FORM)):
        timed = case.timed()
        for first in range(0, len(timed) - _ON_ONE_FORM + 1, _ON_ONE_FORM):
            # two acts of one kind at one moment would be one act told twice
            form = {act["Hændelse"]: act for act in timed[first:first + _ON_ONE_FORM]}.values()
            saved_at = max(map(registered_at, form))
            if len(form) > 1:
                for act in form:
                    happens(act, saved_at, registered=saved_at)
                seen.records += form
    return seen


@PLANTERS.of("collateral")
def collateral(town: Town) -> Seen:
    """Each talk that is saved writes a row of another act by itself, in the same minute."""
    seen = Seen()
    sheet = town.fasit.last(TABLE)
    for case in town.cases(40, SOCIAL_OLD, with_label("Jobsamtale")):
        moments = Counter(map(happened_at, case.acts))
        for act in case.labelled("Jobsamtale"):
            if moments[happened_at(act)] == 1:
                seen.records.append(sheet.add(
                    act, Løbenr=town.fasit.next_key(TABLE), Hændelse="Samlet beskrivelse", Form="",
                    Ansvarlig="", Notat=""))
    return seen


@PLANTERS.of("scattered_event")
def scattered_event(town: Town) -> Seen:
    """Rows were changed by hand long after their act; what was done that day has no row of its own."""
    seen = Seen()
    for course in town.courses(40, INSURED_NEW, lambda course: len(course.held()) > 1):
        days = course.days()
        for row in course.held():
            known = max(moment_in(row["heldAt"]), moment_in(row["registeredAt"]))
            quiet = _quiet_day(days, known.date(), export_of(row).date())
            if quiet is not None:
                at = datetime.combine(quiet, datetime.min.time()) + timedelta(
                    hours=8, seconds=town.rng.randrange(25_000))
                row["updatedAt"] = instant(at)
                seen.records.append(row)
    return seen


def _quiet_day(days: set[date], after: date, before: date) -> date | None:
    """A day before and after which nothing happened for some days; None if there is none."""
    for number in range(20, (before - after).days):
        day = after + timedelta(days=number)
        if not any(-_QUIET_AFTER <= (day - other).days <= _QUIET_BEFORE for other in days):
            return day
    return None


@PLANTERS.of("elusive_case")
def elusive_case(town: Town) -> Seen:
    """The rows that say what is a case are missing for some citizens; their acts are all there."""
    seen = Seen()
    nowhere = set()
    for course in town.courses(45, SOCIAL_NEW):
        nowhere.add(course.row_id)
        for table in TABLES:
            seen.records += course.rows[table]
    for sheet in town.momentum.sheets["target_groups"]:
        sheet.records = [row for row in sheet.records if row["rowId"] not in nowhere]
    return seen


@PLANTERS.of("scattered_case")
def scattered_case(town: Town) -> Seen:
    """One course is told by two systems, each with some of the talks and a case of its own."""
    seen = Seen()
    fits = with_timed(5)
    for case in town.cases(14, RESOURCE, lambda case: case.ended_on is not None and fits(case)):
        first, cpr = case.acts[0], case.cpr
        row_id = add_course(
            town.momentum, cpr, first["Målgruppe"], case.registered_on, registered_at(first))
        for act in case.labelled("Jobsamtale")[1::2]:
            add_talk(town.momentum, cpr, happened_at(act), registered_at(act))
            act.sheet.records.remove(act)
        seen.cases += [("fasit", case.case_ref), ("momentum", row_id)]
    return seen
