"""Rows of the seeds about cases and the quality of the log."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator

from pm_pipeline.registry.cells import Day, Id, IdList, SeedRow, Whole
from pm_pipeline.registry.vocabulary import (
    CaseObject,
    Certainty,
    DurationUnit,
    LogAttribute,
    LogRuleKind,
    RuleSeverity,
    TimeFlag,
)


def _clock(cell: object) -> object:
    if isinstance(cell, str) and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d", cell):
        raise ValueError("an hour as hh:mm:ss")
    return cell


Clock = Annotated[str, BeforeValidator(_clock)]


class CaseNotion(SeedRow):
    """Which courses of a citizen are one case: merged within a gap, or a journey, split after one."""

    file = "registry/case_notions.csv"
    key = ("case_notion_id",)
    case_notion_id: Id
    label_da: str
    label_en: str
    object_type: CaseObject
    merge_gap_days: Whole | None
    merge_before: Day | None
    split_gap_days: Whole | None
    notes: str | None


class TimeArtefact(SeedRow):
    """What an artefact of time looks like; exactly the column that belongs to its flag is filled."""

    file = "quality/time_artefacts.csv"
    key = ("artefact_id",)
    artefact_id: Id
    flag: TimeFlag
    system_id: Id | None
    local_time: Clock | None
    utc_time: Clock | None
    on_date: Day | None
    min_rows: Whole | None
    notes: str | None


class LogRule(SeedRow):
    """What holds for the log of a process, whatever the law; which cells a kind uses: law/log_seeds."""

    file = "quality/log_rules.csv"
    key = ("rule_id",)
    rule_id: Id
    kind: LogRuleKind
    process_id: Id
    regime_id: Id | None
    activity_id: IdList
    resource_kind: Id | None
    attribute: LogAttribute | None
    attribute_values: IdList
    amount_from: Whole | None
    amount: Whole | None
    unit: DurationUnit | None
    allowed_percent: Decimal | None
    label_da: str
    label_en: str
    severity: RuleSeverity
    certainty: Certainty
    notes: str | None
