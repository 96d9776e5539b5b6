"""How a municipality works: the numbers that make one synthetic municipality unlike another."""

from dataclasses import dataclass, field
from datetime import date

from pm_pipeline.errors import UsageError
from pm_pipeline.synthetic.faults import Faults

SYSTEMS = ("momentum", "fasit", "event_log")


@dataclass(frozen=True)
class Span:
    """First and last day of registration, and the days of the two exports."""

    first_day: date
    last_day: date
    exports: tuple[date, date]


# Both sides of CONTACT-2024.
SHORT = Span(date(2022, 10, 1), date(2025, 5, 31), (date(2025, 4, 1), date(2025, 7, 1)))
# From before the act of 2020, through both stops of 2020, until after the reform of 2026.
LONG = Span(date(2019, 11, 1), date(2026, 9, 15), (date(2026, 7, 1), date(2026, 11, 1)))


@dataclass(frozen=True)
class Behaviour:
    """Shares (0 to 1) and rates of a municipality's work."""

    insured: float = 0.55
    resource: float = 0.12  # the rest is social assistance
    leaves_soon: float = 0.2  # of the insured, half as many of the job-ready: find a job themselves
    first_talk_late: float = 0.08
    talk_skipped: float = 0.07
    no_show: float = 0.05
    cancelled: float = 0.03
    rebooked: float = 0.04
    self_booked: float = 0.45
    caseworker_changes_per_year: float = 0.7
    adoption_days: int = 120  # from CONTACT-2024 until everybody works by it
    target_group_shift: float = 0.08
    offer: float = 0.4
    late_registration: float = 0.03
    joblog_checked: float = 0.6  # of the courses of insured citizens
    neglected: float = 0.08  # of courses: no talks, or none after the first half year
    reassessed: float = 0.1  # of social assistance: another group of the same process
    benefit_change: float = 0.15  # of social assistance
    absent: float = 0.16
    exempted: float = 0.07
    work_duty: float = 0.2  # of job-ready and activity-ready courses that run in 2025 or later
    works_on_in_stop: float = 0.15  # of courses: talks by telephone while they were suspended
    party_unknown: float = 0.015  # of talks: nobody wrote down who held them
    fund_unknown: float = 0.04  # of insured courses
    tells_handover: bool = True  # from fund to municipality, from 2024
    fund_keeps_up: float = 0.9  # of insured courses from 1.7.2026: the fund talks twice
    # social assistance begun from this day on: the benefit is decided before the first talk
    decides_early_from: date | None = None


@dataclass(frozen=True)
class DemoMunicipality:
    """One municipality of the demo: what :func:`pm_pipeline.synthetic.generate` needs for it."""

    municipality_id: str
    name: str
    system: str
    seed: int
    n_citizens: int
    span: Span = SHORT
    behaviour: Behaviour = field(default_factory=Behaviour)
    faults: Faults = field(default_factory=Faults)

    def __post_init__(self) -> None:
        if self.system not in SYSTEMS:
            raise UsageError(
                f"synthetic municipality {self.municipality_id}: system must be one of "
                f"{', '.join(SYSTEMS)}, found {self.system!r}"
            )


def demo_plan() -> tuple[DemoMunicipality, ...]:
    """The five demo municipalities. All are fictional (codes 9xx are not in use)."""
    return (
        DemoMunicipality("901", "Nordlund", "momentum", 20901, 320, LONG),
        DemoMunicipality(
            "902", "Søvang", "momentum", 20902, 280,
            behaviour=Behaviour(
                first_talk_late=0.22, caseworker_changes_per_year=1.6, adoption_days=240,
                tells_handover=False,
            ),
            # the made-up release of this municipality in registry/system_releases
            faults=Faults(unit_lost_from=date(2024, 2, 6)),
        ),
        DemoMunicipality(
            "903", "Engholm", "fasit", 20903, 400, LONG,
            Behaviour(tells_handover=False, fund_keeps_up=0.45),
        ),
        DemoMunicipality(
            "904", "Klitby", "fasit", 20904, 260,
            behaviour=Behaviour(
                no_show=0.14, talk_skipped=0.2, self_booked=0.25, offer=0.3,
                # the made-up initiative of this municipality in registry/initiatives
                decides_early_from=date(2024, 5, 1),
            ),
            faults=Faults(unit_lost_in_second=True),
        ),
        DemoMunicipality(
            "905", "Askhede", "event_log", 20905, 300, LONG,
            Behaviour(adoption_days=60, first_talk_late=0.04, fund_unknown=0.1),
        ),
    )
