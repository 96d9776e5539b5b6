"""What the law asks, read once more and written down apart from the register that it is to check.

Sources: LAB sections 31 and 32 (talks) as they read in 2020-2023 (A), from 2024 (B) and from 1.7.2026
(C), sections 23 and 25 (the CV), section 102 (offers), section 9 (what counts as unemployment), section
106 (exemptions), and the rules of 2022 on resource courses. A case follows the law of the day it was
registered.
"""

from dataclasses import dataclass

from pm_pipeline.synthetic.world import FORSIKREDE, FUND, JOINT, KONTANT, MUNICIPALITY, RESSOURCE

REGISTERED, FIRST_CONTACT, DECIDED = "TILMELDT", "FOERSTE_HENVENDELSE", "AFGOERELSE_RESSOURCEFORLOEB"
# The act that begins a process: a case without it began where the data cannot see.
BEGINS = {FORSIKREDE: REGISTERED, KONTANT: FIRST_CONTACT, RESSOURCE: DECIDED}
ABSENCE, EXEMPTION, WORK_DUTY = "absence", "exemption", "work duty"


@dataclass(frozen=True)
class Duty:
    """One duty in one version of the law.

    ``regimes``: the days (yyyymmdd) on which the laws began under which it reads so. ``window``: first
    and last unit, counted from the anchor. ``opens``: the act on whose day the window opens. ``share``:
    of a cohort, instead of a duty towards each. ``not_counting``: the periods whose days do not count.
    ``lifted_by``: the periods in which nobody is bound, with the id of the exemption.
    """

    rule_id: str
    version: str
    process_id: str
    regimes: tuple[str, ...]
    kind: str
    groups: tuple[str, ...]
    anchor: str
    acts: tuple[str, ...]
    parties: tuple[str, ...] = ()
    count: int = 1
    window: tuple[int, int, str] | None = None
    opens: str | None = None
    share: float | None = None
    clock_in_data: bool = True

    @property
    def is_suspended_in_stop(self) -> bool:
        """Whether the days on which talks and offers were suspended in 2020 do not count."""
        return self.kind in ("deadline", "min_count")

    @property
    def is_counted_as_unemployment(self) -> bool:
        """Whether the window runs by the unemployment of the insured, not by the calendar alone."""
        return self.rule_id in (
            "LAB31_G1_MUNICIPALITY_TALKS_6M", "LAB32_G1_TALK_16M", "LAB102_G1_OFFER_6M",
        )

    @property
    def not_counting(self) -> str | None:
        """Of the insured, unemployment is hours with benefit (section 9): absence is none."""
        return _NOT_COUNTING.get(self.rule_id)

    @property
    def lifted_by(self) -> tuple[tuple[str, str], ...]:
        """(kind of period, id of the exemption), the first that holds first."""
        talks = self.rule_id not in _STAYS_WHEN_EXEMPT
        exemption_id = _EXEMPTION_2026.get(self.rule_id, "LAB106_LESS_INTENSIVE")
        found = ((EXEMPTION, exemption_id),) if talks else ()
        return (*found, (WORK_DUTY, "WORKDUTY_OFFER")) if self.rule_id == _ASSISTED_OFFER else found


_ASSISTED_OFFER = "LAB102_G2_5_OFFER_6M"
_NOT_COUNTING = {
    "LAB31_G1_MUNICIPALITY_TALKS_6M": ABSENCE, "LAB31_G1_FUND_TALKS_3M": ABSENCE,
    "LAB32_G1_TALK_16M": ABSENCE, "LAB113_G8_EFFORT_6M": EXEMPTION,
}
# A duty that came with the reform has an exemption of its own.
_EXEMPTION_2026 = {"LAB31_G2_FIRST_TALK": "LAB106_FIRST_TALK"}
# Who is exempt from talks and offers still registers a CV; a team and an effort are no talks.
_STAYS_WHEN_EXEMPT = (
    "LAB23_G1_CV_2W", "LAB23_G2_CV_3W", "LAB113_G8_EFFORT_6M", "LOB9_TEAM_BEFORE_FLEXJOB",
)
INSURED, JOB_READY, ASSISTED, COURSE = ("6.1",), ("6.2",), ("6.2", "6.3", "6.4", "6.5"), ("6.8",)
A, B, C = ("20200101",), ("20240101",), ("20260701",)
_OLD_AND_2022 = ("20200101", "20220101")
_OFFER, _TALK, _FUND_TALKS = ("TILBUD_START",), ("JOBSAMTALE",), ("JOBSAMTALE", "CV_SAMTALE")
_MUNICIPAL_TALKS = ("JOBSAMTALE", "FAELLESSAMTALE")
_WEEK, _TWO_WEEKS = (0, 1, "week"), (0, 2, "week")
_QUARTER, _HALF_YEAR = (0, 3, "month"), (0, 6, "month")
_QUOTA = 0.75

DUTIES: tuple[Duty, ...] = (
    # insured, A: four talks with the municipality, joint ones come on top; the fund's CV talk
    Duty("LAB31_G1_MUNICIPALITY_TALKS_6M", "A", FORSIKREDE, A, "min_count", INSURED, REGISTERED,
         _TALK, (MUNICIPALITY,), 4, _HALF_YEAR),
    Duty("LAB25_G1_CV_TALK_2W", "A", FORSIKREDE, A, "deadline", INSURED, REGISTERED,
         ("CV_SAMTALE",), (FUND,), 1, _TWO_WEEKS),
    # insured, B: three with the fund, then three with the municipality from the hand-over on
    Duty("LAB31_G1_FUND_TALKS_3M", "B", FORSIKREDE, B, "min_count", INSURED, REGISTERED,
         _FUND_TALKS, (FUND,), 3, _QUARTER),
    Duty("LAB31_G1_MUNICIPALITY_TALKS_6M", "B", FORSIKREDE, B, "min_count", INSURED, REGISTERED,
         _MUNICIPAL_TALKS, (MUNICIPALITY, JOINT), 3, _HALF_YEAR, "OVERGANG_KOMMUNE"),
    Duty("LAB31_G1_FUND_FIRST_TALK_2W", "B", FORSIKREDE, B, "deadline", INSURED, REGISTERED,
         _FUND_TALKS, (FUND,), 1, _TWO_WEEKS),
    # insured, C: a share of all
    Duty("LAB31_G1_FUND_TALKS_3M", "C", FORSIKREDE, C, "population_share", INSURED, REGISTERED,
         _FUND_TALKS, (FUND,), 2, _QUARTER, share=_QUOTA),
    Duty("LAB31_G1_MUNICIPALITY_TALKS_6M", "C", FORSIKREDE, C, "population_share", INSURED, REGISTERED,
         _MUNICIPAL_TALKS, (MUNICIPALITY, JOINT), 2, _HALF_YEAR, "OVERGANG_KOMMUNE", _QUOTA),
    # insured, always: the talk on an intensified effort; the CV until 2026; an offer by a clock that no
    # export tells
    Duty("LAB32_G1_TALK_16M", "A", FORSIKREDE, A + B + C, "deadline", INSURED, REGISTERED,
         _MUNICIPAL_TALKS, (MUNICIPALITY, JOINT), 1, (6, 16, "month")),
    Duty("LAB23_G1_CV_2W", "A", FORSIKREDE, A + B, "deadline", INSURED, REGISTERED,
         ("CV_GODKENDT",), (), 1, _TWO_WEEKS),
    Duty("LAB102_G1_OFFER_6M", "A", FORSIKREDE, A + B, "deadline", INSURED, REGISTERED,
         _OFFER, (), 1, _HALF_YEAR, clock_in_data=False),
    Duty("LAB102_G1_OFFER_6M", "C", FORSIKREDE, C, "population_share", INSURED, REGISTERED,
         _OFFER, (), 1, _HALF_YEAR, share=_QUOTA, clock_in_data=False),
    # social assistance: the same in A and B; C knows a share of the job-ready
    *(
        duty for version, regime in (("A", A), ("B", B)) for duty in (
            Duty("LAB31_G2_5_TALKS_6M", version, KONTANT, regime, "min_count", ASSISTED, FIRST_CONTACT,
                 _TALK, (MUNICIPALITY,), 4, _HALF_YEAR),
            Duty("LAB31_G2_5_FIRST_TALK_1W", version, KONTANT, regime, "deadline", ASSISTED,
                 FIRST_CONTACT, _TALK, (MUNICIPALITY,), 1, _WEEK),
        )
    ),
    Duty("LAB31_G2_5_TALKS_6M", "C", KONTANT, C, "population_share", JOB_READY, FIRST_CONTACT,
         _TALK, (MUNICIPALITY,), 4, _HALF_YEAR, share=_QUOTA),
    Duty("LAB31_G2_FIRST_TALK", "C", KONTANT, C, "required", JOB_READY, FIRST_CONTACT,
         _TALK, (MUNICIPALITY,)),
    # the job-ready register as jobseekers, which is not the first contact
    Duty("LAB23_G2_CV_3W", "A", KONTANT, A + B, "deadline", JOB_READY, REGISTERED,
         ("CV_GODKENDT",), (), 1, (0, 3, "week")),
    Duty(_ASSISTED_OFFER, "A", KONTANT, A + B, "deadline", ("6.2", "6.3"), FIRST_CONTACT,
         _OFFER, (), 1, _HALF_YEAR),
    Duty(_ASSISTED_OFFER, "C", KONTANT, C, "population_share", ("6.2", "6.4"), FIRST_CONTACT,
         _OFFER, (), 1, _HALF_YEAR, share=_QUOTA),
    # resource courses: talks; from 2022 an effort or the team again; the team before a flex-job
    Duty("LAB31_G8_TALKS_6M", "A", RESSOURCE, _OLD_AND_2022, "min_count", COURSE, DECIDED,
         _TALK, (MUNICIPALITY,), 4, _HALF_YEAR),
    Duty("LAB113_G8_EFFORT_6M", "A", RESSOURCE, ("20220101",), "deadline", COURSE, DECIDED,
         ("INDSATS_START", "REHAB_GENBEHANDLING"), (), 1, _HALF_YEAR),
    Duty("LOB9_TEAM_BEFORE_FLEXJOB", "A", RESSOURCE, _OLD_AND_2022, "precedence", COURSE,
         "AFGOERELSE_FLEKSJOB", ("INDSTILLING_AFGIVET", "SAMLET_BESKRIVELSE")),
)
