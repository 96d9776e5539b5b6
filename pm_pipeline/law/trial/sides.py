"""The law without a change and the law with it, as two folders of seeds."""

import filecmp
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pm_pipeline.errors import PipelineError, UsageError
from pm_pipeline.law.drafts import draft_ids, overlay, read_draft, without
from pm_pipeline.law.drafts.moving import as_if_from
from pm_pipeline.law.register import validate
from pm_pipeline.registry import ChangeStatus, LegalChange, Registry, load_registry


@dataclass(frozen=True)
class Sides:
    """Two laws that differ by one change.

    Attributes:
        change: the change as it stands in its draft or in the register, with its true status.
        before, after: the seeds without the change and with it.
        effective_on: the day from which ``after`` has it; None where no source says it.
        is_tried: the law of ``after`` is not the law: a draft, or one moved to another day.
    """

    change: LegalChange
    before: Registry
    after: Registry
    effective_on: date | None
    is_tried: bool

    @property
    def new_regimes(self) -> tuple[str, ...]:
        """The regimes that the change begins."""
        return tuple(
            one.regime_id for one in self.after.regimes if one.change_id == self.change.change_id
        )

    @property
    def processes(self) -> tuple[str, ...]:
        """The processes of which it begins a regime."""
        mine = (one for one in self.after.regimes if one.regime_id in self.new_regimes)
        return tuple(dict.fromkeys(one.process_id for one in mine))


def sides_of(
    seeds_dir: Path, drafts_dir: Path, change_id: str, into: Path, moved_to: date | None = None
) -> Sides:
    """Write what is needed of the two laws below ``into``.

    Of a draft: the seeds as they are, and the seeds with the draft treated as in force. Of a change
    that is law: the seeds without it, and the seeds as they are. ``moved_to``: the day from which the
    law with the change is to hold.

    Raises:
        UsageError: the change is unknown, or is not law and has no draft, or cannot be moved.
        PipelineError: the seeds or the draft have faults; each is told with file and row.
    """
    if change_id in draft_ids(drafts_dir):
        draft = read_draft(drafts_dir, change_id)
        laid = overlay(seeds_dir, draft, into / "after" / "seeds")
        before, after = seeds_dir, laid.seeds_dir
        faults = [laid.told(one) for one in validate(load_registry(after))]
        if faults:
            raise PipelineError(
                f"the draft of '{change_id}' cannot be tried: {len(faults)} faults\n"
                + "\n".join(map(str, faults))
            )
        change = draft.change or load_registry(seeds_dir).change(change_id)
    else:
        change = load_registry(seeds_dir).change(change_id)
        if not change.is_law:
            raise UsageError(_no_draft(change))
        before = without(seeds_dir, change_id, into / "before" / "seeds")
        after = seeds_dir
    if moved_to is not None:
        if after == seeds_dir:
            after = into / "after" / "seeds"
            shutil.copytree(seeds_dir, after)
        as_if_from(after, change_id, moved_to)
    tried = load_registry(after)
    return Sides(
        change=change, before=load_registry(before), after=tried,
        effective_on=tried.change(change_id).effective_on,
        is_tried=moved_to is not None or not change.is_law,
    )


def changed_seeds(one: Path, other: Path) -> tuple[str, ...]:
    """The names of the seeds whose bytes differ between two folders with the same files."""
    return tuple(sorted(
        path.stem for path in one.rglob("*.csv")
        if not filecmp.cmp(path, other / path.relative_to(one), shallow=False)
    ))


def _no_draft(change: LegalChange) -> str:
    known = f"'{change.change_id}' is {change.status} ({change.file} row {change.row})"
    if change.status is ChangeStatus.WITHDRAWN:
        return f"{known}: it will not become law, so there is nothing to try"
    return (
        f"{known} and has no draft, so no row says what it would change; begin one with "
        f"`pm-pipeline law new {change.change_id} --process … --effective-on …`"
    )
