"""The last look at a candidate: reads the files themselves and says what may not leave.

It trusts nothing that built them: the rules of the allow-list are asked again of what is on disk.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pm_pipeline.errors import PipelineError
from pm_pipeline.publish.database import (
    DATABASE_FILE,
    MODELS_DIR,
    PARQUET_DIR,
    Candidate,
)
from pm_pipeline.publish.disclosure import (
    MASK_FLAG,
    mask_conditions,
    require_permitted_group,
    safe_row,
)
from pm_pipeline.publish.documentation import PUBLICATION_TABLES
from pm_pipeline.publish.policy import FORBIDDEN_COLUMNS, PUBLISHED_TABLES
from pm_pipeline.publish.receipts import RECEIPT_FILE
from pm_pipeline.publish.subtraction import remainder_sql

_STORAGE_VERSION = 64  # DuckDB 1.0 to 1.1; the number stands after the word DUCK in the header
# Read by DuckDB (RE2) and Python alike. Ten digits inside a hash are none, hence the hex letters
# on both sides; days 61-91 are replacement numbers.
TEXT_RULES = {
    "CPR-like number": (
        r"(^|[^0-9a-f])([0-9]{6}[- ][0-9]{4}|(0[1-9]|[12][0-9]|3[01]|[6-9][0-9])[0-9]{8})"
        r"([^0-9a-f]|$)"
    ),
    "pseudonym": r"(^|[^0-9A-Fa-f])[0-9A-Fa-f]{32}([^0-9A-Fa-f]|$)",
    "path of a machine": (
        r"(^|[\s\"'(=>])(file://)?(/(home|Users|root|tmp|var|mnt|srv|opt|data|work)/"
        r"|[A-Za-z]:\\)"
    ),
}


@dataclass(frozen=True)
class Finding:
    """One reason not to publish. ``place`` is a table, table.column or file; never a value."""

    rule: str
    place: str
    detail: str

    def __str__(self) -> str:
        return f"{self.place}: {self.rule}: {self.detail}"


def check_candidate(candidate: Candidate, min_group_size: int) -> list[Finding]:
    """Everything that forbids publishing ``candidate``; an empty list lets it pass.

    Raises:
        PipelineError: the minimum group is below the floor, or the candidate cannot be read.
    """
    k = require_permitted_group(min_group_size)
    findings = [*_storage_findings(candidate), *_file_findings(candidate)]
    try:
        with duckdb.connect(str(candidate.database), read_only=True) as connection:
            findings += _database_findings(connection, candidate, k)
    except duckdb.Error as error:
        raise PipelineError(
            f"{candidate.path}: the candidate cannot be read back ({type(error).__name__}); "
            "publish again"
        ) from error
    return findings


def refuse_findings(candidate: Candidate, findings: list[Finding]) -> None:
    """Raise when there are findings, naming each.

    Raises:
        PipelineError: the candidate may not be published.
    """
    if findings:
        listed = "; ".join(str(finding) for finding in findings)
        raise PipelineError(
            f"municipality {candidate.municipality_id}: not published, {len(findings)} "
            f"finding(s): {listed}. What was published before stays"
        )


def _database_findings(
    connection: duckdb.DuckDBPyConnection, candidate: Candidate, k: int
) -> Iterator[Finding]:
    columns = connection.execute(
        "select table_name, list(column_name order by column_index),"
        " list(column_name order by column_index) filter (where data_type = 'VARCHAR')"
        " from duckdb_columns() where not internal group by all order by all"
    ).fetchall()
    expected = {
        **{name: (*table.columns, MASK_FLAG) for name, table in PUBLISHED_TABLES.items()},
        **PUBLICATION_TABLES,
    }
    for name in sorted(expected.keys() - {row[0] for row in columns}):
        yield Finding("missing table", name, "on the allow-list but not in the candidate")
    for name, found, texts in columns:
        if name not in expected:
            yield Finding("unlisted table", name, "not on the allow-list")
            continue
        if tuple(found) != expected[name]:
            extra = ", ".join(sorted(set(found) ^ set(expected[name]))) or "their order"
            yield Finding("unlisted column", name, f"differs from the allow-list: {extra}")
            continue
        for column in found:
            if any(column == bad or column.endswith(f"_{bad}") for bad in FORBIDDEN_COLUMNS):
                yield Finding("identifier", f"{name}.{column}", "columns of this name single out")
        yield from _small_groups(connection, name, k)
        yield from _unsafe_texts(connection, name, texts or [])
        yield from _parquet_findings(connection, candidate, name)


def _small_groups(connection: duckdb.DuckDBPyConnection, name: str, k: int) -> Iterator[Finding]:
    table = PUBLISHED_TABLES.get(name)
    if table is None:
        return
    conditions = {name: f"not {safe_row(table, k)}"} | {
        f"{name}.{column}": f"{column} is not null and {condition}"
        for column, condition in mask_conditions(table, k).items()
    }
    for place, hits in _hits(connection, name, conditions):
        yield Finding("small group", place, f"{hits} row(s) about fewer than {k} citizens")
    if table.slices is None:
        return
    for part in table.parts:
        groups = connection.execute(remainder_sql(table, table.slices, part, k)).fetchall()[0][0]
        if groups:
            detail = f"{groups} group(s) of {table.slices.total} less their rows here: under {k} cases"
            yield Finding("small remainder", f"{name}.{part.count}", detail)


def _unsafe_texts(
    connection: duckdb.DuckDBPyConnection, name: str, columns: list[str]
) -> Iterator[Finding]:
    for rule, pattern in TEXT_RULES.items():
        quoted = pattern.replace("'", "''")
        conditions = {
            f"{name}.{column}": f"regexp_matches({column}, '{quoted}')" for column in columns
        }
        for place, hits in _hits(connection, name, conditions):
            yield Finding(rule, place, f"{hits} row(s)")


def _hits(
    connection: duckdb.DuckDBPyConnection, name: str, conditions: Mapping[str, str]
) -> Iterator[tuple[str, int]]:
    """The conditions that rows of a table meet, and how many do: one pass over the table."""
    if not conditions:
        return
    counts = ", ".join(f"count(*) filter (where {condition})" for condition in conditions.values())
    found = connection.execute(f"select {counts} from {name}").fetchall()[0]
    for place, hits in zip(conditions, found, strict=True):
        if hits:
            yield place, hits


def _parquet_findings(
    connection: duckdb.DuckDBPyConnection, candidate: Candidate, name: str
) -> Iterator[Finding]:
    path = candidate.parquet_dir / f"{name}.parquet"
    if not path.is_file():
        yield Finding("missing file", f"{PARQUET_DIR}/{path.name}", "the table has no Parquet file")
        return
    parquet = "read_parquet('" + str(path).replace("'", "''") + "')"
    # Sum of row hashes: the same rows, in whatever order, with the same columns.
    contents = [
        (
            connection.execute(f"describe {relation}").fetchall(),
            connection.execute(
                f"select count(*), sum(hash(each_row)::hugeint) {relation} as each_row"
            ).fetchall(),
        )
        for relation in (f"from {name}", f"from {parquet}")
    ]
    if contents[0] != contents[1]:
        yield Finding(
            "differing file",
            f"{PARQUET_DIR}/{path.name}",
            f"the columns or rows are not the same as in {DATABASE_FILE}",
        )


def _file_findings(candidate: Candidate) -> Iterator[Finding]:
    known = {f"{PARQUET_DIR}/{name}.parquet" for name in (*PUBLISHED_TABLES, *PUBLICATION_TABLES)}
    known |= {DATABASE_FILE, RECEIPT_FILE}
    for path in sorted(candidate.path.rglob("*")):
        name = path.relative_to(candidate.path).as_posix()
        if path.is_dir() or name in known - {RECEIPT_FILE}:
            continue
        is_model = path.parent == candidate.path / MODELS_DIR
        if path.is_symlink() or (name != RECEIPT_FILE and not is_model):
            yield Finding("unlisted file", name, "nothing that a publication holds")
            continue
        yield from _unsafe_file(path, name)


def _unsafe_file(path: Path, name: str) -> Iterator[Finding]:
    text = path.read_text("utf-8", errors="replace")
    for rule, pattern in TEXT_RULES.items():
        hits = len(re.findall(pattern, text))
        if hits:
            yield Finding(rule, name, f"{hits} place(s)")


def _storage_findings(candidate: Candidate) -> Iterator[Finding]:
    try:
        with candidate.database.open("rb") as stream:
            header = stream.read(20)
    except FileNotFoundError as error:
        raise PipelineError(f"{candidate.database}: the candidate has no database") from error
    version = int.from_bytes(header[12:20], "little")
    if header[8:12] != b"DUCK" or version != _STORAGE_VERSION:
        yield Finding(
            "storage version",
            DATABASE_FILE,
            f"expected {_STORAGE_VERSION}, which older DuckDB clients read, found {version}",
        )
