"""Two named sets of cases that are laid side by side."""

from typing import Annotated

from pydantic import Field

from pm_pipeline.registry.cells import Id, SeedRow, Whole


class Comparison(SeedRow):
    """Two filters of one process. Every case is followed for ``follow_up_days`` from its registration.

    Of cases that could not be followed so long nothing is compared: a younger group would look as if
    less happened in it.
    """

    file = "registry/comparisons.csv"
    key = ("comparison_id",)
    comparison_id: Annotated[Id, Field(pattern=r"^[A-Za-z0-9_.-]+$")]
    first_filter_id: Id
    second_filter_id: Id
    follow_up_days: Annotated[Whole, Field(ge=1)]
    title_da: str
    title_en: str
    notes: str | None
