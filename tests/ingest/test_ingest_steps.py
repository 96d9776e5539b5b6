"""The steps of a load that run at the same time: nothing is lost, doubled, or left running."""

import os
import random
import resource
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ingest_files import Town, csv_text, row, small_contract

from pm_pipeline.errors import PipelineError
from pm_pipeline.ingest.contract.versions import SystemContract
from pm_pipeline.ingest.loading import building
from pm_pipeline.ingest.loading.ahead import Ahead
from pm_pipeline.ingest.loading.digests import Digests
from pm_pipeline.ingest.loading.duplicates import HashFile, drop_duplicates
from pm_pipeline.ingest.loading.sinks import ParquetSink
from pm_pipeline.ingest.loading.validation import validate_files
from pm_pipeline.ingest.readers.csv.files import read_csv
from pm_pipeline.ingest.rejects.reasons import Refusal, RefusedError


def no_thread_is_left() -> bool:
    return not any(t.name.startswith(("ahead", "digest")) for t in threading.enumerate())


def test_items_come_in_order_and_only_a_few_wait() -> None:
    made: list[int] = []

    def numbers() -> Iterator[int]:
        for number in range(50):
            made.append(number)
            yield number

    with Ahead(numbers(), depth=2) as items:
        for expected, number in enumerate(items):
            assert number == expected
            # Two wait at most, and a third is being made.
            assert len(made) <= expected + 4
    assert made == list(range(50))
    assert no_thread_is_left()


def test_an_error_comes_where_the_next_item_would_have_been() -> None:
    def failing() -> Iterator[int]:
        yield 1
        raise RefusedError(Refusal.EMPTY, "x.csv", "nothing")

    seen = []
    with pytest.raises(PipelineError), Ahead(failing()) as first, Ahead(n for n in first) as items:
        for item in items:
            seen.append(item)
    assert seen == [1]
    assert no_thread_is_left()


def test_a_step_that_is_left_early_is_closed_and_its_thread_ends() -> None:
    closed = threading.Event()

    def endless() -> Iterator[int]:
        try:
            while True:
                yield 1
        finally:
            closed.set()

    with pytest.raises(KeyError), Ahead(endless()) as first, Ahead(n for n in first) as items:
        next(items)
        raise KeyError
    assert closed.is_set()
    assert no_thread_is_left()


def test_no_thread_and_no_file_is_left_when_a_load_is_refused(town: Town) -> None:
    contract = small_contract(town.root)
    rows = [row(n) for n in range(1, 3_000)]
    rows[2_500] = row(9_000, Notat='"open')
    with pytest.raises(RefusedError, match="UNTERMINATED_QUOTE"):
        town.load(contract, town.file("events.csv", csv_text(rows)))
    assert no_thread_is_left()
    assert not [path for path in town.lake.iterdir() if path.name.startswith(".building")]
    assert not town.lake_files()


def test_a_file_is_hashed_once_and_another_one_than_delivered_is_refused_as_changed(
    town: Town,
) -> None:
    contract = small_contract(town.root)
    path = town.file("events.csv", csv_text([row(1)]))
    delivery = town.register(contract, path)
    landed = delivery.folder / "events.csv"
    landed.chmod(0o600)
    # Broken as well: that it is another file is what must be said.
    landed.write_bytes(b'Id;"CPR\n')
    with pytest.raises(RefusedError, match="CHANGED") as caught:
        town.load(contract, path)
    assert str(landed) in str(caught.value)


def test_a_file_that_changes_while_it_is_read_is_refused(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = small_contract(town.root)
    path = town.file("events.csv", csv_text([row(1)]))
    delivery = town.register(contract, path)
    landed = delivery.folder / "events.csv"

    def touched(*arguments: object) -> Iterator[object]:
        yield from read_csv(*arguments)  # type: ignore[arg-type]
        os.utime(landed, ns=(time.time_ns(), time.time_ns() + 5_000_000_000))

    monkeypatch.setattr(building, "reader_of", lambda *_: touched)
    with pytest.raises(RefusedError, match="changed while it was read"):
        town.load(contract, path)
    assert not town.lake_files()


def test_a_digest_is_the_files_own_and_one_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"abc")
    with Digests([path, tmp_path / "gone.csv"]) as digests:
        assert digests.confirm(path, None).startswith("ba7816bf")
        digests.confirm_unchanged(path)
        with pytest.raises(RefusedError, match="UNREADABLE"):
            digests.confirm(tmp_path / "gone.csv", None)


def _loses_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = building._lake_rows
    monkeypatch.setattr(building, "_lake_rows", lambda *given: typed(*given).slice(1))


def _forgets_to_count_duplicates(monkeypatch: pytest.MonkeyPatch) -> None:
    dropped = building.drop_duplicates

    def uncounted(*given: Any) -> Counter[str]:
        assert dropped(*given).total() == 1
        return Counter()

    monkeypatch.setattr(building, "drop_duplicates", uncounted)


@pytest.mark.parametrize("fault", [_loses_a_row, _forgets_to_count_duplicates])
def test_a_program_that_cannot_account_for_a_row_loads_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch, fault: Callable[[pytest.MonkeyPatch], None]
) -> None:
    contract = small_contract(town.root)
    file = town.file("events.csv", csv_text([row(1), row(2), row(2)]))
    fault(monkeypatch)
    problem, = validate_files(SystemContract((contract,)), [file]).problems
    assert problem.code is Refusal.NOT_CONSERVED
    with pytest.raises(RefusedError, match="events: NOT_CONSERVED"):
        town.load(contract, file)
    assert town.lake_files() == set()


SCHEMA = pa.schema([("a", pa.int64()), ("b", pa.string()), ("source_file", pa.string())])


@pytest.mark.parametrize(("at_once", "most"), [(10**6, 10**6), (64, 10**6), (64, 50), (1, 1)])
def test_exact_duplicates_are_found_in_ranges_as_in_one_go(
    tmp_path: Path, at_once: int, most: int
) -> None:
    random_ = random.Random(7)
    rows = [
        {"a": random_.randrange(200), "b": random_.choice(["x", None]),
         "source_file": random_.choice(["one.csv", "two.csv"])} for _ in range(600)
    ]
    seen: set[tuple[object, object]] = set()
    kept, dropped = [], Counter[str]()
    for one in rows:
        if (one["a"], one["b"]) in seen:
            dropped[str(one["source_file"])] += 1
        else:
            kept.append(one)
        seen.add((one["a"], one["b"]))
    path = tmp_path / "t.parquet"
    with HashFile(tmp_path / "t.hashes") as hashes:
        with ParquetSink(path, SCHEMA) as sink:
            for start in range(0, 600, 100):
                some = rows[start: start + 100]
                sink.write(pa.Table.from_pylist(some, schema=SCHEMA))
                sink._flush()
                # Some rows that differ have the same hash: only their content decides.
                hashes.append(np.array(
                    [hash(one["a"]) * 0x9E3779B97F4A7C15 % 2**64 for one in some], np.uint64
                ))
        assert (tmp_path / "t.hashes").stat().st_mode & 0o077 == 0
        assert drop_duplicates(path, SCHEMA, hashes, at_once, most) == dropped
    assert pq.read_table(path).to_pylist() == kept
    assert not (tmp_path / "t.hashes").exists()


def test_the_file_of_hashes_does_not_tell_the_hashes(tmp_path: Path) -> None:
    told = np.arange(100, dtype=np.uint64)
    contents = []
    for number in range(2):
        with HashFile(tmp_path / f"{number}.hashes") as hashes:
            hashes.append(told)
            contents.append(hashes.path.read_bytes())
    assert contents[0] != contents[1]
    assert told.tobytes() not in contents


def test_a_full_disk_is_an_error_and_not_a_shorter_file_of_hashes(tmp_path: Path) -> None:
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, limit[1]))
    try:
        with pytest.raises(OSError, match="too large"), HashFile(tmp_path / "t.hashes") as hashes:
            hashes.append(np.arange(1_000, dtype=np.uint64))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, before)
    assert not list(tmp_path.iterdir())
