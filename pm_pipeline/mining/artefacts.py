"""Files of models and maps under the id of what they were made from.

Same input, same id: what is there and whole is used again. Old ids stay, so that the model from
before a change can be compared with the one after it.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

SUMMARY = "summary.json"

# Part of every id. Raise it when a change of this package gives other files for the same input.
FORMAT = 1


def content_id(**parts: Any) -> str:
    """A short id (20 hex digits of SHA-256) of everything a result depends on."""
    text = json.dumps({"format": FORMAT, **parts}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def write(folder: Path, files: Mapping[str, str], summary: Mapping[str, Any]) -> None:
    """Write ``files`` and, last, a summary with their hashes; each appears whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        _write_whole(folder / name, text)
    content = {**summary, "sha256": {name: _sha256(text) for name, text in files.items()}}
    text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True)
    _write_whole(folder / SUMMARY, text + "\n")


def read(folder: Path) -> dict[str, Any] | None:
    """The summary of a folder whose files are all there and unchanged; None when they are not.

    None means: make it (again). A run that was killed half-way and a file that someone edited end
    here both.
    """
    try:
        summary: dict[str, Any] = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
        files = {
            name: (folder / name).read_bytes().decode(errors="replace")
            for name in summary["sha256"]
        }
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    intact = all(_sha256(files[name]) == wanted for name, wanted in summary["sha256"].items())
    return summary if intact else None


def replace_whole(path: Path, write_to: Callable[[Path], object]) -> None:
    """Call ``write_to(temporary path)`` and move the result to ``path`` in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{uuid4().hex}.tmp")
    try:
        write_to(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _write_whole(path: Path, text: str) -> None:
    replace_whole(path, lambda temporary: temporary.write_bytes(text.encode()))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
