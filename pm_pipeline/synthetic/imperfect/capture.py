"""How acts and cases came to be recorded: the patterns of Suriadi et al. 2017 that concern no label.

Suriadi, S., Andrews, R., ter Hofstede, A. H. M., Wynn, M. T.: Event log imperfection patterns for
process mining. Information Systems 64 (2017), pp. 132-150.
"""

from datetime import datetime, timedelta

from pm_pipeline.synthetic.imperfect.fasit import (
    TABLE,
    happened_at,
    happens,
    one_of_each_label,
    registered_at,
    with_timed,
)
from pm_pipeline.synthetic.imperfect.slices import (
    INSURED_OLD,
    RESOURCE,
    SOCIAL_NEW,
    SOCIAL_OLD,
)
from pm_pipeline.synthetic.imperfect.town import Planters, Seen, Town
from pm_pipeline.synthetic.momentum_format import instant, midnight

PLANTERS = Planters()
_ON_ONE_FORM = 4
_SAVES = 3


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
    """One talk was saved three times within two minutes, and each time became a row."""
    seen = Seen()
    sheet = town.fasit.last(TABLE)
    for case in town.cases(20, SOCIAL_OLD, with_timed(5)):
        for act in case.timed()[1:5:2]:
            for save in range(1, _SAVES):
                again = sheet.add(act, Løbenr=town.fasit.next_key(TABLE), Notat="")
                later = timedelta(minutes=save)
                happens(again, happened_at(act) + later, registered=registered_at(act) + later)
                seen.records.append(again)
    return seen


@PLANTERS.of("scattered_event")
def scattered_event(town: Town) -> Seen:
    """That a case ended stands beside its other rows only: the row of the end itself is missing."""
    seen = Seen()
    for case in town.cases(14, SOCIAL_NEW, lambda case: case.ended_on is not None):
        *others, end = case.acts
        end.sheet.records.remove(end)
        seen.records += [act for act in others if act["Afmeldt"]]
        seen.cases.append(("fasit", case.case_ref))
    return seen


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
    groups = town.momentum.last("target_groups")
    fits = with_timed(5)
    for case in town.cases(8, RESOURCE, lambda case: case.ended_on is not None and fits(case)):
        first, cpr = case.acts[0], case.acts[0]["CPR-nr"].replace("-", "")
        row_id = town.momentum.next_key("target_groups")
        groups.add(
            groups.records[0], rowId=row_id, cpr=cpr, targetGroupCode=first["Målgruppe"],
            unemploymentFund=first["A-kasse"], startDate=midnight(case.registered_on), endDate="",
            endReason="", registeredAt=instant(registered_at(first)),
            updatedAt=instant(registered_at(first)),
        )
        for act in [act for act in case.timed() if act["Hændelse"] == "Jobsamtale"][1::2]:
            _as_talk_of_momentum(town, cpr, happened_at(act), registered_at(act))
            act.sheet.records.remove(act)
        seen.cases += [("fasit", case.case_ref), ("momentum", row_id)]
    return seen


def _as_talk_of_momentum(town: Town, cpr: str, at: datetime, recorded_at: datetime) -> None:
    talks = town.momentum.last("contacts")
    talks.add(
        talks.records[0], contactId=town.momentum.next_key("contacts"), cpr=cpr, contactType="7",
        contactForm="Personligt", state="held", bookedAt="", bookedBy="", heldAt=instant(at),
        registeredAt=instant(recorded_at), updatedAt=instant(recorded_at),
        responsibleAuthority="JOBCENTER", teamId="TEAM-JOB-1", createdByName="System", note="",
    )
