"""The closed vocabularies of the seeds."""

from enum import StrEnum


class ChangeKind(StrEnum):
    RULE = "rule"
    CLOCK_STOP = "clock_stop"
    SCHEME_END = "scheme_end"
    CODE_RETIREMENT = "code_retirement"
    ORG_CHANGE = "org_change"


class ChangeStatus(StrEnum):
    ANNOUNCED = "announced"
    ENACTED = "enacted"
    IN_FORCE = "in_force"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


class Certainty(StrEnum):
    VERIFIED = "verified"
    UNCERTAIN = "uncertain"


class SystemCertainty(StrEnum):
    VERIFIED = "verified"
    UNCERTAIN = "uncertain"
    ILLUSTRATIVE = "illustrative"


class RuleKind(StrEnum):
    DEADLINE = "deadline"
    MIN_COUNT = "min_count"
    POPULATION_SHARE = "population_share"
    PRECEDENCE = "precedence"
    REQUIRED = "required"
    FORBIDDEN = "forbidden"


class AppliesBy(StrEnum):
    CASE_START = "case_start"
    EVENT = "event"


class WindowUnit(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class RuleClock(StrEnum):
    CALENDAR = "calendar"
    #: Counted unemployment: no export tells it, so such a rule is not computable.
    ACCUMULATED_UNEMPLOYMENT = "accumulated_unemployment"


class ExemptionEffect(StrEnum):
    #: The days of the period do not count in the window.
    REMOVES_DAYS = "removes_days"
    #: The rule does not bind a case that has such a period in the window.
    EXEMPTS = "exempts"


class ResponsibleParty(StrEnum):
    MUNICIPALITY = "municipality"
    UNEMPLOYMENT_FUND = "unemployment_fund"
    JOINT = "joint"


class ResourceType(StrEnum):
    HUMAN = "human"
    ROBOT = "robot"
    SYSTEM = "system"
    CITIZEN = "citizen"


class LogRuleKind(StrEnum):
    ACTIVITY_FREQUENCY = "activity_frequency"
    ACTIVITY_ORDER = "activity_order"
    ACTIVITY_RESOURCE = "activity_resource"
    ACTIVITY_DURATION = "activity_duration"
    MISSING_ACTIVITY = "missing_activity"
    MISSING_VALUE = "missing_value"
    INACTIVE_PERIOD = "inactive_period"
    RELATED_ACTIVITIES = "related_activities"
    CONDITIONAL_PRESENCE = "conditional_presence"
    RESOURCE_INCONSISTENCY = "resource_inconsistency"
    VALUE_RANGE = "value_range"
    TIME_ANOMALY = "time_anomaly"
    DURATION_OUTLIER = "duration_outlier"
    MULTI_REGISTRATION = "multi_registration"
    OVERLAP = "overlap"


class DurationUnit(StrEnum):
    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    #: Standard deviations from the mean duration of the activity.
    SD = "sd"


class LogAttribute(StrEnum):
    RESOURCE_TYPE = "resource_type"
    RESPONSIBLE_PARTY = "responsible_party"
    ORG_UNIT_ID = "org_unit_id"
    OCCURRED_AT = "occurred_at"
    STARTED_AT = "started_at"
    ENDED_AT = "ended_at"
    REGISTERED_AT = "registered_at"
    #: Of the case, as the law looks at it.
    TARGET_GROUP = "target_group"


class RuleSeverity(StrEnum):
    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


class CaseObject(StrEnum):
    COURSE = "course"
    CITIZEN = "citizen"
    #: One object of an object-centric log, of the type that the process names.
    OBJECT = "object"


class TimeFlag(StrEnum):
    MIDNIGHT = "midnight"
    UTC_MIDNIGHT = "utc_midnight"
    PLACEHOLDER_DATE = "placeholder_date"
    BATCH_SECOND = "batch_second"


class InitiativeMeasure(StrEnum):
    """What is measured of each case, in the first ``follow_up_days`` of it."""

    LEAD_TIME_DAYS = "lead_time_days"
    WORKING_DAYS = "working_days"
    DAYS_TO_FIRST_TALK = "days_to_first_talk"
    DAYS_TO_ACTIVITY = "days_to_activity"
    N_TALKS = "n_talks"
    N_EVENTS = "n_events"
    N_REPEATED_EVENTS = "n_repeated_events"
    CASEWORKER_CHANGES = "caseworker_changes"
    SHARE_WITH_ACTIVITY = "share_with_activity"
    SHARE_RULE_FULFILLED = "share_rule_fulfilled"


class Direction(StrEnum):
    """Where a measure is expected to go."""

    LOWER = "lower"
    HIGHER = "higher"


class ValueClass(StrEnum):
    """What an act is to the citizen (Dumas and others 2018, Fundamentals of BPM, §6.1)."""

    VALUE_ADDING = "value_adding"
    #: Of no value to the citizen, but the law or the work cannot do without it.
    NECESSARY = "necessary"
    NON_VALUE_ADDING = "non_value_adding"


class MappingKind(StrEnum):
    TABLE = "table"
    IDENTITY = "identity"


class FilterField(StrEnum):
    PROCESS = "process"
    REGIME = "regime"
    TARGET_GROUP = "target_group"
    #: The unit of most events of a case.
    UNIT = "unit"
    REGISTERED_YEAR = "registered_year"
    REGISTERED_ON = "registered_on"
    IS_CLOSED = "is_closed"
    ACTIVITY = "activity"
    DIRECTLY_FOLLOWS = "directly_follows"
    LEAD_TIME_DAYS = "lead_time_days"
    #: The most usual paths that together hold a share of the cases of the process.
    VARIANT_COVERAGE = "variant_coverage"


class FilterOperator(StrEnum):
    IS = "is"
    HAS = "has"
    LACKS = "lacks"
    FROM = "from"
    BEFORE = "before"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class VerdictKind(StrEnum):
    """What of the map a verdict is of."""

    ACTIVITY = "activity"
    #: One activity directly followed by another.
    EDGE = "edge"
    #: A whole path.
    VARIANT = "variant"


class Verdict(StrEnum):
    REAL = "real"
    #: It is in the data because of how things are registered; the work does not go so.
    REGISTRATION_ARTEFACT = "registration_artefact"
    WRONG = "wrong"
