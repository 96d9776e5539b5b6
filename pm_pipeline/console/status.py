"""One line per municipality: what was delivered, loaded, judged, published."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from pm_pipeline.commands.status import MunicipalityStatus

if TYPE_CHECKING:
    pass


_STYLES = {"ERROR": "red", "FAIL": "yellow", "PASS": "green"}


def quality_cell(counts: dict[str, int]) -> str:
    shown = [
        f"[{_STYLES[outcome]}]{count} {outcome}[/]"
        for outcome, count in counts.items()
        if outcome in _STYLES
    ]
    return " ".join(shown) or "–"



def show_status(console: Console, statuses: Sequence[MunicipalityStatus]) -> None:
    """One line per municipality that takes part."""
    table = Table(box=None, pad_edge=False)
    for name in (
        "Municipality", "Last delivery", "Deliveries", "Rows in", "Loaded", "Rejected", "Quality",
        "Published",
    ):
        table.add_column(name, no_wrap=name in {"Municipality", "Last delivery"})
    for status in statuses:
        rows = (status.rows_in, status.rows_loaded, status.rows_rejected)
        published = status.published_at
        table.add_row(
            f"{status.municipality.municipality_id} {status.municipality.name}",
            str(status.last_delivered_on or "none yet"),
            str(status.n_deliveries),
            *("–" if count is None else f"{count:,}" for count in rows),
            quality_cell(status.quality),
            "never" if published is None else published.strftime("%Y-%m-%d %H:%M UTC"),
        )
    console.print(table)
