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


class ResponsibleParty(StrEnum):
    MUNICIPALITY = "municipality"
    UNEMPLOYMENT_FUND = "unemployment_fund"
    JOINT = "joint"


class ResourceType(StrEnum):
    HUMAN = "human"
    ROBOT = "robot"
    SYSTEM = "system"
    CITIZEN = "citizen"


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


class MappingKind(StrEnum):
    TABLE = "table"
    IDENTITY = "identity"
