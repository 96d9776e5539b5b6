"""A system that always delivers everything: what it lacks was deleted, and no case goes in silence."""

import csv
import io
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pm_pipeline.ingest.contract.versions import load_contracts
from pm_pipeline.ingest.lake.files import ensure_empty_tables
from pm_pipeline.ingest.landing.deliveries import list_deliveries, register_delivery
from pm_pipeline.ingest.loading.all_deliveries import load_deliveries
from pm_pipeline.settings import Settings, get_settings
from pm_pipeline.transform.build import build_warehouse

REPOSITORY = Path(__file__).resolve().parents[2]
HEADER = (
    "Løbenr", "CPR-nr", "Sagsnr", "Målgruppe", "Tilmeldt", "Afmeldt", "Hændelse", "Hændelsesdato",
    "Klokkeslæt", "Registreret", "Form", "Ansvarlig", "Sagsbehandler", "Enhed", "Notat", "Navn",
)
Rows = Callable[[str], list[tuple[Any, ...]]]


def _act(number: int, case: int, activity: str, day: int, hour: str = "09:00") -> tuple[str, ...]:
    return (
        str(number), f"6101801{case:03d}", f"S{case}", "6.2", "02-01-2025", "", activity,
        f"{day:02d}-02-2025", hour, f"{day:02d}-02-2025 15:00", "", "Kommune", "Kim Person",
        "E1", "", "",
    )


def _file(folder: Path, name: str, acts: list[tuple[str, ...]]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows([HEADER, *acts])
    path = folder / f"fasit_{name}.csv"
    path.write_bytes(text.getvalue().encode("cp1252"))
    return path


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """A field whose Fasit always delivers everything; all else is the shipped field."""
    field = tmp_path / "field"
    shutil.copytree(REPOSITORY / "dbt_project" / "seeds", field / "seeds")
    shutil.copytree(REPOSITORY / "expectations", field / "expectations")
    for system in ("fasit", "momentum", "event_log"):
        source = REPOSITORY / "pm_pipeline" / "defs" / "ingest" / system / "defs.yaml"
        text = source.read_text(encoding="utf-8")
        if system == "fasit":
            text = text.replace("delivers: increment", "delivers: full\n      max_removed_percent: 60")
        (field / "contracts" / system).mkdir(parents=True)
        (field / "contracts" / system / "defs.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("PM_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("PM_KEY_DIR", str(tmp_path / "keys"))
    monkeypatch.setenv("PM_FIELD_DIR", str(field))
    get_settings.cache_clear()
    yield get_settings()
    get_settings.cache_clear()


def test_deleted_rows_leave_the_log_with_a_reason_and_a_vanished_case_stands_apart(
    settings: Settings, tmp_path: Path
) -> None:
    contracts = load_contracts(settings.contract_dirs)
    first = [
        _act(1, 1, "CV-samtale", 3), _act(2, 1, "Jobsamtale", 5), _act(3, 1, "Jobsamtale", 5),
        _act(4, 2, "CV-samtale", 4), _act(5, 2, "Jobsamtale", 9), _act(6, 3, "Jobsamtale", 9),
    ]
    # case 1 lost an act and had one restated, case 2 is gone, case 4 is new
    second = [first[0], _act(2, 1, "Jobsamtale", 6), first[5], _act(7, 4, "Jobsamtale", 20)]
    for day, acts in ((1, first), (8, second)):
        register_delivery(
            settings.landing_dir, "903", contracts["fasit"].latest, date(2025, 3, day),
            [_file(tmp_path / str(day), f"2025-03-{day:02d}", acts)],
        )
    lake_dir = settings.lake_dir("903")
    ensure_empty_tables(contracts.values(), lake_dir)
    loads = load_deliveries(
        list_deliveries(settings.landing_dir, "903"), contracts["fasit"], lake_dir, settings.key_dir
    )
    assert loads.refused == []
    build_warehouse(settings, "903", "core")
    with duckdb.connect(str(settings.warehouse_path("903")), read_only=True) as connection:
        rows: Rows = lambda sql: connection.execute(sql).fetchall()  # noqa: E731
        assert rows("select count(*), count(distinct case_id) from core.event_log") == [(4, 3)]
        assert rows(
            "select reason, count(*), bool_or(is_fault) from core.rejected_events group by all"
            " order by all"
        ) == [("deleted_at_source", 3, False), ("superseded", 3, False)]
        assert rows("select count(*), max(vanished_on) from core.vanished_cases") == [
            (1, date(2025, 3, 8))
        ]
        assert rows(
            "select case_id from core.vanished_cases intersect select case_id from core.cases"
        ) == []
        assert rows(
            "select change, column_name, n_rows from core.delivery_changes where is_total"
            " and compared_with is not null order by all"
        ) == [
            ("changed", None, 1), ("deleted", None, 3), ("inserted", None, 1),
            ("restated", "occurred_at", 1), ("restated", "recorded_at", 1), ("unchanged", None, 2),
        ]
