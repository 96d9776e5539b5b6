"""Begin the draft of a change: rows, examples and suites copied from the law that runs until then.

Nothing is invented. What is copied is marked ``uncertain`` and ``[CHECK]``: a cell that still says so
keeps the draft from becoming law (:mod:`pm_pipeline.law.drafts.adoption`).
"""

import re
import shutil
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from pm_pipeline.errors import UsageError
from pm_pipeline.law.drafts.examples import examples_text
from pm_pipeline.law.drafts.reading import DRAFT_SEEDS
from pm_pipeline.law.drafts.rows import CHECK, NewDraft, Rows, rows_of_kind, running_regime
from pm_pipeline.law.drafts.sheet import quoted
from pm_pipeline.law.drafts.suites import copied_suites
from pm_pipeline.registry import ChangeKind, Registry, Rule, SeedRow

_CHANGE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def scaffold(
    registry: Registry, expectations_dir: Path, drafts_dir: Path, new: NewDraft
) -> tuple[Path, ...]:
    """Write ``drafts/<CHANGE_ID>/`` and return its files.

    Raises:
        UsageError: there is such a draft already, the change is law, the id is no folder name, a
            process is unknown, or the kind of change needs one.
    """
    folder = drafts_dir / new.change_id
    _refuse(registry, folder, new)
    rows = rows_of_kind(registry, new)
    being_made = drafts_dir / f".{new.change_id}.new"
    shutil.rmtree(being_made, ignore_errors=True)
    try:
        for model in DRAFT_SEEDS:
            _write(being_made / model.file, _csv(model, rows.get(model, [])))
        if new.kind is ChangeKind.RULE:
            for name, text in _examples(registry, new, rows).items():
                _write(being_made / "scenarios" / f"{name}.yml", text)
            for name, text in _suites(registry, expectations_dir, new).items():
                _write(being_made / "expectations" / name, text)
        _write(being_made / "README.md", _readme(new))
        being_made.rename(folder)
    finally:
        shutil.rmtree(being_made, ignore_errors=True)
    return tuple(sorted(path for path in folder.rglob("*") if path.is_file()))


def _refuse(registry: Registry, folder: Path, new: NewDraft) -> None:
    if not _CHANGE_ID.fullmatch(new.change_id):
        raise UsageError(
            f"'{new.change_id}' cannot be the id of a change: letters, digits, - and _ only, such as "
            "REFORM-2"
        )
    if folder.exists():
        raise UsageError(
            f"{folder}: there is a draft of '{new.change_id}' already, and nothing is overwritten; "
            "edit it, or remove the folder and call again"
        )
    known = next((one for one in registry.changes if one.change_id == new.change_id), None)
    if known is not None and known.is_law:
        raise UsageError(
            f"'{new.change_id}' is {known.status} in {known.file} row {known.row}: a change that is "
            "law is edited in the seeds; give a new change an id of its own"
        )
    for process_id in new.process_ids:
        registry.process(process_id)
    if new.kind in (ChangeKind.RULE, ChangeKind.SCHEME_END) and not new.process_ids:
        raise UsageError(f"a change of kind {new.kind} concerns a process: name it with --process")


def _csv(model: type[SeedRow], rows: Sequence[dict[str, str]]) -> str:
    lines = [",".join(model.columns())]
    lines += [",".join(quoted(row.get(name, "")) for name in model.columns()) for row in rows]
    return "".join(f"{line}\n" for line in lines)


def _examples(registry: Registry, new: NewDraft, rows: Rows) -> dict[str, str]:
    """One file per rule: the examples of all its wordings of this change."""
    files: dict[str, str] = {}
    processes = {
        f"{process_id}__{new.effective_on:%Y%m%d}": registry.process(process_id)
        for process_id in new.process_ids
    }
    for number, cells in enumerate(rows.get(Rule, []), start=1):
        rule = Rule.model_validate(
            {"row": number, "line": number + 1}
            | {name: cells.get(name) or None for name in Rule.columns()}
        )
        process = processes[rule.regime_id]
        names = new.change_id
        if rule.rule_id in files:
            names = f"{new.change_id} {process.process_id} {rule.version}"
        text = examples_text(rule, process, new.effective_on, names)
        known = files.get(rule.rule_id)
        files[rule.rule_id] = known + text.split("scenarios:\n", 1)[1] if known else text
    return files


def _suites(registry: Registry, expectations_dir: Path, new: NewDraft) -> dict[str, str]:
    files: dict[str, str] = {}
    for process_id in new.process_ids:
        running = running_regime(registry, process_id, new.effective_on)
        if running is None:
            continue
        regime_id = f"{process_id}__{new.effective_on:%Y%m%d}"
        note = f"{CHECK} copied from regimes/{running.regime_id}."
        files.update(
            copied_suites(expectations_dir, running.regime_id, regime_id, new.effective_on, note)
        )
    return files


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _readme(new: NewDraft) -> str:
    day_before = new.effective_on - timedelta(days=1)
    return f"""# Draft: {new.change_id}, from {new.effective_on}
NOT LAW. Nothing but `pm-pipeline law` reads this folder. Columns: `dbt_project/models/_seeds.yml`.
A row whose key is in the seeds stands in its place; any other is added. The regime that runs on
{day_before} is closed by itself. Text marked {CHECK} was copied from the law before it:
read the new act, correct the cell, remove the mark. What no source says stays `uncertain`.
1. `law/legal_changes.csv`, `law/regimes.csv`, `law/rules.csv`: what the act says, with its address.
   Remove the rows of rules that end; give a rule that is worded as before its former version.
2. `mapping/`: codes and activities that come, end or change meaning that day.
3. `scenarios/`: courses a lawyer would show; worked out from the copied rows: change both together.
4. `expectations/` and `quality/`: what the data must look like from that day.
5. `pm-pipeline law check --draft {new.change_id}`, then `pm-pipeline law dry-run {new.change_id}`.
6. Once it is law: `pm-pipeline law adopt {new.change_id} --status in_force --effective-on … --url …`
"""
