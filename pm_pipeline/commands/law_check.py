"""Is the law of a field whole, and do its examples come out as they say?"""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from pm_pipeline.errors import PipelineError
from pm_pipeline.law.drafts import overlay, read_draft
from pm_pipeline.law.scenarios.boundaries import BoundaryDay, try_boundaries
from pm_pipeline.law.scenarios.judging import TARGETS, Judgement, judge
from pm_pipeline.law.scenarios.rows import GIVEN
from pm_pipeline.law.scenarios.scratch import ANY_MUNICIPALITY, Scratch
from pm_pipeline.law.whole import Law, LawFolders, read_law
from pm_pipeline.mining.conformance.reference import read_reference_models
from pm_pipeline.quality.suites.loading import load_suites
from pm_pipeline.quality.suites.reference import Reference
from pm_pipeline.registry import ChangeStatus, Finding, LegalChange, Registry
from pm_pipeline.settings import Settings

#: Told what is being done, how much of it is done, and how much there is (0 where nobody knows).
OnStep = Callable[[str, int, int], None]


@dataclass(frozen=True)
class LawReport:
    """What a check of the law found."""

    registry: Registry
    draft: str | None
    findings: tuple[Finding, ...]
    #: What is wrong with the suites of expectations, in the words of their reader.
    suite_fault: str | None
    #: What is wrong with the reference models, one fault a line.
    model_fault: str | None
    boundaries: tuple[BoundaryDay, ...]
    judgements: tuple[Judgement, ...]
    #: The seeds are at fault, so nothing could be judged by them.
    stopped_at_seeds: bool

    @property
    def is_ok(self) -> bool:
        return (
            not self.findings and self.suite_fault is None and self.model_fault is None
            and all(one.is_right for one in self.boundaries)
            and all(one.is_right for one in self.judgements)
        )

    @property
    def unknown_days(self) -> tuple[LegalChange, ...]:
        """Changes of which nobody established the day they took effect."""
        return tuple(one for one in self.registry.changes if one.effective_on is None)

    @property
    def not_law(self) -> tuple[LegalChange, ...]:
        """Announced and enacted changes: they feed no rule, no check and no figure."""
        waiting = (ChangeStatus.ANNOUNCED, ChangeStatus.ENACTED)
        return tuple(one for one in self.registry.changes if one.status in waiting)


def check_law(
    settings: Settings, draft: str | None = None,
    on_step: OnStep = lambda what, done, total: None,
) -> LawReport:
    """Check the law of the active field, or that law with a draft laid over it.

    Raises:
        UsageError: there is no such draft.
        PipelineError: the draft has faults of form, or the models cannot be compiled or run.
    """
    if draft is None:
        law = read_law(LawFolders.of(settings))
        return _check(settings, law, settings.expectations_dir, on_step)
    one = read_draft(settings.drafts_dir, draft)
    with tempfile.TemporaryDirectory(prefix="pm_pipeline_") as folder:
        laid = overlay(settings.seeds_dir, one, Path(folder) / "seeds")
        shipped = LawFolders.of(settings)
        law = read_law(LawFolders(
            laid.seeds_dir,
            (*shipped.scenario_dirs, one.folder / "scenarios"),
            (*shipped.expectation_dirs, one.folder / "expectations"),
        ))
        suites = Path(folder) / "expectations"
        shutil.copytree(settings.expectations_dir, suites)
        if (one.folder / "expectations").is_dir():
            shutil.copytree(one.folder / "expectations", suites, dirs_exist_ok=True)
        report = _check(settings, law, suites, on_step)
    fault = report.suite_fault and report.suite_fault.replace(
        str(suites), str(one.folder / "expectations")
    )
    return replace(
        report, draft=draft, findings=tuple(map(laid.told, report.findings)), suite_fault=fault
    )


def _check(
    settings: Settings, law: Law, expectations_dir: Path, on_step: OnStep
) -> LawReport:
    report = LawReport(
        law.registry, None, law.findings, None, None, (), (), stopped_at_seeds=law.seeds_are_faulty
    )
    if law.seeds_are_faulty:
        return report
    boundaries, judgements = _run(settings, law, on_step)
    return replace(
        report, suite_fault=_suite_fault(expectations_dir, law.registry),
        model_fault=_model_fault(settings, law.registry),
        boundaries=boundaries, judgements=judgements,
    )


def _suite_fault(expectations_dir: Path, registry: Registry) -> str | None:
    try:
        load_suites(expectations_dir, Reference.of(registry))
    except PipelineError as error:
        return str(error)
    return None


def _model_fault(settings: Settings, registry: Registry) -> str | None:
    try:
        read_reference_models(
            settings.reference_models_dir,
            {one.regime_id for one in registry.regimes},
            {one.activity_id for one in registry.activities},
        )
    except PipelineError as error:
        return str(error)
    return None


def _run(
    settings: Settings, law: Law, on_step: OnStep
) -> tuple[tuple[BoundaryDay, ...], tuple[Judgement, ...]]:
    """Judge by the models' own SQL, on rows made for it, in memory."""
    from pm_pipeline.transform.compiled import compile_models

    on_step("compiling the models", 0, 0)
    sql = compile_models(settings, TARGETS, GIVEN, ANY_MUNICIPALITY)
    with Scratch(sql, law.registry.seeds_dir) as scratch:
        on_step("the days on which law changes", 0, 0)
        boundaries = try_boundaries(law.registry, scratch)
        judgements = judge(
            law.registry, scratch, law.examples,
            lambda done, total: on_step("examples judged", done, total),
        )
    return tuple(boundaries), tuple(judgements)
