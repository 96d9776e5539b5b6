"""Accepted deviations: known ids, an owner that is a role, an end after the beginning."""

from pm_pipeline.law.checks.roles import role_findings
from pm_pipeline.law.checks.told import tell, unknown_ids
from pm_pipeline.registry import AcceptedDeviation, Finding, Registry


def accepted_findings(registry: Registry, accepted: AcceptedDeviation) -> list[Finding]:
    """Every fault of one row of registry/accepted_deviations.csv."""
    found = unknown_ids(
        accepted, "municipality_id", (accepted.municipality_id,),
        {one.municipality_id for one in registry.municipalities},
    )
    found += unknown_ids(
        accepted, "process_id", (accepted.process_id,),
        {one.process_id for one in registry.processes},
    )
    found += unknown_ids(
        accepted, "activity_ids", accepted.activity_ids,
        {one.activity_id for one in registry.activities},
    )
    if accepted.regime_id is not None:
        found += unknown_ids(
            accepted, "regime_id", (accepted.regime_id,),
            {one.regime_id for one in registry.regimes_of(accepted.process_id)},
        )
    if not accepted.activity_ids:
        found.append(tell(
            accepted, "activity_ids", "the activity that is skipped or unexpected", "an empty cell",
            "enter it as the deviation tells it",
        ))
    found += role_findings(accepted, "owner_role", accepted.owner_role)
    if accepted.expires_on <= accepted.accepted_on:
        found.append(tell(
            accepted, "expires_on", f"a day after it was accepted ({accepted.accepted_on})",
            f"'{accepted.expires_on}'", "correct one of the two days",
        ))
    return found
