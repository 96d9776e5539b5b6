"""Two municipalities may share a case number: the tenant is part of every key."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from pm_pipeline import warehouse
from pm_pipeline.components.freshness import known_contracts
from pm_pipeline.ingest.lake.files import ensure_empty_tables
from pm_pipeline.ingest.landing.deliveries import register_delivery
from pm_pipeline.ingest.loading.load import load_delivery
from pm_pipeline.ingest.values.pseudonymise import Keyring
from pm_pipeline.settings import Settings
from pm_pipeline.synthetic import generate
from pm_pipeline.transform.build import build_warehouse

KEYS = {
    "core.events": "event_id", "core.event_log": "case_id", "core.cases": "case_id",
    "core.objects": "object_id", "core.case_sources": "source_object_id",
}


@pytest.mark.slow
def test_the_same_file_of_two_municipalities_shares_no_id(tmp_path: Path) -> None:
    """Even under the same key, so that every pseudonym is the same."""
    settings = Settings(data_dir=tmp_path / "data", key_dir=tmp_path / "keys")
    contracts = known_contracts(settings)
    generate("903", "fasit", tmp_path / "export", seed=3, n_citizens=8)
    files = sorted((tmp_path / "export" / "2025-07-01").iterdir())
    keyring = Keyring(settings.key_dir)
    keyring.pseudonymiser("903", create=True)
    shutil.copy(keyring.path("903"), keyring.path("904"))
    found: dict[str, dict[str, set[object]]] = {}
    for municipality in ("903", "904"):
        lake_dir = settings.lake_dir(municipality)
        ensure_empty_tables(contracts.values(), lake_dir)
        delivery = register_delivery(
            settings.landing_dir, municipality, contracts["fasit"].latest, date(2025, 7, 1), files
        )
        load_delivery(delivery, contracts["fasit"], lake_dir, settings.key_dir)
        build_warehouse(settings, municipality, "core")
        with warehouse.connect(settings.warehouse_path(municipality)) as connection:
            found[municipality] = {
                table: {key for (key,) in connection.execute(f"select {key} from {table}").fetchall()}
                for table, key in KEYS.items()
            }
    for table in KEYS:
        assert found["903"][table] and len(found["903"][table]) == len(found["904"][table])
        assert not found["903"][table] & found["904"][table], table
    lakes = [
        {row[0] for row in _pseudonyms(settings, municipality)} for municipality in ("903", "904")
    ]
    assert lakes[0] == lakes[1]


def _pseudonyms(settings: Settings, municipality: str) -> list[tuple[object, ...]]:
    import duckdb

    with duckdb.connect() as connection:
        return connection.execute(
            f"select case_id from '{settings.lake_dir(municipality)}/fasit/haendelser/2*.parquet'"
        ).fetchall()
