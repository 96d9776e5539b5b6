"""The search for planted values: in every byte, every column, and in what Dagster packed."""

import json
import re
import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path

import duckdb

from pm_pipeline.synthetic.notes import NOTE_FRAGMENTS
from pm_pipeline.synthetic.people import _STAFF_LAST, SURNAMES
from tests.road.the_road import MUNICIPALITIES, Place, truth_of

# A planted name, address or note cannot be anywhere unless one of these is there too: few enough
# to be searched for in every byte.
ROOTS = (*SURNAMES, *_STAFF_LAST, *NOTE_FRAGMENTS, "eksempel.invalid")
# Letters of a word that no compressed or random bytes hold by chance.
_UNLIKELY = 6
_DIGITS = re.compile(rb"[0-9][0-9 -]{8,}[0-9]")


@dataclass(frozen=True)
class Planted:
    """What may be nowhere: numbers as ten digits, words in each way a file may write them."""

    numbers: frozenset[str]
    case_refs: frozenset[bytes]
    words: tuple[bytes, ...]

    def found_in(self, content: bytes) -> list[str]:
        """Kinds of planted values that ``content`` holds."""
        lowered = content.lower()
        found = ["a word" for word in self.words if word in lowered]
        found += ["a case number" for ref in _CASE_REF.findall(content) if ref in self.case_refs]
        for match in _DIGITS.finditer(content):
            digits = re.sub(rb"[ -]", b"", match.group()).decode()
            windows = {digits[at:at + 10] for at in range(len(digits) - 9)}
            found += ["a CPR number"] * len(windows & self.numbers)
        return found


_CASE_REF = re.compile(rb"(?:S|90[0-9]-)20[0-9]{2}-[0-9]{6}")


@lru_cache(maxsize=1)
def planted() -> Planted:
    """The canaries of every municipality of the demo."""
    truths = [truth_of(one) for one in MUNICIPALITIES]
    forms = {form for root in ROOTS for form in _forms(root)}
    return Planted(
        frozenset(number for truth in truths for number in truth.canaries.cprs),
        frozenset(
            case.case_ref.encode()
            for truth in truths if truth.system != "momentum" for case in truth.cases
        ),
        tuple(sorted(forms)),
    )


def _forms(word: str) -> Iterator[bytes]:
    """The longest part without Danish letters, which every encoding and escaping writes alike."""
    core = max(re.findall(r"[ -~]+", word), key=len)
    if len(core) >= _UNLIKELY:
        yield core.encode().lower()
        return
    for form in (word, word.lower()):
        yield form.encode().lower()
        yield form.encode("cp1252").lower()
        yield json.dumps(form)[1:-1].encode().lower()
        yield escape(form).encode("ascii", "xmlcharrefreplace").lower()


def files_of(place: Place) -> Iterator[Path]:
    """Every file under the data folder outside landing."""
    for path in sorted(place.data_dir.rglob("*")):
        if path.is_file() and not path.is_symlink() and "landing" not in path.parts:
            yield path


def columns_of(path: Path) -> Iterator[tuple[str, str]]:
    """Each column of a Parquet or DuckDB file as text: inside the file it is compressed."""
    if path.suffix == ".parquet":
        with duckdb.connect() as connection:
            yield from _texts(connection, f"read_parquet('{path}')")
    elif path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as connection:
            for schema, table in connection.execute(
                "select schema_name, table_name from duckdb_tables()"
            ).fetchall():
                yield from _texts(connection, f"{schema}.{table}")


def _texts(connection: duckdb.DuckDBPyConnection, relation: str) -> Iterator[tuple[str, str]]:
    rows = connection.execute(f"select distinct columns(*)::varchar from {relation}").fetchall()
    for column, values in enumerate(zip(*rows, strict=True)):
        yield f"{relation} column {column + 1}", "\n".join(str(value) for value in set(values))


def packed_in(path: Path) -> Iterator[bytes]:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        tables = connection.execute("select name from sqlite_master where type = 'table'")
        for (table,) in tables.fetchall():
            for row in connection.execute(f'select * from "{table}"'):
                for value in row:
                    if isinstance(value, bytes) and value[:1] == b"\x78":
                        yield zlib.decompress(value)
    connection.close()
