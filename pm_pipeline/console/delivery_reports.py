"""The report to the sender of a delivery in a terminal, or as JSON."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pm_pipeline.quality.delivery_report.content import Count, DeliveryReport, Line, Trend, Weight

if TYPE_CHECKING:
    from pm_pipeline.components.delivery_reports import WrittenReport

_STYLES = {Weight.MUST: "red", Weight.SHOULD: "yellow", Weight.KNOW: "dim"}
_TREND_STYLES = {Trend.NEW: "red", Trend.WORSE: "red", Trend.BETTER: "green"}


def show_reports(console: Console, written: Sequence["WrittenReport"]) -> None:
    """Per delivery what is wrong, the weightiest first, and where the page lies."""
    for one in written:
        delivery = one.delivery
        console.print(
            f"\n[bold]{delivery.system} {delivery.delivery_id}[/] of {delivery.municipality_id}, "
            f"delivered {delivery.delivered_on}"
        )
        if one.report is None:
            console.print(
                "A later delivery has come since: the report stands as it was made then."
            )
        else:
            _show(console, one.report)
        console.print(f"Page   {one.folder / 'report.html'}", soft_wrap=True, highlight=False)
        console.print(f"Sheet  {one.folder / 'report.csv'}", soft_wrap=True, highlight=False)


def _show(console: Console, report: DeliveryReport) -> None:
    if report.refused is not None:
        console.print(
            f"[red]{report.refused.code}[/]: {escape(report.refused.what[1])}. "
            f"{escape(report.refused.mend[1])}", soft_wrap=True
        )
        return
    lines = [one for one in report.lines if one.weight is not Weight.KNOW and one.now.found]
    if not lines:
        console.print("[green]No fault was found.[/]")
        return
    table = Table(box=None, pad_edge=False)
    for name in ("Table", "Field", "Code"):
        table.add_column(name, no_wrap=True)
    table.add_column("Count", justify="right", no_wrap=True)
    table.add_column("Before", justify="right", no_wrap=True)
    table.add_column("Trend", no_wrap=True)
    table.add_column("What", overflow="fold")
    table.add_column("What to mend", overflow="fold")
    for line in lines:
        table.add_row(
            line.table, line.column or "–", f"[{_STYLES[line.weight]}]{line.code}[/]",
            _counted(line.now), _counted(line.before), _trend(line), _what(line),
            escape(line.mend[1]) if line.mend else "–",
        )
    console.print(table)


def _what(line: Line) -> str:
    told = f" ({line.detail})" if line.detail else ""
    return escape(line.what[1] + told)


def _trend(line: Line) -> str:
    if line.trend is None:
        return "–"
    style = _TREND_STYLES.get(line.trend)
    return f"[{style}]{line.trend.value}[/]" if style else line.trend.value


def _counted(count: Count | None) -> str:
    if count is None:
        return "–"
    return f"{count.found:,} of {count.checked:,}" if count.checked else f"{count.found:,}"


def reports_as_json(written: Sequence["WrittenReport"]) -> str:
    """A list, one object per delivery, with its lines; ``lines`` is null where the report was kept."""
    return json.dumps([_as_object(one) for one in written], ensure_ascii=False, indent=2)


def _as_object(written: "WrittenReport") -> dict[str, Any]:
    report = written.report
    return {
        "municipality_id": written.delivery.municipality_id,
        "system": written.delivery.system,
        "delivery_id": written.delivery.delivery_id,
        "delivered_on": written.delivery.delivered_on.isoformat(),
        "html": str(written.folder / "report.html"),
        "csv": str(written.folder / "report.csv"),
        "refused": report.refused.code if report and report.refused else None,
        "compared_with": report.compared_with if report else None,
        "lines": [_line_object(line) for line in report.lines] if report else None,
    }


def _line_object(line: Line) -> dict[str, Any]:
    return {
        "weight": line.weight.value,
        "kind": line.kind,
        "code": line.code,
        "table": line.table,
        "column": line.column,
        "detail": line.detail,
        "found": line.now.found,
        "checked": line.now.checked,
        "found_before": line.before.found if line.before else None,
        "checked_before": line.before.checked if line.before else None,
        "trend": line.trend.value if line.trend else None,
        "what": {"da": line.what[0], "en": line.what[1]},
        "mend": {"da": line.mend[0], "en": line.mend[1]} if line.mend else None,
        "first_places": list(line.places),
    }
