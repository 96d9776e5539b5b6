"""What-ifs: known ids, and a change that changes something."""

from pm_pipeline.law.checks.told import tell, unknown_ids
from pm_pipeline.registry import Finding, Registry, WhatIf


def what_if_findings(registry: Registry, what_if: WhatIf) -> list[Finding]:
    """Every fault of one row of registry/what_ifs.csv."""
    found = unknown_ids(
        what_if, "municipality_id", filter(None, (what_if.municipality_id,)),
        {one.municipality_id for one in registry.municipalities},
    )
    found += unknown_ids(
        what_if, "process_id", (what_if.process_id,),
        {one.process_id for one in registry.processes},
    )
    found += unknown_ids(
        what_if, "activity_id", (what_if.activity_id,),
        {one.activity_id for one in registry.activities},
    )
    if what_if.new_quota_days is None and what_if.staffing_factor is None:
        found.append(tell(
            what_if, "new_quota_days", "a change: another quota, another staffing, or both",
            "two empty cells", "fill new_quota_days or staffing_factor",
        ))
    if what_if.new_quota_days == what_if.quota_days:
        found.append(tell(
            what_if, "new_quota_days", f"another quota than the present one ({what_if.quota_days})",
            f"'{what_if.new_quota_days}'", "correct it, or empty the cell",
        ))
    if what_if.staffing_factor == 1:
        found.append(tell(
            what_if, "staffing_factor", "another staffing than the present one (1)",
            f"'{what_if.staffing_factor}'", "write a tenth more as 1.1, or empty the cell",
        ))
    return found
