"""Which tables of a contract a delivered file holds, and how its bytes are copied into landing."""

import hashlib
import os
import re
import stat
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pm_pipeline.errors import UsageError
from pm_pipeline.ingest.contract.model import Contract, Table
from pm_pipeline.ingest.identifiers import CPR_LIKE
from pm_pipeline.ingest.readers.formats import ENDINGS, form_of
from pm_pipeline.ingest.rejects.reasons import Refusal, RefusedError

MANIFEST = "delivery.json"
WITHDRAWN = "withdrawn.json"
# A file whose last byte is younger than this may still be written: it is looked at twice.
_QUIET_SECONDS = 1.0
_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class DeliveredFile:
    """One file of a delivery: name, the contract's tables it holds, sha256 (hex), size in bytes.

    ``rows``: records found when the file was checked at the door; None where it was not.
    """

    name: str
    tables: tuple[str, ...]
    sha256: str
    size_bytes: int
    rows: int | None = None


def assign_tables(contract: Contract, files: Sequence[Path]) -> list[tuple[Table, ...]]:
    """The contract's tables of each file, by its name; refuses what cannot be a delivered file.

    Several tables only where each names its own ``part`` of the file (sheets, OCEL, JSON paths); none
    for the sender's control file.
    """
    refuse_impossible_files(files)
    return [_tables_of(contract, path.name) for path in files]


def refuse_impossible_files(files: Sequence[Path]) -> None:
    """Refuse links, folders, reserved names, names that come twice or hold what looks like a CPR."""
    names: set[str] = set()
    for number, path in enumerate(files, start=1):
        try:
            mode = path.lstat().st_mode
        except OSError:
            raise UsageError(f"{path}: there is no such file, or it cannot be reached.") from None
        if re.search(CPR_LIKE, path.name):
            raise RefusedError(
                Refusal.PERSONAL_DATA, f"file {number} of {len(files)}",
                "its name holds ten digits that look like a CPR number. Rename the file.",
            )
        if not stat.S_ISREG(mode):
            raise RefusedError(
                Refusal.PATH, str(path), "expected a regular file, no link, folder or device."
            )
        folded = path.name.casefold()
        if folded in names or folded in (MANIFEST, WITHDRAWN) or path.name.startswith("."):
            raise RefusedError(
                Refusal.PATH, str(path),
                "two files of the delivery have this name, or the name is a reserved one.",
            )
        names.add(folded)


def _tables_of(contract: Contract, name: str) -> tuple[Table, ...]:
    if contract.is_control(name):
        return ()
    fitting = tuple(table for table in contract.tables if table.matches(name))
    parts = [table.part for table in fitting]
    if not fitting or (len(fitting) > 1 and (None in parts or len(set(parts)) < len(parts))):
        found = "more than one table" if fitting else "no table"
        raise RefusedError(
            Refusal.UNKNOWN_FILE, name,
            f"{found} of {contract.system} has this name. Expected {expected_names(contract)}"
            " (upper and lower case are the same, .gz may follow).",
        )
    formless = [table.format for table in fitting if form_of(table.format, name) is None]
    if formless:
        *others, last = ENDINGS[formless[0]]
        raise RefusedError(
            Refusal.UNKNOWN_FILE, name,
            f"expected a name that ends with {', '.join(others)} or {last} (.gz may follow).",
        )
    return fitting


def expected_names(contract: Contract) -> str:
    """The file names a contract knows, for messages."""
    return ", ".join(f"{table.files} ({table.name})" for table in contract.tables)


def file_sha256(path: Path) -> str:
    """The sha256 of a file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy_into(source: Path, target: Path, tables: Sequence[Table]) -> DeliveredFile:
    """Copy a file into landing (mode 0600, on disk when this returns) while its hash is made.

    Raises RefusedError CHANGED for a file that is still being written, UNREADABLE when it cannot be
    copied, for example because the disk is full.
    """
    digest, size = hashlib.sha256(), 0
    try:
        handle = os.open(source, os.O_RDONLY | os.O_NOFOLLOW)
        with os.fdopen(handle, "rb") as reading:
            before = _quiet(reading.fileno())
            writing_handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(writing_handle, "wb") as writing:
                while chunk := reading.read(_CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
                    writing.write(chunk)
                writing.flush()
                os.fsync(writing.fileno())
            after = os.fstat(reading.fileno())
    except OSError as error:
        raise RefusedError(
            Refusal.UNREADABLE, str(source), f"the file cannot be copied ({error.strerror})."
        ) from None
    if before is None or (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) \
            or size != after.st_size:
        raise RefusedError(
            Refusal.CHANGED, str(source),
            "the file changed while it was copied. Deliver it when it is completely written.",
        )
    return DeliveredFile(source.name, tuple(t.name for t in tables), digest.hexdigest(), size)


def _quiet(handle: int) -> os.stat_result | None:
    """The state of a file that nobody writes to any more; None where it grew between two looks."""
    before = os.fstat(handle)
    age = time.time() - before.st_mtime
    if not 0 <= age < _QUIET_SECONDS:
        return before
    time.sleep(_QUIET_SECONDS - age)
    after = os.fstat(handle)
    unchanged = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    return after if unchanged else None
