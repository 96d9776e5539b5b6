"""The folder in which a validation builds what a load would build: private, and gone afterwards."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = "pm-validate-"
# Between making a folder and holding it, another validation must not take it for an orphan.
_YOUNG_SECONDS = 60.0


@contextmanager
def trial_folder() -> Iterator[Path]:
    """A folder (0700) among the temporary ones. What killed validations left there is removed first.

    The rows in it are pseudonymised with a key nobody keeps; they are personal data all the same.
    """
    _remove_orphans(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as folder:
        handle = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield Path(folder)
        finally:
            os.close(handle)


def _remove_orphans(parent: Path) -> None:
    """Remove this account's folders that no process holds any more."""
    for folder in parent.glob(f"{_PREFIX}*"):
        try:
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:
            continue  # another account's, no folder, or just gone
        try:
            state = os.fstat(handle)
            if state.st_uid != os.getuid() or time.time() - state.st_mtime < _YOUNG_SECONDS:
                continue
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except BlockingIOError:
            continue  # a validation is still at it
        finally:
            os.close(handle)
