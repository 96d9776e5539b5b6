"""The same table in every format gives the same rows in the lake."""

import csv
import io
import json
import random
import sqlite3
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from format_files import CPR, HEADER, NAME, NOTE, ROWS, STAFF, contract, sheet
from ingest_files import Town

from pm_pipeline.ingest.contract.model import Contract
from pm_pipeline.ingest.extraction.extract import extract
from pm_pipeline.ingest.rejects.reasons import RefusedError

Row = Sequence[Any]
# What differs by nature: where a row came from, and when.
PLACE = ("delivery_id", "delivered_on", "received_at", "source_file", "source_row")
LIST_TYPES = (pa.string(), pa.string(), pa.string(), pa.timestamp("us"), pa.date32(),
              pa.decimal128(18, 4), pa.int64(), pa.bool_(), pa.string(), pa.string(), pa.string())


def table_of(n: int, seed: int = 7) -> list[Row]:
    """Rows with everything that a format may change on the way, nothing where it may be missing."""
    chance = random.Random(seed)
    words = ("Samtale", "Møde æøå ÆØÅ", 'med "citat"', "to\nlinjer", "semi;kolon", "0101", "1E5",
             "NA", "true", "2024-03-01", "=1+1", "é€😀", "'7")
    rows: list[Row] = [*ROWS]
    for number in range(n):
        def maybe(value: Any) -> Any:
            return value if chance.random() > 0.2 else None

        moment = datetime(2019, 1, 1) + timedelta(seconds=chance.randrange(200_000_000))
        rows.append((
            f"r{number}", f"{61 + number % 31}0180-{chance.randrange(10_000):04d}",
            maybe(chance.choice(words)), maybe(moment), maybe(moment.date()),
            maybe(Decimal(chance.randrange(-10**9, 10**9)) / 10**4),
            maybe(chance.randrange(-99, 10**9)), maybe(chance.random() > 0.5),
            maybe(chance.choice((STAFF, "RPA-1"))), maybe(NOTE), maybe(NAME),
        ))
    return rows


def plain(value: Any) -> Any:
    """A value as JSON and SQLite have it: dates as text."""
    return value.isoformat() if isinstance(value, date) else (
        float(value) if isinstance(value, Decimal) else value)


def as_csv(rows: Sequence[Row], _: Path) -> bytes:
    def text(value: Any) -> Any:
        if isinstance(value, Decimal):
            return str(value).replace(".", ",")
        return ("ja" if value else "nej") if isinstance(value, bool) else plain(value)

    memory = io.StringIO()
    writer = csv.writer(memory, delimiter=";")
    writer.writerows([HEADER, *[[text(value) for value in row] for row in rows]])
    return memory.getvalue().encode()


def as_xlsx(rows: Sequence[Row], _: Path) -> bytes:
    def as_text(ws: Any) -> None:
        for row in ws.iter_rows(min_row=2):
            if isinstance(row[2].value, str) and row[2].value.startswith("="):
                row[2].data_type = "s"  # typed by a person as text, and not as a formula

    return sheet(rows, change=as_text)


def as_parquet(rows: Sequence[Row], _: Path) -> bytes:
    """A column that holds a text where its type has none is a column of texts."""
    arrays = []
    for values, kind in zip(zip(*rows, strict=True), LIST_TYPES, strict=True):
        if kind != pa.string() and any(isinstance(value, str) for value in values):
            texts = [None if v is None else str(plain(v)).replace(".", ",") for v in values]
            arrays.append(pa.array(texts, pa.string()))
        else:
            arrays.append(pa.array(list(values), kind))
    memory = io.BytesIO()
    pq.write_table(pa.table(arrays, names=list(HEADER)), memory)
    return memory.getvalue()


def records(rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [dict(zip(HEADER, map(plain, row), strict=True)) for row in rows]


def as_json(rows: Sequence[Row], _: Path) -> bytes:
    return json.dumps(records(rows)).encode()


def as_lines(rows: Sequence[Row], _: Path) -> bytes:
    return "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records(rows)).encode()


def as_database(rows: Sequence[Row], folder: Path) -> bytes:
    path = folder / "source.db"
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as database:
        columns = ", ".join(f'"{name}"' for name in HEADER)
        database.execute(f"CREATE TABLE t ({columns})")
        marks = ", ".join("?" * len(HEADER))
        database.executemany(
            f"INSERT INTO t VALUES ({marks})", [[plain(value) for value in row] for row in rows]
        )
    database.close()
    address = folder / "database.url"
    address.write_text(f"sqlite:///{path}")
    address.chmod(0o600)
    [one] = extract(agreed(folder, "database"), address, folder)
    return one.path.read_bytes()


FORMATS: dict[str, tuple[str, Callable[[Sequence[Row], Path], bytes]]] = {
    "csv": ("events.csv", as_csv), "xlsx": ("events.xlsx", as_xlsx),
    "parquet": ("events.parquet", as_parquet), "json": ("events.json", as_json),
    "jsonl": ("events.jsonl", as_lines), "database": ("events.parquet", as_database),
}


def agreed(folder: Path, format_: str) -> Contract:
    # A kept text that looks like a number, a date or a formula must stay that text.
    change = ("aliases: [Aktivitet], type: code", "aliases: [Aktivitet], type: text")
    return contract(folder, format_, change, part="t" if format_ == "database" else None)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """The lake's rows by format, under one key."""
    town = Town(tmp_path_factory.mktemp("town"))
    rows, found = table_of(400), {}
    for day, (format_, (name, write)) in enumerate(FORMATS.items(), start=1):
        file = town.file(name, write(rows, town.root))
        report = town.load(agreed(town.root, format_), file, day=day)
        assert (report.rows_in_file, report.rows_loaded, report.rows_rejected) == (403, 403, 0)
        found[format_] = [
            {k: v for k, v in row.items() if k not in PLACE}
            for row in town.rows("small", "events") if row["delivered_on"].day == day
        ]
    assert town.rejects() == []
    return found


@pytest.mark.parametrize("format_", [name for name in FORMATS if name != "csv"])
def test_a_format_gives_the_rows_that_csv_gives(
    tables: dict[str, list[dict[str, Any]]], format_: str
) -> None:
    assert len(tables[format_]) == 403
    for mine, other in zip(tables[format_], tables["csv"], strict=True):
        assert mine == other


@pytest.mark.parametrize("format_", [name for name in FORMATS if name != "database"])
@pytest.mark.parametrize(("column", "value", "reason"), [
    (1, "6101809753x", "CPR_FORMAT"), (1, f"{CPR} {NAME}", "CPR_FORMAT"), (3, NAME, "DATE_FORMAT"),
    (5, CPR, "NUMBER_FORMAT"), (6, NAME, "NUMBER_FORMAT"), (7, NAME, "BOOLEAN_FORMAT"),
    (2, f"Ring til {CPR}", "PERSONAL_DATA"), (2, "x" * 201, "TOO_LONG"),
])
def test_a_format_rejects_what_csv_rejects_and_tells_no_value(
    town: Town, format_: str, column: int, value: str, reason: str
) -> None:
    rows = [list(row) for row in table_of(40)]
    rows[7][column] = value
    name, write = FORMATS[format_]
    town.load(agreed(town.root, format_), town.file(name, write(rows, town.root)))
    [reject] = town.rejects()
    # An ordinal where a format has records; a header, and lines within values, where it has lines.
    places = {"json": 8, "jsonl": 8, "parquet": 8, "xlsx": 9, "csv": reject["source_row"]}
    assert (reject["reason"], reject["source_row"]) == (reason, places[format_])
    told = str(reject)
    assert not any(word in told for word in (CPR, NAME, "6101809753", NOTE, STAFF))


@pytest.mark.parametrize("format_", list(FORMATS))
def test_nothing_personal_reaches_the_lake_from_any_format(town: Town, format_: str) -> None:
    name, write = FORMATS[format_]
    town.load(agreed(town.root, format_), town.file(name, write(table_of(60), town.root)))
    everything = b"".join(path.read_bytes() for path in town.lake.rglob("*") if path.is_file())
    rows = str(town.rows("small", "events")).encode()
    for secret in (CPR, CPR.replace("-", ""), NAME, STAFF, NOTE, "0180-"):
        assert secret.encode() not in everything + rows


@pytest.mark.parametrize("format_", [name for name in FORMATS if name != "database"])
def test_a_file_of_one_format_under_the_name_of_another_is_refused_by_its_content(
    town: Town, format_: str
) -> None:
    for other, (_, write) in FORMATS.items():
        if other in (format_, "database") or {format_, other} == {"json", "jsonl"}:
            continue
        file = town.file(FORMATS[format_][0], write(table_of(3), town.root))
        with pytest.raises(RefusedError) as caught:
            town.load(agreed(town.root, format_), file)
        assert caught.value.code in (
            "WRONG_TYPE", "NOT_JSON", "HEADER_MISMATCH", "BAD_HEADER", "TOO_MANY_REJECTS"
        )
        assert not any(word in str(caught.value) for word in (CPR, NAME, STAFF, NOTE))


@pytest.mark.parametrize("format_", ["csv", "xlsx", "parquet"])
def test_an_optional_column_that_was_not_delivered_is_named_in_every_format(
    format_: str, town: Town
) -> None:
    header, rows = HEADER[:4], [row[:4] for row in ROWS]
    path = town.root / f"events.{format_}"
    if format_ == "parquet":
        columns = [pa.array(values, kind) for values, kind in zip(
            zip(*rows, strict=True), LIST_TYPES[:4], strict=True
        )]
        pq.write_table(pa.table(columns, names=list(header)), path)
    elif format_ == "xlsx":
        path.write_bytes(sheet(rows, header))
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows([header, *rows])
    (report,) = town.load(contract(town.root, format_), path).files
    assert report.absent_columns == "due_on, hours, talks, is_closed, created_by, note"
