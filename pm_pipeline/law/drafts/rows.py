"""The rows a new draft begins with, by the kind of its change."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pm_pipeline.errors import UsageError
from pm_pipeline.law.drafts.sheet import read_sheet
from pm_pipeline.law.register import regime_of
from pm_pipeline.registry import (
    ChangeKind,
    ChangeStatus,
    ClockStop,
    LegalChange,
    LogRule,
    Regime,
    Registry,
    Rule,
    SeedRow,
)

Rows = dict[type[SeedRow], list[dict[str, str]]]

#: Stands in every cell that a person must still read the act for.
CHECK = "[CHECK]"


@dataclass(frozen=True)
class NewDraft:
    """What the maintainer says of a change; what is None stays to be filled in."""

    change_id: str
    process_ids: tuple[str, ...]
    effective_on: date
    kind: ChangeKind = ChangeKind.RULE
    act: str | None = None
    url: str | None = None
    title_da: str | None = None
    title_en: str | None = None


def rows_of_kind(registry: Registry, new: NewDraft) -> Rows:
    """The rows of the change: its regimes with their rules, or what it stops or ends."""
    rows: Rows = {LegalChange: [_change(registry, new)]}
    if new.kind is ChangeKind.RULE:
        rows[Regime] = [row for one in new.process_ids for row in _regimes(registry, one, new)]
        rows[Rule] = [row for one in new.process_ids for row in _rules(registry, one, new)]
        rows[LogRule] = [row for one in new.process_ids for row in _log_rules(registry, one, new)]
    elif new.kind is ChangeKind.SCHEME_END:
        rows[Regime] = [_ended(registry, one, new) for one in new.process_ids]
    elif new.kind is ChangeKind.CLOCK_STOP:
        rows[ClockStop] = [{
            "stop_id": new.change_id, "change_id": new.change_id, "starts_on": str(new.effective_on),
            "notes": f"{CHECK} rule_kinds is empty: it stops no rule until they are entered.",
        }]
    return rows


def running_regime(registry: Registry, process_id: str, day: date) -> Regime | None:
    """The regime that a new one from ``day`` would follow.

    Raises:
        UsageError: another change begins its regime on that very day.
    """
    running = regime_of(registry, process_id, day)
    if running is not None and running.valid_from == day:
        raise UsageError(
            f"'{running.regime_id}' of {running.change_id} begins on {day} already "
            f"({running.file} row {running.row}); name another day, or edit that change"
        )
    return running


def _change(registry: Registry, new: NewDraft) -> dict[str, str]:
    known = next((one for one in registry.changes if one.change_id == new.change_id), None)
    day = str(new.effective_on)
    given = {
        name: value
        for name, value in (
            ("act", new.act), ("reference_url", new.url),
            ("title_da", new.title_da), ("title_en", new.title_en),
        ) if value
    }
    if known is not None:
        sheet = read_sheet(registry.seeds_dir / LegalChange.file)
        row = next(one for one in sheet.rows if one["change_id"] == new.change_id)
        if row["effective_on"] != day:
            said = row["effective_on"] or "no day"
            given["notes"] = f"{CHECK} effective_on: the register says {said}. {row['notes']}".strip()
        return row | given | {"effective_on": day}
    source = None if new.url else _running_change(registry, new)
    if new.url is None and source is None:
        raise UsageError(
            "no regime of the processes runs on that day whose act could be named: give --url, where "
            "the change can be read"
        )
    notes = [f"{CHECK} announced_on and what the act says of transition."]
    if source is not None:
        notes.append(f"{CHECK} reference_url is that of {source.change_id}.")
    return {
        "change_id": new.change_id, "title_da": f"{CHECK} {new.change_id}",
        "title_en": f"{CHECK} {new.change_id}", "act": CHECK,
        "reference_url": source.reference_url if source else "", "kind": new.kind.value,
        "status": ChangeStatus.ANNOUNCED.value, "effective_on": day, "certainty": "uncertain",
        "notes": " ".join(notes), **given,
    }


def _running_change(registry: Registry, new: NewDraft) -> LegalChange | None:
    for process_id in new.process_ids:
        running = running_regime(registry, process_id, new.effective_on)
        if running is not None:
            return registry.change(running.change_id)
    return None


def _regimes(registry: Registry, process_id: str, new: NewDraft) -> Iterator[dict[str, str]]:
    running = running_regime(registry, process_id, new.effective_on)
    later = [one for one in registry.regimes_of(process_id) if one.valid_from > new.effective_on]
    row = {
        "regime_id": f"{process_id}__{new.effective_on:%Y%m%d}", "process_id": process_id,
        "change_id": new.change_id, "valid_from": str(new.effective_on),
        "applies_by": running.applies_by.value if running else "case_start",
        "valid_to": str(later[0].valid_from) if later else "",
        "notes": f"{CHECK} applies_by is "
        + (f"that of {running.regime_id}" if running else "a guess, no regime runs on that day")
        + ": read the transitional rule.",
    }
    if running is not None and running.valid_to is not None:
        # an open regime is closed by itself; one inside which the new one begins is closed here
        yield _cells(registry, running) | {
            "valid_to": str(new.effective_on), "ended_by_change_id": "",
        }
        row |= {
            "valid_to": str(running.valid_to), "ended_by_change_id": running.ended_by_change_id or "",
        }
    yield row


def _ended(registry: Registry, process_id: str, new: NewDraft) -> dict[str, str]:
    running = running_regime(registry, process_id, new.effective_on)
    if running is None or running.valid_to is not None:
        raise UsageError(
            f"no regime of {process_id} is open on {new.effective_on}, so no change can end it that day"
        )
    return _cells(registry, running) | {
        "valid_to": str(new.effective_on), "ended_by_change_id": new.change_id,
    }


def _cells(registry: Registry, regime: Regime) -> dict[str, str]:
    sheet = read_sheet(registry.seeds_dir / Regime.file)
    return next(row for row in sheet.rows if row["regime_id"] == regime.regime_id)


def _rules(registry: Registry, process_id: str, new: NewDraft) -> Iterator[dict[str, str]]:
    running = running_regime(registry, process_id, new.effective_on)
    if running is None:
        return
    sheet = read_sheet(registry.seeds_dir / Rule.file)
    for row in [one for one in sheet.rows if one["regime_id"] == running.regime_id]:
        note = f"{CHECK} copied from version {row['version']} of {running.regime_id}: read the act."
        yield row | {
            "version": _next_version(registry, row["rule_id"], new.change_id),
            "regime_id": f"{process_id}__{new.effective_on:%Y%m%d}", "change_id": new.change_id,
            "legal_basis_url": new.url or row["legal_basis_url"], "certainty": "uncertain",
            "notes": note,
        }


def _log_rules(registry: Registry, process_id: str, new: NewDraft) -> Iterator[dict[str, str]]:
    running = running_regime(registry, process_id, new.effective_on)
    if running is None:
        return
    sheet = read_sheet(registry.seeds_dir / LogRule.file)
    note = f"{CHECK} copied from %s of {running.regime_id}: name it, read the act."
    for row in [one for one in sheet.rows if one["regime_id"] == running.regime_id]:
        yield row | {
            # no versions: each row on the log has an id of its own, whatever regime it is for
            "rule_id": f"{row['rule_id']}_{new.effective_on:%Y%m%d}",
            "regime_id": f"{process_id}__{new.effective_on:%Y%m%d}", "certainty": "uncertain",
            "notes": note % row["rule_id"],
        }


def _next_version(registry: Registry, rule_id: str, change_id: str) -> str:
    """C after B; where versions are no letters or numbers, the change names it."""
    known = [one.version for one in registry.rules if one.rule_id == rule_id]
    if all(re.fullmatch("[A-Y]", version) for version in known):
        return chr(ord(max(known)) + 1)
    if all(version.isdecimal() for version in known):
        return str(max(map(int, known)) + 1)
    return change_id
