"""Deviations from a model that a municipality knows of and lives with, until a day."""

from typing import Literal

from pm_pipeline.registry.cells import Day, Id, IdList, SeedRow


class AcceptedDeviation(SeedRow):
    """One deviation that is accepted, why, by which role, and until when (first day no longer)."""

    file = "registry/accepted_deviations.csv"
    key = ("acceptance_id",)
    acceptance_id: Id
    municipality_id: Id
    process_id: Id
    #: Empty = every regime of the process.
    regime_id: Id | None
    model_kind: Literal["discovered", "reference"]
    deviation_kind: Literal["skipped", "unexpected"]
    #: As the deviation tells it: of a skipped step all activities that would have done equally.
    activity_ids: IdList
    reason_da: str
    reason_en: str
    owner_role: str
    accepted_on: Day
    expires_on: Day
    notes: str | None
