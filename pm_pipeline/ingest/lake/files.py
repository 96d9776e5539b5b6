"""The lake of one municipality: where its Parquet files lie and how they get there.

A delivery counts as loaded when its file in ``deliveries/`` is there; that file comes last.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pm_pipeline.ingest.contract.versions import SystemContract
from pm_pipeline.ingest.private_files import make_private_dir, write_private
from pm_pipeline.ingest.rejects.findings import REJECT_SCHEMA
from pm_pipeline.ingest.rejects.reasons import Refusal, RefusedError

EMPTY_FILE = "_empty.parquet"
_DELIVERY_FIELDS: dict[str, pa.DataType] = {
    "municipality_id": pa.string(), "system_id": pa.string(), "delivery_id": pa.string(),
    "delivered_on": pa.date32(), "received_at": pa.timestamp("us"), "delivers": pa.string(),
    "is_complete": pa.bool_(),
    "contract_version": pa.string(), "contract_certainty": pa.string(),
    "table_name": pa.string(), "source_file": pa.string(), "sha256": pa.string(),
    "size_bytes": pa.int64(), "rows_in_file": pa.int64(), "rows_loaded": pa.int64(),
    "rows_rejected": pa.int64(), "exact_duplicates": pa.int64(), "unlisted_columns": pa.int64(),
    "absent_columns": pa.string(), "missing_numbers": pa.int64(),
    "values_cleaned": pa.int64(), "key_id": pa.string(),
}
DELIVERY_SCHEMA = pa.schema(_DELIVERY_FIELDS)
# ``change``: inserted, changed, deleted, returned, unchanged (rows); of the changed rows also filled
# (nothing but empty values got one) and restated (values of a column). ``period``: first day of the
# month that the rows tell of, null where they tell no time; ``is_total`` rows speak of all periods.
# People are counted, or cases where there are none.
_CHANGE_FIELDS: dict[str, pa.DataType] = {
    "municipality_id": pa.string(), "system_id": pa.string(), "table_name": pa.string(),
    "delivery_id": pa.string(), "compared_with": pa.string(), "period": pa.date32(),
    "is_total": pa.bool_(),
    "change": pa.string(), "column_name": pa.string(), "n_rows": pa.int64(),
    "n_citizens": pa.int64(),
}
CHANGE_SCHEMA = pa.schema(_CHANGE_FIELDS)


def table_path(lake_dir: Path, system: str, table: str, delivery_id: str) -> Path:
    """The rows of one table of one delivery."""
    return lake_dir / system / table / f"{delivery_id}.parquet"


def rejects_path(lake_dir: Path, system: str, delivery_id: str) -> Path:
    """The rejects of one delivery."""
    return lake_dir / "rejects" / f"{system}__{delivery_id}.parquet"


def changes_path(lake_dir: Path, system: str) -> Path:
    """What the deliveries of one system changed of those before them."""
    return lake_dir / "changes" / f"{system}.parquet"


def marker_path(lake_dir: Path, system: str, delivery_id: str) -> Path:
    """The delivery's rows in ``deliveries``; with it the delivery counts as loaded."""
    return lake_dir / "deliveries" / f"{system}__{delivery_id}.parquet"


def ensure_empty_tables(contracts: Iterable[SystemContract], lake_dir: Path) -> None:
    """Give every table of every contract, rejects and deliveries a typed file without rows.

    So a glob on any of them always matches and has its types, whatever was delivered.
    """
    for path, schema in empty_tables(contracts, lake_dir).items():
        if not is_empty_table(path, schema):
            write_private(path, schema.empty_table())


def is_empty_table(path: Path, schema: pa.Schema) -> bool:
    """Whether the file without rows is there, and has the types of today's contract."""
    return path.exists() and bool(pq.read_schema(path).equals(schema))


def empty_tables(
    contracts: Iterable[SystemContract], lake_dir: Path
) -> dict[Path, pa.Schema]:
    """Where the files without rows belong, and their types."""
    wanted = {
        lake_dir / "rejects" / EMPTY_FILE: REJECT_SCHEMA,
        lake_dir / "deliveries" / EMPTY_FILE: DELIVERY_SCHEMA,
        lake_dir / "changes" / EMPTY_FILE: CHANGE_SCHEMA,
    }
    for contract in contracts:
        for table in contract.tables:
            wanted[lake_dir / contract.system / table.name / EMPTY_FILE] = contract.lake_schema(
                table.name
            )
    return wanted


def loaded_markers(lake_dir: Path) -> list[Path]:
    """The markers of every delivery that is loaded, of all systems."""
    return sorted(p for p in (lake_dir / "deliveries").glob("*.parquet") if p.name != EMPTY_FILE)


def loaded_state(lake_dir: Path, system: str) -> bytes:
    """A hash of which deliveries of a system are loaded, by which contract and code."""
    digest = hashlib.sha256()
    for marker in loaded_markers(lake_dir):
        if marker.name.startswith(f"{system}__"):
            metadata = pq.read_schema(marker).metadata or {}
            digest.update(repr((marker.name, sorted(metadata.items()))).encode())
    return digest.hexdigest().encode()


def key_ids(lake_dir: Path) -> set[str]:
    """The ids of the keys with which the lake's pseudonyms were made."""
    found: set[str] = set()
    for marker in loaded_markers(lake_dir):
        rows = pq.read_table(marker, columns=["key_id"])
        found |= {str(key_id) for key_id in rows["key_id"].to_pylist()}
    return found


@contextmanager
def locked(lake_dir: Path, system: str) -> Iterator[None]:
    """Hold the lake of one system against a second load. Raises RefusedError BUSY."""
    make_private_dir(lake_dir)
    path = lake_dir / f".lock-{system}"
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RefusedError(
                Refusal.BUSY, str(lake_dir),
                f"another process is loading {system} here. Try again when it is done.",
            ) from None
        yield
    finally:
        os.close(handle)


def remove_unfinished(lake_dir: Path, system: str) -> None:
    """Remove what a killed load left: building folders and files of deliveries with no marker.

    Those of tables as well that no version of the contract has any more.
    """
    for folder in [*lake_dir.glob(f".building-{system}__*"), *lake_dir.glob(f".spill-{system}__*")]:
        shutil.rmtree(folder)
    prefix = f"{system}__"
    done = {p.stem.removeprefix(prefix) for p in loaded_markers(lake_dir)
            if p.name.startswith(prefix)}
    for path in (lake_dir / system).glob("*/*.parquet"):
        if path.name != EMPTY_FILE and path.stem not in done:
            path.unlink()
    for path in (lake_dir / "rejects").glob(f"{prefix}*.parquet"):
        if path.stem.removeprefix(prefix) not in done:
            path.unlink()


def forget_absent(lake_dir: Path, system: str, present: Collection[str]) -> list[str]:
    """Remove what was loaded from deliveries that landing holds no longer; their ids.

    The lake is derived from landing: a delivery that was taken back there leaves nothing here. Its
    marker goes first, so that a kill in between leaves files that the next load clears away.
    """
    prefix = f"{system}__"
    absent = [
        marker for marker in loaded_markers(lake_dir)
        if marker.name.startswith(prefix) and marker.stem.removeprefix(prefix) not in present
    ]
    for marker in absent:
        marker.unlink()
    if absent:
        remove_unfinished(lake_dir, system)
    return [marker.stem.removeprefix(prefix) for marker in absent]


def promote(moves: Sequence[tuple[Path, Path]], replaced: Sequence[Path], marker: tuple[Path, Path],
            building: Path) -> None:
    """Move built files to their places, the marker last; on any failure put everything back.

    ``moves`` and ``marker`` are (built file, place in the lake); ``replaced`` are the files of an
    earlier load of the same delivery, its marker first.
    """
    backup = make_private_dir(building / "replaced")
    put_aside: list[tuple[Path, Path]] = []
    placed: list[Path] = []
    try:
        for number, path in enumerate(replaced):
            aside = backup / f"{number}.parquet"
            path.replace(aside)
            put_aside.append((aside, path))
        for built, target in (*moves, marker):
            make_private_dir(target.parent)
            placed.append(target)
            built.replace(target)
    except BaseException:
        for target in placed:
            target.unlink(missing_ok=True)
        for aside, path in reversed(put_aside):
            aside.replace(path)
        raise
