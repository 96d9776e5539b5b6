"""Rejects in a terminal: counts, single ones with what to do, and before against after."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pm_pipeline.commands.rejects import Reject, RejectGroup
from pm_pipeline.ingest.rejects.advice import ADVICE, EVENT_ADVICE
from pm_pipeline.ingest.rejects.reasons import REASON_TEXTS, Reason

if TYPE_CHECKING:
    from pm_pipeline.components.launch import RunOutcome


def show_reject_counts(console: Console, counts: Mapping[RejectGroup, int]) -> None:
    """One line per kind of reject, the most frequent first, each with what to do about it."""
    if not counts:
        console.print("Nothing was rejected.")
        return
    table = Table(box=None, pad_edge=False)
    for name in ("Where", "System", "Table", "Column", "Reason"):
        table.add_column(name, no_wrap=True)
    table.add_column("Count", justify="right")
    table.add_column("Row")
    table.add_column("What to do", overflow="fold")
    for group, count in sorted(counts.items(), key=lambda item: (-item[1], str(item[0]))):
        table.add_row(
            group.at, group.system, group.table, group.column or "whole row", group.reason,
            f"{count:,}", "kept" if group.row_kept else "left out", _advice(group),
        )
    console.print(table)


def show_rejects(console: Console, rejects: Sequence[Reject]) -> None:
    """Each reject as a paragraph: where it stands, what was expected, what to do."""
    if not rejects:
        console.print("No such reject.")
        return
    if any(one.value is not None for one in rejects):
        console.print(
            "[bold red]PERSONAL DATA[/] below: values as they stand in landing, kept nowhere else. Do "
            "not copy, mail or log them.", soft_wrap=True
        )
    for one in rejects:
        danish, english = REASON_TEXTS[Reason(one.reason)]
        console.print(
            f"[bold]{escape(one.source_file)}, {one.place} {one.source_row}[/], "
            f"{one.column or 'whole row'}: {one.reason} ({english}; {danish})", soft_wrap=True
        )
        found = one.found_class or "something else"
        if one.value is not None:
            found += f": {one.value!r}"
        console.print(f"  expected {escape(one.expected)}; found {escape(found)}", soft_wrap=True)
        console.print(
            f"  the row {'was kept without the value' if one.row_kept else 'was left out'}. "
            f"{ADVICE[Reason(one.reason)]} File: {escape(str(one.landing_path))}", soft_wrap=True
        )


def show_replay(
    console: Console, outcome: "RunOutcome", before: Mapping[RejectGroup, int],
    after: Mapping[RejectGroup, int],
) -> None:
    """What was rejected before and is rejected now, by kind."""
    if outcome.status == "up_to_date":
        console.print(
            "Nothing was mended since the last run: deliveries, contracts, mappings and code are as "
            "they were, so nothing was tried again."
        )
        return
    if outcome.status == "failed":
        for error in outcome.errors:
            console.print(f"[red]the run failed:[/] {escape(error)}", soft_wrap=True)
        console.print("What was loaded and published before still stands.")
    table = Table(box=None, pad_edge=False)
    for name in ("Where", "System", "Table", "Column", "Reason"):
        table.add_column(name, no_wrap=True)
    for name in ("Before", "After", "Change"):
        table.add_column(name, justify="right")
    for group in sorted({*before, *after}, key=str):
        was, now = before.get(group, 0), after.get(group, 0)
        style = "green" if now < was else "red" if now > was else "dim"
        table.add_row(
            group.at, group.system, group.table, group.column or "whole row", group.reason,
            f"{was:,}", f"{now:,}", f"[{style}]{now - was:+,}[/]",
        )
    console.print(table)
    total_before, total_after = sum(before.values()), sum(after.values())
    console.print(f"{total_before:,} rejects before, {total_after:,} after.")


def _advice(group: RejectGroup) -> str:
    if group.at == "warehouse":
        return EVENT_ADVICE.get(group.reason, "See core.rejected_events in the warehouse.")
    return ADVICE[Reason(group.reason)]
