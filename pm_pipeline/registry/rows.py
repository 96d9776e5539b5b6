"""The rows of ``seeds/mapping`` and ``seeds/registry``."""

from pm_pipeline.registry.cells import Day, Id, IdList, SeedRow, Truth, Whole
from pm_pipeline.registry.vocabulary import (
    Certainty,
    FilterField,
    FilterOperator,
    MappingKind,
    ResourceType,
    SystemCertainty,
)


class Activity(SeedRow):
    file = "mapping/activities.csv"
    key = ("activity_id",)
    activity_id: Id
    label_da: str
    label_en: str
    family: str
    sort_rank: Whole
    resource_expected: ResourceType | None
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


class FilterCondition(SeedRow):
    """One condition of a filter: a named set of cases of the process that its row `process` names."""

    file = "mapping/filters.csv"
    key = ("filter_id", "field", "operator", "value")
    filter_id: Id
    field: FilterField
    operator: FilterOperator
    value: IdList


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


class SystemRelease(SeedRow):
    """A new version of a case system: from its day data may look otherwise without any act doing so."""

    file = "registry/system_releases.csv"
    key = ("release_id",)
    release_id: Id
    system_id: Id
    #: Empty = the release reached every municipality on the same day.
    municipality_id: Id | None
    released_on: Day
    title_da: str
    title_en: str
    reference_url: str | None
    certainty: Certainty
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
