"""What is true of a synthetic municipality, so that tests can compare what the pipeline says.

``truth.json`` is written beside the deliveries and is not part of them: it holds the planted
identifiers in clear text (all of them impossible as real ones, see ``people``).
"""

from collections import Counter
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from itertools import chain, repeat
from json import dumps
from pathlib import Path

from pm_pipeline.synthetic.case_truth import CaseTruth
from pm_pipeline.synthetic.law_truth import ShareTruth

# Under this name the cases registered before any of the laws are counted.
NO_REGIME = "none"


@dataclass(frozen=True)
class FileTruth:
    """One delivered file: rows without header; rows = loaded + rejected + exact_duplicates.

    ``values_rejected`` counts rows that load without the one value that is wrong.
    """

    path: str
    table: str
    delivered_on: date
    rows: int
    rejected: int
    exact_duplicates: int
    values_rejected: int


@dataclass(frozen=True)
class RejectTruth:
    """One planted fault. ``line`` is where the record starts (header = 1).

    ``row_kept``: the column may be empty, so the row loads without the value and, having no time,
    does not become an event. Otherwise the row does not load.
    """

    path: str
    table: str
    line: int
    column: str
    reason: str  # impossible_date | two_digit_year | empty_mandatory
    row_kept: bool


@dataclass(frozen=True)
class UnmappedTruth:
    """A code no mapping knows, with the rows that carry it after the last delivery."""

    source_table: str
    source_code: str
    n_rows: int


@dataclass(frozen=True)
class CorrectedTruth:
    """A row that the second delivery restates with another value of ``column``."""

    table: str
    natural_key: str
    column: str


@dataclass(frozen=True)
class CprChangeTruth:
    """A citizen whose number changed between the deliveries; cases tell the new one."""

    former_cpr: str
    cpr: str


@dataclass(frozen=True)
class Canaries:
    """Values that must not survive ingest, in any spelling (CPR with or without hyphen)."""

    cprs: tuple[str, ...]
    names: tuple[str, ...]
    staff_names: tuple[str, ...]
    emails: tuple[str, ...]
    note_fragments: tuple[str, ...]


@dataclass(frozen=True)
class Truth:
    """Everything planted in one municipality. Counts hold after *both* deliveries are processed."""

    municipality_id: str
    system: str
    seed: int
    n_citizens: int
    delivered_on: tuple[date, ...]
    n_cases: dict[str, dict[str, int]]  # process -> regime (or NO_REGIME) -> cases
    n_open_cases: int
    n_citizens_with_two_cases: int
    n_events: int
    events_per_activity: dict[str, int]  # = core.events
    rows_after_processing: dict[str, int]  # table -> different natural keys that loaded
    rows_without_time: dict[str, int]  # table -> those among them that tell of no event for it
    superseded: dict[str, int]  # table -> loaded rows that a later delivery replaces
    late_rows: dict[str, int]  # table -> acts before the first export, first told in the second
    resource_rows: dict[str, dict[str, int]]  # table -> human/robot/system/citizen, rows loaded
    clock_change_events: dict[str, int]  # dst_gap, dst_fold: missing and doubled local times
    unmapped: tuple[UnmappedTruth, ...]
    files: tuple[FileTruth, ...]
    rejected: tuple[RejectTruth, ...]
    corrected: tuple[CorrectedTruth, ...]
    cpr_changes: tuple[CprChangeTruth, ...]
    cases: tuple[CaseTruth, ...]
    population_shares: tuple[ShareTruth, ...]
    canaries: Canaries

    def write(self, path: Path) -> None:
        """Write as JSON, one line per case, file or fault; dates are ISO 8601.

        Line by line, because the standard library's indented form takes minutes for a large town.
        """
        with path.open("w", encoding="utf-8", newline="\n") as file:
            parts = ((name, getattr(self, name)) for name in (f.name for f in fields(self)))
            for before, (name, value) in zip(chain("{", repeat(",\n")), parts, strict=False):
                file.write(f'{before}"{name}": ')
                if isinstance(value, tuple) and value:
                    lines = (_json(item) for item in value)
                    file.writelines(chain(["[\n", next(lines)], (",\n" + line for line in lines)))
                    file.write("\n]")
                else:
                    file.write(_json(value))
            file.write("}\n")


def _json(value: object) -> str:
    return dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        return vars(value)
    raise TypeError(f"truth.json cannot hold a {type(value).__name__}")


@dataclass
class Tally:
    """Counts that the writers keep while they write."""

    superseded: Counter[str] = field(default_factory=Counter)
    late_rows: Counter[str] = field(default_factory=Counter)
    loaded_keys: Counter[str] = field(default_factory=Counter)
    without_time: Counter[str] = field(default_factory=Counter)
    resource_rows: dict[str, Counter[str]] = field(default_factory=dict)
    unmapped: Counter[tuple[str, str]] = field(default_factory=Counter)
    rejected: list[RejectTruth] = field(default_factory=list)
    corrected: list[CorrectedTruth] = field(default_factory=list)
    files: list[FileTruth] = field(default_factory=list)
