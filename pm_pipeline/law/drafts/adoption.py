"""A draft becomes law: its rows, examples and suites move to where a run reads them, all or nothing."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pm_pipeline.errors import PipelineError, UsageError
from pm_pipeline.law.drafts.overlay import overlay
from pm_pipeline.law.drafts.reading import Draft
from pm_pipeline.law.drafts.replacing import replace_all
from pm_pipeline.law.drafts.rows import CHECK
from pm_pipeline.law.drafts.sheet import having, read_sheet
from pm_pipeline.law.whole import LawFolders, read_law
from pm_pipeline.registry import ChangeStatus, Finding, LegalChange


@dataclass(frozen=True)
class Enactment:
    """What made the change law: a person says so, it is never taken from the draft."""

    status: ChangeStatus
    effective_on: date
    url: str


@dataclass(frozen=True)
class Home:
    """Where the law of a field stands."""

    seeds_dir: Path
    scenarios_dir: Path
    expectations_dir: Path


#: A check of the law as it would be that takes more than reading: the folders in, the faults out.
Check = Callable[[Home], list[Finding]]


def adopt(
    home: Home, draft: Draft, enactment: Enactment, check: Check | None = None
) -> tuple[Path, ...]:
    """Move the draft into ``home`` and return the files that were written; the draft's folder goes.

    The result is read and checked in a folder of its own first: rows, examples, suites. Rows are added
    at the end of their seed, rows whose key is known are edited cell by cell, all other rows keep their
    bytes.

    Raises:
        UsageError: the status is not that of law, or the day is not the draft's.
        PipelineError: a cell is still to be checked against the act, or the law would be at fault; in
            each case nothing was written.
    """
    _refuse(draft, enactment)
    with tempfile.TemporaryDirectory(prefix="pm-law-adopt-") as name:
        new = Home(Path(name) / "seeds", Path(name) / "scenarios", Path(name) / "expectations")
        laid = overlay(home.seeds_dir, draft, new.seeds_dir, as_law=False)
        _enact(new.seeds_dir, draft.change_id, enactment)
        for own, laid_over in (
            (home.scenarios_dir, new.scenarios_dir), (home.expectations_dir, new.expectations_dir),
        ):
            if own.is_dir():
                shutil.copytree(own, laid_over)
        for path, text in (*_scenarios(home, draft), *_suites(home, draft)):
            target = Path(name) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text)
        folders = LawFolders(new.seeds_dir, (new.scenarios_dir,), (new.expectations_dir,))
        findings = list(map(laid.told, read_law(folders).findings))
        if check is not None and not findings:
            findings = list(map(laid.told, check(new)))
        if findings:
            faults = "1 fault" if len(findings) == 1 else f"{len(findings)} faults"
            # an example is told where it would stand: below those that the rule has
            told = "\n".join(map(str, findings)).replace(f"{Path(name).name}/", "")
            raise PipelineError(
                f"'{draft.change_id}' was not adopted, nothing was written: {faults} in the law with "
                f"it:\n{told}"
            )
        written = dict(_changed(home, new))
        replace_all(written, draft.folder)
    return tuple(sorted(written))


def _refuse(draft: Draft, enactment: Enactment) -> None:
    if enactment.status not in (ChangeStatus.IN_FORCE, ChangeStatus.ENDED):
        raise UsageError(
            f"a change is adopted as in_force or ended, not as {enactment.status}: until it is law it "
            "stays a draft"
        )
    change = draft.change
    if change is not None and change.effective_on not in (None, enactment.effective_on):
        raise UsageError(
            f"{draft.told(LegalChange.file)} row {change.row} says effective_on {change.effective_on}, "
            f"the call says {enactment.effective_on}; correct the draft (its regimes are named by the "
            "day, in the rows, the suites and the examples), or the call"
        )
    unread = [
        f"{draft.told(path.relative_to(draft.folder).as_posix())} line {number}"
        for path in sorted(draft.folder.rglob("*"))
        if path.is_file() and path.suffix != ".md"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if CHECK in line
    ]
    if unread:
        raise PipelineError(
            f"'{draft.change_id}' was not adopted: what was copied from the law before it is still to "
            f"be checked against the act ({CHECK}) in\n" + "\n".join(unread)
        )


def _enact(seeds_dir: Path, change_id: str, enactment: Enactment) -> None:
    path = seeds_dir / LegalChange.file
    sheet = read_sheet(path)
    found = sheet.edit(
        having({"change_id": change_id}),
        {
            "status": enactment.status.value, "effective_on": str(enactment.effective_on),
            "reference_url": enactment.url,
        },
    )
    if not found:
        raise PipelineError(
            f"drafts/{change_id}/{LegalChange.file}: expected the row of '{change_id}', found none "
            "there and none in the seeds; enter it"
        )
    sheet.write(path)


def _scenarios(home: Home, draft: Draft) -> Iterator[tuple[str, bytes]]:
    """The draft's examples, added to those the rule has."""
    for path in draft.scenario_files:
        mine = path.read_bytes()
        known = home.scenarios_dir / path.name
        text = _added(known, path, mine) if known.exists() else mine
        yield f"scenarios/{path.name}", text


def _added(known: Path, path: Path, mine: bytes) -> bytes:
    """The text of the known file with the draft's examples below it, if it then reads as both."""
    before = known.read_bytes()
    _, mark, examples = mine.partition(b"scenarios:\n")
    merged = before + (b"" if before.endswith(b"\n") else b"\n") + examples
    try:
        old, new, both = map(_keys, (before, mine, merged))
    except (ValueError, TypeError):
        mark = b""
    if not mark or old["rule"] != new["rule"] or both != old | {
        "scenarios": [*old["scenarios"], *new["scenarios"]]
    }:
        raise PipelineError(
            f"{path}: its examples cannot be added below those of {known}; let `scenarios:` be the "
            "last key of both, indented alike, and `rule:` the same"
        )
    return merged


def _keys(text: bytes) -> dict[str, Any]:
    import yaml

    try:
        found = yaml.safe_load(text)
        return {"rule": found["rule"], **found, "scenarios": list(found["scenarios"])}
    except (yaml.YAMLError, KeyError) as error:
        raise ValueError("no file of examples") from error


def _suites(home: Home, draft: Draft) -> Iterator[tuple[str, bytes]]:
    for path in draft.suite_files:
        name = path.relative_to(draft.folder / "expectations")
        if (home.expectations_dir / name).exists():
            raise PipelineError(
                f"{home.expectations_dir / name}: the regime has this suite already; edit it there and "
                f"remove {draft.told(f'expectations/{name}')}"
            )
        yield f"expectations/{name}", path.read_bytes()


def _changed(home: Home, new: Home) -> Iterator[tuple[Path, bytes]]:
    """Every file whose bytes are others than before."""
    for own, laid_over in (
        (home.seeds_dir, new.seeds_dir), (home.scenarios_dir, new.scenarios_dir),
        (home.expectations_dir, new.expectations_dir),
    ):
        for path in sorted(laid_over.rglob("*")):
            target = own / path.relative_to(laid_over)
            if path.is_file():
                text = path.read_bytes()
                if not target.exists() or target.read_bytes() != text:
                    yield target, text
