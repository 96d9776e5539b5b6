"""Small contracts and files for the tests of the reader, the typing and the loading."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from pm_pipeline.ingest.contract.model import Contract, Table
from pm_pipeline.ingest.contract.reading import load_contract
from pm_pipeline.ingest.contract.versions import SystemContract, load_contracts
from pm_pipeline.ingest.lake.files import ensure_empty_tables
from pm_pipeline.ingest.landing.deliveries import Delivery, register_delivery
from pm_pipeline.ingest.loading.load import load_delivery
from pm_pipeline.ingest.loading.reports import LoadReport

REPO = Path(__file__).resolve().parents[2]
SHIPPED = REPO / "pm_pipeline" / "defs" / "ingest"
WRITTEN_AT = 1_767_225_600

SMALL = """\
type: pm_pipeline.components.CaseSystemExport
attributes:
  system: small
  version: "1"
  valid_from: "2020-01-01"
  certainty: illustrative
  description: A small system for tests.
  tables:
    events:
      description: One row per event.
      files: "events*.csv"
      delimiter: ";"
      natural_key: [row_id]
      max_rejected_percent: 50
      columns:
        row_id: {header: Id, type: identifier, domain: record, nullable: false}
        citizen_id: {header: CPR, type: identifier, domain: citizen, normalise: cpr, nullable: no}
        activity: {header: Hændelse, aliases: [Aktivitet], type: code}
        occurred_at: {header: Tid, type: timestamp, formats: ["%d-%m-%Y %H:%M", "%d-%m-%Y"]}
        hours: {header: Timer, type: decimal, presence: optional}
        created_by: {header: Oprettet af, type: resource, robots: ["RPA*"], presence: optional}
        note: {header: Notat, type: free_text, treatment: presence_only, presence: optional}
        name: {header: Navn, treatment: drop}
"""
HEADER = "Id;CPR;Hændelse;Tid;Timer;Oprettet af;Notat;Navn"


def row(number: int, **change: str) -> str:
    """One sound row of the small table, with some fields changed."""
    fields = {
        "Id": str(number), "CPR": f"61018{number % 10}-{1000 + number:04d}", "Hændelse": "Samtale",
        "Tid": f"{1 + number % 28:02d}-03-2024 09:{number % 60:02d}", "Timer": "7,5",
        "Oprettet af": "Kim Person", "Notat": "", "Navn": "Kim Borger",
    }
    return ";".join({**fields, **change}.values())


def csv_text(rows: Sequence[str], header: str = HEADER, end: str = "\r\n") -> str:
    return end.join([header, *rows]) + end


def small_contract(folder: Path, old: str = "", new: str = "") -> Contract:
    """The small contract, with a piece of its text replaced."""
    if old:
        assert old in SMALL
    path = folder / "small.yaml"
    path.write_text(SMALL.replace(old, new) if old else SMALL, encoding="utf-8")
    return load_contract(path)


def small_table(folder: Path, old: str = "", new: str = "") -> Table:
    return small_contract(folder, old, new).tables[0]


def shipped_contracts() -> dict[str, SystemContract]:
    return load_contracts([SHIPPED])


@dataclass(frozen=True)
class Town:
    """A municipality's landing, lake and keys in a temporary folder."""

    root: Path
    municipality_id: str = "901"

    @property
    def landing(self) -> Path:
        return self.root / "landing"

    @property
    def lake(self) -> Path:
        return self.root / "work" / self.municipality_id / "lake"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    def file(self, name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        """A file that nobody has written to for a while: a fresh one is looked at twice, a second
        apart, and only the tests of that want to wait for it."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        os.utime(path, (WRITTEN_AT, WRITTEN_AT))
        return path

    def register(self, contract: Contract, *files: Path, day: int = 1) -> Delivery:
        return register_delivery(
            self.landing, self.municipality_id, contract, date(2026, 1, day), files
        )

    def load(
        self, contract: Contract | SystemContract, *files: Path, day: int = 1
    ) -> LoadReport:
        system = contract if isinstance(contract, SystemContract) else SystemContract((contract,))
        ensure_empty_tables([system], self.lake)
        delivery = self.register(system.at(date(2026, 1, day)), *files, day=day)
        return load_delivery(delivery, system, self.lake, self.keys)

    def rows(self, system: str, table: str) -> list[dict[str, Any]]:
        """All rows of a lake table, in file order."""
        paths = sorted((self.lake / system / table).glob("*.parquet"))
        return [row for path in paths for row in pq.read_table(path).to_pylist()]

    def rejects(self) -> list[dict[str, Any]]:
        paths = sorted((self.lake / "rejects").glob("*.parquet"))
        return [row for path in paths for row in pq.read_table(path).to_pylist()]

    def lake_files(self) -> set[str]:
        """The lake's files beside the empty tables and the lock."""
        return {
            str(path.relative_to(self.lake)) for path in self.lake.rglob("*")
            if path.is_file() and path.name != "_empty.parquet" and ".lock" not in path.name
        }
