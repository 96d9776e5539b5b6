"""A draft: rows of a change that is not law yet, in a folder that nothing else reads.

``drafts/<CHANGE_ID>/`` holds ``law/*.csv``, ``mapping/*.csv`` and ``quality/log_rules.csv`` with the
columns of the seeds (a row whose key is in the seeds stands in its place, any other is added),
``scenarios/*.yml`` and ``expectations/regimes/<regime_id>/*.json``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pm_pipeline.errors import PipelineError, UsageError
from pm_pipeline.registry import (
    Activity,
    ActivityMapping,
    ClockStop,
    Exemption,
    Finding,
    LegalChange,
    LogRule,
    Regime,
    Rule,
    SeedRow,
)
from pm_pipeline.registry.reader import read_seed

#: What a draft may hold: law, the codes and activities that come or go with it, and what holds for the
#: log while one of its regimes runs.
DRAFT_SEEDS: tuple[type[SeedRow], ...] = (
    LegalChange, Regime, Rule, ClockStop, Exemption, Activity, ActivityMapping, LogRule,
)


@dataclass(frozen=True)
class Draft:
    """One draft folder, its rows typed and in the order of their files."""

    change_id: str
    folder: Path
    rows: dict[type[SeedRow], tuple[SeedRow, ...]]

    @property
    def change(self) -> LegalChange | None:
        """The draft's own row of law/legal_changes.csv, if it has one."""
        found = (
            row for row in self.rows[LegalChange]
            if isinstance(row, LegalChange) and row.change_id == self.change_id
        )
        return next(found, None)

    @property
    def regimes(self) -> tuple[Regime, ...]:
        """The draft's regimes that its own change begins, in file order."""
        return tuple(
            row for row in self.rows[Regime]
            if isinstance(row, Regime) and row.change_id == self.change_id
        )

    @property
    def scenario_files(self) -> tuple[Path, ...]:
        return tuple(sorted((self.folder / "scenarios").glob("*.yml")))

    @property
    def suite_files(self) -> tuple[Path, ...]:
        return tuple(sorted((self.folder / "expectations").glob("regimes/*/*.json")))

    def told(self, file: str) -> str:
        """How a message names a file of this draft."""
        return f"drafts/{self.change_id}/{file}"


def draft_ids(drafts_dir: Path) -> tuple[str, ...]:
    """The changes that have a draft."""
    if not drafts_dir.is_dir():
        return ()
    return tuple(sorted(
        path.name for path in drafts_dir.iterdir()
        if path.is_dir() and not path.name.startswith(".")
    ))


def read_draft(drafts_dir: Path, change_id: str) -> Draft:
    """Read the draft of a change, as strictly as a seed is read.

    Raises:
        UsageError: there is no such draft.
        PipelineError: every fault of form, with file and row, and every file nothing would read.
    """
    folder = drafts_dir / change_id
    if change_id not in draft_ids(drafts_dir):
        known = ", ".join(draft_ids(drafts_dir)) or "none"
        raise UsageError(
            f"there is no draft of '{change_id}' in {drafts_dir} (there: {known}); "
            f"begin one with `pm-pipeline law new {change_id} --process … --effective-on …`"
        )
    findings: list[Finding] = []
    rows: dict[type[SeedRow], tuple[SeedRow, ...]] = {}
    for model in DRAFT_SEEDS:
        rows[model] = read_seed(folder, model, findings) if (folder / model.file).exists() else ()
    findings += _stray_files(folder)
    draft = Draft(change_id, folder, rows)
    if not any(rows.values()) and not findings:
        findings.append(
            Finding("law/legal_changes.csv", f"the row of '{change_id}'", "no row in any file",
                    "enter the change, or remove the folder")
        )
    if findings:
        faults = "1 fault" if len(findings) == 1 else f"{len(findings)} faults"
        raise PipelineError(
            f"{faults} in the draft {folder}:\n" + "\n".join(str(one) for one in findings)
        )
    return draft


def _stray_files(folder: Path) -> Iterator[Finding]:
    """A file that nothing reads would be a row that nobody misses."""
    known = {folder / model.file for model in DRAFT_SEEDS}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        is_seed = path in known
        is_scenario = name.parts[0] == "scenarios" and path.suffix == ".yml" and len(name.parts) == 2
        is_suite = (
            name.parts[:2] == ("expectations", "regimes")
            and path.suffix == ".json" and len(name.parts) == 4
        )
        is_note = len(name.parts) == 1 and path.suffix == ".md"
        if path.is_dir() or path.name.startswith(".") or is_seed or is_scenario or is_suite or is_note:
            continue
        yield Finding(
            name.as_posix(),
            f"{', '.join(sorted(model.file for model in DRAFT_SEEDS))}, scenarios/<rule_id>.yml or "
            "expectations/regimes/<regime_id>/<dataset>.json",
            "a file that nothing reads", "rename or remove it",
        )
