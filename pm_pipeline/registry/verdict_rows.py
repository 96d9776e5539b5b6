"""What caseworkers say of the map: is what it shows how the work is, or only how it is registered?"""

from pm_pipeline.registry.cells import Day, Id, IdList, SeedRow
from pm_pipeline.registry.vocabulary import Verdict, VerdictKind


class ExpertVerdict(SeedRow):
    """One activity, edge or path as judged on a day; the latest of a subject stands."""

    file = "registry/expert_verdicts.csv"
    key = ("municipality_id", "process_id", "kind", "activity_ids", "judged_on")
    municipality_id: Id
    process_id: Id
    kind: VerdictKind
    #: What is judged, so that it is found again in every build: the activity, the two of an edge, or
    #: all of a path in their order.
    activity_ids: IdList
    verdict: Verdict
    judged_on: Day
    judged_by_role: str
    reason_da: str
    reason_en: str
    notes: str | None

    @property
    def subject(self) -> tuple[str, str, VerdictKind, tuple[str, ...]]:
        """What the verdict is of, in any build and on any day."""
        return self.municipality_id, self.process_id, self.kind, self.activity_ids
