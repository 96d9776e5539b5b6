"""What loading or validating files came to: counts per file, never a value."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pm_pipeline.ingest.rejects.reasons import RefusedError


@dataclass(frozen=True)
class FirstRejects:
    """Where the first rejects of a kind stand: enough to open the file and look, never a value.

    ``place``: what ``source_rows`` count in this format: ``line``, ``row`` (of a sheet or table) or
    ``record``. ``found_class``: what kind of thing the first one is.
    """

    place: str
    source_rows: tuple[int, ...]
    expected: str
    found_class: str
    row_kept: bool


@dataclass(frozen=True)
class RejectCount:
    """``count`` values (or whole rows, ``column`` None) of a file were rejected for ``reason``.

    ``first`` is None where the file was read by an earlier load: its rejects lie in the lake.
    """

    column: str | None
    reason: str
    count: int
    first: FirstRejects | None = field(default=None, compare=False)


@dataclass(frozen=True)
class FileReport:
    """One file. rows_in_file = rows_loaded + rows_rejected + exact_duplicates.

    ``unlisted_columns``: columns of the file that the contract does not name, never read;
    ``absent_columns``: optional columns of the contract that the file lacks, null in the lake;
    ``missing_numbers``: gaps in its running numbers, None where no column has such numbers;
    ``values_cleaned``: values whose odd blanks, zero-width signs or split letters were made plain.
    """

    table: str
    source_file: str
    sha256: str
    size_bytes: int
    rows_in_file: int
    rows_loaded: int
    rows_rejected: int
    exact_duplicates: int
    unlisted_columns: int
    absent_columns: str = ""
    missing_numbers: int | None = None
    values_cleaned: int = 0
    rejects: tuple[RejectCount, ...] = ()

    @property
    def is_conserved(self) -> bool:
        """Whether every row of the file is accounted for."""
        return self.rows_in_file == (
            self.rows_loaded + self.rows_rejected + self.exact_duplicates
        )


@dataclass(frozen=True)
class _Report:
    system: str
    files: tuple[FileReport, ...]
    # Values that look like a CPR number or an e-mail address and were therefore rejected, by
    # "table.column". None of them is in the lake: a survivor fails the load.
    identifiers_found: Mapping[str, int]

    @property
    def rows_in_file(self) -> int:
        """Rows of all files."""
        return sum(file.rows_in_file for file in self.files)

    @property
    def rows_loaded(self) -> int:
        """Rows that entered the lake (or would)."""
        return sum(file.rows_loaded for file in self.files)

    @property
    def rows_rejected(self) -> int:
        """Rows that did not enter, each with a reason."""
        return sum(file.rows_rejected for file in self.files)

    @property
    def exact_duplicates(self) -> int:
        """Rows whose whole content had come before in the same delivery and table."""
        return sum(file.exact_duplicates for file in self.files)


@dataclass(frozen=True)
class ValidationReport(_Report):
    """Findings about files that were not loaded; ``problems`` would refuse the delivery.

    ``is_quarantined``: the contract lets such a delivery wait in landing instead.
    """

    contract_version: str
    problems: tuple[RefusedError, ...] = ()
    is_quarantined: bool = False

    @property
    def is_ok(self) -> bool:
        """Whether a delivery of these files would be loaded."""
        return not self.problems


@dataclass(frozen=True)
class LoadReport(_Report):
    """A delivery that is in the lake; ``already_loaded``: it was there, nothing was done."""

    delivery_id: str
    municipality_id: str
    contract_version: str
    contract_certainty: str
    key_id: str
    already_loaded: bool = False


def rows_by_file(files: Iterable[FileReport]) -> dict[str, int]:
    """Records of each file; those of all its tables where it holds several."""
    rows: dict[str, int] = {}
    for file in files:
        rows[file.source_file] = rows.get(file.source_file, 0) + file.rows_in_file
    return rows


def identifiers_by_column(files: tuple[FileReport, ...]) -> dict[str, int]:
    """Count of PERSONAL_DATA rejects by "table.column"."""
    found: dict[str, int] = {}
    for file in files:
        for reject in file.rejects:
            if reject.reason == "PERSONAL_DATA":
                name = f"{file.table}.{reject.column}"
                found[name] = found.get(name, 0) + reject.count
    return found
