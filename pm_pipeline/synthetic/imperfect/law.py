"""What a change of law leaves behind in the data: codes out of their time, fields, volumes, history."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import product

from pm_pipeline.synthetic.imperfect.fasit import TABLE, Case, happens
from pm_pipeline.synthetic.imperfect.momentum import Course, add_task, export_of, moment_in
from pm_pipeline.synthetic.imperfect.regimes import INSURED_NEW, INSURED_OLD, SOCIAL_OLD
from pm_pipeline.synthetic.imperfect.sheets import Record
from pm_pipeline.synthetic.imperfect.town import Code, Month, Planters, Seen, Town
from pm_pipeline.synthetic.momentum_format import instant
from pm_pipeline.synthetic.world import FORSIKREDE, LAW_B_FROM

PLANTERS = Planters()
#: What the municipality's own mapping has to say of its task types: (code, activity, first day, end).
OWN_CODES = (
    ("SAMTALE_GL_FORLOEB", "OPFOELGNING", None, LAW_B_FROM),
    ("SAMTALE_NYT_FORLOEB", "OPFOELGNING", LAW_B_FROM, None),
    ("SAMTALE_20", "OPFOELGNING", None, LAW_B_FROM),
    ("SAMTALE_20", "MIN_PLAN", LAW_B_FROM, None),
)
_OLD_CODE, _NEW_CODE, _CHANGED_CODE = (OWN_CODES[n][0] for n in range(3))
_UNKNOWN_CODE = "KONTAKT_2024"
_ROBOT_MONTHS = [date(2024, 10, 1), date(2024, 11, 1), date(2024, 12, 1),
                 *(date(2025, month, 1) for month in range(1, 5))]
_ROBOT_WORK = {
    "Kontrol af joblog": "JOBLOG_KONTROL", "CV godkendt": "CV_GODKENDT", "Min Plan": "MIN_PLAN",
}


def _days(n: int) -> timedelta:
    return timedelta(days=n)


def _runs(first: date, end: date) -> Callable[[Course], bool]:
    """Whether a course runs on all days from ``first`` until ``end``."""
    return lambda course: course.registered_on < first and (course.ended_on or date.max) > end


def _tasks(
    town: Town, code: str, regime_id: str, n: int, first: date, days: int, each: int
) -> list[Record]:
    """Tasks of ``n`` courses get a code, ``each`` of them within the days from ``first``."""
    added = []
    for course in town.courses(n, regime_id, _runs(first, first + _days(days))):
        for number in range(each):
            day = first + _days(number * days // each)
            at = datetime.combine(day, datetime.min.time()) + timedelta(
                hours=8, minutes=town.rng.randrange(360))
            added.append(add_task(town.momentum, course.cpr, code, at))
    return added


def _found(code: str, records: list[Record]) -> Seen:
    return Seen(records, codes=[Code("momentum", "tasks", code)])


@PLANTERS.of("code_after_end")
def code_after_end(town: Town) -> Seen:
    """A code that ended with the old contact course is still used months later."""
    _tasks(town, _OLD_CODE, INSURED_OLD, 2, LAW_B_FROM - _days(90), 80, 6)
    return _found(_OLD_CODE, _tasks(town, _OLD_CODE, INSURED_OLD, 4, LAW_B_FROM, 60, 8))


@PLANTERS.of("code_before_start")
def code_before_start(town: Town) -> Seen:
    """Acts before the law were given the code that the law brought."""
    _tasks(town, _NEW_CODE, INSURED_NEW, 2, LAW_B_FROM + _days(60), 60, 6)
    return _found(_NEW_CODE, _tasks(town, _NEW_CODE, INSURED_OLD, 4, LAW_B_FROM - _days(80), 60, 8))


@PLANTERS.of("code_meaning_changed")
def code_meaning_changed(town: Town) -> Seen:
    """The same code means another act from the day of the law on; around it nobody knows which."""
    _tasks(town, _CHANGED_CODE, INSURED_OLD, 2, LAW_B_FROM - _days(90), 60, 6)
    _tasks(town, _CHANGED_CODE, INSURED_NEW, 2, LAW_B_FROM + _days(90), 60, 6)
    return _found(
        _CHANGED_CODE, _tasks(town, _CHANGED_CODE, INSURED_OLD, 4, LAW_B_FROM - _days(12), 24, 44))


@PLANTERS.of("unmapped_since_change")
def unmapped_since_change(town: Town) -> Seen:
    """A code that nobody has mapped comes up in the weeks after the law."""
    return _found(
        _UNKNOWN_CODE, _tasks(town, _UNKNOWN_CODE, INSURED_OLD, 3, LAW_B_FROM + _days(3), 60, 5))


@PLANTERS.of("required_field_missing")
def required_field_missing(town: Town) -> Seen:
    """Talks under the law of 2024, which says who holds them, do not tell who held them."""
    seen = Seen()
    for case in town.cases(24, INSURED_NEW, lambda case: len(case.labelled("Jobsamtale")) >= 3):
        for act in case.labelled("Jobsamtale"):
            # some had none before
            if act["Ansvarlig"]:
                act["Ansvarlig"] = ""
                seen.records.append(act)
    return seen


@PLANTERS.of("volume_outside_band")
def volume_outside_band(town: Town) -> Seen:
    """A robot begins to look at job logs and CVs, many times as often as people did before."""
    sheet = town.fasit.last(TABLE)
    for month in _ROBOT_MONTHS:
        def runs(case: Case, month: date = month) -> bool:
            return case.registered_on < month and (case.ended_on or date.max) > month + _days(31)

        for number, case in enumerate(town.cases(5, INSURED_NEW, runs)):
            for check, hour in product(range(13), range(len(_ROBOT_WORK))):
                at = datetime.combine(month + _days(2 * check), datetime.min.time()) + timedelta(
                    hours=4 + hour, minutes=11 * number + check)
                added = sheet.add(
                    case.acts[1], Løbenr=town.fasit.next_key(TABLE), Hændelse=list(_ROBOT_WORK)[hour],
                    Form="", Ansvarlig="", Sagsbehandler="RPA01", Notat="")
                happens(added, at, registered=at + timedelta(minutes=20))
    return Seen(months=[
        Month(FORSIKREDE, activity_id, month)
        for month, activity_id in product(_ROBOT_MONTHS, _ROBOT_WORK.values())
    ])


@PLANTERS.of("restated_history")
def restated_history(town: Town) -> Seen:
    """The second delivery tells old acts again, three days earlier than the first one did."""
    seen = Seen()
    first, second = town.momentum.sheets["tasks"]

    def told(course: Course) -> list[Record]:
        return [row for row in course.told_once("tasks")
                if row.sheet is first and row["completedAt"]
                and export_of(row) - moment_in(row["completedAt"]) > _days(300)]

    for regime_id, n in ((INSURED_OLD, 25), (SOCIAL_OLD, 16)):
        for course in town.courses(n, regime_id, lambda course: bool(told(course))):
            for row in told(course):
                seen.records.append(second.add(
                    row, completedAt=instant(moment_in(row["completedAt"]) - _days(3)),
                    updatedAt=instant(export_of(row) + _days(20))))
    return seen


