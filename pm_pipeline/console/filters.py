"""Filters as a person reads them: one a line, or one with its conditions."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pm_pipeline.registry import FilterCondition, FilterField


def show_filters(console: Console, filters: Mapping[str, Sequence[FilterCondition]]) -> None:
    """Every filter with its process and the number of its conditions."""
    table = Table(box=None, pad_edge=False)
    for name in ("Filter", "Process", "Conditions"):
        table.add_column(name, overflow="fold")
    for filter_id, rows in filters.items():
        table.add_row(
            filter_id, *(one.value[0] for one in rows if one.field is FilterField.PROCESS),
            escape("; ".join(_said(one) for one in rows if one.field is not FilterField.PROCESS)),
        )
    console.print(table if filters else "No filter is written.")


def show_filter(console: Console, rows: Sequence[FilterCondition]) -> None:
    """One filter, a condition a line."""
    console.print(f"[bold]{escape(rows[0].filter_id)}[/]: cases of which all of this is true")
    for one in rows:
        console.print(f"  {escape(_said(one))}", soft_wrap=True)


def show_added(console: Console, rows: Sequence[FilterCondition]) -> None:
    """What was added, and when it counts."""
    show_filter(console, rows)
    console.print("It is counted by the next: pm-pipeline run", soft_wrap=True)


def _said(row: FilterCondition) -> str:
    return f"{row.field} {row.operator} {' or '.join(row.value)}"
