"""What a municipality did to work better, and what it expected of it."""

from datetime import timedelta
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from pm_pipeline.registry.cells import Day, Id, IdList, SeedRow, Whole
from pm_pipeline.registry.vocabulary import Direction, InitiativeMeasure


class Initiative(SeedRow):
    """One initiative and one measure by which it is judged.

    Cases that begin from ``starts_on`` on are compared with those before, each followed for
    ``follow_up_days``. Empty lists of groups and units: all of the process.
    """

    file = "registry/initiatives.csv"
    key = ("initiative_id",)
    initiative_id: Id
    municipality_id: Id
    title_da: str
    title_en: str
    process_id: Id
    starts_on: Day
    #: The first day on which it no longer ran; empty while it runs.
    ends_on: Day | None
    measure: InitiativeMeasure
    #: The activity or the rule that the measure asks about; empty where it asks about none.
    measure_item: Id | None
    follow_up_days: Annotated[Whole, Field(ge=1)]
    target_groups: IdList
    target_units: IdList
    comparison_groups: IdList
    comparison_units: IdList
    direction: Direction
    #: In the unit of the measure: days, a number per case, or a share (0.1 = ten percentage points).
    expected_size: Annotated[Decimal, Field(gt=0)]
    registered_on: Day
    owner_role: str
    notes: str | None

    @property
    def has_comparison(self) -> bool:
        return bool(self.comparison_groups or self.comparison_units)

    @property
    def is_exploratory(self) -> bool:
        """Written down when its first result could be known already, so that it confirms nothing."""
        return self.registered_on > self.starts_on + timedelta(days=self.follow_up_days)
