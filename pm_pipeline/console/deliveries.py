"""The list of deliveries as a table, or as JSON."""

import json
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pm_pipeline.commands.deliveries import DeliveryState

_STYLES = {
    "loaded": "green", "waiting": "yellow", "quarantined": "yellow", "refused": "red",
    "withdrawn": "dim",
}


def show_deliveries(console: Console, states: Sequence[DeliveryState]) -> None:
    """One line per delivery; below it, why one is not loaded."""
    if not states:
        console.print("Nothing has been delivered. See pm-pipeline deliver --help.")
        return
    table = Table(box=None, pad_edge=False)
    # The day of a delivery is the beginning of its id.
    for name in ("Where", "System", "Delivery", "Received", "Contract"):
        table.add_column(name, no_wrap=True)
    for name in ("Files", "Rows in", "Loaded", "Rejected", "Twice"):
        table.add_column(name, justify="right")
    table.add_column("State", no_wrap=True)
    for one in states:
        delivery = one.delivery
        counts = (one.rows_in_file, one.rows_loaded, one.rows_rejected, one.exact_duplicates)
        table.add_row(
            delivery.municipality_id, delivery.system, delivery.delivery_id,
            f"{delivery.received_at:%Y-%m-%d %H:%M}",
            one.contract_version, str(len(delivery.files)),
            *("–" if count is None else f"{count:,}" for count in counts),
            f"[{_STYLES[one.state]}]{one.state}[/]",
        )
    console.print(table)
    for one in states:
        if one.why:
            console.print(
                f"{one.delivery.delivery_id} {one.state}: {escape(one.why)}", soft_wrap=True
            )


def deliveries_as_json(states: Sequence[DeliveryState]) -> str:
    """The same as JSON: a list, one object per delivery, its files with hash, size and rows."""
    return json.dumps([
        {
            "municipality_id": one.delivery.municipality_id,
            "system": one.delivery.system,
            "delivery_id": one.delivery.delivery_id,
            "delivered_on": one.delivery.delivered_on.isoformat(),
            "received_at": one.delivery.received_at.isoformat(timespec="seconds"),
            "contract_version": one.contract_version,
            "state": one.state,
            "why": one.why,
            "rows_in_file": one.rows_in_file,
            "rows_loaded": one.rows_loaded,
            "rows_rejected": one.rows_rejected,
            "exact_duplicates": one.exact_duplicates,
            "files": [vars(file) for file in one.delivery.files],
        }
        for one in states
    ], ensure_ascii=False, indent=2)
