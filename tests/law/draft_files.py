"""Draft folders for tests: rows written cell by cell, columns taken from the seeds."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from pm_pipeline.law.drafts import DRAFT_SEEDS
from pm_pipeline.law.drafts.sheet import read_sheet
from pm_pipeline.registry import LegalChange, LogRule, Regime, Rule, SeedRow

URL = "https://www.retsinformation.dk/eli/lta/2030/1"


def write_rows(folder: Path, model: type[SeedRow], *rows: Mapping[str, str]) -> None:
    """Write ``rows`` as the draft's file of this seed; columns that are not named stay empty."""
    written = io.StringIO()
    writer = csv.DictWriter(written, model.columns(), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path = folder / model.file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(written.getvalue(), encoding="utf-8")


def change_row(change_id: str, day: str, **cells: str) -> dict[str, str]:
    return {
        "change_id": change_id, "title_da": "Prøve", "title_en": "Trial law", "act": "Lov nr. 1",
        "reference_url": URL, "kind": "rule", "status": "announced", "effective_on": day,
        "certainty": "uncertain", **cells,
    }


def regime_row(change_id: str, process_id: str, day: str, **cells: str) -> dict[str, str]:
    return {
        "regime_id": f"{process_id}__{day.replace('-', '')}", "process_id": process_id,
        "change_id": change_id, "valid_from": day, "applies_by": "case_start", **cells,
    }


def first_talk_row(change_id: str, regime_id: str, weeks: int, **cells: str) -> dict[str, str]:
    return {
        "rule_id": "LAB31_G2_5_FIRST_TALK_1W", "version": "T", "regime_id": regime_id,
        "change_id": change_id, "kind": "deadline", "applies_to_target_groups": "6.2|6.3|6.4|6.5",
        "anchor_activity_id": "FOERSTE_HENVENDELSE", "required_activity_id": "JOBSAMTALE",
        "responsible_party": "municipality", "clock": "calendar", "window_from": "0",
        "window_to": str(weeks), "window_unit": "week", "legal_basis_url": URL,
        "certainty": "uncertain", "title_da": "Første samtale", "title_en": "First talk", **cells,
    }


def write_trial_draft(drafts_dir: Path, change_id: str = "TRIAL-2030", day: str = "2030-01-01") -> Path:
    """A draft for kontanthjaelp: the first talk within two weeks."""
    folder = drafts_dir / change_id
    regime = regime_row(change_id, "kontanthjaelp", day)
    write_rows(folder, LegalChange, change_row(change_id, day))
    write_rows(folder, Regime, regime)
    write_rows(folder, Rule, first_talk_row(change_id, regime["regime_id"], 2))
    return folder


def write_draft_of(seeds_dir: Path, change_id: str, drafts_dir: Path) -> Path:
    """The rows of a change that is in the register, as if they were still a draft."""
    regimes = {
        row["regime_id"] for row in read_sheet(seeds_dir / Regime.file).rows
        if row["change_id"] == change_id
    }
    for model in DRAFT_SEEDS:
        rows = [
            row for row in read_sheet(seeds_dir / model.file).rows
            if row.get("change_id") == change_id
            or (model in (Rule, LogRule) and row["regime_id"] in regimes)
        ]
        if rows:
            write_rows(drafts_dir / change_id, model, *rows)
    return drafts_dir / change_id
