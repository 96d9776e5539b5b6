"""Verdicts as a person reads them: one a line."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pm_pipeline.commands.verdicts import WrittenVerdict
from pm_pipeline.registry import ExpertVerdict


def show_verdicts(console: Console, verdicts: Sequence[WrittenVerdict]) -> None:
    """Every verdict with its subject, its day and whether it stands."""
    table = Table(box=None, pad_edge=False)
    for name in ("Town", "Process", "Kind", "Subject", "Verdict", "Judged", "By", "Why", ""):
        table.add_column(name, overflow="fold")
    for one in verdicts:
        row = one.row
        told = (
            row.municipality_id, row.process_id, row.kind, _subject(row), row.verdict,
            str(row.judged_on), row.judged_by_role, row.reason_en,
            "stands" if one.is_standing else "overtaken",
        )  # fmt: skip
        table.add_row(*map(escape, told))
    console.print(table if verdicts else "No verdict is written.")


def show_added(console: Console, added: WrittenVerdict) -> None:
    """What was added, and when it counts."""
    row = added.row
    console.print(
        f"[bold]{escape(_subject(row))}[/] ({row.kind}) in {escape(row.process_id)} of"
        f" {escape(row.municipality_id)} is judged {row.verdict} on {row.judged_on}.", soft_wrap=True,
    )
    console.print(
        "It counts from the next: pm-pipeline run" if added.is_standing
        else "A later verdict of the same subject stands; this one is kept.",
        soft_wrap=True,
    )


def _subject(row: ExpertVerdict) -> str:
    return " → ".join(row.activity_ids)
