"""Whose quality was judged under a law that is not today's: something began or ended since."""

from pm_pipeline.components.results import RULE_RESULTS, law_in_force, law_judged
from pm_pipeline.law.dates import today
from pm_pipeline.registry import Registry
from pm_pipeline.settings import Settings


def moved_since_judged(settings: Settings, municipality_id: str, registry: Registry) -> list[str]:
    """What began or ended since the last judgement of a municipality, in words, one entry each.

    Empty where nothing did, or nothing was ever judged. It looks at what has happened since, not at
    the day of today, so that a day on which nobody looked is caught up on the next.
    """
    judged = law_judged(RULE_RESULTS.path(settings, municipality_id))
    if judged is None:
        return []
    now = law_in_force(registry, municipality_id, today())
    return sorted(set(now.splitlines()) ^ set(judged.splitlines()))
