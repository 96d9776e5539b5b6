"""One frozen model per seed row; the columns of a seed are exactly the fields of its model."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from pm_pipeline.registry.vocabulary import (
    AppliesBy,
    Certainty,
    ChangeKind,
    ChangeStatus,
    MappingKind,
    ResourceType,
    ResponsibleParty,
    RuleKind,
    SystemCertainty,
    WindowUnit,
)


def _listed(cell: object) -> object:
    """A cell with a list, ``a|b``; an empty cell is an empty list."""
    if cell is None:
        return ()
    return tuple(cell.split("|")) if isinstance(cell, str) else cell


def _iso_date(cell: object) -> object:
    # Pydantic alone would take 1704067200 for a date as well.
    if isinstance(cell, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell):
        raise ValueError("a date as yyyy-mm-dd")
    return cell


def _whole(cell: object) -> object:
    if isinstance(cell, str) and not re.fullmatch(r"-?\d+", cell):
        raise ValueError("a whole number")
    return cell


def _truth(cell: object) -> object:
    if isinstance(cell, str) and cell not in ("true", "false"):
        raise ValueError("true or false")
    return cell == "true" if isinstance(cell, str) else cell


Id = Annotated[str, Field(pattern=r"^[^|]+$")]
IdList = Annotated[tuple[Id, ...], BeforeValidator(_listed)]
RuleKinds = Annotated[tuple[RuleKind, ...], BeforeValidator(_listed)]
Parties = Annotated[tuple[ResponsibleParty, ...], BeforeValidator(_listed)]
Day = Annotated[date, BeforeValidator(_iso_date)]
Whole = Annotated[int, BeforeValidator(_whole)]
Truth = Annotated[bool, BeforeValidator(_truth)]


class SeedRow(BaseModel):
    """A row of a seed and where it stands: data row ``row`` (from 1), file line ``line``."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    file: ClassVar[str]
    key: ClassVar[tuple[str, ...]]

    row: int
    line: int

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        return tuple(name for name in cls.model_fields if name not in ("row", "line"))


class LegalChange(SeedRow):
    file = "law/legal_changes.csv"
    key = ("change_id",)
    change_id: Id
    title_da: str
    title_en: str
    act: str
    reference_url: str
    kind: ChangeKind
    status: ChangeStatus
    announced_on: Day | None
    effective_on: Day | None
    ended_on: Day | None
    certainty: Certainty
    notes: str | None

    @property
    def is_law(self) -> bool:
        """In force or ended: only such a change may feed a check or a figure."""
        return self.status in (ChangeStatus.IN_FORCE, ChangeStatus.ENDED)


class Regime(SeedRow):
    """The law a case is judged by, in the half-open interval ``[valid_from, valid_to)``."""

    file = "law/regimes.csv"
    key = ("regime_id",)
    regime_id: Id
    process_id: Id
    change_id: Id
    valid_from: Day
    valid_to: Day | None
    applies_by: AppliesBy
    notes: str | None

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class Rule(SeedRow):
    file = "law/rules.csv"
    key = ("rule_id", "version")
    rule_id: Id
    version: Id
    regime_id: Id
    change_id: Id
    kind: RuleKind
    applies_to_target_groups: IdList
    scope_municipalities: IdList
    scope_funds: IdList
    anchor_activity_id: Id | None
    required_activity_id: IdList
    responsible_party: Parties
    min_count: Whole | None
    window_from: Whole | None
    window_to: Whole | None
    window_unit: WindowUnit | None
    share_required: Decimal | None
    # Empty is a finding of law/register.py, which can say which rule lacks its basis.
    legal_basis_url: str | None
    certainty: Certainty
    title_da: str
    title_en: str
    notes: str | None


class ClockStop(SeedRow):
    """Days ``[starts_on, ends_on)`` that do not count for ``rule_kinds`` (none when empty)."""

    file = "law/clock_stops.csv"
    key = ("stop_id",)
    stop_id: Id
    change_id: Id
    starts_on: Day
    ends_on: Day | None
    scope_regions: IdList
    rule_kinds: RuleKinds
    notes: str | None


class Activity(SeedRow):
    file = "mapping/activities.csv"
    key = ("activity_id",)
    activity_id: Id
    label_da: str
    label_en: str
    family: str
    sort_rank: Whole
    resource_expected: ResourceType | None
    value_class: str | None
    notes: str | None


class ActivityMapping(SeedRow):
    file = "mapping/activity_mappings.csv"
    key = ("mapping_id",)
    mapping_id: Id
    system_id: Id
    municipality_id: Id | None
    source_table: str
    source_code: str
    activity_id: Id
    valid_from: Day | None
    valid_to: Day | None
    change_id: Id | None
    notes: str | None


class Municipality(SeedRow):
    file = "registry/municipalities.csv"
    key = ("municipality_id",)
    municipality_id: Id
    name: str
    region: str | None
    is_active: Truth
    is_fictional: Truth
    notes: str | None


class CaseSystem(SeedRow):
    file = "registry/case_systems.csv"
    key = ("system_id",)
    system_id: Id
    vendor: str | None
    name: str
    mapping: MappingKind
    certainty: SystemCertainty
    notes: str | None


class Process(SeedRow):
    file = "registry/processes.csv"
    key = ("process_id",)
    process_id: Id
    label_da: str
    label_en: str
    case_object_type: str
    target_groups: IdList
    start_activities: IdList
    end_activities: IdList
    case_notion: str
    notes: str | None


class TargetGroup(SeedRow):
    file = "registry/target_groups.csv"
    key = ("target_group",)
    target_group: Id
    label_da: str
    label_en: str
    law_number: str | None
    certainty: Certainty
    notes: str | None


class Holiday(SeedRow):
    file = "registry/calendar.csv"
    key = ("holiday_on",)
    holiday_on: Day
    name_da: str
    name_en: str
