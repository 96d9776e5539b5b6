"""Deliveries and publications as the landing sensor and the freshness check meet them."""

import os
from datetime import UTC, date, datetime
from pathlib import Path

from pm_pipeline.components.freshness import delivered, fingerprint_of
from pm_pipeline.ingest.contract.versions import load_contracts
from pm_pipeline.ingest.landing.deliveries import register_delivery
from pm_pipeline.publish.receipts import RECEIPT_FILE, Receipt
from pm_pipeline.settings import Settings


def deliver(settings: Settings, municipality_id: str, content: str, folder: Path) -> str:
    """Register a file for fasit; its content does not matter here, only that it differs."""
    folder.mkdir(exist_ok=True)
    file = folder / "fasit_export.csv"
    file.write_text(content)
    os.utime(file, (1_767_225_600, 1_767_225_600))  # nobody writes to it any more
    contract = load_contracts(settings.contract_dirs)["fasit"].latest
    return register_delivery(
        settings.landing_dir, municipality_id, contract, date(2025, 7, 1), [file]
    ).delivery_id


def publish(settings: Settings, municipality_id: str) -> None:
    """Leave what a publication of everything delivered so far leaves: a database and a receipt."""
    deliveries = delivered(settings, municipality_id)
    folder = settings.published_dir(municipality_id)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "published.duckdb").write_bytes(b"")
    receipt = Receipt(
        municipality_id=municipality_id,
        deliveries=deliveries,
        rows_in=0,
        rows_loaded=0,
        rows_rejected=0,
        exact_duplicates=0,
        staged_rows=0,
        events=0,
        rejected_events=0,
        regimes=(),
        law_fingerprint="0" * 64,
        code_version="0",
        min_group_size=settings.min_group_size,
        input_fingerprint=fingerprint_of(settings, deliveries),
        published_at=datetime.now(UTC),
    )
    (folder / RECEIPT_FILE).write_text(receipt.model_dump_json())
