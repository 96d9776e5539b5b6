"""The law that planted cases were registered under; a pattern keeps to one, so that its share tells."""

from datetime import date

from pm_pipeline.synthetic.world import FORSIKREDE, KONTANT, REGIMES_FROM, RESSOURCE

INSURED_OLD, INSURED_NEW = "forsikrede_ledige__20200101", "forsikrede_ledige__20240101"
SOCIAL_OLD, SOCIAL_NEW = "kontanthjaelp__20200101", "kontanthjaelp__20240101"
INSURED_REFORM, SOCIAL_REFORM = "forsikrede_ledige__20260701", "kontanthjaelp__20260701"
RESOURCE_OLD, RESOURCE = "ressourceforloeb__20200101", "ressourceforloeb__20220101"


def process_of(target_group: str) -> str:
    """The process that a target group goes through."""
    return {"6.1": FORSIKREDE, "6.8": RESSOURCE}.get(target_group, KONTANT)


def regime_on(process_id: str, day: date) -> str | None:
    """The law of a case registered on a day; None before all."""
    begun = [first for first in REGIMES_FROM[process_id] if first <= day]
    return f"{process_id}__{max(begun):%Y%m%d}" if begun else None
