"""Expert verdicts: known ids, as many activities as the kind has, and no person anywhere."""

from pm_pipeline.law.checks.roles import prose_findings, role_findings
from pm_pipeline.law.checks.told import tell, unknown_ids
from pm_pipeline.registry import ExpertVerdict, Finding, Registry, VerdictKind

_NUMBER = {VerdictKind.ACTIVITY: 1, VerdictKind.EDGE: 2}
_EXPECTED = {
    VerdictKind.ACTIVITY: "the one activity that is judged",
    VerdictKind.EDGE: "the two of the edge, from|to",
    VerdictKind.VARIANT: "all activities of the path, a|b|c",
}


def verdict_findings(registry: Registry, judged: ExpertVerdict) -> list[Finding]:
    """Every fault of one row of registry/expert_verdicts.csv."""
    found = unknown_ids(
        judged, "municipality_id", (judged.municipality_id,),
        {one.municipality_id for one in registry.municipalities},
    )
    found += unknown_ids(
        judged, "process_id", (judged.process_id,),
        {one.process_id for one in registry.processes},
    )
    found += unknown_ids(
        judged, "activity_ids", judged.activity_ids,
        {one.activity_id for one in registry.activities},
    )
    n_told = len(judged.activity_ids)
    if n_told != _NUMBER.get(judged.kind, max(n_told, 1)):
        found.append(tell(
            judged, "activity_ids", _EXPECTED[judged.kind], f"{n_told} of them" if n_told else "none",
            "enter them, or correct the kind",
        ))
    found += role_findings(judged, "judged_by_role", judged.judged_by_role)
    for column in ("reason_da", "reason_en", "notes"):
        found += prose_findings(judged, column, getattr(judged, column) or "")
    return found
