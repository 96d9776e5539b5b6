"""Times that are not when the act happened, one planter per pattern of the timestamp list.

An act keeps its time of registration where the pattern is not about that: it is what a finder has to
hold the time against, as a reader of a real delivery does.
"""

from datetime import timedelta

from pm_pipeline.synthetic.imperfect.fasit import (
    TABLE,
    Case,
    happened_at,
    happens,
    prompt,
    registered_at,
    with_label,
    with_timed,
)
from pm_pipeline.synthetic.imperfect.momentum import add_course, add_talk, export_of, moment_in
from pm_pipeline.synthetic.imperfect.regimes import (
    INSURED_NEW,
    INSURED_OLD,
    RESOURCE,
    SOCIAL_NEW,
)
from pm_pipeline.synthetic.imperfect.sheets import Record
from pm_pipeline.synthetic.imperfect.town import Planters, Seen, Town
from pm_pipeline.synthetic.momentum_format import instant

PLANTERS = Planters()
_LATE = timedelta(days=45)
_CLOCK = timedelta(minutes=25)
_MIGRATION = timedelta(days=9, hours=20, minutes=47, seconds=13)  # before the export
_NEAR_YEARS = 23  # a day that reads as a year until now
_OF_2022 = "Sagen behandlet igen i rehabiliteringsteamet"
_BY_DAY = ("Jobsamtale", "CV godkendt", "Fællessamtale", "Indkaldt")


@PLANTERS.of("time_travel")
def time_travel(town: Town) -> Seen:
    """In the first weeks of a year somebody went on writing the year before."""
    seen = Seen()

    def written(case: Case) -> list[Record]:
        return [act for act in prompt(case) if happened_at(act).month == 1]

    for case in town.cases(25, INSURED_OLD, lambda case: len(written(case)) > 1):
        for act in written(case):
            at = happened_at(act)
            happens(act, at.replace(year=at.year - 1))
            seen.records.append(act)
    return seen


@PLANTERS.of("unanchored")
def unanchored(town: Town) -> Seen:
    """Dates with the year first were read with the day first: 24-03-22 became 24 March 2022."""
    seen = Seen()

    def readable(case: Case) -> list[Record]:
        return [act for act in prompt(case)
                if happened_at(act).day <= _NEAR_YEARS
                and happened_at(act).day != happened_at(act).year - 2000
                # read as of years ago, this one would be a code before its start too
                and act["Hændelse"] != _OF_2022]

    for case in town.cases(36, RESOURCE, lambda case: len(readable(case)) > 5):
        for act in readable(case):
            at = happened_at(act)
            happens(act, at.replace(year=2000 + at.day, day=at.year - 2000))
            seen.records.append(act)
    return seen


@PLANTERS.of("zero_time")
def zero_time(town: Town) -> Seen:
    """The day is right; the hour is the zero of a program that was told none."""
    seen = Seen()
    for case in town.cases(30, INSURED_OLD, with_timed(6)):
        for act in case.timed():
            act["Klokkeslæt"] = "00:00"
            seen.records.append(act)
    return seen


@PLANTERS.of("swapped_day_month")
def swapped_day_month(town: Town) -> Seen:
    """3 May was written as 5 March, where both are days that exist."""
    seen = Seen()

    def swappable(case: Case) -> list[Record]:
        return [act for act in prompt(case)
                if happened_at(act).day <= 12 and happened_at(act).day != happened_at(act).month]

    for case in town.cases(20, SOCIAL_NEW, lambda case: len(swappable(case)) >= 3):
        for act in swappable(case):
            at = happened_at(act)
            happens(act, at.replace(day=at.month, month=at.day))
            seen.records.append(act)
    return seen


@PLANTERS.of("mixed_granularity")
def mixed_granularity(town: Town) -> Seen:
    """Of some kinds of act a third have a day alone, where the others have an hour."""
    for case in town.cases(120, INSURED_NEW, lambda case: bool(case.labelled(*_BY_DAY))):
        for act in case.labelled(*_BY_DAY):
            act["Klokkeslæt"] = ""
    # Nobody can tell them from the few that had no hour before.
    return Seen(records=[
        act for act in town.fasit.records(TABLE)
        if act["Hændelse"] in _BY_DAY and not act["Klokkeslæt"] and act["Målgruppe"] == "6.1"
    ])


@PLANTERS.of("batch_registration")
def batch_registration(town: Town) -> Seen:
    """A program moved talks and tasks of many citizens in one second, shortly before an export."""
    seen = Seen()
    for course in town.courses(60, INSURED_NEW, lambda course: len(course.held()) > 1):
        for table, registered, happened in (
            ("contacts", "registeredAt", "heldAt"), ("tasks", "createdAt", "completedAt"),
        ):
            for row in course.told_once(table):
                moved_at = export_of(row) - _MIGRATION
                if row[happened] and moment_in(row[happened]) < moved_at - timedelta(days=1):
                    row[registered] = row["updatedAt"] = instant(moved_at)
                    row["teamId" if table == "contacts" else "assigneesTeamNames"] = "TEAM-JOB-1"
                    seen.records.append(row)
    return seen


@PLANTERS.of("late_registration")
def late_registration(town: Town) -> Seen:
    """Acts were written down months after they happened."""
    seen = Seen()

    def writable(case: Case) -> list[Record]:
        return [act for act in case.timed() if happened_at(act) + 3 * _LATE < export_of(act)]

    for case in town.cases(45, SOCIAL_NEW, lambda case: len(writable(case)) >= 8):
        for act in writable(case):
            late = happened_at(act) + _LATE + timedelta(days=town.rng.randrange(60), minutes=13)
            happens(act, happened_at(act), registered=late)
            seen.records.append(act)
    return seen


@PLANTERS.of("different_clocks")
def different_clocks(town: Town) -> Seen:
    """Two systems tell of the same talks, and the clock of one is always 25 minutes ahead."""
    seen = Seen()
    for case in town.cases(22, INSURED_OLD, with_label("Jobsamtale")):
        # a course of another kind: what is told twice is the talks, not the case
        add_course(town.momentum, case.cpr, "6.8", case.registered_on, registered_at(case.acts[0]))
        for act in case.labelled("Jobsamtale"):
            at = happened_at(act) + _CLOCK
            seen.records += [
                act, add_talk(town.momentum, case.cpr, at, at + timedelta(minutes=20))]
    return seen


@PLANTERS.of("in_future")
def in_future(town: Town) -> Seen:
    """Acts that lie after the day of their delivery."""
    seen = Seen()
    for case in town.cases(20, INSURED_NEW, with_timed(6)):
        for act in case.timed()[-6:]:
            days = timedelta(days=20 + town.rng.randrange(300))
            happens(act, export_of(act) + days + timedelta(hours=10))
            seen.records.append(act)
    return seen


