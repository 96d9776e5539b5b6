"""Typed, validated, read-only view of the seed CSVs: what a maintainer edits.

:func:`load_registry` reads every seed and names all faults of form at once. Whether the rows agree
with each other (intervals, ids, law that is in force) is checked by
:mod:`pm_pipeline.law.register`.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from pm_pipeline.errors import UsageError
from pm_pipeline.registry.accepted_rows import AcceptedDeviation
from pm_pipeline.registry.cells import SeedRow
from pm_pipeline.registry.comparison_rows import Comparison
from pm_pipeline.registry.findings import Finding, refuse
from pm_pipeline.registry.initiative_rows import Initiative
from pm_pipeline.registry.law_rows import ClockStop, Exemption, LegalChange, Regime, Rule
from pm_pipeline.registry.log_rows import CaseNotion, LogRule, TimeArtefact
from pm_pipeline.registry.organisation_rows import Reorganisation, UnitSize
from pm_pipeline.registry.reader import read_seed
from pm_pipeline.registry.rows import (
    Activity,
    ActivityMapping,
    CaseSystem,
    FilterCondition,
    Holiday,
    Municipality,
    Process,
    SystemRelease,
    TargetGroup,
)
from pm_pipeline.registry.value_rows import ActivityValue
from pm_pipeline.registry.verdict_rows import ExpertVerdict
from pm_pipeline.registry.vocabulary import (
    AppliesBy,
    CaseObject,
    Certainty,
    ChangeKind,
    ChangeStatus,
    Direction,
    DurationUnit,
    ExemptionEffect,
    FilterField,
    FilterOperator,
    InitiativeMeasure,
    LogAttribute,
    LogRuleKind,
    MappingKind,
    ResourceType,
    ResponsibleParty,
    RuleClock,
    RuleKind,
    SystemCertainty,
    TimeFlag,
    ValueClass,
    Verdict,
    VerdictKind,
    WindowUnit,
)
from pm_pipeline.registry.what_if_rows import WhatIf

__all__ = [
    "AcceptedDeviation",
    "Activity",
    "ActivityMapping",
    "ActivityValue",
    "AppliesBy",
    "CaseNotion",
    "CaseObject",
    "CaseSystem",
    "Certainty",
    "ChangeKind",
    "ChangeStatus",
    "ClockStop",
    "Comparison",
    "Direction",
    "DurationUnit",
    "Exemption",
    "ExemptionEffect",
    "ExpertVerdict",
    "FilterCondition",
    "FilterField",
    "FilterOperator",
    "Finding",
    "Holiday",
    "Initiative",
    "InitiativeMeasure",
    "LegalChange",
    "LogAttribute",
    "LogRule",
    "LogRuleKind",
    "MappingKind",
    "Municipality",
    "Process",
    "Regime",
    "Registry",
    "Reorganisation",
    "ResourceType",
    "ResponsibleParty",
    "Rule",
    "RuleClock",
    "RuleKind",
    "SeedRow",
    "SystemCertainty",
    "SystemRelease",
    "TargetGroup",
    "TimeArtefact",
    "TimeFlag",
    "UnitSize",
    "ValueClass",
    "Verdict",
    "VerdictKind",
    "WhatIf",
    "WindowUnit",
    "load_registry",
    "read_registry",
    "refuse",
]

Row = TypeVar("Row", bound=SeedRow)


@dataclass(frozen=True)
class Registry:
    """All seeds of one field of work, rows in the order of their files."""

    seeds_dir: Path
    changes: tuple[LegalChange, ...]
    regimes: tuple[Regime, ...]
    rules: tuple[Rule, ...]
    clock_stops: tuple[ClockStop, ...]
    exemptions: tuple[Exemption, ...]
    activities: tuple[Activity, ...]
    mappings: tuple[ActivityMapping, ...]
    filters: tuple[FilterCondition, ...]
    municipalities: tuple[Municipality, ...]
    systems: tuple[CaseSystem, ...]
    releases: tuple[SystemRelease, ...]
    processes: tuple[Process, ...]
    case_notions: tuple[CaseNotion, ...]
    target_groups: tuple[TargetGroup, ...]
    holidays: tuple[Holiday, ...]
    time_artefacts: tuple[TimeArtefact, ...]
    log_rules: tuple[LogRule, ...]
    initiatives: tuple[Initiative, ...]
    comparisons: tuple[Comparison, ...]
    accepted_deviations: tuple[AcceptedDeviation, ...]
    unit_sizes: tuple[UnitSize, ...]
    reorganisations: tuple[Reorganisation, ...]
    expert_verdicts: tuple[ExpertVerdict, ...]
    what_ifs: tuple[WhatIf, ...]
    activity_values: tuple[ActivityValue, ...]

    @property
    def active_municipalities(self) -> tuple[Municipality, ...]:
        """Those that take part in this installation."""
        return tuple(one for one in self.municipalities if one.is_active)

    def municipality(self, municipality_id: str) -> Municipality:
        return _one(self.municipalities, municipality_id, "municipality")

    def system(self, system_id: str) -> CaseSystem:
        return _one(self.systems, system_id, "case system")

    def process(self, process_id: str) -> Process:
        return _one(self.processes, process_id, "process")

    def change(self, change_id: str) -> LegalChange:
        return _one(self.changes, change_id, "legal change")

    def regime(self, regime_id: str) -> Regime:
        return _one(self.regimes, regime_id, "regime")

    def activity(self, activity_id: str) -> Activity:
        return _one(self.activities, activity_id, "activity")

    def regimes_of(self, process_id: str) -> tuple[Regime, ...]:
        """The regimes of a process, oldest first."""
        mine = (one for one in self.regimes if one.process_id == process_id)
        return tuple(sorted(mine, key=lambda one: one.valid_from))

    def rules_of(self, regime_id: str) -> tuple[Rule, ...]:
        return tuple(one for one in self.rules if one.regime_id == regime_id)

    def is_holiday(self, day: date) -> bool:
        return any(one.holiday_on == day for one in self.holidays)


def _one(rows: tuple[Row, ...], wanted: str, noun: str) -> Row:
    """The row with this id. UsageError with the known ids when there is none."""
    model = type(rows[0]) if rows else None
    for row in rows:
        if getattr(row, row.key[0]) == wanted:
            return row
    if model is None:
        raise UsageError(f"unknown {noun} '{wanted}': its seed has no rows")
    known = ", ".join(getattr(row, model.key[0]) for row in rows)
    raise UsageError(f"unknown {noun} '{wanted}': known in {model.file} are {known}")


def load_registry(seeds_dir: Path) -> Registry:
    """Read every seed under ``seeds_dir`` (law/, mapping/, registry/).

    Raises PipelineError naming every fault of form: missing files and columns, wrong types, words
    outside a closed vocabulary, keys used twice.
    """
    registry, findings = read_registry(seeds_dir)
    refuse(seeds_dir, findings)
    return registry


def read_registry(seeds_dir: Path) -> tuple[Registry, list[Finding]]:
    """As :func:`load_registry`, with the faults of form told instead of raised.

    What could not be read is missing in the registry, so it is of use only where there is no fault.
    """
    findings: list[Finding] = []
    registry = Registry(
        seeds_dir=seeds_dir,
        changes=read_seed(seeds_dir, LegalChange, findings),
        regimes=read_seed(seeds_dir, Regime, findings),
        rules=read_seed(seeds_dir, Rule, findings),
        clock_stops=read_seed(seeds_dir, ClockStop, findings),
        exemptions=read_seed(seeds_dir, Exemption, findings),
        activities=read_seed(seeds_dir, Activity, findings),
        mappings=read_seed(seeds_dir, ActivityMapping, findings),
        filters=read_seed(seeds_dir, FilterCondition, findings),
        municipalities=read_seed(seeds_dir, Municipality, findings),
        systems=read_seed(seeds_dir, CaseSystem, findings),
        releases=read_seed(seeds_dir, SystemRelease, findings),
        processes=read_seed(seeds_dir, Process, findings),
        case_notions=read_seed(seeds_dir, CaseNotion, findings),
        target_groups=read_seed(seeds_dir, TargetGroup, findings),
        holidays=read_seed(seeds_dir, Holiday, findings),
        time_artefacts=read_seed(seeds_dir, TimeArtefact, findings),
        log_rules=read_seed(seeds_dir, LogRule, findings),
        initiatives=read_seed(seeds_dir, Initiative, findings),
        comparisons=read_seed(seeds_dir, Comparison, findings),
        accepted_deviations=read_seed(seeds_dir, AcceptedDeviation, findings),
        unit_sizes=read_seed(seeds_dir, UnitSize, findings),
        reorganisations=read_seed(seeds_dir, Reorganisation, findings),
        expert_verdicts=read_seed(seeds_dir, ExpertVerdict, findings),
        what_ifs=read_seed(seeds_dir, WhatIf, findings),
        activity_values=read_seed(seeds_dir, ActivityValue, findings),
    )
    return registry, findings
