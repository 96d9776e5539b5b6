"""The law as it would be had a change not happened: a seeds folder of its own."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from pm_pipeline.law.drafts.sheet import Wanted, having, read_sheet
from pm_pipeline.registry import (
    AcceptedDeviation,
    ActivityMapping,
    ClockStop,
    Comparison,
    Exemption,
    LegalChange,
    LogRule,
    Regime,
    Rule,
    SeedRow,
    load_registry,
)

#: Two mapping rows with these cells alike are about the same code.
_CODE = ("system_id", "municipality_id", "source_table", "source_code")


def without(seeds_dir: Path, change_id: str, into: Path) -> Path:
    """Write ``seeds_dir`` without the change to the new folder ``into`` and return it.

    Its regimes go with their rules, those on their log, what is accepted under them and what is
    compared with them, and its own rules, clock stops, exemptions
    and mappings. The regime before one of its own runs on to where that one ended; a scheme that it
    ended runs on. A mapping row that ended on the day the change took effect is reopened where that can
    be told: the change itself begins another row for the same code of the same system that day, or the
    row carries the change. What no row of the change touches keeps its bytes.

    Raises:
        UsageError: the change is not in the register.
        PipelineError: the seeds have faults of form.
    """
    registry = load_registry(seeds_dir)
    change = registry.change(change_id)
    shutil.copytree(seeds_dir, into)
    gone = {one.regime_id for one in registry.regimes if one.change_id == change_id}
    _edit_mappings(change, into)
    _edit_regimes(change_id, into)
    _drop(into, Rule, lambda row: row["change_id"] == change_id or row["regime_id"] in gone)
    _drop(into, LogRule, lambda row: row["regime_id"] in gone)
    _drop(into, AcceptedDeviation, lambda row: row["regime_id"] in gone)
    _drop(into, Comparison, lambda row: any(
        row[side].split("/regime/")[-1] in gone for side in ("first_filter_id", "second_filter_id")
    ))
    _drop(into, ClockStop, lambda row: row["change_id"] == change_id)
    _drop(into, Exemption, lambda row: row["change_id"] == change_id)
    _drop(into, LegalChange, lambda row: row["change_id"] == change_id)
    _forget_lost_rules(into)
    return into


def _edit_regimes(change_id: str, seeds_dir: Path) -> None:
    path = seeds_dir / Regime.file
    sheet = read_sheet(path)
    mine = [row for row in sheet.rows if row["change_id"] == change_id]
    # the latest first: of two in a row, the earlier one then passes on where the later one ended
    for regime_id in [row["regime_id"] for row in sorted(mine, key=_begins, reverse=True)]:
        gone = next(row for row in sheet.rows if row["regime_id"] == regime_id)
        sheet.drop(having({"regime_id": regime_id}))
        sheet.edit(
            having({"process_id": gone["process_id"], "valid_to": gone["valid_from"]}),
            {name: gone[name] for name in ("valid_to", "ended_by_change_id")},
        )
    sheet.edit(having({"ended_by_change_id": change_id}), {"valid_to": "", "ended_by_change_id": ""})
    sheet.write(path)


def _begins(row: Mapping[str, str]) -> str:
    return row["valid_from"]


def _edit_mappings(change: LegalChange, seeds_dir: Path) -> None:
    path = seeds_dir / ActivityMapping.file
    sheet = read_sheet(path)
    day = str(change.effective_on) if change.effective_on else None

    def ended_by_change(row: dict[str, str]) -> bool:
        carries = row["change_id"] == change.change_id
        return carries and day is not None and row["valid_to"] == day

    def begun_by_change(row: dict[str, str]) -> bool:
        return row["change_id"] == change.change_id and not ended_by_change(row)

    for new in [row for row in sheet.rows if begun_by_change(row)]:
        if new["valid_from"]:
            former = {name: new[name] for name in _CODE} | {"valid_to": new["valid_from"]}
            sheet.edit(having(former), {"valid_to": new["valid_to"]})
    sheet.drop(begun_by_change)
    sheet.edit(ended_by_change, {"valid_to": "", "change_id": ""})
    sheet.write(path)


def _drop(seeds_dir: Path, model: type[SeedRow], is_gone: Wanted) -> None:
    sheet = read_sheet(seeds_dir / model.file)
    sheet.drop(is_gone)
    sheet.write(seeds_dir / model.file)


def _forget_lost_rules(seeds_dir: Path) -> None:
    """What names a rule that no row words any more: an exemption from it, a rule in its place."""
    path = seeds_dir / Rule.file
    rules = read_sheet(path)
    known = {(row["regime_id"], row["rule_id"]) for row in rules.rows}
    rules.edit(
        lambda row: bool(row["replaces_rule_id"])
        and (row["regime_id"], row["replaces_rule_id"]) not in known,
        {"replaces_rule_id": ""},
    )
    rules.write(path)
    rule_ids = {rule_id for _, rule_id in known}
    exemptions = read_sheet(seeds_dir / Exemption.file)
    for listed in {row["rule_id"] for row in exemptions.rows}:
        kept = "|".join(one for one in listed.split("|") if one in rule_ids)
        if kept:
            exemptions.edit(having({"rule_id": listed}), {"rule_id": kept})
        else:
            exemptions.drop(having({"rule_id": listed}))
    exemptions.write(seeds_dir / Exemption.file)
