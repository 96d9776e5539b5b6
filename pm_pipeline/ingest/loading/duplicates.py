"""Find the rows of a table that came before in the same delivery, in memory that stays the same.

Each row has a hash of its content. The hashes lie in a private file and are looked at a range at a
time; rows with equal hashes are only candidates, their content is compared.
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from hashlib import blake2b
from pathlib import Path
from secrets import token_bytes
from types import TracebackType
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pm_pipeline.ingest.contract.model import PROVENANCE
from pm_pipeline.ingest.loading.sinks import ParquetSink

# Hashes that are sorted at once (16 MB), and candidates whose content is compared at once.
_AT_ONCE = 2_000_000
_MOST_CANDIDATES = 1_000_000
_BYTES = 8


class HashFile(AbstractContextManager["HashFile"]):
    """The hashes of a table's rows in their order (uint64), in a file that is gone when the block ends.

    They are blurred by numbers that only this object knows: nobody can try out on the file what a
    row may have held.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.n_rows = 0
        self._factor, self._mask = np.frombuffer(token_bytes(2 * _BYTES), np.uint64)
        self._factor |= np.uint64(1)

    def __enter__(self) -> Self:
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(handle, "wb")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._file.close()
        finally:
            self.path.unlink(missing_ok=True)

    def append(self, hashes: np.ndarray) -> None:
        """Add the hashes of the next rows."""
        blurred = (hashes ^ self._mask) * self._factor
        self._file.write((blurred ^ (blurred >> np.uint64(32))).tobytes())
        self._file.flush()
        self.n_rows += len(hashes)


def drop_duplicates(
    path: Path, schema: pa.Schema, hashes: HashFile, at_once: int = _AT_ONCE,
    most_candidates: int = _MOST_CANDIDATES,
) -> Counter[str]:
    """Rewrite a Parquet file without rows whose content came before; the number left out by file.

    Usually there are none, and the file stays as it is. Memory: ``at_once`` hashes, the digests of
    ``most_candidates`` rows (or of those of one range of hashes) and one bit a row.
    """
    drop: np.ndarray | None = None
    waiting: list[np.ndarray] = []
    n_waiting = 0
    for twice, count in _repeated(hashes, at_once):
        waiting.append(twice)
        n_waiting += count
        if n_waiting >= most_candidates:
            drop = _compared(path, schema, hashes, np.concatenate(waiting), drop)
            waiting, n_waiting = [], 0
    if waiting:
        drop = _compared(path, schema, hashes, np.concatenate(waiting), drop)
    if drop is None or not drop.any():
        return Counter()
    return _rewritten(path, schema, drop)


def _repeated(hashes: HashFile, at_once: int) -> Iterator[tuple[np.ndarray, int]]:
    """Of each range of hashes those that more than one row has, sorted, and how many rows have."""
    n_ranges = 1 << max(0, (-(-hashes.n_rows // at_once) - 1).bit_length())
    shift = np.uint64(64 - (n_ranges.bit_length() - 1))
    for number in range(n_ranges):
        parts = [
            piece if n_ranges == 1 else piece[(piece >> shift) == number]
            for piece in _pieces(hashes)
        ]
        ordered = np.sort(np.concatenate(parts)) if parts else np.zeros(0, np.uint64)
        same = ordered[1:] == ordered[:-1]
        if same.any():
            twice = np.unique(ordered[1:][same])
            yield twice, int(same.sum()) + len(twice)


def _pieces(hashes: HashFile) -> Iterator[np.ndarray]:
    with hashes.path.open("rb") as file:
        while content := file.read(1_000_000 * _BYTES):
            yield np.frombuffer(content, np.uint64)


def _compared(
    path: Path, schema: pa.Schema, hashes: HashFile, twice: np.ndarray, drop: np.ndarray | None
) -> np.ndarray:
    """Mark in ``drop`` (a bit a row) the rows with one of these hashes whose content came before."""
    if drop is None:
        drop = np.zeros(hashes.n_rows // 8 + 1, np.uint8)
    content = [name for name in schema.names if name not in PROVENANCE.names]
    seen: set[bytes] = set()
    first = 0
    with pq.ParquetFile(path) as file, hashes.path.open("rb") as stored:
        for number in range(file.num_row_groups):
            n_rows = file.metadata.row_group(number).num_rows
            mine = np.frombuffer(stored.read(n_rows * _BYTES), np.uint64)
            found = np.minimum(np.searchsorted(twice, mine), len(twice) - 1)
            places = np.flatnonzero(twice[found] == mine)
            if len(places):
                rows = file.read_row_group(number, columns=content).take(places)
                columns = [rows[name].to_pylist() for name in content]
                for place, values in zip(places.tolist(), zip(*columns, strict=True), strict=True):
                    digest = blake2b(repr(values).encode(), digest_size=16).digest()
                    if digest in seen:
                        drop[(first + place) >> 3] |= 1 << ((first + place) & 7)
                    seen.add(digest)
            first += n_rows
    return drop


def _rewritten(path: Path, schema: pa.Schema, drop: np.ndarray) -> Counter[str]:
    dropped: Counter[str] = Counter()
    rewritten = path.with_suffix(".distinct")
    first = 0
    with ParquetSink(rewritten, schema) as sink, pq.ParquetFile(path) as file:
        for number in range(file.num_row_groups):
            rows = file.read_row_group(number)
            places = first + np.arange(rows.num_rows)
            mine = (drop[places >> 3] >> (places & 7).astype(np.uint8)) & 1 == 1
            first += rows.num_rows
            dropped.update(str(name) for name in rows["source_file"].filter(pa.array(mine)).to_pylist())
            sink.write(rows.filter(pa.array(~mine)))
    rewritten.replace(path)
    return dropped
