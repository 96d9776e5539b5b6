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
    one_of_each_label,
    registered_at,
    with_label,
    with_timed,
)
from pm_pipeline.synthetic.imperfect.momentum import (
    course_in_momentum,
    days_of,
    moment_in,
    talk_in_momentum,
)
from pm_pipeline.synthetic.imperfect.slices import (
    INSURED_OLD,
    RESOURCE,
    SOCIAL_NEW,
    SOCIAL_OLD,
)
from pm_pipeline.synthetic.imperfect.town import Planters, Seen, Town
from pm_pipeline.synthetic.momentum_format import instant

PLANTERS = Planters()
_ON_ONE_FORM = 4
_QUIET_DAYS = 14


@PLANTERS.of("form_based")
def form_based(town: Town) -> Seen:
    """Acts of several days were written into one form and carry the minute in which it was saved."""
    seen = Seen()
    for case in town.cases(28, INSURED_OLD, with_timed(6, labels=_ON_ONE_FORM)):
        acts = one_of_each_label(case.timed())[:_ON_ONE_FORM]
        saved_at = registered_at(acts[-1])
        for act in acts:
            happens(act, saved_at, registered=saved_at)
        seen.records += acts
    return seen


@PLANTERS.of("collateral")
def collateral(town: Town) -> Seen:
    """Each talk that is saved writes a row of another act by itself, in the same minute."""
    seen = Seen()
    sheet = town.fasit.last(TABLE)
    for case in town.cases(16, SOCIAL_OLD, with_label("Jobsamtale")):
        for act in [act for act in case.timed() if act["Hændelse"] == "Jobsamtale"][:4]:
            seen.records.append(sheet.add(
                act, Løbenr=town.fasit.next_key(TABLE), Hændelse="Samlet beskrivelse", Form="",
                Ansvarlig="", Notat=""))
    return seen


@PLANTERS.of("scattered_event")
def scattered_event(town: Town) -> Seen:
    """A row was changed by hand long after its act; what was done that day has no row of its own."""
    seen = Seen()
    told = Counter(row["contactId"] for row in town.momentum.records("contacts"))
    for cpr in town.citizens_of_momentum(50):
        days = sorted(days_of(town.momentum, cpr))
        held = [
            row for row in town.momentum.records("contacts")
            if row["cpr"] == cpr and row["state"] == "held" and told[row["contactId"]] == 1
        ]
        for row in held[:1]:
            end = date.fromisoformat(row.sheet.delivered_on)
            quiet = _quiet_day(days, moment_in(row["heldAt"]).date(), end)
            if quiet is not None:
                at = datetime.combine(quiet, datetime.min.time()) + timedelta(
                    hours=9, seconds=town.rng.randrange(20_000))
                row["updatedAt"] = instant(at)
                seen.records.append(row)
    return seen


def _quiet_day(days: list[date], after: date, before: date) -> date | None:
    """A day that is two weeks from every day on which something happened; None if there is none."""
    for number in range(20, (before - after).days):
        day = after + timedelta(days=number)
        if all(abs((day - other).days) > _QUIET_DAYS for other in days):
            return day
    return None


@PLANTERS.of("elusive_case")
def elusive_case(town: Town) -> Seen:
    """Of one system the rows that say what is a case are missing, of the other the case number."""
    seen = Seen()
    for case in town.cases(8, SOCIAL_NEW, with_timed(8)):
        for act in case.timed():
            act["Sagsnr"] = ""
            seen.records.append(act)
    nowhere = town.citizens_of_momentum(45)
    for sheet in town.momentum.sheets["target_groups"]:
        sheet.records = [row for row in sheet.records if row["cpr"] not in nowhere]
    for table in ("contacts", "tasks", "caseworkers", "offers", "absences"):
        seen.records += [row for row in town.momentum.records(table) if row["cpr"] in nowhere]
    return seen


@PLANTERS.of("scattered_case")
def scattered_case(town: Town) -> Seen:
    """One course is told by two systems, each with some of the talks and a case of its own."""
    seen = Seen()
    fits = with_timed(5)
    for case in town.cases(8, RESOURCE, lambda case: case.ended_on is not None and fits(case)):
        first, cpr = case.acts[0], case.acts[0]["CPR-nr"].replace("-", "")
        row_id = course_in_momentum(
            town, cpr, first["Målgruppe"], case.registered_on, registered_at(first))
        for act in [act for act in case.timed() if act["Hændelse"] == "Jobsamtale"][1::2]:
            talk_in_momentum(town, cpr, happened_at(act), registered_at(act))
            act.sheet.records.remove(act)
        seen.cases += [("fasit", case.case_ref), ("momentum", row_id)]
    return seen

