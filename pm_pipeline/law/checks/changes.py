"""A legal change: its days in order, what its status asks for, where it can be read."""

from pm_pipeline.law.checks.told import tell, url_finding
from pm_pipeline.registry import Certainty, ChangeStatus, Finding, LegalChange


def change_findings(change: LegalChange) -> list[Finding]:
    found = url_finding(change, "reference_url")
    if change.announced_on and change.effective_on and change.announced_on > change.effective_on:
        found.append(
            tell(change, "announced_on", f"a day not after effective_on {change.effective_on}",
                 f"{change.announced_on}", "correct one of the two days")
        )
    if change.effective_on and change.ended_on and change.ended_on <= change.effective_on:
        found.append(
            tell(change, "ended_on", f"a day after effective_on {change.effective_on}",
                 f"{change.ended_on}", "correct one of the two days")
        )
    if change.status is ChangeStatus.ENDED and change.ended_on is None:
        found.append(
            tell(change, "ended_on", "the day an ended change ended", "an empty cell",
                 "enter the first day no longer in force, or another status")
        )
    if change.is_law and change.certainty is Certainty.VERIFIED and change.effective_on is None:
        found.append(
            tell(change, "effective_on", "the day a verified change took effect", "an empty cell",
                 "enter the day, or mark the change uncertain")
        )
    return found
