"""Is the law register whole? Intervals without gap or overlap, known ids, only law in force.

:func:`validate` looks at how the rows of the seeds agree with each other; their form was checked
when they were read (:mod:`pm_pipeline.registry`).
"""

from collections import defaultdict
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from pm_pipeline.law.log_seeds import log_seed_findings
from pm_pipeline.law.rules import rule_findings
from pm_pipeline.law.told import law_finding, tell, unknown_ids
from pm_pipeline.registry import (
    ActivityMapping,
    AppliesBy,
    Certainty,
    ChangeKind,
    ChangeStatus,
    Finding,
    LegalChange,
    Regime,
    Registry,
    load_registry,
    refuse,
)

_END_OF_TIME = date.max


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
        findings += _change_findings(change)
    for regime in registry.regimes:
        findings += _regime_findings(registry, regime)
    for process in registry.processes:
        findings += _sequence_findings(registry.regimes_of(process.process_id))
    for rule in registry.rules:
        findings += rule_findings(registry, rule)
    findings += _clock_stop_findings(registry)
    for mapping in registry.mappings:
        findings += _mapping_findings(registry, mapping)
    findings += _mapping_overlaps(registry.mappings)
    findings += _process_findings(registry)
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


def _change_findings(change: LegalChange) -> list[Finding]:
    found = _url_finding(change)
    if change.announced_on and change.effective_on and change.announced_on > change.effective_on:
        found.append(
            tell(change, "announced_on", f"a day not after effective_on {change.effective_on}",
                 f"{change.announced_on}", "correct one of the two days")
        )
    if change.effective_on and change.ended_on and change.ended_on <= change.effective_on:
        found.append(
            tell(change, "ended_on", f"a day after effective_on {change.effective_on}",
                 f"{change.ended_on}", "correct one of the two days")
        )
    if change.status is ChangeStatus.ENDED and change.ended_on is None:
        found.append(
            tell(change, "ended_on", "the day an ended change ended", "an empty cell",
                 "enter the first day no longer in force, or another status")
        )
    if change.is_law and change.certainty is Certainty.VERIFIED and change.effective_on is None:
        found.append(
            tell(change, "effective_on", "the day a verified change took effect", "an empty cell",
                 "enter the day, or mark the change uncertain")
        )
    return found


def _url_finding(change: LegalChange) -> list[Finding]:
    if change.reference_url.startswith(("https://", "http://")):
        return []
    return [
        tell(change, "reference_url", "a web address", f"'{change.reference_url}'",
             "enter where the fact can be read")
    ]


def _regime_findings(registry: Registry, regime: Regime) -> list[Finding]:
    processes = {one.process_id for one in registry.processes}
    found = unknown_ids(regime, "process_id", (regime.process_id,), processes)
    if regime.applies_by is not AppliesBy.CASE_START:
        found.append(
            tell(regime, "applies_by", "case_start: only cohorts by registration date are judged yet",
                 f"'{regime.applies_by}'", "enter case_start, or leave the regime out")
        )
    found += law_finding(registry, regime, "change_id", regime.change_id)
    change = next((one for one in registry.changes if one.change_id == regime.change_id), None)
    if change and change.is_law:
        if change.effective_on is None:
            found.append(
                tell(regime, "change_id", "a change whose effective_on is known",
                     f"'{regime.change_id}', which has none",
                     "enter its day in law/legal_changes.csv or remove the regime")
            )
        elif regime.valid_from < change.effective_on:
            found.append(
                tell(regime, "valid_from",
                     f"a day not before '{regime.change_id}' took effect ({change.effective_on})",
                     f"{regime.valid_from}", "correct the day or the change")
            )
    if regime.valid_to is not None and regime.valid_to <= regime.valid_from:
        found.append(
            tell(regime, "valid_to", f"a day after valid_from {regime.valid_from}",
                 f"{regime.valid_to}", "correct one of the two days")
        )
    expected_id = f"{regime.process_id}__{regime.valid_from:%Y%m%d}"
    if regime.regime_id != expected_id:
        found.append(
            tell(regime, "regime_id", f"'{expected_id}', made of process_id and valid_from",
                 f"'{regime.regime_id}'", "correct the id, here and where it is used")
        )
    return found


def _sequence_findings(regimes: tuple[Regime, ...]) -> list[Finding]:
    """Half-open intervals of one process, oldest first: each begins where the last one ends."""
    found = []
    for earlier, later in pairwise(regimes):
        if earlier.valid_to == later.valid_from:
            continue
        is_gap = earlier.valid_to is not None and earlier.valid_to < later.valid_from
        found.append(
            tell(earlier, "valid_to",
                 f"{later.valid_from}, where '{later.regime_id}' (row {later.row}) begins",
                 f"{earlier.valid_to or 'an empty cell'}: {'a gap' if is_gap else 'an overlap'}",
                 "let one regime end on the day the next begins")
        )
    return found


def _clock_stop_findings(registry: Registry) -> list[Finding]:
    kinds = {change.change_id: change.kind for change in registry.changes}
    regions = {one.region for one in registry.municipalities if one.region}
    found = []
    for stop in registry.clock_stops:
        found += law_finding(registry, stop, "change_id", stop.change_id)
        if kinds.get(stop.change_id, ChangeKind.CLOCK_STOP) is not ChangeKind.CLOCK_STOP:
            found.append(
                tell(stop, "change_id", "a change of kind clock_stop",
                     f"'{stop.change_id}' of kind {kinds[stop.change_id]}", "name the right change")
            )
        if stop.ends_on is not None and stop.ends_on <= stop.starts_on:
            found.append(
                tell(stop, "ends_on", f"a day after starts_on {stop.starts_on}",
                     f"{stop.ends_on}", "correct one of the two days (ends_on is exclusive)")
            )
        found += unknown_ids(stop, "scope_regions", stop.scope_regions, regions)
        if stop.scope_regions:
            found.append(
                tell(stop, "scope_regions", "an empty cell: regional stops are not evaluated yet",
                     f"'{'|'.join(stop.scope_regions)}'",
                     "leave the row out, or enter it for the whole country")
            )
    return found


def _mapping_findings(registry: Registry, mapping: ActivityMapping) -> list[Finding]:
    found = unknown_ids(
        mapping, "system_id", (mapping.system_id,), {one.system_id for one in registry.systems}
    )
    found += unknown_ids(
        mapping, "activity_id", (mapping.activity_id,),
        {one.activity_id for one in registry.activities},
    )
    if mapping.municipality_id is not None:
        found += unknown_ids(
            mapping, "municipality_id", (mapping.municipality_id,),
            {one.municipality_id for one in registry.municipalities},
        )
    if mapping.change_id is not None:
        found += law_finding(registry, mapping, "change_id", mapping.change_id)
    if mapping.valid_from and mapping.valid_to and mapping.valid_to <= mapping.valid_from:
        found.append(
            tell(mapping, "valid_to", f"a day after valid_from {mapping.valid_from}",
                 f"{mapping.valid_to}", "correct one of the two days")
        )
    return found


def _mapping_overlaps(mappings: tuple[ActivityMapping, ...]) -> list[Finding]:
    """One code must mean one activity on each day."""
    by_code: dict[tuple[str | None, ...], list[ActivityMapping]] = defaultdict(list)
    for one in mappings:
        code = (one.system_id, one.municipality_id, one.source_table, one.source_code)
        by_code[code].append(one)
    found = []
    for same in by_code.values():
        same.sort(key=lambda one: one.valid_from or date.min)
        for earlier, later in pairwise(same):
            if (earlier.valid_to or _END_OF_TIME) > (later.valid_from or date.min):
                found.append(
                    tell(later, "valid_from", "one meaning of a code on each day",
                         f"'{later.source_code}' of {later.source_table}, which "
                         f"'{earlier.mapping_id}' (row {earlier.row}) maps on the same days",
                         "end one row on the day the other begins")
                )
    return found


def _process_findings(registry: Registry) -> list[Finding]:
    activities = {one.activity_id for one in registry.activities}
    groups = {one.target_group for one in registry.target_groups}
    found = []
    for process in registry.processes:
        found += unknown_ids(process, "target_groups", process.target_groups, groups)
        found += unknown_ids(process, "start_activities", process.start_activities, activities)
        found += unknown_ids(process, "end_activities", process.end_activities, activities)
    return found
