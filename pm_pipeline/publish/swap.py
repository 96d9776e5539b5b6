"""Makes a checked candidate the publication, in one step that readers cannot see half done.

Layout of the folder of a municipality::

    published.duckdb  -> current/published.duckdb     fixed links, the names BI knows
    parquet           -> current/parquet
    models            -> current/models
    receipt.json      -> current/receipt.json
    current           -> generations/<generation>     the one link that a publication moves
    generations/<generation>/                         whole publications, never changed

Moving ``current`` by rename is atomic, so database, Parquet and models change together: whoever
opens a name at any moment finds a whole file, and a kill at any moment leaves the old publication
or the new one. A reader that has a file open keeps it; a program that reopens gets the new one once
it has closed every connection to the old one (DuckDB shares open databases within a process).
"""

import fcntl
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pm_pipeline.errors import PipelineError
from pm_pipeline.publish.database import DATABASE_FILE, MODELS_DIR, PARQUET_DIR, Candidate
from pm_pipeline.publish.receipts import RECEIPT_FILE

# The one before stays for readers that have just looked its name up, and to go back to.
KEPT_GENERATIONS = 2
_GENERATIONS = "generations"
_CURRENT = "current"
_CANDIDATE_PREFIX = ".candidate-"
_LINK_PREFIX = ".link-"


@contextmanager
def only_publisher(published_dir: Path) -> Iterator[None]:
    """Hold the publication of a municipality against a second one, also after a kill.

    Raises:
        PipelineError: another process is publishing this municipality.
    """
    # BI reads under another account, whatever the umask of the pipeline is.
    for folder in (published_dir.parent, published_dir):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
    with (published_dir / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PipelineError(
                f"{published_dir}: another run is publishing this municipality; try again later"
            ) from error
        yield


def new_candidate_dir(published_dir: Path) -> Path:
    """A free folder name for a candidate; removes what a killed run has left behind.

    One publication of a municipality runs at a time; a second one would lose its candidate here.

    Raises:
        PipelineError: ``published_dir`` cannot be written.
    """
    generations = published_dir / _GENERATIONS
    try:
        generations.mkdir(parents=True, exist_ok=True)
        # BI reads under another account, whatever the umask of the pipeline is.
        published_dir.chmod(0o755)
        generations.chmod(0o755)
        for leftover in generations.glob(f"{_CANDIDATE_PREFIX}*"):
            shutil.rmtree(leftover)
        for leftover in published_dir.glob(f"{_LINK_PREFIX}*"):
            leftover.unlink()
    except OSError as error:
        raise PipelineError(
            f"{published_dir}: the folder cannot be written ({error.strerror})"
        ) from error
    return generations / f"{_CANDIDATE_PREFIX}{uuid.uuid4().hex[:12]}"


def promote(candidate: Candidate, published_dir: Path) -> Path:
    """Publish ``candidate``; the path of the published database.

    Raises:
        PipelineError: the folders cannot be written. What was published before stays, and the
            candidate is removed.
    """
    generation = published_dir / _GENERATIONS / candidate.generation
    if generation.exists():
        raise PipelineError(f"{generation}: this publication exists already")
    try:
        _flush(candidate.path)
        candidate.path.rename(generation)
        _flush_folder(generation.parent)
        _link(published_dir / _CURRENT, f"{_GENERATIONS}/{candidate.generation}")
        for name in (DATABASE_FILE, PARQUET_DIR, MODELS_DIR, RECEIPT_FILE):
            _link(published_dir / name, f"{_CURRENT}/{name}")
        _flush_folder(published_dir)
    except OSError as error:
        shutil.rmtree(candidate.path, ignore_errors=True)
        if _current(published_dir) != generation.name:
            shutil.rmtree(generation, ignore_errors=True)
        raise PipelineError(
            f"{published_dir}: the publication could not be put in place "
            f"({error.strerror or type(error).__name__}); what was published before stays"
        ) from error
    _remove_old(published_dir)
    return published_dir / DATABASE_FILE


def _link(link: Path, target: str) -> None:
    """Point ``link`` at ``target`` by rename; a name that points there already is left alone."""
    if link.is_symlink() and link.readlink() == Path(target):
        return
    temporary = link.with_name(f"{_LINK_PREFIX}{link.name}-{uuid.uuid4().hex[:12]}")
    temporary.symlink_to(target)
    try:
        temporary.replace(link)
    finally:
        temporary.unlink(missing_ok=True)


def _current(published_dir: Path) -> str | None:
    link = published_dir / _CURRENT
    return link.readlink().name if link.is_symlink() else None


def _remove_old(published_dir: Path) -> None:
    """Remove all but the newest generations; names begin with their time."""
    generations = sorted(
        path for path in (published_dir / _GENERATIONS).iterdir() if not path.name.startswith(".")
    )
    for path in generations[:-KEPT_GENERATIONS]:
        if path.name != _current(published_dir):
            shutil.rmtree(path)


def _flush(folder: Path) -> None:
    """Bring a folder and all it holds to the disk, before any name leads there."""
    for path in folder.rglob("*"):
        if path.is_dir():
            _flush_folder(path)
        else:
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
    _flush_folder(folder)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
