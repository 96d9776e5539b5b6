"""Build one municipality's warehouse with dbt, beside the old one, and swap it in.

dbt is atomic per model only; a build that is killed midway must never leave tables of two
generations side by side. So dbt always works on a file in ``.building`` that replaces the warehouse
in one rename. Each table says in its comment by which recipe it was made (:mod:`.record`), so that
the next build can leave standing what it would only make again.
"""

import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pm_pipeline.errors import PipelineError
from pm_pipeline.settings import Settings
from pm_pipeline.transform.manifest import invoke, manifest_path, read_manifest
from pm_pipeline.transform.one_piece import BuiltFrom, nobodys, stamps, what_goes
from pm_pipeline.transform.recipes import recipes_of
from pm_pipeline.transform.record import Record, comment_on, read_record

Stage = Literal["core", "marts"]

_LITTLE = 4 * 1024 * 1024  # bytes that are no room to build anything in

#: What each stage builds. Seeds and the models up to the quality facts first; marts after mining.
SELECTION: dict[Stage, str] = {
    "core": "resource_type:seed fqn:pm_pipeline.staging fqn:pm_pipeline.intermediate "
    "fqn:pm_pipeline.core fqn:pm_pipeline.quality",
    "marts": "fqn:pm_pipeline.marts",
}

@dataclass(frozen=True)
class NodeResult:
    """What dbt did with one seed, model or test; ``recipe``: what a seed or model was made from."""

    unique_id: str
    status: str
    seconds: float
    message: str | None
    failures: int | None
    recipe: str | None = None

    @property
    def is_test(self) -> bool:
        return self.unique_id.startswith("test.")

    @property
    def passed(self) -> bool:
        return self.status in {"success", "pass", "warn"}


def build_warehouse(
    settings: Settings,
    municipality_id: str,
    stage: Stage,
    only: tuple[str, ...] = (),
    *,
    built_from: BuiltFrom | None = None,
) -> tuple[NodeResult, ...]:
    """Build ``stage`` for one municipality and swap the result in when every node succeeded.

    ``only`` narrows the build to these dbt unique ids. A whole ``core`` build starts from an empty
    file; everything else starts from a copy of the present warehouse, without the tables that no node
    makes any more and, in ``core``, without the marts that would not fit to what is built now.

    Raises:
        PipelineError: a model or a structural test failed; the old warehouse still stands.
    """
    warehouse = settings.warehouse_path(municipality_id)
    building = warehouse.parent / ".building" / warehouse.name
    with _only_builder(warehouse.parent):
        # On a full disk dbt would try again to open its file for minutes.
        _refuse_full_disk(warehouse.parent)
        try:
            return _build(
                settings, municipality_id, stage, only, warehouse, building, built_from or BuiltFrom()
            )
        except (OSError, PipelineError):
            # DuckDB tells a full disk in many ways, most of which do not say so.
            _refuse_full_disk(warehouse.parent)
            raise
        finally:
            shutil.rmtree(building.parent, ignore_errors=True)


def _refuse_full_disk(work_dir: Path) -> None:
    if shutil.disk_usage(work_dir).free < _LITTLE:
        raise PipelineError(
            f"{work_dir}: No space left on device: the disk is full, so the warehouse was not built; "
            "the old one still stands. Make room and run again."
        )


@contextmanager
def _only_builder(work_dir: Path) -> Iterator[None]:
    """Hold the municipality's build lock; the system frees it also when this process is killed."""
    # a municipality whose lake was never made has no folder yet: the build then says what is missing
    work_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (work_dir / ".build.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PipelineError(
                f"{work_dir}: another run is building this warehouse; wait for it to end and run again"
            ) from error
        yield


def _build(
    settings: Settings,
    municipality_id: str,
    stage: Stage,
    only: tuple[str, ...],
    warehouse: Path,
    building: Path,
    built_from: BuiltFrom,
) -> tuple[NodeResult, ...]:
    shutil.rmtree(building.parent, ignore_errors=True)
    building.parent.mkdir(parents=True, mode=0o700)
    record = Record({})
    if stage == "marts" or only:
        if not warehouse.exists():
            raise PipelineError(
                f"{warehouse}: there is no warehouse to build {stage} on; materialise the core "
                "assets of this municipality first"
            )
        record = read_record(warehouse)
        shutil.copyfile(warehouse, building)
    results = _run(settings, municipality_id, stage, only, building, record, built_from)
    failed = [result for result in results if not result.passed]
    if failed:
        shutil.rmtree(building.parent, ignore_errors=True)
        raise PipelineError(_failure_text(municipality_id, failed))
    if building.with_name(building.name + ".wal").exists():
        raise PipelineError(f"{building}: dbt left an open transaction; the build is not used")
    building.chmod(0o600)
    # dbt writes in `.building` only: a log beside the warehouse is of some other file.
    warehouse.with_name(warehouse.name + ".wal").unlink(missing_ok=True)
    building.replace(warehouse)
    shutil.rmtree(building.parent, ignore_errors=True)
    return results


def _run(
    settings: Settings,
    municipality_id: str,
    stage: Stage,
    only: tuple[str, ...],
    building: Path,
    record: Record,
    built_from: BuiltFrom,
) -> tuple[NodeResult, ...]:
    path = manifest_path(settings)
    recipes = recipes_of(settings)
    built = set(only) or {one for one in recipes.nodes if recipes.stage(one) == stage}
    made_from = recipes.made_from(
        built_from.source, built=built, recorded=record.made_from(recipes)
    )
    selection = [unique_id.split(".")[-1] for unique_id in only] or SELECTION[stage].split()
    work_dir = settings.work_dir(municipality_id)
    result = invoke(
        settings,
        # the manifest is known and the results are returned: nothing to write per municipality
        [
            "build", "--select", *selection,
            "--target-path", str(work_dir / ".dbt"), "--no-write-json",
        ],
        environment={
            "PM_WAREHOUSE": str(building),
            "PM_WORK_DIR": str(work_dir),
            "PM_MUNICIPALITY": municipality_id,
            "PM_MADE_FROM": json.dumps({
                unique_id: comment_on(made_from[unique_id], recipes.tests(unique_id))
                for unique_id in sorted(built)
            }),
            "PM_DROPPED": json.dumps(
                what_goes(recipes, record, built, made_from, built_from)
                if stage == "core" else nobodys(recipes, record)
            ),
            **stamps(recipes, record, made_from, built_from),
        },
        manifest=read_manifest(path, path.stat().st_mtime_ns),
    )
    return tuple(
        NodeResult(
            unique_id=node.node.unique_id,
            status=str(node.status.value if hasattr(node.status, "value") else node.status),
            seconds=node.execution_time,
            message=node.message,
            failures=node.failures,
            recipe=made_from.get(node.node.unique_id),
        )
        for node in result.results
        if node.node.resource_type != "operation" or node.status == "error"
    )


def _failure_text(municipality_id: str, failed: list[NodeResult]) -> str:
    broken = [result for result in failed if result.status != "skipped"]
    lines = [
        f"{result.unique_id}: {result.status}"
        + (f" ({result.failures} rows)" if result.is_test and result.failures else "")
        + (f": {result.message}" if result.message and not result.is_test else "")
        for result in broken
    ]
    return (
        f"municipality {municipality_id}: dbt could not build the warehouse, the old one still "
        "stands:\n  " + "\n  ".join(lines)
    )
