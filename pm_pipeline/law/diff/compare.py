"""The law of one day against the law of another, and everything that the difference touches."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pm_pipeline.law.diff.activities import ActivityTouch, touched_activities
from pm_pipeline.law.diff.changes import ChangesBetween, changes_between
from pm_pipeline.law.diff.in_force import LawOnDay, law_on
from pm_pipeline.law.diff.mappings import MappingDiff, NotionDiff, mapping_diffs, notion_diffs
from pm_pipeline.law.diff.models import (
    QUALITY,
    KpiTouch,
    ModelTouch,
    Readers,
    touched_kpis,
    touched_models,
)
from pm_pipeline.law.diff.municipalities import (
    Deliveries,
    MunicipalityTouch,
    touched_municipalities,
)
from pm_pipeline.law.diff.pauses import ExemptionDiff, StopDiff, exemption_diffs, stop_diffs
from pm_pipeline.law.diff.points import Point
from pm_pipeline.law.diff.processes import ProcessDiff, process_diffs
from pm_pipeline.law.diff.suites import SuiteDiff, suite_diffs
from pm_pipeline.registry import LegalChange, Registry


@dataclass(frozen=True)
class LawDiff:
    """What differs between two days of the law, and what that touches.

    ``draft``: the change as its draft has it, when the second day is of a law that is only drafted.
    """

    before: Point
    after: Point
    draft: LegalChange | None
    changes: ChangesBetween
    processes: tuple[ProcessDiff, ...]
    clock_stops: tuple[StopDiff, ...]
    exemptions: tuple[ExemptionDiff, ...]
    mappings: tuple[MappingDiff, ...]
    case_notions: tuple[NotionDiff, ...]
    activities: tuple[ActivityTouch, ...]
    suites: tuple[SuiteDiff, ...]
    seeds: tuple[str, ...]
    models: tuple[ModelTouch, ...]
    kpis: tuple[KpiTouch, ...]
    quality_datasets: tuple[str, ...]
    municipalities: tuple[MunicipalityTouch, ...]

    @property
    def is_empty(self) -> bool:
        """The same law on both days, whatever was changed elsewhere in between."""
        return not (
            self.processes or self.clock_stops or self.exemptions or self.mappings or self.case_notions
        )

    @property
    def touched_rules(self) -> frozenset[tuple[str, str]]:
        """(process, rule) of every rule whose wording differs, or that is there on one day only."""
        return frozenset(
            (process.process_id, rule.rule_id)
            for process in self.processes for rule in process.touched_rules
        )


def compare(
    old: tuple[Registry, Point], new: tuple[Registry, Point], *, suite_roots: Sequence[Path],
    readers: Readers, deliveries: Deliveries, draft: LegalChange | None = None,
) -> LawDiff:
    """Set the law of two days against each other.

    Args:
        old, new: the register and the day; the same register, unless the new one has a draft in it.
        suite_roots: folders that hold an expectation folder per regime.
        readers: what reads which seed, from dbt's manifest.
        deliveries: which systems each municipality has delivered.

    Raises:
        PipelineError: an expectation file that is no suite.
    """
    before, after = law_on(old[0], old[1].day), law_on(new[0], new[1].day)
    changes = changes_between(before, after, draft)
    processes = process_diffs(before, after)
    stops, exemptions = stop_diffs(before, after), exemption_diffs(before, after)
    mappings, notions = mapping_diffs(before, after), notion_diffs(before, after)
    activities = touched_activities(before, after, processes, exemptions, mappings)
    suites = suite_diffs(processes, suite_roots)
    seeds = _seeds(before, after, changes, processes, stops, exemptions, mappings, notions)
    models = touched_models(seeds, readers)
    return LawDiff(
        before=old[1], after=new[1], draft=draft, changes=changes, processes=processes,
        clock_stops=stops, exemptions=exemptions, mappings=mappings, case_notions=notions,
        activities=activities, suites=suites, seeds=seeds, models=models,
        kpis=touched_kpis(models, readers, processes, stops, exemptions, after),
        quality_datasets=_datasets(suites, models),
        municipalities=touched_municipalities(
            before, after, processes=processes, stops=stops, exemptions=exemptions,
            mappings=mappings, notions=notions, deliveries=deliveries,
        ),
    )


def _seeds(
    before: LawOnDay, after: LawOnDay, changes: ChangesBetween, processes: Sequence[ProcessDiff],
    stops: Sequence[StopDiff], exemptions: Sequence[ExemptionDiff],
    mappings: Sequence[MappingDiff], notions: Sequence[NotionDiff],
) -> tuple[str, ...]:
    """The seeds with a row that begins, ends or reads otherwise between the two days."""
    differs = {
        "legal_changes": bool(changes.compared),
        "regimes": any(one.has_other_regime for one in processes),
        "rules": any(rule.rows for process in processes for rule in process.rules),
        "clock_stops": bool(stops),
        "exemptions": bool(exemptions),
        "activity_mappings": bool(mappings),
        "case_notions": bool(notions),
        "activities": before.registry.activities != after.registry.activities,
    }
    return tuple(seed for seed, differ in differs.items() if differ)


def _datasets(suites: Sequence[SuiteDiff], models: Sequence[ModelTouch]) -> tuple[str, ...]:
    by_suite = {name for one in suites for name in one.datasets}
    return tuple(sorted(by_suite | {one.name for one in models if one.layer == QUALITY}))
