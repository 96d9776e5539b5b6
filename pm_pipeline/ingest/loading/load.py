"""Load a delivery into the lake, whole or not at all."""

import hashlib
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from pm_pipeline.errors import PipelineError
from pm_pipeline.ingest.contract.model import Contract
from pm_pipeline.ingest.contract.versions import SystemContract
from pm_pipeline.ingest.lake import files as lake
from pm_pipeline.ingest.landing.control_file import control_problems
from pm_pipeline.ingest.landing.deliveries import Delivery, refuse_missing_tables
from pm_pipeline.ingest.landing.files import assign_tables
from pm_pipeline.ingest.loading.building import (
    BuiltTable,
    Job,
    Progress,
    SourceFile,
    build_table,
    open_rejects,
)
from pm_pipeline.ingest.loading.checks import problems
from pm_pipeline.ingest.loading.digests import Digests
from pm_pipeline.ingest.loading.history import tells_everything, too_many_removed
from pm_pipeline.ingest.loading.reports import (
    FileReport,
    LoadReport,
    RejectCount,
    identifiers_by_column,
    rows_by_file,
)
from pm_pipeline.ingest.private_files import write_private
from pm_pipeline.ingest.rejects.reasons import SCHEMA_CHANGES, Refusal, RefusedError
from pm_pipeline.ingest.values.pseudonymise import Keyring

_FINGERPRINT = b"pm_contract"
Outcome = TypeVar("Outcome")


def load_delivery(
    delivery: Delivery, system: SystemContract, lake_dir: Path, key_dir: Path,
    on_progress: Progress | None = None,
) -> LoadReport:
    """Load a registered delivery into a municipality's lake.

    The version of the contract in force on the day of delivery reads it; another one only where the
    contract says ``on_schema_change: new_version``. A delivery that is loaded already with the same
    contract and key is skipped. On any failure nothing of it is in the lake, and an earlier load of
    it stays. ``on_progress`` is called with the number of records read since its last call. Raises
    RefusedError or PipelineError.
    """
    keyring = Keyring(key_dir)
    used = lake.key_ids(lake_dir)
    pseudonymiser = keyring.pseudonymiser(delivery.municipality_id, create=not used)
    if used - {pseudonymiser.key_id}:
        raise PipelineError(
            f"{keyring.path(delivery.municipality_id)}: the key file changed. {lake_dir} was made "
            f"with key {', '.join(sorted(used))}, this is key {pseudonymiser.key_id}. Put the "
            "earlier key back, or remove the lake and load every delivery again."
        )
    with lake.locked(lake_dir, system.system):
        lake.remove_unfinished(lake_dir, system.system)
        done = _already_loaded(delivery, system, lake_dir)
        if done is not None:
            return done

        def attempt(contract: Contract) -> LoadReport:
            job = Job(contract, delivery.municipality_id, delivery.delivery_id,
                      delivery.delivered_on, delivery.received_at, pseudonymiser)
            return _load(job, delivery, system, lake_dir, on_progress)

        return with_fitting_version(system, delivery.delivered_on, attempt)


def with_fitting_version(
    system: SystemContract, delivered_on: date, attempt: Callable[[Contract], Outcome]
) -> Outcome:
    """``attempt`` with the version in force; where it may be another, with the next that fits.

    Raises RefusedError: the one of the version in force, or all of them when no version fits.
    """
    contract = system.at(delivered_on)
    try:
        return attempt(contract)
    except RefusedError as refused:
        if contract.on_schema_change != "new_version" or refused.code not in SCHEMA_CHANGES:
            raise
        told = [f"version {contract.version}: {refused}"]
        for other in system.others(delivered_on):
            try:
                return attempt(other)
            except RefusedError as again:
                if again.code not in SCHEMA_CHANGES:
                    raise
                told.append(f"version {other.version}: {again}")
        raise RefusedError(
            refused.code, f"delivery of {system.system}",
            "no version of the contract fits:\n" + "\n".join(told),
        ) from None


def build_tables(
    job: Job, sources: Sequence[SourceFile], folder: Path, on_progress: Progress | None
) -> list[BuiltTable]:
    """The tables of a delivery, built in ``folder`` with their rejects.

    Raises RefusedError for a file that is refused, PipelineError for what cannot be written.
    """
    built = []
    try:
        paths = [source.path for source in sources]
        with open_rejects(folder) as rejects, Digests(paths) as digests:
            for table in job.contract.tables:
                mine = [source for source in sources if source.table.name == table.name]
                if mine:
                    built.append(
                        build_table(job, table, mine, folder, rejects, digests, on_progress)
                    )
    except pa.ArrowException as error:
        # Arrow's own text may quote a value, so only its kind is told.
        raise PipelineError(
            f"delivery {job.delivery_id}: the rows could not be written ({type(error).__name__}). "
            "This is a fault of the program; report it."
        ) from None
    except OSError as error:
        raise PipelineError(
            f"{folder.parent}: the rows could not be written ({error.strerror}). Nothing was kept."
        ) from None
    return built


def _load(
    job: Job, delivery: Delivery, system: SystemContract, lake_dir: Path,
    on_progress: Progress | None,
) -> LoadReport:
    paths = [delivery.folder / file.name for file in delivery.files]
    sources = _sources(delivery, job.contract)
    # Those of the manifest: what is read is held against them, so no file is read for a hash again.
    hashes = {file.name: file.sha256 for file in delivery.files}
    _refuse(control_problems(job.contract, paths, hashes=hashes), delivery)
    with tempfile.TemporaryDirectory(
        dir=lake_dir, prefix=f".building-{system.system}__{delivery.delivery_id}-"
    ) as folder:
        building = Path(folder)
        built = build_tables(job, sources, building, on_progress)
        rows = rows_by_file(file for table in built for file in table.files)
        stated = control_problems(job.contract, paths, rows, hashes=hashes)
        _refuse(problems(built) + stated, delivery)
        _refuse([p for table in built for p in too_many_removed(job, table, lake_dir)], delivery)
        try:
            _promote(job, system, delivery, built, lake_dir, building)
        except OSError as error:
            raise PipelineError(
                f"{lake_dir}: the delivery could not be moved into the lake "
                f"({error.strerror}). Nothing of it was kept; try again."
            ) from None
    return _report(delivery, job.contract, job.pseudonymiser.key_id, built)


def _refuse(found: Sequence[RefusedError], delivery: Delivery) -> None:
    """Raise what was found: the one fault, or all of them in one message."""
    if found:
        raise found[0] if len(found) == 1 else RefusedError(
            found[0].code, f"delivery {delivery.delivery_id}",
            "\n".join(str(problem) for problem in found),
        )


def _sources(delivery: Delivery, contract: Contract) -> list[SourceFile]:
    paths = [delivery.folder / file.name for file in delivery.files]
    gone = [path for path in paths if not path.is_file() or path.is_symlink()]
    if gone:
        raise RefusedError(
            Refusal.CHANGED, str(gone[0]), "the file is not in landing any more. Deliver it again."
        )
    sources: list[SourceFile] = []
    # The contract of today decides which tables a file holds, not the one of the day it came.
    assigned = assign_tables(contract, paths)
    refuse_missing_tables(contract, {table.name for tables in assigned for table in tables})
    for path, file, tables in zip(paths, delivery.files, assigned, strict=True):
        sources.extend(
            SourceFile(path, file.name, table, file.sha256, file.size_bytes) for table in tables
        )
    return sources


def _promote(
    job: Job, system: SystemContract, delivery: Delivery, built: Sequence[BuiltTable],
    lake_dir: Path, building: Path,
) -> None:
    system_id, delivery_id = job.contract.system, job.delivery_id
    report = _report(delivery, job.contract, job.pseudonymiser.key_id, built)
    complete = {table.table.name for table in built if tells_everything(table)}
    rows = pa.Table.from_pylist([
        {
            "municipality_id": job.municipality_id, "system_id": system_id,
            "delivery_id": delivery_id, "delivered_on": job.delivered_on,
            "received_at": delivery.received_at,
            "delivers": job.contract.table(file.table).delivers,
            "is_complete": file.table in complete,
            "contract_version": job.contract.version,
            "contract_certainty": job.contract.certainty, "table_name": file.table,
            "key_id": report.key_id,
            **{name: getattr(file, name) for name in _FILE_COLUMNS},
        }
        for file in report.files
    ], schema=lake.DELIVERY_SCHEMA)
    marked = rows.replace_schema_metadata({_FINGERPRINT: load_fingerprint(system)})
    marker = building / "deliveries.parquet"
    write_private(marker, marked)
    moves = [
        (table.path, lake.table_path(lake_dir, system_id, table.table.name, delivery_id))
        for table in built
    ]
    moves.append(
        (building / "rejects.parquet", lake.rejects_path(lake_dir, system_id, delivery_id))
    )
    target = lake.marker_path(lake_dir, system_id, delivery_id)
    earlier = [
        target, lake.rejects_path(lake_dir, system_id, delivery_id),
        *sorted((lake_dir / system_id).glob(f"*/{delivery_id}.parquet")),
    ]
    lake.promote(moves, [path for path in earlier if path.exists()], (marker, target), building)


_FILE_COLUMNS = (
    "source_file", "sha256", "size_bytes", "rows_in_file", "rows_loaded", "rows_rejected",
    "exact_duplicates", "unlisted_columns", "absent_columns",
    "missing_numbers", "values_cleaned",
)


def _report(
    delivery: Delivery, contract: Contract, key_id: str, built: Sequence[BuiltTable]
) -> LoadReport:
    files = tuple(file for table in built for file in table.files)
    return LoadReport(
        contract.system, files, identifiers_by_column(files), delivery.delivery_id,
        delivery.municipality_id, contract.version, contract.certainty, key_id,
    )


def load_fingerprint(system: SystemContract) -> bytes:
    """Changes with any version of the contract and with the code that reads: both make a load stale."""
    text = "|".join(one.fingerprint() for one in system.versions)
    return f"{hashlib.sha256(text.encode()).hexdigest()[:16]}:{reader_fingerprint()}".encode()


@cache
def reader_fingerprint() -> str:
    """Changes with the code that reads; looked at once per process."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parents[1].rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def is_loaded(delivery: Delivery, system: SystemContract, lake_dir: Path) -> bool:
    """Whether a delivery is in the lake, read by today's contract and code."""
    marker = lake.marker_path(lake_dir, system.system, delivery.delivery_id)
    if not marker.exists():
        return False
    metadata = pq.read_schema(marker).metadata or {}
    return bool(metadata.get(_FINGERPRINT) == load_fingerprint(system))


def _already_loaded(
    delivery: Delivery, system: SystemContract, lake_dir: Path
) -> LoadReport | None:
    if not is_loaded(delivery, system, lake_dir):
        return None
    rows = pq.read_table(lake.marker_path(lake_dir, system.system, delivery.delivery_id))
    counted: dict[tuple[str, str], list[RejectCount]] = {}
    rejects = pq.read_table(lake.rejects_path(lake_dir, system.system, delivery.delivery_id))
    keys = ["table_name", "source_file", "column_name", "reason"]
    for group in rejects.group_by(keys).aggregate([([], "count_all")]).to_pylist():
        counted.setdefault((group["table_name"], group["source_file"]), []).append(
            RejectCount(group["column_name"], group["reason"], group["count_all"])
        )
    files = tuple(
        FileReport(
            table=row["table_name"], **{name: row[name] for name in _FILE_COLUMNS},
            rejects=tuple(sorted(
                counted.get((row["table_name"], row["source_file"]), []),
                key=lambda reject: (reject.column or "", reject.reason),
            )),
        )
        for row in rows.to_pylist()
    )
    first = rows.slice(0, 1).to_pylist()[0]
    return LoadReport(
        system.system, files, identifiers_by_column(files), delivery.delivery_id,
        delivery.municipality_id, first["contract_version"], first["contract_certainty"],
        first["key_id"], already_loaded=True,
    )
