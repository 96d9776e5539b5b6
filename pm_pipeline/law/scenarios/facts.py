"""Can the courses of an example be as told? Known ids, days in order, nothing beyond its as_of."""

from pm_pipeline.law.scenarios.form import Given
from pm_pipeline.law.scenarios.reader import Scenario
from pm_pipeline.registry import Finding, Registry


def fact_findings(registry: Registry, scenario: Scenario) -> list[Finding]:
    """Every fault of the courses, whatever the rule says of them."""
    story = scenario.story
    found: list[Finding] = []
    if story.courses and story.seen_on is None:
        found.append(
            scenario.fault("as_of, the day the data are of, one for all courses",
                           "none, or several", "enter it", "as_of")
        )
    for course in story.courses:
        found += _unknown(registry, scenario, course)
        found += _days_out_of_order(scenario, course)
    return found


def _unknown(registry: Registry, scenario: Scenario, given: Given) -> list[Finding]:
    activities = {one.activity_id for one in registry.activities}
    towns = {one.municipality_id: one for one in registry.municipalities}
    known = {
        "target_group": {one.target_group for one in registry.target_groups},
        "municipality": set(towns),
        "region": {one.region for one in registry.municipalities if one.region},
    }
    seeds = dict.fromkeys(known, "municipalities") | {"target_group": "target_groups"}
    found = [
        scenario.fault(f"one of registry/{seeds[key]}.csv", f"'{getattr(given, key)}'",
                       "correct it", key)
        for key, ids in known.items()
        if getattr(given, key) is not None and getattr(given, key) not in ids
    ]
    found += [
        scenario.fault("an activity of mapping/activities.csv", f"'{act.activity_id}'",
                       "correct it or add the row", "events")
        for act in given.events if act.activity_id not in activities
    ]
    town = towns.get(given.municipality or "")
    if town and given.region not in (None, town.region):
        found.append(
            scenario.fault(f"the region of municipality {town.municipality_id}, '{town.region}'",
                           f"'{given.region}'", "remove one of the two", "region")
        )
    if given.fund is not None and given.fund != given.fund.upper():
        found.append(
            scenario.fault("a fund in capital letters, as the warehouse has it", f"'{given.fund}'",
                           f"write '{given.fund.upper()}'", "fund")
        )
    return found


def _days_out_of_order(scenario: Scenario, given: Given) -> list[Finding]:
    found = []
    if given.closed is not None and given.closed < given.registered:
        found.append(
            scenario.fault(f"a day not before registered {given.registered}", f"{given.closed}",
                           "correct one of the two days", "closed")
        )
    as_of = given.as_of or scenario.story.as_of
    if as_of is None:
        return found
    last_act = max((act.on for act in given.events), default=None)
    days = (("registered", given.registered), ("events", last_act), ("closed", given.closed))
    found += [
        scenario.fault(f"a day up to as_of {as_of}: nobody knows what comes after it", f"{day}",
                       "correct one of the two days", key)
        for key, day in days if day is not None and day > as_of
    ]
    return found
