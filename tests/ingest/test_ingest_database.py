"""Tables of a database: extracted into landing as a delivery, with nothing of the secret told."""

import logging
import shutil
import sqlite3
import stat
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg2
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from format_files import CPR, HEADER, NAME, ROWS, canaries_in, contract
from ingest_files import Town

from pm_pipeline.commands.extract import extract_delivery
from pm_pipeline.errors import PipelineError, UsageError
from pm_pipeline.ingest.contract.model import Contract
from pm_pipeline.ingest.contract.versions import SystemContract
from pm_pipeline.ingest.extraction.columns import TEXT, arrow, type_of
from pm_pipeline.ingest.extraction.connection import address_path, reading
from pm_pipeline.ingest.extraction.extract import extract
from pm_pipeline.ingest.extraction.folder import extraction_folder
from pm_pipeline.ingest.lake.files import ensure_empty_tables
from pm_pipeline.ingest.landing.deliveries import register_delivery
from pm_pipeline.ingest.loading.load import load_delivery
from pm_pipeline.ingest.rejects.reasons import RefusedError
from pm_pipeline.settings import Settings

COLUMNS = ", ".join(f'"{name}"' for name in HEADER)
TYPES = ("text", "text", "text", "timestamp", "date", "numeric(12,4)", "bigint", "boolean", "text",
         "text", "text")
Make = Callable[..., Path]


def agreed(folder: Path, part: str = "samtaler", *changes: tuple[str, str]) -> Contract:
    file = ('"events*"', "events.parquet")
    return contract(folder, "database", file, *changes, part=part)


def address(town: Town, url: str) -> Path:
    path = address_path(town.keys, "901", "small")
    path.parent.mkdir(exist_ok=True)
    path.write_text(url + "\n", encoding="utf-8")
    path.chmod(0o600)
    return path


def sqlite_database(town: Town, rows: Any = ROWS, columns: str = COLUMNS) -> Path:
    path = town.root / "source.db"
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as database:
        database.execute(f"CREATE TABLE samtaler ({columns})")
        marks = ", ".join("?" * (columns.count(",") + 1))
        for row in rows:
            database.execute(f"INSERT INTO samtaler VALUES ({marks})", [
                value.isoformat(" ") if isinstance(value, datetime) else
                value.isoformat() if isinstance(value, date) else
                float(value) if isinstance(value, Decimal) else value for value in row
            ])
    database.close()
    return address(town, f"sqlite:///{path}")


def postgres_database(town: Town, url: str, rows: Any = ROWS) -> Path:
    table = ", ".join(f'"{name}" {kind}' for name, kind in zip(HEADER, TYPES, strict=True))
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE samtaler ({table})")
        cursor.executemany(f"INSERT INTO samtaler VALUES ({', '.join(['%s'] * 11)})", rows)
    connection.close()
    return address(town, url)


def loaded(town: Town, system: Contract, where: Path) -> list[dict[str, Any]]:
    folder = town.root / "extracted"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    files = [one.path for one in extract(system, where, folder)]
    delivery = register_delivery(town.landing, "901", system, date(2026, 1, 1), files)
    ensure_empty_tables([SystemContract((system,))], town.lake)
    load_delivery(delivery, SystemContract((system,)), town.lake, town.keys)
    return town.rows("small", "events")


def is_whole(rows: list[dict[str, Any]]) -> None:
    first, second, third = rows
    assert (first["activity"], first["occurred_at"]) == ("Samtale æøå", datetime(2024, 3, 1, 8, 15, 30))
    assert (first["due_on"], first["hours"], first["talks"], first["is_closed"]) == (
        date(2024, 3, 15), Decimal("7.5"), 3, True)
    assert (second["activity"], second["hours"], second["has_note"]) == (None, None, False)
    assert (third["created_by"], third["hours"]) == ("robot", Decimal("-1234.25"))


def test_a_table_of_sqlite_loads_with_its_types_and_only_the_contracts_columns(town: Town) -> None:
    where = sqlite_database(town)
    is_whole(loaded(town, agreed(town.root), where))
    file = town.root / "extracted" / "events.parquet"
    assert "Navn" not in pq.read_schema(file).names
    assert NAME.encode() not in file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_table_of_postgresql_loads_with_its_types(town: Town, postgres: str) -> None:
    where = postgres_database(town, postgres)
    is_whole(loaded(town, agreed(town.root, "public.samtaler"), where))
    schema = pq.read_schema(town.root / "extracted" / "events.parquet")
    assert schema.field("Tid").type == pa.timestamp("us")
    assert schema.field("Frist").type == pa.date32() and schema.field("Lukket").type == pa.bool_()


def test_a_query_of_postgresql_with_a_zone_a_cast_and_a_percent_sign(town: Town, postgres: str) -> None:
    where = postgres_database(town, postgres)
    query = (
        'SELECT "Id", "CPR", "Hændelse", "Tid" AT TIME ZONE \'Europe/Copenhagen\' AS tid, '
        '"Antal"::text AS antal FROM samtaler WHERE "Id" LIKE \'a%\' AND "Tid" IS NOT NULL'
    )
    rows = loaded(town, agreed(town.root, query), where)
    assert [row["talks"] for row in rows] == [3, 0]
    assert rows[0]["occurred_at"] == datetime(2024, 3, 1, 8, 15, 30)


def test_all_tables_are_of_one_moment_and_nothing_can_be_written(town: Town, postgres: str) -> None:
    where = postgres_database(town, postgres)
    with reading(where) as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM samtaler").scalar_one()
        with psycopg2.connect(postgres) as other, other.cursor() as cursor:
            cursor.execute("INSERT INTO samtaler (\"Id\") VALUES ('new')")
        other.close()
        assert connection.exec_driver_sql("SELECT count(*) FROM samtaler").scalar_one() == before
    with pytest.raises(PipelineError, match="25006"), reading(where) as connection:
        connection.exec_driver_sql("DELETE FROM samtaler")
    lite = sqlite_database(town)
    with pytest.raises(PipelineError), reading(lite) as connection:
        connection.exec_driver_sql("DELETE FROM samtaler")


def test_rows_come_from_the_server_in_batches(
    town: Town, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [(f"a{n}", CPR, "A", None, None, Decimal(n), n, None, None, None, None) for n in range(5000)]
    where = postgres_database(town, postgres, rows)
    seen: list[int] = []
    write = pq.ParquetWriter.write_batch
    monkeypatch.setattr(pq.ParquetWriter, "write_batch", lambda self, batch, *more: (
        seen.append(batch.num_rows), write(self, batch, *more))[1])
    [one] = extract(agreed(town.root), where, town.root, batch_rows=500)
    assert (one.n_rows, seen) == (5000, [500] * 10)
    assert pq.read_table(one.path)["Antal"].to_pylist() == list(range(5000))


def test_a_column_whose_type_changes_on_the_way_is_read_again_as_text(town: Town) -> None:
    rows = [[f"a{n}", CPR, "A", "2024-03-01", None, n if n < 700 else f"{n},5", *[None] * 5]
            for n in range(800)]
    where = sqlite_database(town, rows)
    [one] = extract(agreed(town.root), where, town.root, batch_rows=100)
    hours = pq.read_table(one.path)["Timer"].to_pylist()
    assert hours == [str(n) if n < 700 else f"{n},5" for n in range(800)]


@pytest.mark.parametrize(("values", "kind", "texts"), [
    ([1, None, 2**62], pa.int64(), None), ([1, 2**70], TEXT, ["1", str(2**70)]),
    ([1, 0.5], TEXT, ["1", "0,5"]), ([1e20], pa.float64(), None), ([True, None], pa.bool_(), None),
    ([True, 1], TEXT, ["true", "1"]), ([None, None], TEXT, [None, None]),
    ([Decimal("7.50")], pa.decimal128(38, 10), None),
    ([Decimal("1E-12"), Decimal("NaN")], TEXT, ["0,000000000001", "NaN"]),
    ([datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 3, 1)], TEXT,
     ["2024-03-01T00:00:00+00:00", "2024-03-01T00:00:00"]),
    ([time(9, 15)], pa.time64("us"), None), ([time(9, 15, tzinfo=UTC)], TEXT, ["09:15:00+00:00"]),
    ([uuid.UUID(int=1)], TEXT, ["00000000-0000-0000-0000-000000000001"]),
])
def test_a_column_has_the_one_type_of_its_values_or_is_text(
    values: list[Any], kind: pa.DataType, texts: list[str | None] | None
) -> None:
    assert type_of(values) == kind
    assert arrow(values, kind, ",").to_pylist() == (values if texts is None else texts)


@contextmanager
def refusal(code: str, *words: str) -> Iterator[None]:
    with pytest.raises(RefusedError) as caught:
        yield
    assert caught.value.code == code
    assert all(word in str(caught.value) for word in words)
    assert canaries_in(str(caught.value)) == []


def test_a_table_that_is_not_the_agreed_one_is_refused(town: Town) -> None:
    def renamed(old: str, new: str) -> Path:
        return sqlite_database(town, ROWS, COLUMNS.replace(f'"{old}"', f'"{new}"'))

    with refusal("HEADER_MISMATCH", "table events", "'hændelser' may be 'Hændelse'"):
        extract(agreed(town.root), renamed("Hændelse", "Hændelser"), town.root)
    with refusal("FORBIDDEN_COLUMN", "'etnicitet'"):
        extract(agreed(town.root), renamed("Navn", "Etnicitet"), town.root)
    with refusal("DUPLICATE_COLUMN"):
        extract(agreed(town.root), renamed("Navn", "Aktivitet"), town.root)
    blob = [(CPR.encode(), *ROWS[0][1:])]
    with refusal("COLUMN_UNREADABLE", "bytes"):
        extract(agreed(town.root), sqlite_database(town, blob), town.root)


SECRET = "hemmeligt-kodeord"


@pytest.mark.parametrize("url", [
    f"postgresql://user:{SECRET}@127.0.0.1:1/db", f"nosuch://user:{SECRET}@host/db",
    f"oracle+oracledb://user:{SECRET}@host/db", f"no address {SECRET}", f"sqlite:////no/{SECRET}.db",
    f"postgresql://user:{SECRET}@[bad/db", "",
])
def test_an_address_that_leads_nowhere_is_told_without_its_text(
    town: Town, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(PipelineError) as caught:
        extract(agreed(town.root), address(town, url), town.root)
    assert "901.small.url" in str(caught.value)
    assert SECRET not in str(caught.value) + caplog.text and caught.value.__suppress_context__


def test_an_error_of_the_database_tells_neither_values_nor_the_statement(
    town: Town, postgres: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    where = postgres_database(town, postgres)
    query = 'SELECT "CPR"::int AS "Id", "CPR", "Hændelse", "Tid" FROM samtaler'
    with pytest.raises(PipelineError, match="SQLSTATE 22P02") as caught:
        extract(agreed(town.root, query), where, town.root)
    assert canaries_in(str(caught.value) + caplog.text) == [] and caught.value.__suppress_context__
    with pytest.raises(PipelineError, match="could not be read"):
        extract(agreed(town.root, "nothing_there"), where, town.root)


def test_an_address_that_others_may_read_or_that_is_a_link_is_refused(town: Town) -> None:
    where = sqlite_database(town)
    where.chmod(0o644)
    with pytest.raises(PipelineError, match="chmod 600"):
        extract(agreed(town.root), where, town.root)
    where.rename(where.with_suffix(".real"))
    where.symlink_to(where.with_suffix(".real"))
    with pytest.raises(PipelineError, match="regular file"):
        extract(agreed(town.root), where, town.root)


@pytest.mark.parametrize(("old", "new", "words"), [
    ('part: "samtaler"', "skip_lines: 0", "part"),
    ('part: "samtaler"', "part: SELECT 1; DELETE FROM x", "one query"),
    ("files: events.parquet", "files: other.parquet", "events.parquet"),
])
def test_a_contract_of_a_database_says_what_is_read(
    town: Town, old: str, new: str, words: str
) -> None:
    with pytest.raises(PipelineError, match=words):
        agreed(town.root, "samtaler", (old, new))


def test_only_one_extraction_at_a_time_and_nothing_is_left_of_a_killed_one(town: Town) -> None:
    left = town.landing / ".extraction-old"
    left.mkdir(parents=True)
    (left / "events.parquet").write_text(CPR)
    with extraction_folder(town.landing) as folder:
        assert not left.exists() and stat.S_IMODE(folder.stat().st_mode) == 0o700
        with refusal("BUSY"), extraction_folder(town.landing):
            pass
    assert not folder.exists()


@pytest.fixture
def settings(town: Town, seeds: Any) -> Settings:
    """A field whose system 'small' lies in a database."""
    field = town.root / "field"
    shutil.copytree(seeds.folder, field / "seeds")
    systems = field / "seeds" / "registry" / "case_systems.csv"
    lines = systems.read_text(encoding="utf-8").splitlines()
    lines.append("small" + lines[-1].removeprefix(lines[-1].split(",")[0]))
    systems.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (field / "contracts" / "small").mkdir(parents=True)
    agreed(field / "contracts" / "small")
    (field / "contracts" / "small" / "small.yaml").rename(field / "contracts" / "small" / "defs.yaml")
    return Settings(data_dir=town.root, key_dir=town.keys, field_dir=field)


def test_an_extraction_becomes_a_delivery_and_the_same_data_again_are_the_same(
    town: Town, settings: Settings
) -> None:
    sqlite_database(town)
    first = extract_delivery(settings, "901", "small", date(2026, 1, 1))
    assert [(file.name, file.rows) for file in first.files] == [("events.parquet", 3)]
    assert not first.already_there
    assert extract_delivery(settings, "901", "small", date(2026, 1, 2)).already_there
    assert list((town.landing / "901" / "small").glob(".extraction-*")) == []
    sqlite_database(town, [("", *ROWS[0][1:])] * 3)
    with pytest.raises(PipelineError, match="nothing was registered"):
        extract_delivery(settings, "901", "small", date(2026, 1, 3))
    assert len(list((town.landing / "901" / "small").glob("2*"))) == 1
    with pytest.raises(UsageError, match="deliver"):
        extract_delivery(Settings(data_dir=town.root, key_dir=town.keys), "901", "momentum",
                         date(2026, 1, 1))
