"""The sha256 of the files of a delivery, found once, while they are read."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from pm_pipeline.ingest.landing.files import file_sha256
from pm_pipeline.ingest.rejects.reasons import Refusal, RefusedError


class Digests:
    """Hashes files one after another in a thread; a context manager.

    ``confirm`` before what was read of a file is used, ``confirm_unchanged`` when all of it was read:
    together they say that the bytes that were read have this sha256.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = list(dict.fromkeys(paths))
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="digest")
        self._found: dict[Path, Future[str]] = {}
        self._before: dict[Path, tuple[int, ...]] = {}

    def __enter__(self) -> Self:
        for path in self._paths:
            self._before[path] = _identity(path)
            self._found[path] = self._pool.submit(file_sha256, path)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def confirm(self, path: Path, expected: str | None) -> str:
        """The sha256 of a file. Raises RefusedError CHANGED when another one was expected."""
        try:
            found = self._found[path].result()
        except OSError as error:
            raise RefusedError(
                Refusal.UNREADABLE, path.name, f"the file cannot be read ({error.strerror})."
            ) from None
        if expected is not None and found != expected:
            raise RefusedError(
                Refusal.CHANGED, str(path),
                "the file is not the one that was delivered (its sha256 differs from the "
                "manifest). Remove the folder and deliver the files again.",
            )
        return found

    def confirm_unchanged(self, path: Path) -> None:
        """Raise RefusedError CHANGED when the file was written to or replaced since hashing began."""
        if _identity(path) != self._before[path]:
            raise RefusedError(
                Refusal.CHANGED, str(path),
                "the file changed while it was read. Deliver it when it is completely written.",
            )


def _identity(path: Path) -> tuple[int, ...]:
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
