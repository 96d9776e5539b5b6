"""What a municipality asks itself: what if people were due a talk more often, or more could be held?"""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from pm_pipeline.registry.cells import Id, SeedRow, Whole

#: A factor beyond this says nothing about the same work any more.
MOST_STAFFING = 10

Days = Annotated[Whole, Field(ge=1, le=365)]


class WhatIf(SeedRow):
    """One question about one queue: the talks of an activity in a process.

    ``quota_days`` and ``first_days`` are how it is meant to be now: days after a talk, and after the
    registration, by which the next one is due. At least one of the last two columns says what changes.
    """

    file = "registry/what_ifs.csv"
    key = ("what_if_id",)
    what_if_id: Id
    #: Empty = every municipality.
    municipality_id: Id | None
    process_id: Id
    activity_id: Id
    quota_days: Days
    #: Empty = as many as ``quota_days``, also where these change.
    first_days: Days | None
    new_quota_days: Days | None
    #: 1.1 = a tenth more talks can be held a working day.
    staffing_factor: Annotated[Decimal, Field(gt=0, le=MOST_STAFFING)] | None
    title_da: str
    title_en: str
    notes: str | None
