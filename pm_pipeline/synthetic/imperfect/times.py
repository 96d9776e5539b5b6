"""Times that are not when the act happened, one planter per pattern of the timestamp list.

An act keeps its time of registration where the pattern is not about that: it is what a finder has to
hold the time against, as a reader of a real delivery does.
"""

from datetime import date, datetime, timedelta

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
from pm_pipeline.synthetic.imperfect.momentum import course_in_momentum, talk_in_momentum
from pm_pipeline.synthetic.imperfect.sheets import Record
from pm_pipeline.synthetic.imperfect.slices import (
    INSURED_NEW,
    INSURED_OLD,
    SOCIAL_NEW,
)
from pm_pipeline.synthetic.imperfect.town import Planters, Seen, Town
from pm_pipeline.synthetic.momentum_format import instant

PLANTERS = Planters()
_BATCH = 40
_LATE = timedelta(days=45)
_CLOCK = timedelta(minutes=25)
_NEAR_YEARS = 23  # a day that reads as a year until now
_GRANULAR = "Kontrol af joblog"


@PLANTERS.of("time_travel")
def time_travel(town: Town) -> Seen:
    """In the first weeks of a year somebody went on writing the year before."""
    seen = Seen()

    def written(case: Case) -> list[Record]:
        return [act for act in prompt(case) if happened_at(act).month == 1]

    for case in town.cases(16, INSURED_OLD, lambda case: bool(written(case))):
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
        return [act for act in prompt(case) if happened_at(act).day <= _NEAR_YEARS]

    for case in town.cases(20, SOCIAL_NEW, lambda case: len(readable(case)) >= 3):
        for act in readable(case)[:4]:
            at = happened_at(act)
            happens(act, at.replace(year=2000 + at.day, day=at.year - 2000))
            seen.records.append(act)
    return seen


@PLANTERS.of("zero_time")
def zero_time(town: Town) -> Seen:
    """The day is right; the hour is the zero of a program that was told none."""
    seen = Seen()
    for case in town.cases(20, INSURED_OLD, with_timed(6)):
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
    """A third of the acts of one kind have a day alone, where the others have an hour."""
    def checks(case: Case) -> list[Record]:
        return [act for act in case.timed() if act["Hændelse"] == _GRANULAR]

    for case in town.cases(25, INSURED_NEW, lambda case: bool(checks(case))):
        for act in checks(case):
            act["Klokkeslæt"] = ""
    # Nobody can tell them from the few that had no hour before.
    return Seen(records=[
        act for act in town.fasit.records(TABLE)
        if act["Hændelse"] == _GRANULAR and not act["Klokkeslæt"]
    ])


@PLANTERS.of("batch_registration")
def batch_registration(town: Town) -> Seen:
    """Tasks of several weeks were written by a program in one second."""
    sheet = town.momentum.last("tasks")
    free = set(town.citizens)
    done = [task for task in sheet.records if task["completedAt"] and task["cpr"] in free]
    by_day = sorted(done, key=lambda task: task["completedAt"])[-_BATCH:]
    written_at = instant(datetime.combine(date.fromisoformat(sheet.delivered_on), datetime.min.time())
                         - timedelta(hours=21, minutes=12, seconds=47))
    batch = [task for task in by_day if task["completedAt"] < written_at]
    for task in batch:
        task["createdAt"] = task["updatedAt"] = written_at
        task["assigneesTeamNames"] = "TEAM-JOB-1"
    return Seen(records=batch)


@PLANTERS.of("late_registration")
def late_registration(town: Town) -> Seen:
    """Acts were written down months after they happened."""
    seen = Seen()

    def writable(case: Case) -> list[Record]:
        return [act for act in case.timed() if happened_at(act) + 3 * _LATE < _export(act)]

    for case in town.cases(25, INSURED_NEW, lambda case: len(writable(case)) >= 6):
        for act in writable(case):
            late = happened_at(act) + _LATE + timedelta(days=town.rng.randrange(60), minutes=13)
            happens(act, happened_at(act), registered=late)
            seen.records.append(act)
    return seen


@PLANTERS.of("different_clocks")
def different_clocks(town: Town) -> Seen:
    """Two systems tell of the same talks, and the clock of one is always 25 minutes ahead."""
    seen = Seen()
    for case in town.cases(15, INSURED_OLD, with_label("Jobsamtale")):
        first = case.acts[0]
        cpr = first["CPR-nr"].replace("-", "")
        # a course of another kind: what is told twice is the talks, not the case
        course_in_momentum(town, cpr, "6.2", case.registered_on, registered_at(first))
        for act in [act for act in case.timed() if act["Hændelse"] == "Jobsamtale"]:
            at = happened_at(act) + _CLOCK
            seen.records += [act, talk_in_momentum(town, cpr, at, at + timedelta(minutes=20))]
    return seen


@PLANTERS.of("in_future")
def in_future(town: Town) -> Seen:
    """Acts that lie after the day of their delivery."""
    seen = Seen()
    for case in town.cases(12, INSURED_NEW, with_timed(6)):
        for act in case.timed()[-4:]:
            days = timedelta(days=20 + town.rng.randrange(300))
            happens(act, _export(act) + days + timedelta(hours=10))
            seen.records.append(act)
    return seen


def _export(act: Record) -> datetime:
    """Midnight of the day on which the act was delivered."""
    return datetime.fromisoformat(act.sheet.delivered_on)


