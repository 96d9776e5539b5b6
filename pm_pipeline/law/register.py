"""Is the law register whole? Intervals without gap or overlap, known ids, only law in force.

:func:`validate` looks at how the rows of the seeds agree with each other; their form was checked
when they were read (:mod:`pm_pipeline.registry`).
"""

from datetime import date
from functools import lru_cache
from pathlib import Path

from pm_pipeline.law.checks.accepted import accepted_findings
from pm_pipeline.law.checks.changes import change_findings
from pm_pipeline.law.checks.comparisons import comparison_findings
from pm_pipeline.law.checks.initiatives import initiative_findings
from pm_pipeline.law.checks.log_seeds import log_seed_findings
from pm_pipeline.law.checks.mappings import mapping_findings, mapping_overlaps
from pm_pipeline.law.checks.organisation import organisation_findings
from pm_pipeline.law.checks.pauses import clock_stop_findings, exemption_findings
from pm_pipeline.law.checks.processes import process_findings
from pm_pipeline.law.checks.regimes import ending_findings, regime_findings, sequence_findings
from pm_pipeline.law.checks.releases import release_findings
from pm_pipeline.law.checks.rules import rule_findings, wording_findings
from pm_pipeline.law.checks.values import value_findings
from pm_pipeline.law.checks.verdicts import verdict_findings
from pm_pipeline.law.checks.what_ifs import what_if_findings
from pm_pipeline.registry import Finding, Regime, Registry, load_registry, refuse


@lru_cache(maxsize=4)
def load_checked_registry(seeds_dir: Path) -> Registry:
    """Read the seeds once per process and check them as law; nothing loads on a faulty seed.

    Raises:
        PipelineError: every fault of form, or every fault of law, with file and row.
    """
    registry = load_registry(seeds_dir)
    check(registry)
    return registry


def check(registry: Registry) -> None:
    """Raise one PipelineError that lists every finding of :func:`validate`."""
    refuse(registry.seeds_dir, validate(registry))


def validate(registry: Registry) -> list[Finding]:
    """Every fault in how the rows agree with each other, with file, row and column."""
    findings: list[Finding] = []
    for change in registry.changes:
        findings += change_findings(change)
    for regime in registry.regimes:
        findings += regime_findings(registry, regime)
    for process in registry.processes:
        regimes = registry.regimes_of(process.process_id)
        findings += sequence_findings(regimes)
        findings += ending_findings(registry, regimes)
    for rule in registry.rules:
        findings += rule_findings(registry, rule)
    findings += wording_findings(registry)
    findings += clock_stop_findings(registry)
    for exemption in registry.exemptions:
        findings += exemption_findings(registry, exemption)
    for mapping in registry.mappings:
        findings += mapping_findings(registry, mapping)
    findings += mapping_overlaps(registry.mappings)
    for release in registry.releases:
        findings += release_findings(registry, release)
    for initiative in registry.initiatives:
        findings += initiative_findings(registry, initiative)
    for comparison in registry.comparisons:
        findings += comparison_findings(registry, comparison)
    for accepted in registry.accepted_deviations:
        findings += accepted_findings(registry, accepted)
    for verdict in registry.expert_verdicts:
        findings += verdict_findings(registry, verdict)
    findings += organisation_findings(registry)
    for what_if in registry.what_ifs:
        findings += what_if_findings(registry, what_if)
    findings += value_findings(registry)
    findings += process_findings(registry)
    findings += log_seed_findings(registry)
    return findings


def regime_of(registry: Registry, process_id: str, on_date: date) -> Regime | None:
    """The regime of a process on a day, or None where no regime holds.

    Intervals are half-open: the day a law starts belongs to the new regime. UsageError for an
    unknown process.
    """
    registry.process(process_id)
    held = [one for one in registry.regimes_of(process_id) if one.holds_on(on_date)]
    return held[0] if held else None
