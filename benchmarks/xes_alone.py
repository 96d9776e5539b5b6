"""One program reads one event log in XES: prints events, wall and CPU seconds of the reading as JSON.

Each has read a small log before the clock starts: what it imports only when needed is not counted.
"""

import importlib
import json
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path


def _our_events() -> tuple[object, Callable[[str], int]]:
    from pm_pipeline.ingest.contract.versions import load_contracts
    from pm_pipeline.ingest.readers.xes.log import read_xes
    from pm_pipeline.settings import Settings

    contract = load_contracts(Settings().contract_dirs)["event_log"].at(date(2026, 1, 1))

    def read(path: str) -> int:
        return sum(batch.n_records for batch in read_xes(Path(path), contract.tables[0]))

    return contract, read


def ours() -> Callable[[str], int]:
    """Every event as raw text by the contract, with its line; nothing is kept."""
    return _our_events()[1]


def ours_loaded() -> Callable[[str], int]:
    """Typed, pseudonymised, written to Parquet: the whole way into the lake but for the hash."""
    from pm_pipeline.ingest.contract.model import Contract
    from pm_pipeline.ingest.loading.building import Job, SourceFile
    from pm_pipeline.ingest.loading.load import build_tables
    from pm_pipeline.ingest.values.pseudonymise import KEY_BYTES, Pseudonymiser

    contract, _ = _our_events()
    assert isinstance(contract, Contract)
    job = Job(contract, "901", "benchmark", date(2026, 1, 1), datetime.now(UTC),
              Pseudonymiser(bytes(KEY_BYTES)))

    def read(path: str) -> int:
        source = SourceFile(Path(path), Path(path).name, contract.tables[0], "", 0)
        with tempfile.TemporaryDirectory() as folder:
            (built,) = build_tables(job, [source], Path(folder), None)
        return sum(file.rows_loaded for file in built.files)

    return read


def pm4py_default() -> Callable[[str], int]:
    """``pm4py.read_xes`` with the parser that it takes when no Rust one is installed."""
    import pm4py
    from pm4py.util import constants

    return lambda path: len(pm4py.read_xes(path, variant=constants.DEFAULT_XES_PARSER))


def pm4py_chunk_regex() -> Callable[[str], int]:
    """``pm4py.read_xes`` with its fastest parser in Python, which looks for words, not for XML."""
    import pm4py

    return lambda path: len(pm4py.read_xes(path, variant="chunk_regex"))


def r4pm() -> Callable[[str], int]:
    """Rust, the whole log into memory, in no form that Python can read."""
    library = importlib.import_module("r4pm")

    def read(path: str) -> int:
        library.import_item("EventLog", path)
        return -1

    return read


def rustxes() -> Callable[[str], int]:
    """Rust, the whole log into memory as a data frame. No dependency: measured where installed."""
    library = importlib.import_module("rustxes")
    return lambda path: len(library.import_xes(path)[0])


PROGRAMS = {
    one.__name__: one
    for one in (ours, ours_loaded, pm4py_default, pm4py_chunk_regex, r4pm, rustxes)
}


def main(program: str, path: str, warm: str) -> None:
    """Read ``path`` with one of the programs, after the small log ``warm``."""
    read = PROGRAMS[program]()
    read(warm)
    began, began_cpu = time.perf_counter(), time.process_time()
    events = read(path)
    wall, cpu = time.perf_counter() - began, time.process_time() - began_cpu
    print(json.dumps({"events": events, "wall": wall, "cpu": cpu}))


if __name__ == "__main__":
    main(*sys.argv[1:])
