"""Folders and files for the owner only: 0700 and 0600, on disk before anything relies on them."""

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pm_pipeline.errors import PipelineError


def make_private_dir(path: Path) -> Path:
    """Make a folder, and those above it that are missing, for the owner only."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(mode=0o700, exist_ok=True)
    return path


def write_private(path: Path, rows: pa.Table) -> None:
    """Write a Parquet file, mode 0600, under a temporary name and rename it."""
    make_private_dir(path.parent)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with private_file(temporary) as file:
            pq.write_table(rows, file, compression="zstd")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def private_file(path: Path) -> Iterator[pa.NativeFile]:
    """A new file to write to, mode 0600; on disk when the block ends."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        yield pa.PythonFile(file, mode="w")
        file.flush()
        os.fsync(file.fileno())


def write_private_text(path: Path, text: str) -> None:
    """Write a text file, mode 0600, under a temporary name and rename it: whole or not at all."""
    make_private_dir(path.parent)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def read_secret(path: Path, what: str) -> bytes:
    """The first 1024 bytes of a file that only its owner may read; ``what`` it holds, for messages.

    Raises PipelineError for a file that is not there, no regular file, or readable by others.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise PipelineError(
            f"{path}: the {what} file cannot be opened as a regular file ({error.strerror})."
        ) from None
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        os.close(handle)
        raise PipelineError(f"{path}: expected a regular file as {what}.")
    with os.fdopen(handle, "rb") as file:
        if status.st_mode & 0o077:
            raise PipelineError(
                f"{path}: others may read the {what} (mode {stat.S_IMODE(status.st_mode):04o}). "
                f"Expected 0600: chmod 600 {path}"
            )
        return file.read(1024)
