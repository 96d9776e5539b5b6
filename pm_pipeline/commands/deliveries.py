"""The deliveries of the municipalities: what became of each, and taking one back."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pyarrow.parquet as pq

from pm_pipeline.commands.known import taking_part
from pm_pipeline.ingest.lake.files import marker_path
from pm_pipeline.ingest.landing.deliveries import (
    Delivery,
    find_delivery,
    list_deliveries,
    restore_delivery,
    withdraw_delivery,
)
from pm_pipeline.ingest.loading.all_deliveries import refusal_of
from pm_pipeline.law.register import load_checked_registry
from pm_pipeline.settings import Settings

State = Literal["loaded", "waiting", "quarantined", "refused", "withdrawn"]


@dataclass(frozen=True)
class DeliveryState:
    """A delivery and what became of it; the counts are None until it is loaded.

    ``contract_version``: the version that read it, or the one in force when it came. ``why``: the
    refusal, or the reason of a withdrawal.
    """

    delivery: Delivery
    state: State
    contract_version: str
    rows_in_file: int | None
    rows_loaded: int | None
    rows_rejected: int | None
    exact_duplicates: int | None
    why: str | None


def delivery_states(
    settings: Settings, municipality_ids: Sequence[str], system: str | None = None
) -> list[DeliveryState]:
    """The deliveries of these municipalities (all that take part where none is named), oldest first.

    Read from files alone. Raises UsageError for a municipality that takes no part.
    """
    registry = load_checked_registry(settings.seeds_dir)
    chosen = [
        taking_part(registry, one).municipality_id for one in dict.fromkeys(municipality_ids)
    ] or [one.municipality_id for one in registry.active_municipalities]
    return [
        _state(settings.lake_dir(one), delivery)
        for one in chosen
        for delivery in list_deliveries(settings.landing_dir, one, system, withdrawn_too=True)
    ]


def take_back(
    settings: Settings, municipality_id: str, delivery_id: str, reason: str, *, erase_files: bool
) -> Delivery:
    """Withdraw one delivery, named by its id or the beginning of it."""
    taking_part(load_checked_registry(settings.seeds_dir), municipality_id)
    delivery = find_delivery(settings.landing_dir, municipality_id, delivery_id)
    return withdraw_delivery(delivery, reason, erase_files=erase_files)


def put_back(settings: Settings, municipality_id: str, delivery_id: str) -> Delivery:
    """Undo the withdrawal of one delivery."""
    taking_part(load_checked_registry(settings.seeds_dir), municipality_id)
    return restore_delivery(find_delivery(settings.landing_dir, municipality_id, delivery_id))


def _state(lake_dir: Path, delivery: Delivery) -> DeliveryState:
    rows = _marker(lake_dir, delivery)
    refused = refusal_of(lake_dir, delivery)
    version = str(rows[0]["contract_version"]) if rows else delivery.contract_version
    state: State
    why: str | None = None
    if delivery.withdrawal is not None:
        erased = " (files erased)" if delivery.withdrawal.files_erased else ""
        state, why, rows = "withdrawn", delivery.withdrawal.reason + erased, []
    elif refused is not None:
        state, why = "quarantined" if refused.is_quarantined else "refused", refused.message
    else:
        state = "loaded" if rows else "waiting"

    def total(name: str) -> int | None:
        return sum(int(row[name]) for row in rows) if rows else None

    return DeliveryState(
        delivery, state, version, total("rows_in_file"), total("rows_loaded"),
        total("rows_rejected"), total("exact_duplicates"), why,
    )


def _marker(lake_dir: Path, delivery: Delivery) -> list[dict[str, Any]]:
    path = marker_path(lake_dir, delivery.system, delivery.delivery_id)
    return pq.read_table(path).to_pylist() if path.exists() else []
