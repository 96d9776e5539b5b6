"""Several files written as one step: all of them, or none."""

import shutil
from collections.abc import Mapping
from pathlib import Path


def replace_all(files: Mapping[Path, bytes], done: Path) -> None:
    """Write every file and take the folder ``done`` away; when one step fails, all is as before."""
    former: dict[Path, bytes | None] = {}
    away = done.with_name(f".{done.name}.adopted")
    try:
        for path, text in files.items():
            former[path] = path.read_bytes() if path.exists() else None
            write_whole(path, text)
        done.replace(away)
    except BaseException:
        for path, before in former.items():
            if before is None:
                path.unlink(missing_ok=True)
            else:
                write_whole(path, before)
        raise
    shutil.rmtree(away)


def write_whole(path: Path, text: bytes) -> None:
    """In one rename: a reader sees the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    being_written = path.with_name(f".{path.name}.adopting")
    try:
        being_written.write_bytes(text)
        if path.exists():
            shutil.copymode(path, being_written)
        being_written.replace(path)
    finally:
        being_written.unlink(missing_ok=True)
