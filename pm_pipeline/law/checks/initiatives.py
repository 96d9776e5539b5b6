"""Initiatives: known ids, a measure that the field can tell, and a comparison group of others."""

from pm_pipeline.law.checks.roles import role_findings
from pm_pipeline.law.checks.told import tell, unknown_ids
from pm_pipeline.registry import Finding, Initiative, InitiativeMeasure, Registry

_OF_ACTIVITY = (InitiativeMeasure.DAYS_TO_ACTIVITY, InitiativeMeasure.SHARE_WITH_ACTIVITY)
_OF_RULE = (InitiativeMeasure.SHARE_RULE_FULFILLED,)
#: Measures that count the acts of a family of activities.
_OF_FAMILY = {
    InitiativeMeasure.DAYS_TO_FIRST_TALK: "talk",
    InitiativeMeasure.N_TALKS: "talk",
    InitiativeMeasure.CASEWORKER_CHANGES: "caseworker_change",
}


def initiative_findings(registry: Registry, initiative: Initiative) -> list[Finding]:
    found = unknown_ids(
        initiative, "municipality_id", (initiative.municipality_id,),
        {one.municipality_id for one in registry.municipalities},
    )
    found += unknown_ids(
        initiative, "process_id", (initiative.process_id,),
        {one.process_id for one in registry.processes},
    )
    groups = {one.target_group for one in registry.target_groups}
    for column in ("target_groups", "comparison_groups"):
        found += unknown_ids(initiative, column, getattr(initiative, column), groups)
    found += role_findings(initiative, "owner_role", initiative.owner_role)
    if initiative.ends_on is not None and initiative.ends_on <= initiative.starts_on:
        found.append(tell(
            initiative, "ends_on", f"a day after it starts ({initiative.starts_on})",
            f"'{initiative.ends_on}'", "correct it, or leave it empty while the initiative runs",
        ))
    return found + _item_findings(registry, initiative) + _comparison_findings(initiative)


def _item_findings(registry: Registry, initiative: Initiative) -> list[Finding]:
    measure, item = initiative.measure, initiative.measure_item
    found: list[Finding] = []
    if measure.startswith("share_") and initiative.expected_size > 1:
        found.append(tell(
            initiative, "expected_size", "a share, at most 1", f"'{initiative.expected_size}'",
            "write ten percentage points as 0.1",
        ))
    family = _OF_FAMILY.get(measure)
    if family is not None and all(one.family != family for one in registry.activities):
        found.append(tell(
            initiative, "measure", f"a measure of what this field has (no activity of family {family})",
            f"'{measure}'", "choose another, or give activities that family in mapping/activities.csv",
        ))
    if measure not in _OF_ACTIVITY + _OF_RULE:
        if item is not None:
            found.append(tell(
                initiative, "measure_item", f"an empty cell, as {measure} asks about none", f"'{item}'",
                "remove it, or choose the measure that asks about it",
            ))
        return found
    if item is None:
        noun = "a rule" if measure in _OF_RULE else "an activity"
        found.append(tell(
            initiative, "measure_item", f"{noun} that {measure} asks about", "an empty cell",
            "enter its id",
        ))
        return found
    known = (
        {one.rule_id for one in registry.rules} if measure in _OF_RULE
        else {one.activity_id for one in registry.activities}
    )
    return found + unknown_ids(initiative, "measure_item", (item,), known)


def _comparison_findings(initiative: Initiative) -> list[Finding]:
    """Two groups are told apart by their target groups or by their units, where these share none."""
    if not initiative.has_comparison:
        return []
    pairs = (
        (initiative.target_groups, initiative.comparison_groups),
        (initiative.target_units, initiative.comparison_units),
    )
    if any(mine and theirs and not set(mine) & set(theirs) for mine, theirs in pairs):
        return []
    theirs = "|".join((*initiative.comparison_groups, *initiative.comparison_units))
    mine = "|".join((*initiative.target_groups, *initiative.target_units)) or "all of the process"
    return [tell(
        initiative, "comparison_groups" if initiative.comparison_groups else "comparison_units",
        f"a group without anyone of the target ({mine})", f"'{theirs}'",
        "name other groups or units than those the initiative is for, or empty the cell",
    )]
