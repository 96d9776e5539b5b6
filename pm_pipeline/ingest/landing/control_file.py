"""A sender's control file: what the sender says was sent, so that a file cut at a line end is seen.

Its form is fixed: UTF-8, semicolons, the header ``file;rows;size_bytes;sha256``, one line per other
file of the delivery; ``rows`` (without header and footer), ``size_bytes`` and ``sha256`` may each be
empty, but not all three. Sizes and hashes are those of the file as it is sent, packed or not.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pm_pipeline.ingest.contract.model import Contract
from pm_pipeline.ingest.landing.files import file_sha256
from pm_pipeline.ingest.rejects.reasons import Refusal, RefusedError

HEADER = ("file", "rows", "size_bytes", "sha256")
_MAX_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Statement:
    """One line of a control file; None where the sender says nothing."""

    file: str
    rows: int | None
    size_bytes: int | None
    sha256: str | None
    where: str


def control_problems(
    contract: Contract, paths: Sequence[Path], rows: Mapping[str, int] | None = None, *,
    hashes: Mapping[str, str], whole: bool = True,
) -> list[RefusedError]:
    """Everything in which the files differ from what their sender says; empty without a control file.

    ``rows``: records by file name where they were counted already; without it only names, sizes
    and hashes are compared. ``hashes``: sha256 by file name, as far as known; a file is read for its
    own only where it is stated and not known. ``whole``: the files are the whole delivery.
    TRUNCATED for a file that is not as stated, MISSING_TABLE for one that was not delivered (or for
    the control file itself), UNKNOWN_FILE for one the control file does not name, CONTROL_FILE for
    one that cannot be read.
    """
    if contract.control_file is None:
        return []
    controls = [path for path in paths if contract.is_control(path.name)]
    if not controls:
        return [RefusedError(
            Refusal.MISSING_TABLE, f"delivery of {contract.system}",
            f"expected the control file ({contract.control_file}), found none. Deliver it with the "
            "files.",
        )] if whole else []
    try:
        statements = [one for path in controls for one in read_control(path)]
    except RefusedError as refused:
        return [refused]
    files = {path.name.casefold(): path for path in paths if path not in controls}
    found = _names_apart(statements, files, whole)
    for one in statements:
        path = files.get(one.file.casefold())
        if path is not None:
            found.extend(_differences(one, path, rows, hashes))
    return found


def read_control(path: Path) -> list[Statement]:
    """The lines of a control file. Raises RefusedError CONTROL_FILE for another form."""
    name = path.name
    with path.open("rb") as file:
        content = file.read(_MAX_BYTES + 1)
    if len(content) > _MAX_BYTES:
        raise _no_control(name, "more than 1 MB")
    try:
        text = content.decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise _no_control(name, "no text in UTF-8 with semicolons") from None
    if not lines or tuple(field.strip().casefold() for field in lines[0]) != HEADER:
        raise _no_control(f"{name}, line 1", "another header")
    statements = [
        _statement(fields, f"{name}, line {number}")
        for number, fields in enumerate(lines[1:], start=2) if fields
    ]
    names = [one.file.casefold() for one in statements]
    for one in statements:
        if names.count(one.file.casefold()) > 1:
            raise _no_control(one.where, "the same file twice")
    return statements


def _statement(fields: list[str], where: str) -> Statement:
    if len(fields) != len(HEADER):
        raise _no_control(where, f"{len(fields)} fields")
    file, rows, size, digest = (field.strip() for field in fields)
    for column, value, pattern in (
        ("file", file, r".+"), ("rows", rows, r"[0-9]{0,15}"), ("size_bytes", size, r"[0-9]{0,15}"),
        ("sha256", digest, r"([0-9A-Fa-f]{64})?"),
    ):
        if not re.fullmatch(pattern, value):
            raise _no_control(f"{where}, column {column}", "a value of another form")
    if not (rows or size or digest):
        raise _no_control(where, "neither rows, size nor hash")
    return Statement(
        file, int(rows) if rows else None, int(size) if size else None, digest.lower() or None, where
    )


def _names_apart(
    statements: Sequence[Statement], files: Mapping[str, Path], whole: bool
) -> list[RefusedError]:
    """Files that were stated and not delivered, or delivered and not stated."""
    stated = {one.file.casefold(): one for one in statements}
    missing = [one for name, one in stated.items() if name not in files] if whole else []
    return [
        *(RefusedError(
            Refusal.MISSING_TABLE, one.where,
            "the file it names was not delivered. Deliver the files together.",
        ) for one in missing),
        *(RefusedError(
            Refusal.UNKNOWN_FILE, path.name,
            "the control file does not name this file. Deliver it with a line of its own.",
        ) for name, path in files.items() if name not in stated),
    ]


def _differences(
    stated: Statement, path: Path, rows: Mapping[str, int] | None, hashes: Mapping[str, str]
) -> list[RefusedError]:
    size, found = path.stat().st_size, []
    if stated.size_bytes is not None and stated.size_bytes != size:
        found.append(f"{stated.size_bytes} bytes, the file has {size}")
    elif stated.sha256 is not None and stated.sha256 != (
        hashes.get(path.name) or file_sha256(path)
    ):
        found.append("another sha256 than the file has")
    if rows is not None and stated.rows is not None and rows.get(path.name) not in (
        None, stated.rows
    ):
        found.append(f"{stated.rows} rows, the file has {rows[path.name]}")
    return [
        RefusedError(
            Refusal.TRUNCATED, path.name,
            f"the control file ({stated.where}) says {what}. Deliver the whole file again.",
        )
        for what in found
    ]


def _no_control(where: str, found: str) -> RefusedError:
    return RefusedError(
        Refusal.CONTROL_FILE, where,
        f"expected a control file ({';'.join(HEADER)}), found {found}. Deliver it again.",
    )
