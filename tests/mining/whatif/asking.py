"""A question of a simulated town, answered as the pipeline answers it."""

from typing import Any

from pm_pipeline.mining.whatif.answer import Answer, Limits, answer
from pm_pipeline.mining.whatif.asked import WhatIf
from pm_pipeline.mining.whatif.people import People
from tests.mining.whatif.simulated_town import Town, calendar_from

#: As shipped, but for fewer replays of half a year: a test has no hour.
LIMITS = Limits(
    weeks=26, fewest_weeks=26, fewest_busy_weeks=13, fewest_talks=50, block_weeks=4, replays=160,
    early_share=0.1, support=3,
)
MANY = People(on_time=100, late=100, waiting=100)


def what_if(**other: Any) -> WhatIf:
    row: dict[str, Any] = {
        "what_if_id": "W", "title_da": "Oftere", "title_en": "More often", "process_id": "p",
        "activity_id": "TALK", "quota_days": 30, "first_days": 14, "new_quota_days": 21,
        "staffing_factor": None,
    }
    return WhatIf(**(row | other))


def asked(
    town: Town, question: WhatIf, n_weeks: int = 52, people: People = MANY, least: int = 5,
    limits: Limits = LIMITS,
) -> Answer:
    """Of the last weeks of a town, as it is."""
    turns = town.log(n_weeks)
    return answer(question, turns, people, calendar_from(town.day - 7 * n_weeks), limits, least)
