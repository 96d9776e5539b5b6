"""Regimes: half-open, without gap or overlap, each begun by a change that is law."""

from itertools import pairwise

from pm_pipeline.law.checks.told import law_finding, tell, unknown_ids
from pm_pipeline.registry import ChangeKind, Finding, Regime, Registry


def regime_findings(registry: Registry, regime: Regime) -> list[Finding]:
    processes = {one.process_id for one in registry.processes}
    found = unknown_ids(regime, "process_id", (regime.process_id,), processes)
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


def sequence_findings(regimes: tuple[Regime, ...]) -> list[Finding]:
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


def ending_findings(registry: Registry, regimes: tuple[Regime, ...]) -> list[Finding]:
    """Only a scheme that ended leaves a process without law, and the change that ended it is named."""
    found = []
    for regime, follows in zip(regimes, [*regimes[1:], None], strict=False):
        ended = regime.ended_by_change_id
        if regime.valid_to is None or follows is not None:
            if ended is not None:
                found.append(
                    tell(regime, "ended_by_change_id",
                         "an empty cell: " + ("another regime follows" if follows else "it is open"),
                         f"'{ended}'", "remove it")
                )
            continue
        if ended is None:
            found.append(
                tell(regime, "ended_by_change_id",
                     f"the change that ended the scheme on {regime.valid_to}: no regime follows",
                     "an empty cell", "name the change, add the next regime, or empty valid_to")
            )
            continue
        found += law_finding(registry, regime, "ended_by_change_id", ended)
        change = next((one for one in registry.changes if one.change_id == ended), None)
        if change is not None and change.kind is not ChangeKind.SCHEME_END:
            found.append(
                tell(regime, "ended_by_change_id", "a change of kind scheme_end",
                     f"'{ended}' of kind {change.kind}", "name the right change")
            )
    return found
