"""The folder in which tables wait to become a delivery: private, and gone when it is one."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pm_pipeline.ingest.private_files import make_private_dir
from pm_pipeline.ingest.rejects.reasons import Refusal, RefusedError

_PREFIX = ".extraction-"


@contextmanager
def extraction_folder(system_dir: Path) -> Iterator[Path]:
    """A folder (0700) beside the deliveries of a system. What a killed extraction left is removed.

    Raises RefusedError BUSY while another extraction of the system is going on.
    """
    make_private_dir(system_dir)
    handle = os.open(system_dir / ".extraction.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RefusedError(
                Refusal.BUSY, str(system_dir), "another extraction of this system is going on."
            ) from None
        for left in system_dir.glob(f"{_PREFIX}*"):
            shutil.rmtree(left)
        with tempfile.TemporaryDirectory(dir=system_dir, prefix=_PREFIX) as folder:
            yield Path(folder)
    finally:
        os.close(handle)
