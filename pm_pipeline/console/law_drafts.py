"""What was written for a draft, and what to do next."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from pm_pipeline.law.drafts.rows import CHECK, NewDraft


def show_new_draft(
    console: Console, drafts_dir: Path, new: NewDraft, files: Sequence[Path]
) -> None:
    """The files of a new draft, and what a person must still do with them."""
    console.print(
        f"The draft of [bold]{escape(new.change_id)}[/] is begun in {escape(str(drafts_dir))}. "
        "It is [red]not law[/]: no run reads it.", soft_wrap=True,
    )
    for path in files:
        console.print(f"  {escape(path.relative_to(drafts_dir).as_posix())}", soft_wrap=True)
    console.print(
        f"What was copied says {escape(CHECK)}: read the act, correct the cells, remove the mark. "
        f"Then: pm-pipeline law check --draft {escape(new.change_id)}", soft_wrap=True,
    )


def show_adopted(
    console: Console, change_id: str, effective_on: date, files: Sequence[Path]
) -> None:
    """The files of the law that now hold the change."""
    console.print(f"[bold]{escape(change_id)}[/] is law from {effective_on}. Written:")
    for path in files:
        console.print(f"  {escape(str(path))}", soft_wrap=True)
    console.print("Look at the diff, commit it, and let the figures follow with: pm-pipeline run")
