"""Cases that break the rules of ``seeds/quality/log_rules.csv`` that count an activity in a case."""

from datetime import timedelta

from pm_pipeline.synthetic.imperfect.fasit import TABLE, Case, happened_at, happens
from pm_pipeline.synthetic.imperfect.regimes import INSURED_OLD, SOCIAL_NEW
from pm_pipeline.synthetic.imperfect.town import Planters, Seen, Town

PLANTERS = Planters()
_LATER = timedelta(days=9, hours=10)
_CASES = 16


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
