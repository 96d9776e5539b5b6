"""The small good delivery that every fault spoils: its contract, its rows, and its canaries.

Each canary is a text that may be in the delivery and nowhere after it: a test that finds one in a
message, a log or the lake has found a leak.
"""

import csv
import io
import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from pm_pipeline.synthetic.people import impossible_cpr

CONTRACT = """\
type: pm_pipeline.components.CaseSystemExport
attributes:
  system: canary
  version: "1"
  valid_from: "2020-01-01"
  certainty: illustrative
  description: A system that does not exist, for deliveries that are broken on purpose.
  tables:
    acts:
      description: One row per act.
      files: "acts*.csv"
      encoding: utf-8-sig
      delimiter: ";"
      natural_key: [act_id]
      max_rejected_percent: 10
      columns:
        act_id: {header: Nummer, type: identifier, domain: record, nullable: no}
        citizen_id: {header: CPR-nr, type: identifier, domain: citizen, normalise: cpr, nullable: no}
        activity: {header: Hændelse, type: code, allowed: [Samtale, Møde, Tilbud], nullable: no}
        occurred_at: {header: Tidspunkt, type: timestamp, formats: ["%d-%m-%Y %H:%M", "%d-%m-%Y"]}
        ends_on: {header: Slutdato, type: date, formats: ["%d-%m-%Y"]}
        hours: {header: Timer, type: decimal}
        unit: {header: Enhed, type: text, presence: optional}
        created_by: {header: Oprettet af, type: resource, presence: optional}
        note: {header: Notat, type: free_text, treatment: presence_only, presence: optional}
        name: {header: Navn, treatment: drop}
"""
XES_CONTRACT = """\
type: pm_pipeline.components.CaseSystemExport
attributes:
  system: canary
  version: "1"
  valid_from: "2020-01-01"
  certainty: illustrative
  description: A system that does not exist and delivers event logs.
  tables:
    acts:
      description: One row per event.
      files: "acts*"
      format: log
      columns:
        case_id: {header: "case:concept:name", type: identifier, domain: case}
        activity: {header: "concept:name", type: code}
        occurred_at: {header: "time:timestamp", type: timestamp, formats: [iso8601], zone: utc}
"""
N_ROWS = 60
_WRITTEN_AT = 1_767_225_600  # 1 January 2026
NAME, STAFF, NOTE = "Kanariefine Gulfjerdal", "Sagsfugl Kvidrebæk", "sang højt om sin gule fjer"
_ACTIVITIES = ("Samtale", "Møde", "Tilbud")


@dataclass(frozen=True)
class Broken:
    """A bad delivery: the contract's text, the files, and where the fault was put.

    ``line``: line of the file (from 1); ``column``: name in the contract; ``canaries``: what is
    personal in it. ``n_records``: records in the file behind its header, as far as they can be told.
    """

    contract: str
    files: tuple[Path, ...]
    canaries: tuple[str, ...]
    line: int | None = None
    column: str | None = None
    n_records: int = N_ROWS


@dataclass
class Workshop:
    """Makes one broken delivery in ``folder``; the same seed makes the same bytes."""

    folder: Path
    seed: int = 20260101
    contract: str = CONTRACT
    rows: list[dict[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.rng = Random(self.seed)
        self.cpr = impossible_cpr(self.rng)
        self.rows = [self.row(number) for number in range(1, N_ROWS + 1)]

    @property
    def canaries(self) -> tuple[str, ...]:
        """The CPR number in both its forms, the names, the words of the note."""
        return (self.cpr, f"{self.cpr[:6]}-{self.cpr[6:]}", NAME, STAFF, NOTE)

    def row(self, number: int) -> dict[str, str]:
        """One good row; every row tells of somebody."""
        day, month = 1 + number % 28, 1 + number % 12
        return {
            "Nummer": f"A{number:04d}", "CPR-nr": f"{self.cpr[:6]}-{self.cpr[6:]}",
            "Hændelse": _ACTIVITIES[number % 3],
            "Tidspunkt": f"{day:02d}-{month:02d}-2024 09:{number % 60:02d}",
            "Slutdato": f"{day:02d}-{month:02d}-2025", "Timer": f"{number},5", "Enhed": "Jobcenter",
            "Oprettet af": STAFF, "Notat": f"{NAME} {NOTE}", "Navn": NAME,
        }

    def agree(self, old: str, new: str) -> None:
        """Change a piece of the contract."""
        if old not in self.contract:
            raise ValueError(f"the contract holds no '{old}'")
        self.contract = self.contract.replace(old, new)

    def put(self, number: int, **values: str) -> None:
        """Change fields of a row; its number is counted from 1."""
        self.rows[number - 1].update(values)

    def text(self, *, end: str = "\r\n", delimiter: str = ";") -> str:
        """The rows as CSV, quoted only where it must be."""
        memory = io.StringIO(newline="")
        writer = csv.DictWriter(
            memory, list(self.rows[0]), delimiter=delimiter, lineterminator=end
        )
        writer.writeheader()
        writer.writerows(self.rows)
        return memory.getvalue()

    def file(self, content: str | bytes, name: str = "acts.csv", encoding: str = "utf-8") -> Path:
        """Write a file of the delivery."""
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        # Nobody writes to it any more: a file of this moment would be looked at twice.
        os.utime(path, (_WRITTEN_AT, _WRITTEN_AT))
        return path

    def done(self, *files: Path, line: int | None = None, column: str | None = None,
             n_records: int | None = None) -> Broken:
        """The delivery as it is; without files the good or changed rows are written."""
        return Broken(
            self.contract, files or (self.file(self.text()),), self.canaries, line, column,
            len(self.rows) if n_records is None else n_records,
        )

    def lines(self, change_line: int, change: str | bytes, **how: str) -> Broken:
        """The good file with one line (from 1, the header's is 1) replaced."""
        lines = self.text(**how).splitlines(keepends=True)  # type: ignore[arg-type]
        end = "\r\n"
        if isinstance(change, str):
            lines[change_line - 1] = change + end
            return replace(self.done(self.file("".join(lines))), line=change_line)
        data = [line.encode() for line in lines]
        data[change_line - 1] = change + end.encode()
        return replace(self.done(self.file(b"".join(data))), line=change_line)
