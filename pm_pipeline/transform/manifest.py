"""The parsed dbt project: made once, read by every municipality's run.

Parsing costs seconds and depends on nothing but files, so it is repeated only when a file changed.
"""

import fcntl
import hashlib
import os
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from pm_pipeline.errors import PipelineError
from pm_pipeline.settings import Settings

_STAMP = "manifest.stamp"


def dbt_files(settings: Settings) -> Iterator[Path]:
    """Every file that dbt's parse depends on, in a fixed order."""
    project = settings.dbt_project_dir
    roots = [
        *(project / name for name in ("models", "macros", "tests", "detectors")), settings.seeds_dir
    ]
    yield project / "dbt_project.yml"
    yield project / "profiles.yml"
    for root in roots:
        yield from sorted(
            path for path in root.rglob("*") if path.suffix in {".sql", ".yml", ".csv", ".yaml"}
        )


def _stamp(settings: Settings) -> str:
    digest = hashlib.sha256(f"{sys.version_info}|{settings.seeds_dir}".encode())
    for path in dbt_files(settings):
        digest.update(str(path).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def manifest_path(settings: Settings) -> Path:
    """The manifest of this project and these seeds, parsed now if a file changed since.

    Raises:
        PipelineError: dbt cannot parse the project; the message is dbt's own.
    """
    target = settings.dbt_dir / "target"
    path, stamp_path = target / "manifest.json", target / _STAMP
    stamp = _stamp(settings)
    target.mkdir(parents=True, exist_ok=True)
    # two workers that find the project edited must not both write into the one folder
    with (settings.dbt_dir / ".parse.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if path.exists() and stamp_path.exists() and stamp_path.read_text() == stamp:
            return path
        stamp_path.unlink(missing_ok=True)
        invoke(settings, ["parse", "--target-path", str(target)], environment={})
        stamp_path.write_text(stamp)
    return path


@lru_cache(maxsize=2)
def read_manifest(path: Path, mtime_ns: int) -> Any:
    """dbt's manifest object; ``mtime_ns`` makes an edited project a new one.

    It is read from dbt's own parse cache beside ``manifest.json``: the JSON, read back, loses the
    type of generic tests (dbt-core 1.11), which then do not compile.
    """
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    packed = path.with_name("partial_parse.msgpack").read_bytes()
    manifest = Manifest.from_msgpack(packed, decoder=extended_mashumuro_decoder)
    manifest.build_flat_graph()  # type: ignore[no-untyped-call]
    return manifest


def _forget_compiled(manifest: Any) -> None:
    """Let a manifest that a command has used compile anew.

    dbt marks a model into which ephemeral ones were put, and does not put them in a second time: the
    next municipality's SQL would lack them.
    """
    for node in manifest.nodes.values():
        if getattr(node, "extra_ctes_injected", False):
            node.extra_ctes_injected = False
            node.extra_ctes = []
            node.compiled = False
            node.compiled_code = None


def environment_of(settings: Settings) -> dict[str, str]:
    """The variables of every dbt command; none of them names a municipality."""
    return {
        "PM_DBT_SEEDS": os.path.relpath(settings.seeds_dir, settings.dbt_project_dir),
        "PM_THREADS": str(settings.threads),
        "PM_MEMORY_LIMIT": settings.memory_limit,
        "PM_MIN_GROUP_SIZE": str(settings.min_group_size),
    }


def invoke(
    settings: Settings,
    arguments: list[str],
    *,
    environment: dict[str, str],
    manifest: Any = None,
) -> Any:
    """Run one dbt command in this process and return its result object.

    ``environment`` holds the variables that name the municipality's warehouse and folder; they are
    set for this command only.

    Raises:
        PipelineError: dbt could not run the command, or a model or test failed.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    if manifest is not None:
        _forget_compiled(manifest)
    variables = {**environment_of(settings), "DO_NOT_TRACK": "1", **environment}
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        result = dbtRunner(manifest=manifest).invoke([
            *arguments,
            "--project-dir", str(settings.dbt_project_dir),
            "--profiles-dir", str(settings.dbt_project_dir),
            "--log-path", str(settings.dbt_dir / "logs"),
            "--quiet",
            "--no-use-colors",
            "--no-partial-parse",
            # errors come back as results; dbt's debug log only repeats them, at a cost
            "--log-level-file", "warn",
        ])
    finally:
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
    if result.exception is not None:
        raise PipelineError(f"dbt {arguments[0]}: {result.exception}") from result.exception
    return result.result
