"""Units and reorganisations: known municipalities, periods in sequence, roles and no persons."""

from collections import defaultdict
from itertools import pairwise

from pm_pipeline.law.checks.roles import role_findings
from pm_pipeline.law.checks.told import tell, unknown_ids
from pm_pipeline.registry import Finding, Registry, UnitSize


def organisation_findings(registry: Registry) -> list[Finding]:
    """Every fault in registry/unit_sizes.csv and registry/reorganisations.csv."""
    known = {one.municipality_id for one in registry.municipalities}
    found: list[Finding] = []
    periods: dict[tuple[str, str], list[UnitSize]] = defaultdict(list)
    for unit in registry.unit_sizes:
        found += unknown_ids(unit, "municipality_id", (unit.municipality_id,), known)
        if unit.n_staff < 0:
            found.append(tell(
                unit, "n_staff", "how many people work in the unit, 0 or more", f"'{unit.n_staff}'",
                "correct the number",
            ))
        if unit.valid_to is not None and unit.valid_to <= unit.valid_from:
            found.append(tell(
                unit, "valid_to", f"a day after valid_from ({unit.valid_from}), or an empty cell",
                f"'{unit.valid_to}'", "correct one of the two days",
            ))
        periods[unit.municipality_id, unit.org_unit_id].append(unit)
    for rows in periods.values():
        rows.sort(key=lambda one: one.valid_from)
        for before, after in pairwise(rows):
            if before.valid_to is None or before.valid_to > after.valid_from:
                found.append(tell(
                    before, "valid_to",
                    f"a day no later than {after.valid_from}, when row {after.row} begins",
                    f"'{before.valid_to}'" if before.valid_to else "an empty cell",
                    "end the earlier period: a unit has one size a day",
                ))
    for change in registry.reorganisations:
        found += unknown_ids(change, "municipality_id", (change.municipality_id,), known)
        found += role_findings(change, "owner_role", change.owner_role)
        if change.ends_on <= change.starts_on:
            found.append(tell(
                change, "ends_on", f"the first day after it, later than starts_on ({change.starts_on})",
                f"'{change.ends_on}'", "correct one of the two days",
            ))
    return found
