"""The check of the law as JSON, for other programs."""

import json
from dataclasses import asdict

from pm_pipeline.commands.law_check import LawReport
from pm_pipeline.law.scenarios.boundaries import BoundaryDay
from pm_pipeline.law.scenarios.judging import Judgement
from pm_pipeline.registry import LegalChange


def law_report_as_json(report: LawReport) -> str:
    """Everything the check found. Days are ISO dates; what is unknown is null."""
    return json.dumps(
        {
            "law_is_whole": report.is_ok,
            "draft": report.draft,
            "stopped_at_seeds": report.stopped_at_seeds,
            "n_changes": len(report.registry.changes),
            "n_regimes": len(report.registry.regimes),
            "n_rules": len(report.registry.rules),
            "faults": [asdict(one) for one in report.findings],
            "suite_fault": report.suite_fault,
            "reference_model_fault": report.model_fault,
            "boundary_days": [_boundary(one) for one in report.boundaries],
            "examples": [_example(one) for one in report.judgements],
            "not_law": [_change(one) for one in report.not_law],
            "day_of_effect_unknown": [_change(one) for one in report.unknown_days],
        },
        ensure_ascii=False, indent=2, default=str,
    )


def _boundary(one: BoundaryDay) -> dict[str, object]:
    return {**asdict(one), "as_expected": one.is_right}


def _example(one: Judgement) -> dict[str, object]:
    example = one.example
    story = example.scenario.story
    return {
        "file": example.scenario.file,
        "line": example.scenario.line,
        "rule_id": example.rule.rule_id,
        "version": example.rule.version,
        "regime_id": example.rule.regime_id,
        "name": story.name,
        "name_da": story.name_da,
        "given": [course.model_dump(mode="json", exclude_defaults=True) for course in story.courses],
        "as_of": example.as_of,
        "expected": story.expect.named,
        "found": {name: one.found.get(name) for name in story.expect.named},
        "as_expected": one.is_right,
        "differences": [asdict(difference) for difference in one.differences],
    }


def _change(one: LegalChange) -> dict[str, object]:
    return {
        "change_id": one.change_id, "status": one.status, "certainty": one.certainty,
        "effective_on": one.effective_on, "title_da": one.title_da, "title_en": one.title_en,
    }
