"""What makes a clock stand still: clock stops of the country or a region, exemptions of a case."""

from pm_pipeline.law.checks.told import law_finding, tell, unknown_ids, url_finding
from pm_pipeline.registry import ChangeKind, Exemption, Finding, Registry


def clock_stop_findings(registry: Registry) -> list[Finding]:
    kinds = {change.change_id: change.kind for change in registry.changes}
    regions = {one.region for one in registry.municipalities if one.region}
    found = []
    for stop in registry.clock_stops:
        found += law_finding(registry, stop, "change_id", stop.change_id)
        if kinds.get(stop.change_id, ChangeKind.CLOCK_STOP) is not ChangeKind.CLOCK_STOP:
            found.append(
                tell(stop, "change_id", "a change of kind clock_stop",
                     f"'{stop.change_id}' of kind {kinds[stop.change_id]}", "name the right change")
            )
        if stop.ends_on is not None and stop.ends_on <= stop.starts_on:
            found.append(
                tell(stop, "ends_on", f"a day after starts_on {stop.starts_on}",
                     f"{stop.ends_on}", "correct one of the two days (ends_on is exclusive)")
            )
        found += unknown_ids(stop, "scope_regions", stop.scope_regions, regions)
        found += unknown_ids(stop, "rule_id", stop.rule_id, {one.rule_id for one in registry.rules})
    if any(stop.scope_regions for stop in registry.clock_stops):
        found += [
            tell(one, "region", "a region, since clock_stops.csv has regional stops", "an empty cell",
                 "enter the region of every municipality that takes part")
            for one in registry.active_municipalities if one.region is None
        ]
    return found


def exemption_findings(registry: Registry, exemption: Exemption) -> list[Finding]:
    """Every fault of one row of law/exemptions.csv."""
    activities = {one.activity_id for one in registry.activities}
    ends = (exemption.ends_activity_id,) if exemption.ends_activity_id else ()
    found = law_finding(registry, exemption, "change_id", exemption.change_id)
    found += url_finding(exemption, "legal_basis_url")
    found += unknown_ids(exemption, "begins_activity_id", (exemption.begins_activity_id,), activities)
    found += unknown_ids(exemption, "ends_activity_id", ends, activities)
    found += unknown_ids(
        exemption, "rule_id", exemption.rule_id, {one.rule_id for one in registry.rules}
    )
    if not exemption.rule_id:
        found.append(
            tell(exemption, "rule_id", "the rules that it bends", "an empty cell", "list them")
        )
    if exemption.ends_activity_id == exemption.begins_activity_id:
        found.append(
            tell(exemption, "ends_activity_id", "another act than the one that begins the period",
                 f"'{exemption.ends_activity_id}'", "correct one of the two")
        )
    return found
