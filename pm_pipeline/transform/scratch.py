"""A copy of one municipality's warehouse under other seeds, to look at and throw away.

It lies in a private folder in the municipality's own zone, because it holds what the warehouse holds,
and goes when the look is over, also when that ends in a failure. The lake is read where it lies; the
warehouse itself is only copied from.
"""

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pm_pipeline import warehouse
from pm_pipeline.errors import PipelineError
from pm_pipeline.settings import Settings
from pm_pipeline.transform.build import SELECTION
from pm_pipeline.transform.manifest import invoke, manifest_path, read_manifest

_PREFIX = ".law-trial-"
_LOCK = "in.use"
#: What the models read beside the warehouse, relative to the folder they run in.
_READ = ("lake", "quality", "mining")


@dataclass(frozen=True)
class Scratch:
    """A folder in which warehouses of one municipality may be tried."""

    folder: Path
    municipality_id: str

    def build(self, name: str, settings: Settings, base: Path | None, seeds: tuple[str, ...]) -> Path:
        """Build the warehouse ``name`` under the seeds of ``settings`` and return its file.

        Args:
            settings: name the seeds, and a dbt folder of their own for what is parsed.
            base: the warehouse to start from; only ``seeds`` (their names) and what rests on them are
                built again. None: everything is built from the lake.

        Raises:
            PipelineError: a model could not be built under these seeds.
        """
        target = self.folder / name / "warehouse.duckdb"
        target.parent.mkdir(mode=0o700)
        for read in _READ:
            (target.parent / read).symlink_to(self.folder.parent / read, target_is_directory=True)
        selection = [f"{one}+" for one in seeds]
        if base is None:
            selection = " ".join(SELECTION.values()).split()
        else:
            with warehouse.connect(base):  # refused here, if it is damaged or being built
                shutil.copyfile(base, target)
        path = manifest_path(settings)
        result = invoke(
            settings,
            [
                "build", "--select", *selection,
                # what is tried may break a promise of the marts; it is looked at, never published
                "--resource-type", "seed", "--resource-type", "model",
                "--target-path", str(target.parent / ".dbt"), "--no-write-json",
            ],
            environment={
                "PM_WAREHOUSE": str(target),
                "PM_WORK_DIR": str(target.parent),
                "PM_MUNICIPALITY": self.municipality_id,
            },
            manifest=read_manifest(path, path.stat().st_mtime_ns),
        )
        broken = [node for node in result.results if str(node.status) not in ("success", "warn")]
        if broken:
            told = "\n  ".join(
                f"{node.node.unique_id}: {node.message or node.status}" for node in broken
                if str(node.status) != "skipped"
            )
            raise PipelineError(
                f"municipality {self.municipality_id}: this law could not be tried, nothing was "
                f"changed:\n  {told}"
            )
        return target


@contextmanager
def scratch(settings: Settings, municipality_id: str) -> Iterator[Scratch]:
    """A private folder for the time of the block; what a killed process left there goes too."""
    work_dir = settings.work_dir(municipality_id)
    _sweep(work_dir)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=work_dir) as name:
        folder = Path(name)
        with (folder / _LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield Scratch(folder, municipality_id)


def _sweep(work_dir: Path) -> None:
    """Remove what a process left that was killed: its lock is free."""
    for left in work_dir.glob(f"{_PREFIX}*/{_LOCK}"):
        with left.open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            shutil.rmtree(left.parent)
