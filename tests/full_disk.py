"""A disk small enough for a test to fill."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from os import geteuid
from pathlib import Path

import pytest


@contextmanager
def disk_of(place: Path, megabytes: int) -> Iterator[Path]:
    """A disk of its own at a new folder; the test is skipped where it may not make one."""
    place.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(place)]
    made = geteuid() == 0 and shutil.which("mount") and subprocess.run(
        ["mount", *options], capture_output=True
    ).returncode == 0
    if not made:
        pytest.skip("a disk of its own needs root and mount")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place: Path) -> Path:
    """Fill the disk to its last block; the file that fills it."""
    filler = place / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            return filler
