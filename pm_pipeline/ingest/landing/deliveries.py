"""The landing zone: files exactly as delivered, each delivery with a manifest written last.

``landing/<municipality>/<system>/<delivery_id>/`` holds the files and ``delivery.json``.
"""

import hashlib
import json
import os
import re
import secrets
import shutil
import stat
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from pm_pipeline.errors import PipelineError, UsageError
from pm_pipeline.ingest.contract.model import Contract, Table
from pm_pipeline.ingest.identifiers import CPR_LIKE
from pm_pipeline.ingest.lake.files import make_private_dir
from pm_pipeline.ingest.rejects.reasons import Refusal, RefusedError

MANIFEST = "delivery.json"
_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class DeliveredFile:
    """One file of a delivery: its name, the contract's table, sha256 (hex) and size in bytes."""

    name: str
    table: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True)
class Delivery:
    """A delivery in landing. ``already_there``: the same content had been delivered before."""

    municipality_id: str
    system: str
    delivery_id: str
    delivered_on: date
    received_at: datetime
    files: tuple[DeliveredFile, ...]
    folder: Path
    already_there: bool = False


def register_delivery(
    landing_dir: Path, municipality_id: str, contract: Contract, delivered_on: date,
    files: Sequence[Path],
) -> Delivery:
    """Copy files into landing as one delivery and write its manifest.

    The same content again returns the delivery that is there, marked ``already_there``. Raises
    UsageError for a call that cannot be right (no file, a file that is not there, an impossible
    municipality id) and RefusedError (PATH, UNKNOWN_FILE, MISSING_TABLE, CHANGED, UNREADABLE)
    for files that are refused; nothing is left in landing then.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}", municipality_id):
        raise UsageError("municipality: expected an id such as 901 (letters, digits, - and _).")
    if not files:
        raise UsageError(f"No file was given. Expected {_expected_names(contract)}.")
    tables = assign_tables(contract, files)
    missing = [t for t in contract.tables if t.required and t not in tables]
    if missing:
        raise RefusedError(
            Refusal.MISSING_TABLE, f"delivery of {contract.system}",
            "expected a file for " + ", ".join(f"{t.name} ({t.files})" for t in missing)
            + ", found none. Deliver the files together.",
        )
    system_dir = make_private_dir(landing_dir / municipality_id / contract.system)
    incoming = system_dir / f".incoming-{secrets.token_hex(8)}"
    incoming.mkdir(mode=0o700)
    try:
        received = tuple(
            _copy(path, incoming / path.name, table)
            for path, table in zip(files, tables, strict=True)
        )
        content = hashlib.sha256("\n".join(sorted(f.sha256 for f in received)).encode())
        digest = content.hexdigest()[:12]
        for earlier in list_deliveries(landing_dir, municipality_id, contract.system):
            if earlier.delivery_id.endswith(f"-{digest}"):
                return replace(earlier, already_there=True)
        delivery = Delivery(
            municipality_id, contract.system, f"{delivered_on:%Y%m%d}-{digest}", delivered_on,
            datetime.now(UTC).replace(tzinfo=None, microsecond=0), received,
            system_dir / f"{delivered_on:%Y%m%d}-{digest}",
        )
        _write_manifest(incoming / MANIFEST, delivery)
        incoming.rename(delivery.folder)
        _sync_dir(system_dir)
        return delivery
    except OSError as error:
        raise PipelineError(
            f"{system_dir}: the delivery cannot be stored ({error.strerror}). Nothing was kept."
        ) from None
    finally:
        shutil.rmtree(incoming, ignore_errors=True)


def assign_tables(contract: Contract, files: Sequence[Path]) -> list[Table]:
    """The contract's table of each file, by name; refuses what cannot be a delivered file."""
    tables: list[Table] = []
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
        if folded in names or folded == MANIFEST or path.name.startswith("."):
            raise RefusedError(
                Refusal.PATH, str(path),
                "two files of the delivery have this name, or the name is a reserved one.",
            )
        names.add(folded)
        fitting = [table for table in contract.tables if table.matches(path.name)]
        if len(fitting) != 1:
            found = "more than one table" if fitting else "no table"
            raise RefusedError(
                Refusal.UNKNOWN_FILE, path.name,
                f"{found} of {contract.system} has this name. Expected {_expected_names(contract)}"
                " (upper and lower case are the same, .gz may follow).",
            )
        if fitting[0].format == "log" and log_format(path.name) is None:
            raise RefusedError(
                Refusal.UNKNOWN_FILE, path.name, "expected a name that ends with .xes or .csv "
                "(.gz may follow).",
            )
        tables.append(fitting[0])
    return tables


def log_format(name: str) -> str | None:
    """'xes' or 'csv' by the ending of a file name, a .gz ignored; None for another ending."""
    plain = name.casefold().removesuffix(".gz")
    return next((kind for kind in ("xes", "csv") if plain.endswith(f".{kind}")), None)


def list_deliveries(
    landing_dir: Path, municipality_id: str, system: str | None = None
) -> list[Delivery]:
    """The deliveries of a municipality (of one system, or all), oldest first."""
    found = [
        _read_manifest(path)
        for path in (landing_dir / municipality_id).glob(f"{system or '*'}/*/{MANIFEST}")
        if not path.parent.name.startswith(".")
    ]
    return sorted(found, key=lambda d: (d.delivered_on, d.received_at, d.system, d.delivery_id))


def file_sha256(path: Path) -> str:
    """The sha256 of a file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy(source: Path, target: Path, table: Table) -> DeliveredFile:
    digest, size = hashlib.sha256(), 0
    try:
        handle = os.open(source, os.O_RDONLY | os.O_NOFOLLOW)
        with os.fdopen(handle, "rb") as reading:
            before = os.fstat(reading.fileno())
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
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) \
            or size != after.st_size:
        raise RefusedError(
            Refusal.CHANGED, str(source),
            "the file changed while it was copied. Deliver it when it is completely written.",
        )
    return DeliveredFile(source.name, table.name, digest.hexdigest(), size)


def _write_manifest(path: Path, delivery: Delivery) -> None:
    content = {
        "municipality_id": delivery.municipality_id, "system": delivery.system,
        "delivery_id": delivery.delivery_id, "delivered_on": delivery.delivered_on.isoformat(),
        "received_at": delivery.received_at.isoformat(),
        "files": [vars(file) for file in delivery.files],
    }
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=2)
        file.flush()
        os.fsync(file.fileno())


def _read_manifest(path: Path) -> Delivery:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Delivery(
            content["municipality_id"], content["system"], content["delivery_id"],
            date.fromisoformat(content["delivered_on"]),
            datetime.fromisoformat(content["received_at"]),
            tuple(DeliveredFile(**file) for file in content["files"]), path.parent,
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PipelineError(
            f"{path}: the manifest cannot be read ({type(error).__name__}). Remove the folder and "
            "deliver the files again."
        ) from None


def _sync_dir(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _expected_names(contract: Contract) -> str:
    return ", ".join(f"{table.files} ({table.name})" for table in contract.tables)
