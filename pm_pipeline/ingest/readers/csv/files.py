"""Read a delivered CSV file by the reader it needs, and check what was read by a count of its own."""

from collections.abc import Iterator
from pathlib import Path

from pm_pipeline.ingest.contract.model import Table
from pm_pipeline.ingest.readers.batches import RawBatch
from pm_pipeline.ingest.readers.csv.exact import read_csv_exact
from pm_pipeline.ingest.readers.csv.header import read_header
from pm_pipeline.ingest.readers.csv.inspection import inspect_csv
from pm_pipeline.ingest.readers.csv.regular import read_csv_regular
from pm_pipeline.ingest.rejects.reasons import Refusal, RefusedError


def read_csv(path: Path, table: Table, name: str | None = None) -> Iterator[RawBatch]:
    """Yield the records of a CSV file in file order; at least one batch, empty for a header only.

    A file that is proven regular is read by the quick reader, every other by the exact one: the
    batches hold the same. Raises what the exact reader does, and NOT_CONSERVED when the records
    that were read are not as many as a count without a parser found.
    """
    name = name or path.name
    header = read_header(path, table, name)
    inspection = inspect_csv(path, name, table.encoding, header)
    if inspection.is_regular and not table.footer:
        batches = read_csv_regular(path, table, name, header, inspection)
    else:
        batches = read_csv_exact(path, table, name)
    found = 0
    for batch in batches:
        found += batch.n_records
        yield batch
    # A footer line was counted with the records, and is none.
    if inspection.n_records is not None and found + bool(table.footer) != inspection.n_records:
        raise RefusedError(
            Refusal.NOT_CONSERVED, name,
            f"{inspection.n_records} records were counted in the file and {found} were read. This "
            "is a fault of the program; report it.",
        )
