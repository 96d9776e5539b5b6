"""What a change of law leaves behind in the data: codes out of their time, fields, volumes, history."""

from datetime import date, datetime, timedelta

from pm_pipeline.synthetic.imperfect.fasit import (
    TABLE,
    Case,
    happened_at,
    happens,
    registered_at,
)
from pm_pipeline.synthetic.imperfect.sheets import Record
from pm_pipeline.synthetic.imperfect.slices import (
    INSURED_NEW,
    INSURED_OLD,
    SOCIAL_OLD,
)
from pm_pipeline.synthetic.imperfect.town import Code, Month, Planters, Seen, Town
from pm_pipeline.synthetic.world import FORSIKREDE, LAW_B_FROM

PLANTERS = Planters()
#: What the municipality's own mapping has to say of its codes: (source code, activity, first day, end).
OWN_CODES = (
    ("Samtale efter gammelt forløb", "JOBSAMTALE", None, LAW_B_FROM),
    ("Samtale efter nyt forløb", "JOBSAMTALE", LAW_B_FROM, None),
    ("Samtale 20", "JOBSAMTALE", None, LAW_B_FROM),
    ("Samtale 20", "OPFOELGNING", LAW_B_FROM, None),
)
_OLD_CODE, _NEW_CODE, _CHANGED_CODE = (OWN_CODES[n][0] for n in range(3))
_UNKNOWN_CODE = "Kontaktsamtale 2024"
_CROWDED = date(2025, 2, 1)


def _talks(case: Case, first: date, end: date) -> list[Record]:
    return [act for act in case.timed()
            if act["Hændelse"] == "Jobsamtale" and first <= happened_at(act).date() < end]


def _relabel(
    town: Town, label: str, regime_id: str, first: date, end: date, n: int, most: int = 2
) -> list[Record]:
    """Talks of ``n`` cases between two days get another label."""
    found = []
    for case in town.cases(n, regime_id, lambda case: bool(_talks(case, first, end))):
        acts = _talks(case, first, end)[:most]
        for act in acts:
            act["Hændelse"] = label
        found += acts
    return found


def _days(n: int) -> timedelta:
    return timedelta(days=n)


@PLANTERS.of("code_after_end")
def code_after_end(town: Town) -> Seen:
    """A code that ended with the old contact course is still used half a year later."""
    _relabel(town, _OLD_CODE, INSURED_OLD, LAW_B_FROM - _days(200), LAW_B_FROM, 6)
    acts = _relabel(town, _OLD_CODE, INSURED_NEW, LAW_B_FROM + _days(120), date.max, 10)
    return Seen(records=acts, codes=[Code("fasit", TABLE, _OLD_CODE)])


@PLANTERS.of("code_before_start")
def code_before_start(town: Town) -> Seen:
    """Talks before the law were given the code that the law brought."""
    _relabel(town, _NEW_CODE, INSURED_NEW, LAW_B_FROM, date.max, 6)
    acts = _relabel(town, _NEW_CODE, INSURED_OLD, date.min, LAW_B_FROM - _days(60), 10)
    return Seen(records=acts, codes=[Code("fasit", TABLE, _NEW_CODE)])


@PLANTERS.of("code_meaning_changed")
def code_meaning_changed(town: Town) -> Seen:
    """The same code means another act from the day of the law on."""
    near, far = _days(12), _days(60)
    acts = [
        *_relabel(town, _CHANGED_CODE, SOCIAL_OLD, LAW_B_FROM - near, LAW_B_FROM, 5),
        *_relabel(town, _CHANGED_CODE, INSURED_OLD, LAW_B_FROM, LAW_B_FROM + near, 5),
    ]
    # far from that day nobody doubts what the code means
    _relabel(town, _CHANGED_CODE, SOCIAL_OLD, date.min, LAW_B_FROM - far, 4)
    _relabel(town, _CHANGED_CODE, INSURED_NEW, LAW_B_FROM + far, date.max, 4)
    return Seen(records=acts, codes=[Code("fasit", TABLE, _CHANGED_CODE)])


@PLANTERS.of("unmapped_since_change")
def unmapped_since_change(town: Town) -> Seen:
    """A code that nobody has mapped comes up in the weeks after the law."""
    acts = _relabel(town, _UNKNOWN_CODE, INSURED_NEW, LAW_B_FROM + _days(3), date.max, 12)
    return Seen(records=acts, codes=[Code("fasit", TABLE, _UNKNOWN_CODE)])


@PLANTERS.of("required_field_missing")
def required_field_missing(town: Town) -> Seen:
    """Talks under the law of 2024, which says who holds them, do not tell who held them."""
    seen = Seen()
    for case in town.cases(12, INSURED_NEW, lambda case: len(_talks(case, date.min, date.max)) >= 3):
        for act in _talks(case, date.min, date.max):
            act["Ansvarlig"] = ""
            seen.records.append(act)
    return seen


@PLANTERS.of("volume_outside_band")
def volume_outside_band(town: Town) -> Seen:
    """In one month five times as many job logs were checked as in any other."""
    sheet = town.fasit.last(TABLE)

    def runs(case: Case) -> bool:
        last = happened_at(case.acts[-1]).date()
        return case.registered_on < _CROWDED - _days(10) and last > _CROWDED + _days(40)

    for number, case in enumerate(town.cases(10, INSURED_NEW, runs)):
        for week in range(4):
            at = datetime.combine(_CROWDED + _days(2 + 7 * week), datetime.min.time()) + timedelta(
                hours=8, minutes=11 * number + 3)
            added = sheet.add(
                case.acts[1], Løbenr=town.fasit.next_key(TABLE), Hændelse="Kontrol af joblog",
                Form="", Ansvarlig="", Sagsbehandler="RPA01", Notat="")
            happens(added, at, registered=at + timedelta(minutes=20))
    return Seen(months=[Month(FORSIKREDE, "JOBLOG_KONTROL", _CROWDED)])


@PLANTERS.of("restated_history")
def restated_history(town: Town) -> Seen:
    """The second delivery tells old acts again, three days earlier than the first one did."""
    seen = Seen()
    first, second = town.fasit.sheets[TABLE]

    def told(case: Case) -> list[Record]:
        return [act for act in case.timed() if act.sheet is first]

    for case in town.cases(20, SOCIAL_OLD, lambda case: len(told(case)) >= 8):
        for act in told(case):
            again = second.add(act)
            happens(again, happened_at(act) - _days(3), registered=registered_at(act))
            seen.records.append(again)
    return seen

