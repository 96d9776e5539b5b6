"""Cases and acts that break the rules of ``seeds/quality/log_rules.csv``."""

from datetime import timedelta

from pm_pipeline.synthetic.imperfect.fasit import TABLE, Case, happened_at, happens
from pm_pipeline.synthetic.imperfect.regimes import (
    INSURED_NEW,
    INSURED_OLD,
    INSURED_REFORM,
    RESOURCE,
    SOCIAL_NEW,
    SOCIAL_OLD,
    SOCIAL_REFORM,
)
from pm_pipeline.synthetic.imperfect.sheets import Record
from pm_pipeline.synthetic.imperfect.town import Planters, Seen, Town

PLANTERS = Planters()
_LATER = timedelta(days=9, hours=10)
_CASES = 16
_TALKS, _TALKS_BY_DAY = ("Jobsamtale", "CV-samtale", "Fællessamtale"), ("Jobsamtale", "CV-samtale")
_EFFORT = ("Indsats startet",)


@PLANTERS.of("FL_REGISTERED_ONCE")
def registered_once(town: Town) -> Seen:
    """A course holds a second registration: two courses became one."""
    return _told_again(town, "Tilmeldt", INSURED_OLD)


@PLANTERS.of("KH_CONTACTED_ONCE")
def contacted_once(town: Town) -> Seen:
    """A course holds a second first contact."""
    return _told_again(town, "Første henvendelse", SOCIAL_NEW)


def _told_again(town: Town, label: str, regime_id: str) -> Seen:
    seen = Seen()
    sheet = town.fasit.last(TABLE)

    def once(case: Case) -> bool:
        told = [act for act in case.acts if act["Hændelse"] == label]
        return len(told) == 1 and happened_at(case.acts[-1]) > happened_at(told[0]) + 2 * _LATER

    for case in town.cases(_CASES, regime_id, once):
        [act] = [act for act in case.acts if act["Hændelse"] == label]
        at = happened_at(act) + _LATER
        again = sheet.add(act, Løbenr=town.fasit.next_key(TABLE), Notat="")
        happens(again, at, registered=at + timedelta(minutes=5))
        seen.cases.append(("fasit", case.case_ref))
    return seen


@PLANTERS.of("FL24_TALK_PARTY")
def talks_without_party(town: Town) -> Seen:
    """Of all talks of a case nobody wrote down who held them."""
    return _nobody_held(town, INSURED_NEW, _CASES)


@PLANTERS.of("FL26_TALK_PARTY")
def talks_without_party_after_reform(town: Town) -> Seen:
    """The same where the reform of 2026 asks for the party."""
    return _nobody_held(town, INSURED_REFORM, _CASES)


@PLANTERS.of("FL24_TALK_DAY")
def talks_without_day(town: Town) -> Seen:
    """The talks of a case have lost their days, so that they lie in no window."""
    return _no_day(town, INSURED_NEW, _TALKS_BY_DAY, 30)


@PLANTERS.of("KH20_TALK_DAY")
def talks_without_day_before_2024(town: Town) -> Seen:
    """The same in social assistance until the end of 2023."""
    return _no_day(town, SOCIAL_OLD, _TALKS_BY_DAY[:1], _CASES)


@PLANTERS.of("KH24_TALK_DAY")
def talks_without_day_in_social_assistance(town: Town) -> Seen:
    """The same in social assistance from 2024."""
    return _no_day(town, SOCIAL_NEW, _TALKS_BY_DAY[:1], _CASES)


@PLANTERS.of("KH26_TALK_DAY")
def talks_without_day_after_reform(town: Town) -> Seen:
    """The same in social assistance from the reform of 2026."""
    return _no_day(town, SOCIAL_REFORM, _TALKS_BY_DAY[:1], _CASES)


@PLANTERS.of("RF22_EFFORT_DAY")
def efforts_without_day(town: Town) -> Seen:
    """Efforts of a resource course have lost the day they began on."""
    return _no_day(town, RESOURCE, _EFFORT, 8)


def _nobody_held(town: Town, regime_id: str, n: int) -> Seen:
    seen = Seen()

    def told(case: Case) -> list[Record]:
        return [act for act in _acts(case, _TALKS) if act["Ansvarlig"]]

    for case in town.cases(n, regime_id, lambda case: bool(told(case))):
        for act in told(case):
            act["Ansvarlig"] = ""
            seen.records.append(act)
    return seen


def _no_day(town: Town, regime_id: str, labels: tuple[str, ...], n: int) -> Seen:
    seen = Seen()
    for case in town.cases(n, regime_id, lambda case: bool(_acts(case, labels))):
        for act in _acts(case, labels):
            act["Hændelsesdato"] = act["Klokkeslæt"] = ""
            seen.records.append(act)
    return seen


def _acts(case: Case, labels: tuple[str, ...]) -> list[Record]:
    return [act for act in case.acts if act["Hændelse"] in labels]
