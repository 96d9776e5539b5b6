"""What activities are worth: known ids, one class a day, and a role that answers for it."""

from collections import defaultdict
from itertools import pairwise

from pm_pipeline.law.checks.roles import role_findings
from pm_pipeline.law.checks.told import tell, unknown_ids
from pm_pipeline.registry import ActivityValue, Finding, Registry


def value_findings(registry: Registry) -> list[Finding]:
    """Every fault in mapping/activity_values.csv."""
    municipalities = {one.municipality_id for one in registry.municipalities}
    activities = {one.activity_id for one in registry.activities}
    found: list[Finding] = []
    periods: dict[tuple[str, str], list[ActivityValue]] = defaultdict(list)
    for row in registry.activity_values:
        found += unknown_ids(row, "municipality_id", (row.municipality_id,), municipalities)
        found += unknown_ids(row, "activity_id", (row.activity_id,), activities)
        found += role_findings(row, "owner_role", row.owner_role)
        if row.valid_to is not None and row.valid_to <= row.valid_from:
            found.append(tell(
                row, "valid_to", f"a day after valid_from ({row.valid_from}), or an empty cell",
                f"'{row.valid_to}'", "correct one of the two days",
            ))
        periods[row.municipality_id, row.activity_id].append(row)
    for rows in periods.values():
        rows.sort(key=lambda one: one.valid_from)
        for before, after in pairwise(rows):
            if before.valid_to is None or before.valid_to > after.valid_from:
                found.append(tell(
                    before, "valid_to",
                    f"a day no later than {after.valid_from}, when row {after.row} begins",
                    f"'{before.valid_to}'" if before.valid_to else "an empty cell",
                    "end the earlier period: an activity has one class a day",
                ))
    return found
