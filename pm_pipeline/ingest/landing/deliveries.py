"""The landing zone: files exactly as delivered, each delivery with a manifest written last.

``landing/<municipality>/<system>/<delivery_id>/`` holds the files and ``delivery.json``. A delivery
is never changed; one that is withdrawn has a ``withdrawn.json`` beside its manifest.
"""

import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from pm_pipeline.errors import PipelineError, UsageError
from pm_pipeline.ingest.contract.model import Contract, Table
from pm_pipeline.ingest.identifiers import CPR_LIKE, MAIL_LIKE, PHONE_LIKE
from pm_pipeline.ingest.landing.files import (
    MANIFEST,
    WITHDRAWN,
    DeliveredFile,
    assign_tables,
    copy_into,
    expected_names,
    refuse_impossible_files,
)
from pm_pipeline.ingest.private_files import make_private_dir, write_private_text
from pm_pipeline.ingest.rejects.reasons import Refusal, RefusedError


@dataclass(frozen=True)
class Withdrawal:
    """When a delivery was taken back, why, and whether its files were erased."""

    withdrawn_at: datetime
    reason: str
    files_erased: bool


@dataclass(frozen=True)
class Delivery:
    """A delivery in landing. ``already_there``: the same content had been delivered before.

    ``contract_version``: the version that was in force when it came; which one reads it is decided
    anew at each load.
    """

    municipality_id: str
    system: str
    delivery_id: str
    delivered_on: date
    received_at: datetime
    contract_version: str
    files: tuple[DeliveredFile, ...]
    folder: Path
    withdrawal: Withdrawal | None = None
    already_there: bool = False


def register_delivery(
    landing_dir: Path, municipality_id: str, contract: Contract, delivered_on: date,
    files: Sequence[Path], rows: Mapping[str, int] | None = None, *, to_quarantine: bool = False,
) -> Delivery:
    """Copy files into landing as one delivery and write its manifest.

    ``rows``: records by file name, as the check at the door counted them. ``to_quarantine``: the
    files are not those of the contract, and are kept until a version of it fits. The same content again
    returns the delivery that is there, marked ``already_there``; if that was withdrawn, it comes
    back (see ``_is_again``). Raises UsageError for a call that cannot be right (no file, a file that
    is not there, an impossible municipality id) and RefusedError (PATH, UNKNOWN_FILE, MISSING_TABLE,
    CHANGED, UNREADABLE) for files that are refused; nothing is left in landing then.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}", municipality_id):
        raise UsageError("municipality: expected an id such as 901 (letters, digits, - and _).")
    if not files:
        raise UsageError(f"No file was given. Expected {expected_names(contract)}.")
    if to_quarantine:
        refuse_impossible_files(files)
        assigned: list[tuple[Table, ...]] = [()] * len(files)
    else:
        assigned = assign_tables(contract, files)
        refuse_missing_tables(contract, {table.name for tables in assigned for table in tables})
    system_dir = landing_dir / municipality_id / contract.system
    incoming = system_dir / f".incoming-{secrets.token_hex(8)}"
    held: int | None = None
    try:
        make_private_dir(system_dir)
        _remove_orphans(system_dir)
        incoming.mkdir(mode=0o700)
        held = _held(incoming)
        received = tuple(
            replace(copy_into(path, incoming / path.name, tables), rows=(rows or {}).get(path.name))
            for path, tables in zip(files, assigned, strict=True)
        )
        known = list_deliveries(landing_dir, municipality_id, contract.system, withdrawn_too=True)
        for earlier in known:
            if _is_again(earlier, known, contract, delivered_on, received):
                return _again(earlier, incoming)
        delivery_id = _new_id(delivered_on, received, known)
        delivery = Delivery(
            municipality_id, contract.system, delivery_id, delivered_on,
            datetime.now(UTC).replace(tzinfo=None), contract.version, received,
            system_dir / delivery_id,
        )
        write_private_text(incoming / MANIFEST, _as_json(_manifest(delivery)))
        incoming.rename(delivery.folder)
        _sync_dir(system_dir)
        return delivery
    except OSError as error:
        raise PipelineError(
            f"{system_dir}: the delivery cannot be stored ({error.strerror}). Nothing was kept."
        ) from None
    finally:
        shutil.rmtree(incoming, ignore_errors=True)
        if held is not None:
            os.close(held)


def refuse_missing_tables(contract: Contract, present: set[str]) -> None:
    """Raise RefusedError MISSING_TABLE when a required table is not among those present."""
    missing = [t for t in contract.tables if t.required and t.name not in present]
    if missing:
        raise RefusedError(
            Refusal.MISSING_TABLE, f"delivery of {contract.system}",
            "expected a file for " + ", ".join(f"{t.name} ({t.files})" for t in missing)
            + ", found none. Deliver the files together.",
        )


def list_deliveries(
    landing_dir: Path, municipality_id: str, system: str | None = None, *,
    withdrawn_too: bool = False,
) -> list[Delivery]:
    """The deliveries of a municipality (of one system, or all), oldest first.

    The order is that of the day of delivery, then of arrival. Withdrawn ones only when asked for.
    """
    found = [
        _read_manifest(path)
        for path in (landing_dir / municipality_id).glob(f"{system or '*'}/*/{MANIFEST}")
        if not path.parent.name.startswith(".")
    ]
    kept = [one for one in found if withdrawn_too or one.withdrawal is None]
    return sorted(kept, key=lambda d: (d.delivered_on, d.received_at, d.system, d.delivery_id))


def find_delivery(landing_dir: Path, municipality_id: str, delivery_id: str) -> Delivery:
    """The one delivery whose id is or begins so. Raises UsageError naming what there is."""
    known = list_deliveries(landing_dir, municipality_id, withdrawn_too=True)
    found = [one for one in known if one.delivery_id.startswith(delivery_id)]
    if len(found) != 1:
        told = ", ".join(f"{one.system} {one.delivery_id}" for one in known) or "none"
        raise UsageError(
            f"expected the id of one delivery of {municipality_id}, '{delivery_id}' fits "
            f"{len(found)}. Known: {told}"
        )
    return found[0]


def withdraw_delivery(delivery: Delivery, reason: str, *, erase_files: bool = False) -> Delivery:
    """Take a delivery back: from the next load on, the state is as if it had never come.

    Its manifest stays, so that it can be told what there was. ``erase_files`` removes the files
    themselves, for one that should never have left its owner. Raises UsageError when it is withdrawn
    already (unless only the files are to go).
    """
    if not reason.strip():
        raise UsageError("withdraw: say why, it stands in the list of deliveries (--reason).")
    if any(re.search(form, reason) for form in (CPR_LIKE, MAIL_LIKE, PHONE_LIKE)):
        raise UsageError(
            "withdraw: the reason holds what looks like a CPR number, an e-mail address or a telephone "
            "number. It stands in the list of deliveries: say why without naming anybody."
        )
    # Files may be left of an erasing that was cut off.
    is_erased = delivery.withdrawal is not None and delivery.withdrawal.files_erased and not any(
        (delivery.folder / file.name).exists() for file in delivery.files
    )
    if delivery.withdrawal is not None and (is_erased or not erase_files):
        raise UsageError(f"{delivery.delivery_id} is withdrawn already.")
    withdrawal = Withdrawal(
        datetime.now(UTC).replace(tzinfo=None, microsecond=0), reason.strip(), erase_files
    )
    write_private_text(delivery.folder / WITHDRAWN, _as_json({
        "withdrawn_at": withdrawal.withdrawn_at.isoformat(), "reason": withdrawal.reason,
        "files_erased": withdrawal.files_erased,
    }))
    if erase_files:
        for file in delivery.files:
            (delivery.folder / file.name).unlink(missing_ok=True)
    _sync_dir(delivery.folder)
    return replace(delivery, withdrawal=withdrawal)


def restore_delivery(delivery: Delivery) -> Delivery:
    """Undo a withdrawal. Raises UsageError when there is none, or the files were erased."""
    if delivery.withdrawal is None:
        raise UsageError(f"{delivery.delivery_id} is not withdrawn.")
    if delivery.withdrawal.files_erased:
        raise UsageError(
            f"{delivery.delivery_id}: its files were erased. Deliver them again to restore it."
        )
    (delivery.folder / WITHDRAWN).unlink()
    _sync_dir(delivery.folder)
    return replace(delivery, withdrawal=None)


def _held(folder: Path) -> int:
    """Hold a folder as this process's own; the system lets go of it when the process ends."""
    handle = os.open(folder, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return handle


def _remove_orphans(system_dir: Path) -> None:
    """Remove what registrations left that were killed: copies that belong to no delivery."""
    for folder in system_dir.glob(".incoming-*"):
        try:
            handle = _held(folder)
        except OSError:
            continue  # somebody is still at it, or has just finished
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def _is_again(
    earlier: Delivery, known: Sequence[Delivery], contract: Contract, delivered_on: date,
    files: Sequence[DeliveredFile],
) -> bool:
    """Whether these files are a delivery that is there, so that they change nothing.

    Not so where the names make other tables of the bytes; where the earlier one was withdrawn, perhaps
    for its wrong day, and another day is told now; and where others came in between: a full delivery
    then says that the state is again what it was.
    """
    if _content(earlier.files, contract) != _content(files, contract):
        return False
    if earlier.withdrawal is not None:
        return earlier.delivered_on == delivered_on
    if not any(table.delivers == "full" for table in contract.tables):
        return True
    since = [
        one for one in known
        if one.withdrawal is None and one.delivered_on <= delivered_on
        and (one.delivered_on, one.received_at) > (earlier.delivered_on, earlier.received_at)
    ]
    return not since


def _content(files: Sequence[DeliveredFile], contract: Contract) -> list[tuple[str, list[str]]]:
    """The hashes of the files, each with the tables that today's contract sees in a file so named."""
    return sorted(
        (file.sha256, [table.name for table in contract.tables if table.matches(file.name)])
        for file in files
    )


def _new_id(
    delivered_on: date, files: Sequence[DeliveredFile], known: Sequence[Delivery]
) -> str:
    """The day and a digest of the content; a further one where the same bytes came that day before."""
    taken = {one.delivery_id for one in known}
    content = "\n".join(sorted(file.sha256 for file in files))
    while True:
        content = hashlib.sha256(content.encode()).hexdigest()
        delivery_id = f"{delivered_on:%Y%m%d}-{content[:12]}"
        if delivery_id not in taken:
            return delivery_id


def _again(earlier: Delivery, incoming: Path) -> Delivery:
    """The same content has come before: nothing new, but a withdrawn one is meant after all."""
    if earlier.withdrawal is None:
        return replace(earlier, already_there=True)
    if earlier.withdrawal.files_erased:
        by_hash = {file.sha256: file.name for file in earlier.files}
        for path in incoming.iterdir():
            with path.open("rb") as file:
                name = by_hash[hashlib.file_digest(file, "sha256").hexdigest()]
            path.replace(earlier.folder / name)
    (earlier.folder / WITHDRAWN).unlink()
    _sync_dir(earlier.folder)
    return replace(earlier, withdrawal=None)


def _manifest(delivery: Delivery) -> dict[str, object]:
    return {
        "municipality_id": delivery.municipality_id, "system": delivery.system,
        "delivery_id": delivery.delivery_id, "delivered_on": delivery.delivered_on.isoformat(),
        "received_at": delivery.received_at.isoformat(),
        "contract_version": delivery.contract_version,
        "files": [vars(file) for file in delivery.files],
    }


def _as_json(content: dict[str, object]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2)


def _read_manifest(path: Path) -> Delivery:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Delivery(
            content["municipality_id"], content["system"], content["delivery_id"],
            date.fromisoformat(content["delivered_on"]),
            datetime.fromisoformat(content["received_at"]), content["contract_version"],
            tuple(
                DeliveredFile(**{**file, "tables": tuple(file["tables"])})
                for file in content["files"]
            ),
            path.parent, _read_withdrawal(path.parent / WITHDRAWN),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PipelineError(
            f"{path}: the manifest cannot be read ({type(error).__name__}). Remove the folder and "
            "deliver the files again."
        ) from None


def _read_withdrawal(path: Path) -> Withdrawal | None:
    if not path.exists():
        return None
    content = json.loads(path.read_text(encoding="utf-8"))
    return Withdrawal(
        datetime.fromisoformat(content["withdrawn_at"]), content["reason"], content["files_erased"]
    )


def _sync_dir(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
