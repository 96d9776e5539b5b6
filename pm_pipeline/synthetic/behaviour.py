"""How a municipality works: the numbers that make one synthetic municipality unlike another."""

from dataclasses import dataclass, field
from datetime import date

from pm_pipeline.errors import UsageError

SYSTEMS = ("momentum", "fasit", "event_log")
FIRST_REGISTRATION, LAST_REGISTRATION = date(2022, 10, 1), date(2025, 5, 31)
EXPORTS = (date(2025, 4, 1), date(2025, 7, 1))


@dataclass(frozen=True)
class Behaviour:
    """Shares (0 to 1) and rates of a municipality's work."""

    insured: float = 0.6
    leaves_soon: float = 0.25  # of the insured: found a job themselves within a month
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


@dataclass(frozen=True)
class DemoMunicipality:
    """One municipality of the demo: what :func:`pm_pipeline.synthetic.generate` needs for it."""

    municipality_id: str
    name: str
    system: str
    seed: int
    n_citizens: int
    first_day: date = FIRST_REGISTRATION
    last_day: date = LAST_REGISTRATION
    behaviour: Behaviour = field(default_factory=Behaviour)

    def __post_init__(self) -> None:
        if self.system not in SYSTEMS:
            raise UsageError(
                f"synthetic municipality {self.municipality_id}: system must be one of "
                f"{', '.join(SYSTEMS)}, found {self.system!r}"
            )


def demo_plan() -> tuple[DemoMunicipality, ...]:
    """The five demo municipalities. All are fictional (codes 9xx are not in use)."""
    return (
        DemoMunicipality("901", "Nordlund", "momentum", 20901, 320),
        DemoMunicipality(
            "902", "Søvang", "momentum", 20902, 280,
            behaviour=Behaviour(
                first_talk_late=0.22, caseworker_changes_per_year=1.6, adoption_days=240,
            ),
        ),
        DemoMunicipality("903", "Engholm", "fasit", 20903, 400),
        DemoMunicipality(
            "904", "Klitby", "fasit", 20904, 260,
            behaviour=Behaviour(no_show=0.14, talk_skipped=0.2, self_booked=0.25, offer=0.3),
        ),
        DemoMunicipality(
            "905", "Askhede", "event_log", 20905, 300,
            behaviour=Behaviour(adoption_days=60, first_talk_late=0.04, insured=0.7),
        ),
    )
