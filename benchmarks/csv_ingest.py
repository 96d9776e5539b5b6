"""CSV ingest beside its floor: DuckDB's `read_csv` with every column as text into zstd Parquet.

The load does more: sha256, strict decoding, a count without a parser, typing, rejects, pseudonyms,
duplicates, checks. Each side runs in a process of its own on the same file, turn by turn; start-up and
imports are not counted on either.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.measure import Cost

THREADS = 2
MILLION = 1_000_000
# 15 columns; a fifth of the notes holds quotes and a line break. CPR numbers are impossible ones.
_ROWS = """
    SELECT 'C' || lpad(i::VARCHAR, 9, '0') AS "contactId",
        printf('%02d%02d%02d-%04d', 61 + c % 30, 1 + c // 30 % 12, c // 360 % 100, c % 10000) AS cpr,
        'Navn Efternavn' || c % 1000 AS "citizenDisplayName",
        ['7', '10', '12', '17'][1 + i % 4] AS "contactType",
        ['FYSISK', 'TELEFON'][1 + c % 2] AS "contactForm",
        ['held', 'cancelled', 'planned'][1 + (i * 7 + c) % 3] AS "state",
        {booked} AS "bookedAt", ['citizen', 'caseworker'][1 + i % 2] AS "bookedBy",
        {held} AS "heldAt", {registered} AS "registeredAt", {updated} AS "updatedAt",
        'JOBCENTER' AS "responsibleAuthority", 'T' || c % 9 AS "teamId",
        'Sagsbehandler ' || (c + i) % 60 AS "createdByName",
        CASE i % 5 WHEN 0 THEN 'En note med "citat"' || chr(10) || 'ny linje'
            WHEN 1 THEN 'Borger mødt til samtale; aftalt plan' WHEN 2 THEN 'kort' ELSE '' END AS note
    FROM (SELECT i, (hash(i) % {citizens})::BIGINT AS c FROM range({rows}) AS numbers(i))
"""


def report(root: Path, sizes: list[int], repeats: int, tell: Callable[[str, str], None]) -> None:
    """Measure each size (millions of rows) and tell ratios, and where the time goes at the first."""
    for number, millions in enumerate(sizes):
        with TemporaryDirectory(dir=root, prefix="csv-") as folder:
            path = Path(folder) / "contacts.csv"
            generate(path, millions * MILLION)
            ours, floor = [], []
            for turn in range(repeats):
                floor.append(_child("floor", path, Path(folder) / f"floor{turn}"))
                ours.append(_child("load", path, Path(folder) / f"load{turn}"))
            name = f"CSV of {millions} M rows ({path.stat().st_size / 1e6:,.0f} MB)"
            mine, least = _median(ours), _median(floor)
            tell(f"{name}: load", _told(mine, millions))
            tell(f"{name}: floor", _told(least, millions))
            ratios = [one.wall / other.wall for one, other in zip(ours, floor, strict=True)]
            tell(f"{name}: load / floor", f"{mine.over(least)}; wall {min(ratios):.2f} to "
                                          f"{max(ratios):.2f} in {repeats} turns")
            if number == 0:
                for phase, seconds in _ran("phases", path, Path(folder) / "phases").items():
                    tell(f"of a load of {millions} M rows: {phase}",
                         f"{seconds:.2f} s CPU")


def generate(path: Path, rows: int) -> None:
    """Write a file like an export of contacts, as a stream: 15 columns, 40 rows a citizen."""
    import duckdb

    def stamp(seed: int) -> str:
        moment = f"TIMESTAMP '2023-01-01' + to_seconds((hash(i, {seed}) % 77760000)::BIGINT)"
        return f"strftime({moment}, '%Y-%m-%dT%H:%M:%SZ')"

    sql = _ROWS.format(
        rows=rows, citizens=rows // 40 + 1, booked=stamp(1), held=stamp(2), registered=stamp(3),
        updated=stamp(4),
    )
    with duckdb.connect(config={"threads": THREADS}) as connection:
        connection.execute(f"COPY ({sql}) TO '{path}' (HEADER, DELIMITER ';')")


def _floor(path: Path, folder: Path) -> None:
    import duckdb

    folder.mkdir()
    with duckdb.connect(config={"threads": THREADS}) as connection, _told_cost():
        connection.execute(
            f"COPY (SELECT * FROM read_csv('{path}', all_varchar=true, header=true, delim=';', "
            f"quote='\"', escape='\"')) TO '{folder}/floor.parquet' "
            "(FORMAT parquet, COMPRESSION zstd)"
        )


def _load(path: Path, folder: Path) -> None:
    import pyarrow as pa

    from pm_pipeline.ingest.contract.versions import SystemContract
    from pm_pipeline.ingest.landing.deliveries import register_delivery
    from pm_pipeline.ingest.loading.load import load_delivery

    contract = _contract()
    delivery = register_delivery(folder / "landing", "901", contract, date(2026, 1, 1), [path])
    pa.array([1])  # imports pandas, once per process
    with _told_cost():
        loaded = load_delivery(
            delivery, SystemContract((contract,)), folder / "lake", folder / "keys"
        )
    if loaded.rows_loaded != loaded.rows_in_file or not loaded.rows_loaded:
        raise RuntimeError("not every row was loaded")


def _phases(path: Path, folder: Path) -> None:
    """CPU seconds by step. A step that runs in a thread of its own is timed there."""
    import pyarrow as pa

    from pm_pipeline.ingest.landing.files import file_sha256
    from pm_pipeline.ingest.loading import building
    from pm_pipeline.ingest.loading.checks import problems
    from pm_pipeline.ingest.loading.digests import Digests
    from pm_pipeline.ingest.loading.duplicates import HashFile
    from pm_pipeline.ingest.loading.sinks import ParquetSink
    from pm_pipeline.ingest.readers.csv import files as csv_files
    from pm_pipeline.ingest.readers.csv import regular as csv_regular
    from pm_pipeline.ingest.values.pseudonymise import Pseudonymiser
    from pm_pipeline.ingest.values.typist import Typist

    seconds: dict[str, float] = {}

    @contextmanager
    def timed(phase: str) -> Iterator[None]:
        began = time.thread_time()
        yield
        seconds[phase] = seconds.get(phase, 0.0) + time.thread_time() - began

    def watch(owner: object, name: str, phase: str) -> None:
        inner = getattr(owner, name)

        def outer(*arguments: object, **named: object) -> object:
            with timed(phase):
                return inner(*arguments, **named)

        setattr(owner, name, outer)

    watch(csv_files, "inspect_csv", "decode and count")
    watch(csv_regular, "raw_columns", "reduce names and free text")
    watch(Typist, "type_batch", "type")
    watch(Pseudonymiser, "pseudonymise", "pseudonymise")
    watch(ParquetSink, "write", "write")
    watch(HashFile, "append", "duplicates")
    watch(building, "drop_duplicates", "duplicates")
    contract = _contract()
    folder.mkdir()
    job = building.Job(contract, "901", "bench", date(2026, 1, 1),
                       datetime.now(UTC).replace(tzinfo=None), Pseudonymiser(os.urandom(32)))
    source = building.SourceFile(path, path.name, contract.tables[0], None, path.stat().st_size)
    pa.array([1])  # imports pandas, once per process
    with timed("sha256"):
        file_sha256(path)
    began = time.process_time()
    with building.open_rejects(folder) as rejects, Digests([path]) as digests:
        built = building.build_table(job, source.table, [source], folder, rejects, digests)
    seconds["parse, and what is left"] = time.process_time() - began - sum(seconds.values())
    with timed("checks of what was written"):
        problems([built])
    print(json.dumps(seconds))


def _contract() -> Any:
    """Momentum's contract with the table of contacts alone."""
    from pm_pipeline.ingest.contract.versions import load_contracts

    folder = Path(__file__).parents[1] / "pm_pipeline" / "defs" / "ingest"
    contract = load_contracts([folder])["momentum"].latest
    return contract.model_copy(update={"tables": (contract.table("contacts"),)})


@contextmanager
def _told_cost() -> Iterator[None]:
    began, cpu = time.monotonic(), time.process_time()
    yield
    wall, cpu = time.monotonic() - began, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    print(json.dumps({"wall": wall, "cpu": cpu, "peak_mb": peak}))


def _child(side: str, path: Path, folder: Path) -> Cost:
    return Cost(**_ran(side, path, folder))


def _ran(side: str, path: Path, folder: Path) -> dict[str, float]:
    """What a side tells of itself; its files are gone afterwards."""
    command = [sys.executable, "-m", "benchmarks.csv_ingest", side, str(path), str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{side} failed:\n{done.stderr[-2000:]}")
    finally:
        subprocess.run(["rm", "-rf", str(folder)], check=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _median(costs: list[Cost]) -> Cost:
    return sorted(costs, key=lambda cost: cost.wall)[len(costs) // 2]


def _told(cost: Cost, millions: int) -> str:
    rate = millions * MILLION / cost.wall / 1000
    return (f"{cost.wall:.1f} s wall, {cost.cpu:.1f} s CPU, {cost.peak_mb:.0f} MB, "
            f"{rate:,.0f} thousand rows a second")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("side", choices=["floor", "load", "phases"])
    parser.add_argument("file", type=Path)
    parser.add_argument("folder", type=Path)
    called = parser.parse_args()
    {"floor": _floor, "load": _load, "phases": _phases}[called.side](called.file, called.folder)
