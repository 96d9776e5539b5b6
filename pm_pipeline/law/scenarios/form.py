"""The form of a file of examples: every key typed, none unknown."""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from pm_pipeline.registry import ResponsibleParty
from pm_pipeline.registry.cells import Day, Id, Truth, Whole


class Outcome(StrEnum):
    """The closed vocabulary of ``core.rule_outcomes``, and that the rule does not bind the case."""

    FULFILLED = "fulfilled"
    BREACHED = "breached"
    PENDING = "pending"
    EXEMPT = "exempt"
    NOT_APPLICABLE = "not_applicable"
    NOT_COMPUTABLE = "not_computable"
    #: No row: another rule stands in for this one, or it covers other people.
    NOT_BOUND = "not_bound"


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _nothing_said(cls, value: Any) -> Any:
        """A key with ``null`` or nothing behind it is a key that does not stand there."""
        if not isinstance(value, dict):
            return value
        nothing = ("null", "~", "", None)
        return {
            name: one for name, one in value.items()
            if one not in nothing or name not in cls.model_fields
        }


class Act(BaseModel):
    """What happened on a day, and who did it: ``2021-03-08 JOBSAMTALE municipality``."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    on: Day
    activity_id: Id
    party: ResponsibleParty | None = None


def _act(value: object) -> object:
    words = value.split() if isinstance(value, str) else []
    if len(words) not in (2, 3) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", words[0]):
        raise ValueError(
            "a day, an activity and the party, if it matters: 2021-03-08 JOBSAMTALE municipality"
        )
    return dict(zip(("on", "activity_id", "party"), words, strict=False))


class Given(_Form):
    """One course of one citizen, as the sources would tell it."""

    target_group: Id | None = None
    registered: Day
    closed: Day | None = None
    fund: Id | None = None
    #: The case lies in the first municipality of the region, or in this one.
    region: Id | None = None
    municipality: Id | None = None
    #: The act that starts the process is put on the day of registration; false: it is not in the data.
    start_in_data: Truth = True
    events: tuple[Annotated[Act, BeforeValidator(_act)], ...] = ()
    as_of: Day | None = None


class Expected(_Form):
    """What must come out; what is not named may be anything.

    Keys are the columns of ``core.rule_outcomes``, or those of ``core.population_shares`` and
    ``quota_met``. A day may be written without ``_on``: ``due: 2021-03-08``.
    """

    outcome: Outcome | None = None
    reason: str | None = None
    anchor_on: Day | None = None
    window_starts_on: Day | None = None
    due_on: Day | None = None
    due_less_stops_on: Day | None = None
    first_on: Day | None = None
    reached_on: Day | None = None
    removed_days: Whole | None = None
    counted: Whole | None = None
    required_count: Whole | None = None
    days_late: Whole | None = None
    calendar_days: Whole | None = None
    counted_days: Whole | None = None
    working_days: Whole | None = None
    n_cohort: Whole | None = None
    n_reached: Whole | None = None
    n_pending: Whole | None = None
    n_closed_before_due: Whole | None = None
    n_exempt: Whole | None = None
    n_not_computable: Whole | None = None
    quota_met: Truth | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"outcome": value}
        if not isinstance(value, dict):
            return value
        days = {name.removesuffix("_on"): name for name in cls.model_fields if name.endswith("_on")}
        return {days.get(name, name): one for name, one in value.items()}

    @property
    def named(self) -> dict[str, Any]:
        """Column to value of everything that is expected."""
        return self.model_dump(exclude_none=True)


#: What only a cohort is expected to show; the other keys tell of one case.
OF_A_COHORT = frozenset(
    name for name in Expected.model_fields if name.startswith("n_") or name == "quota_met"
)


class Story(_Form):
    """One example, as the file tells it."""

    name: str
    name_da: str | None = None
    version: tuple[Id, ...]
    given: Given | None = None
    #: The courses of a cohort, for a rule that asks for a share.
    cases: tuple[Given, ...] = ()
    as_of: Day | None = None
    expect: Expected
    notes: str | None = None

    @field_validator("version", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @property
    def courses(self) -> tuple[Given, ...]:
        return (self.given,) if self.given else self.cases

    @property
    def seen_on(self) -> date | None:
        """The day the data are of; None when the example names none, or several."""
        days = {course.as_of or self.as_of for course in self.courses}
        return days.pop() if len(days) == 1 else None


class Stories(_Form):
    """A whole file."""

    rule: Id
    about: str
    scenarios: tuple[Story, ...] = Field(min_length=1)
