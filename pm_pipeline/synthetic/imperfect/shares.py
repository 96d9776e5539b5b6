"""Faults of many rows: each spoils the share that one rule of ``expectations/`` judges.

By rule id. A share is judged within one process and regime, so each rule has the cases of one regime
to spoil (of whole deliveries: ``deliveries``). The data must reach from before 2020 to after the reform
of 2026.
"""

from collections.abc import Iterable
from datetime import timedelta

from pm_pipeline.synthetic.imperfect.fasit import Case, happened_at, happens
from pm_pipeline.synthetic.imperfect.regimes import (
    INSURED_NEW,
    INSURED_OLD,
    INSURED_REFORM,
    RESOURCE,
    RESOURCE_OLD,
    SOCIAL_NEW,
    SOCIAL_OLD,
    SOCIAL_REFORM,
)
from pm_pipeline.synthetic.imperfect.sheets import Record, drop
from pm_pipeline.synthetic.imperfect.town import Planter, Planters, Seen, Town

PLANTERS = Planters()
_TALKS = ("Jobsamtale", "CV-samtale", "Fællessamtale", "Rådighedssamtale", "Opfølgningssamtale")
_OF_FUND, _OF_FUND_IN_MOMENTUM = ("A-kasse", "Fælles"), ("A-KASSE", "FAELLES")


def _talks(case: Case) -> list[Record]:
    return [act for act in case.acts if act["Hændelse"] in _TALKS]


def _fill(records: Iterable[Record], **cells: str) -> None:
    for record in records:
        for column, value in cells.items():
            record[column] = value


def _told(cases: Iterable[Case]) -> Seen:
    return Seen(cases=[("fasit", case.case_ref) for case in cases])


def _of_all(town: Town, regime_id: str, **cells: str) -> Seen:
    cases = town.under(regime_id)
    _fill((act for case in cases for act in case.acts), **cells)
    return _told(cases)


def _of_talks(town: Town, regime_id: str, part: float, **cells: str) -> Seen:
    chosen = list(town.part(part, regime_id, lambda case: bool(_talks(case))))
    _fill((act for case in chosen for act in _talks(case)), **cells)
    return _told(chosen)


@PLANTERS.of("EV-002")
def before_1990(town: Town) -> Seen:
    """A year typed with its first digits wrong."""
    chosen = list(town.cases(3, INSURED_OLD, lambda case: len(case.timed()) > 3))
    for case in chosen:
        act = case.timed()[1]
        happens(act, happened_at(act).replace(year=1975, day=9))
    return _told(chosen)


@PLANTERS.of("EV-003")
def without_registration(town: Town) -> Seen:
    """When an act was registered is not delivered."""
    return _of_all(town, SOCIAL_OLD, Registreret="")


@PLANTERS.of("EV-004")
def registered_before(town: Town) -> Seen:
    """Acts are registered days before they happen: plans, told as acts."""
    cases = town.under(SOCIAL_NEW)
    for case in cases:
        for act in case.acts:
            if act["Hændelsesdato"]:
                act["Registreret"] = f"{happened_at(act) - timedelta(days=3):%d-%m-%Y %H:%M}"
    return _told(cases)


@PLANTERS.of("EV-006")
def days_only(town: Town) -> Seen:
    """The times of day are not delivered."""
    return _of_all(town, INSURED_REFORM, Klokkeslæt="")


@PLANTERS.of("EV-007")
def nobody_acts(town: Town) -> Seen:
    """Who acted is not delivered."""
    return _of_all(town, SOCIAL_REFORM, Sagsbehandler="")


@PLANTERS.of("EV-008")
def a_robot_acts(town: Town) -> Seen:
    """A robot files what people do, in its own name."""
    return _of_all(town, RESOURCE_OLD, Sagsbehandler="RPA01")


@PLANTERS.of("EV-009")
def nobody_held(town: Town) -> Seen:
    """Of the talks of many cases nobody wrote down who held them."""
    return _of_talks(town, SOCIAL_OLD, 0.15, Ansvarlig="")


def _told_as_of_the_fund(regime_id: str, part: float) -> Planter:
    def plant(town: Town) -> Seen:
        """Talks that the municipality holds are told as those of a fund."""
        return _of_talks(town, regime_id, part, Ansvarlig="A-kasse")

    return plant


for rule_id, regime_id, part in (
    ("KH24-002", SOCIAL_NEW, 0.1), ("RF20-002", RESOURCE_OLD, 0.2), ("RF22-002", RESOURCE, 0.1),
):
    PLANTERS.of(rule_id)(_told_as_of_the_fund(regime_id, part))


@PLANTERS.of("CA-001")
def beginnings_lost(town: Town) -> Seen:
    """The registrations of many courses are not delivered."""
    chosen = list(town.part(0.3, INSURED_REFORM))
    drop(act for case in chosen for act in case.acts if act["Hændelse"] == "Tilmeldt")
    return _told(chosen)


@PLANTERS.of("CA-002")
def ended_too_early(town: Town) -> Seen:
    """The end that a course was planned to have is told as the one it had."""
    def goes_on(case: Case) -> bool:
        return case.ended_on is not None and (case.ended_on - case.registered_on).days > 90

    chosen = list(town.part(0.15, INSURED_OLD, goes_on))
    for case in chosen:
        planned = f"{case.registered_on + timedelta(days=20):%d-%m-%Y}"
        _fill(case.acts, Afmeldt=planned)
    return _told(chosen)


@PLANTERS.of("CA-003")
def one_act_left(town: Town) -> Seen:
    """Of many courses no more than the registration is delivered."""
    chosen = list(town.part(0.3, INSURED_OLD))
    drop(act for case in chosen for act in case.acts if act["Hændelse"] != "Tilmeldt")
    return _told(chosen)


@PLANTERS.of("CA-004")
def one_moment(town: Town) -> Seen:
    """All acts of a course carry the moment in which it was typed."""
    chosen = list(town.part(0.12, INSURED_NEW, lambda case: bool(case.timed())))
    for case in chosen:
        at = happened_at(case.timed()[0])
        for act in case.acts:
            happens(act, at, registered=at)
    return _told(chosen)


@PLANTERS.of("CA-007")
def nothing_known(town: Town) -> Seen:
    """All acts of a course stand under a label that nobody knows."""
    chosen = list(town.part(0.12, INSURED_NEW))
    for case in chosen:
        _fill(case.acts, Hændelse="Overført fra andet system")
    return _told(chosen)


@PLANTERS.of("RW-007")
def no_target_group(town: Town) -> Seen:
    """Courses without a target group: of no process."""
    chosen = [*town.part(0.15, INSURED_NEW), *town.part(0.35, INSURED_REFORM)]
    for case in chosen:
        _fill(case.acts, Målgruppe="")
    return _told(chosen)


def _without_talks(regime_id: str, part: float) -> Planter:
    def plant(town: Town) -> Seen:
        """The talks of many courses are not delivered."""
        chosen = list(town.part(part, regime_id, lambda case: bool(_talks(case))))
        drop(act for case in chosen for act in _talks(case))
        return _told(chosen)

    return plant


for rule_id, regime_id, part in (
    ("FL20-001", INSURED_OLD, 0.35),
    ("KH20-001", SOCIAL_OLD, 0.5), ("KH24-001", SOCIAL_NEW, 0.4), ("KH26-001", SOCIAL_REFORM, 0.62),
    ("RF20-001", RESOURCE_OLD, 0.7), ("RF22-001", RESOURCE, 0.65),
):
    PLANTERS.of(rule_id)(_without_talks(regime_id, part))


def _without_fund(regime_id: str) -> Planter:
    def plant(town: Town) -> Seen:
        """The talks of the funds are told as those of the municipality."""
        cases = town.under(regime_id)
        _fill((act for case in cases for act in case.acts if act["Ansvarlig"] in _OF_FUND),
              Ansvarlig="Kommune")
        _fill((row for course in town.courses_under(regime_id) for row in course.rows["contacts"]
               if row["responsibleAuthority"] in _OF_FUND_IN_MOMENTUM),
              responsibleAuthority="JOBCENTER")
        return _told(cases)

    return plant


for rule_id, regime_id in (("FL24-002", INSURED_NEW), ("FL26-002", INSURED_REFORM)):
    PLANTERS.of(rule_id)(_without_fund(regime_id))
