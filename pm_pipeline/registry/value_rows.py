"""What a municipality itself holds an activity to be worth: from when, and who answers for it."""

from pm_pipeline.registry.cells import Day, Id, SeedRow
from pm_pipeline.registry.vocabulary import ValueClass


class ActivityValue(SeedRow):
    """One activity in a period (first day inclusive, last day exclusive), in one municipality.

    There is no default for all: no source says what of a municipality's work has value for a citizen.
    """

    file = "mapping/activity_values.csv"
    key = ("municipality_id", "activity_id", "valid_from")
    municipality_id: Id
    activity_id: Id
    valid_from: Day
    valid_to: Day | None
    value_class: ValueClass
    owner_role: str
    reason_da: str
    reason_en: str
    notes: str | None
