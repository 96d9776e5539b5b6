"""Search files for what looks like a person's number: counts and places, never a value.

Parquet and DuckDB files are read column by column, because their text is compressed; their bytes
are searched as well, because rows deleted from a DuckDB file stay in it until it is rebuilt (what
was deleted and stood there compressed cannot be seen: rebuild the file to be rid of it). All other
files are searched as bytes, ``.gz`` ones unpacked. Numbers in columns of numbers are not looked at.
"""

import gzip
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pm_pipeline.errors import PipelineError

if TYPE_CHECKING:
    import duckdb

# Ten digits, with or without a hyphen or space after the sixth, standing alone: not inside a longer
# number, a hash or a decimal fraction. No test of the date: replacement numbers have day + 60, and
# test numbers have impossible dates on purpose. Without the hyphen the first four digits must be
# a day and month though, or every epoch second would be a person.
_DAY_MONTH = r"(?:[0-2][0-9]|3[01]|[67][0-9]|8[0-9]|9[01])(?:0[1-9]|1[0-2])"
_NUMBER = rf"(?:[0-9]{{6}}[- ][0-9]{{4}}|{_DAY_MONTH}[0-9]{{6}})"
_BYTES = re.compile(rf"(?<![0-9A-Za-z_.,]){_NUMBER}(?![0-9A-Za-z_])".encode())
# RE2 (DuckDB) has no look-around.
_SQL = rf"(^|[^0-9A-Za-z_.,]){_NUMBER}($|[^0-9A-Za-z_])"

_CHUNK = 1 << 22
_OVERLAP = 256
PERSON_NUMBER = "person_number"
FORBIDDEN_WORD = "forbidden_word"


@dataclass(frozen=True)
class Hit:
    """Something personal was found: where, what kind, how often. ``place`` is a column
    (``table.column``) or ``bytes``."""

    path: Path
    place: str
    kind: str
    count: int


def scan_tree(
    root: Path, exclude: Sequence[Path] = (), forbidden_words: Sequence[str] = ()
) -> list[Hit]:
    """Search ``root`` (a file, or a folder with all below it) and name every place with a hit.

    ``exclude``: files or folders left out. ``forbidden_words``: names or planted values that may
    not be found either; matched in any case.

    Raises:
        PipelineError: ``root`` does not exist, or a file cannot be read (unread is not clean).
    """
    if not root.exists():
        raise PipelineError(f"{root}: nothing to search; expected a file or folder")
    hits: list[Hit] = []
    for path in sorted([root] if root.is_file() else root.rglob("*")):
        left_out = any(path == one or one in path.parents for one in exclude)
        if path.is_file() and not left_out:
            hits += _scan_file(path, forbidden_words)
    return hits


def _scan_file(path: Path, words: Sequence[str]) -> Iterator[Hit]:
    if path.suffix == ".parquet":
        yield from _scan_parquet(path, words)
    elif path.suffix in (".duckdb", ".db") and _is_duckdb(path):
        yield from _scan_duckdb(path, words)
    yield from _scan_bytes(path, words)


def _is_duckdb(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(12)[8:] == b"DUCK"


def _scan_parquet(path: Path, words: Sequence[str]) -> Iterator[Hit]:
    import duckdb

    with duckdb.connect() as connection:
        try:
            relation = f"read_parquet({_quoted(str(path), chr(39))})"
            yield from _scan_relation(connection, path, relation, "", words)
        except duckdb.Error as error:
            # The text of the error may hold values: only its class goes out.
            raise PipelineError(f"{path}: cannot be searched ({type(error).__name__})") from None


def _scan_duckdb(path: Path, words: Sequence[str]) -> Iterator[Hit]:
    import duckdb

    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            tables = connection.execute(
                "select table_schema, table_name from information_schema.tables"
                " where table_type = 'BASE TABLE' order by all"
            ).fetchall()
            for schema, table in tables:
                relation = f"{_quoted(schema)}.{_quoted(table)}"
                prefix = f"{schema}.{table}."
                yield from _scan_relation(connection, path, relation, prefix, words)
    except duckdb.Error as error:
        raise PipelineError(f"{path}: cannot be searched ({type(error).__name__})") from None


def _scan_relation(
    connection: "duckdb.DuckDBPyConnection",
    path: Path,
    relation: str,
    prefix: str,
    words: Sequence[str],
) -> Iterator[Hit]:
    """One pass over a table, all its columns that can hold text (lists and structs as text)."""
    described = connection.execute(f"describe select * from {relation}").fetchall()
    columns = [name for name, type_name, *_ in described if _holds_text(type_name)]
    if not columns:
        return
    patterns = [(PERSON_NUMBER, _SQL)]
    patterns += [(FORBIDDEN_WORD, f"(?i){re.escape(word)}") for word in words]
    wanted = [(column, kind, pattern) for column in columns for kind, pattern in patterns]
    counts = ", ".join(
        f"count(*) filter (where regexp_matches(cast({_quoted(column)} as varchar), ?))"
        for column, _, _ in wanted
    )
    found = connection.execute(
        f"select {counts} from {relation}", [pattern for _, _, pattern in wanted]
    ).fetchone()
    assert found is not None  # an aggregate without group by always gives one row
    for (column, kind, _), count in zip(wanted, found, strict=True):
        if count:
            yield Hit(path, f"{prefix}{column}", kind, count)


def _holds_text(type_name: str) -> bool:
    return any(word in type_name for word in ("VARCHAR", "JSON", "BLOB", "ENUM"))


def _quoted(name: str, mark: str = '"') -> str:
    return mark + name.replace(mark, mark * 2) + mark


def _scan_bytes(path: Path, words: Sequence[str]) -> Iterator[Hit]:
    patterns = [(PERSON_NUMBER, _BYTES)]
    patterns += [
        (FORBIDDEN_WORD, re.compile(re.escape(word.encode()), re.IGNORECASE)) for word in words
    ]
    counts = [0] * len(patterns)
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            for piece, first_end, last_end in _pieces(file):
                for number, (_, pattern) in enumerate(patterns):
                    counts[number] += sum(
                        first_end <= match.end() < last_end for match in pattern.finditer(piece)
                    )
    except (OSError, EOFError) as error:
        raise PipelineError(f"{path}: cannot be searched ({type(error).__name__})") from None
    for (kind, _), count in zip(patterns, counts, strict=True):
        if count:
            yield Hit(path, "bytes", kind, count)


def _pieces(file: "BinaryIO | gzip.GzipFile") -> Iterator[tuple[bytes, int, int]]:
    """Pieces of a file that overlap, so that nothing is cut in two.

    With each piece, the range its matches must end in to be counted with it. A match at the very
    end of a piece waits for the next one, which shows what follows it.
    """
    tail, block = b"", file.read(_CHUNK)
    first_end = 0
    while block:
        piece, following = tail + block, file.read(_CHUNK)
        yield piece, first_end, len(piece) + (not following)
        tail, block = piece[-_OVERLAP:], following
        first_end = len(tail)
