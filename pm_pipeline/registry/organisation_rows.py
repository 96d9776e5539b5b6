"""The organisation as a municipality tells it: how large its units are, when it changed."""

from pm_pipeline.registry.cells import Day, Id, IdList, SeedRow, Whole


class UnitSize(SeedRow):
    """How many people work in a unit in a period (first day inclusive, last day exclusive)."""

    file = "registry/unit_sizes.csv"
    key = ("municipality_id", "org_unit_id", "valid_from")
    municipality_id: Id
    #: As the case system writes it.
    org_unit_id: Id
    valid_from: Day
    valid_to: Day | None
    n_staff: Whole
    label_da: str
    label_en: str
    notes: str | None


class Reorganisation(SeedRow):
    """Days on which cases got another caseworker because the organisation changed."""

    file = "registry/reorganisations.csv"
    key = ("reorganisation_id",)
    reorganisation_id: Id
    municipality_id: Id
    starts_on: Day
    ends_on: Day
    #: The units that the cases came to; empty = every unit.
    org_units: IdList
    title_da: str
    title_en: str
    owner_role: str
    notes: str | None
