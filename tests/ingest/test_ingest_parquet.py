"""Parquet: native types to exact text, and files that are refused before or while they are read."""

import gzip
import io
import uuid
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from format_files import (
    CPR,
    HEADER,
    NAME,
    NOTE,
    ROWS,
    STAFF,
    canaries_in,
    column,
    contract,
    reasons,
)
from ingest_files import Town

from pm_pipeline.errors import PipelineError
from pm_pipeline.ingest.readers.arrow_text import as_text
from pm_pipeline.ingest.readers.batches import RawBatch
from pm_pipeline.ingest.readers.parquet import read_parquet
from pm_pipeline.ingest.rejects.reasons import RefusedError


def rows_table(n: int = 1) -> pa.Table:
    columns = list(zip(*(ROWS * n), strict=True))
    return pa.table({name: list(values) for name, values in zip(HEADER, columns, strict=True)})


def written(rows: pa.Table, **options: Any) -> bytes:
    memory = io.BytesIO()
    pq.write_table(rows, memory, **options)
    return memory.getvalue()


def read(
    folder: Path, content: bytes, *changes: tuple[str, str], batch_rows: int = 30_720
) -> list[RawBatch]:
    path = folder / "events.parquet"
    path.write_bytes(content)
    return list(read_parquet(path, contract(folder, "parquet", *changes).tables[0], None, batch_rows))


def with_column(name: str, values: Any) -> bytes:
    rows = rows_table()
    return written(rows.set_column(rows.schema.get_field_index(name), name, values))


def test_a_file_loads_with_its_types(town: Town) -> None:
    file = town.file("events.parquet", written(rows_table()))
    report = town.load(contract(town.root, "parquet"), file)
    assert (report.rows_in_file, report.rows_loaded, report.rows_rejected) == (3, 3, 0)
    first, second, third = town.rows("small", "events")
    assert (first["activity"], first["occurred_at"]) == ("Samtale æøå", datetime(2024, 3, 1, 8, 15, 30))
    assert (first["due_on"], first["hours"], first["talks"], first["is_closed"]) == (
        date(2024, 3, 15), Decimal("7.5"), 3, True)
    assert (second["activity"], second["hours"], second["has_note"]) == (None, None, False)
    assert (third["created_by"], third["hours"]) == ("robot", Decimal("-1234.25"))
    assert [r["source_row"] for r in (first, second, third)] == [1, 2, 3]


@pytest.mark.parametrize(("values", "texts"), [
    (pa.array([101801234, None], pa.int64()), ["101801234", None]),
    (pa.array([101801234.0, 1e20, 1e-7, 0.1, float("nan")]),
     ["101801234", "100000000000000000000", "0,0000001", "0,1", "NaN"]),
    (pa.array([0.1, 2.0]), ["0,1", "2"]), (pa.array([1.1], pa.float32()), ["1,1"]),
    (pa.array([Decimal("7.5000"), Decimal("100.0000"), None], pa.decimal128(20, 4)),
     ["7,5", "100", None]),
    (pa.array([Decimal("1E-20")], pa.decimal128(38, 30)), ["0,00000000000000000001"]),
    (pa.array([True, False]), ["true", "false"]),
    (pa.array([date(2024, 3, 1)], pa.date64()), ["2024-03-01"]),
    (pa.array([datetime(2024, 3, 1, 9, 15)], pa.timestamp("us")), ["2024-03-01 09:15:00.000000"]),
    (pa.array([datetime(2024, 7, 1, 9)], pa.timestamp("s", "Europe/Copenhagen")),
     ["2024-07-01 11:00:00+0200"]),
    (pa.array([time(9, 15)], pa.time64("us")), ["09:15:00"]),
    (pa.array(["a", "b", "a"]).dictionary_encode(), ["a", "b", "a"]),
    (pa.array(["æ"], pa.large_string()), ["æ"]), (pa.array(["æ".encode()]), ["æ"]),
    (pa.array([uuid.UUID(int=1).bytes], pa.uuid()), ["00000000-0000-0000-0000-000000000001"]),
    (pa.nulls(1), [None]), (pa.array([2**64 - 1], pa.uint64()), ["18446744073709551615"]),
])
def test_a_native_value_becomes_exact_text(values: pa.Array, texts: list[str | None]) -> None:
    assert as_text(values, ",").to_pylist() == texts


def test_an_instant_with_a_zone_is_that_instant_and_one_without_is_local(town: Town) -> None:
    zoned = pa.array([datetime(2024, 7, 1, 9)] * 3, pa.timestamp("ms", "UTC"))
    town.load(contract(town.root, "parquet"), town.file("events.parquet", with_column("Tid", zoned)))
    local = pa.array([datetime(2024, 7, 1, 9)] * 3, pa.timestamp("ns"))
    file = town.file("events.parquet", with_column("Tid", local))
    town.load(contract(town.root, "parquet"), file, day=2)
    times = {row["delivered_on"].day: row["occurred_at"] for row in town.rows("small", "events")}
    assert times == {1: datetime(2024, 7, 1, 9), 2: datetime(2024, 7, 1, 7)}


@pytest.mark.parametrize(("name", "new", "code", "words"), [
    ("Hændelse", "Hændelser", "HEADER_MISMATCH", ["'hændelser' may be 'Hændelse'"]),
    ("Navn", "cpr", "DUPLICATE_COLUMN", []), ("Navn", "CPR", "DUPLICATE_COLUMN", []),
    ("Navn", "Aktivitet", "DUPLICATE_COLUMN", []),
    ("Navn", "Etnicitet", "FORBIDDEN_COLUMN", ["'etnicitet'"]),
])
def test_a_schema_that_is_not_the_agreed_one_is_refused(
    tmp_path: Path, name: str, new: str, code: str, words: list[str]
) -> None:
    names = [new if one == name else one for one in HEADER]
    with pytest.raises(RefusedError) as caught:
        read(tmp_path, written(rows_table().rename_columns(names)))
    assert caught.value.code == code and all(word in str(caught.value) for word in words)


@pytest.mark.parametrize("values", [
    pa.array([{"secret": CPR}] * 3), pa.array([[CPR]] * 3), pa.array([b"0123456789abcdef"] * 3,
                                                                      pa.binary(16)),
    pa.array([1, 2, 3], pa.duration("s")),
])
def test_a_wanted_column_that_is_no_single_value_is_refused_and_an_unwanted_one_ignored(
    tmp_path: Path, values: pa.Array
) -> None:
    with pytest.raises(RefusedError, match="Hændelse") as caught:
        read(tmp_path, with_column("Hændelse", values))
    assert caught.value.code == "COLUMN_UNREADABLE"
    assert "secret" not in str(caught.value) and canaries_in(str(caught.value)) == []
    assert column(read(tmp_path, with_column("Navn", values)), "row_id") == ["a1", "a2", "a3"]


def encrypted() -> bytes:
    return b"PARE" + bytes(200) + b"PARE"


def many_rows() -> bytes:
    return written(pa.table({name: pa.nulls(11_000_000) for name in HEADER[:4]}),
                   row_group_size=11_000_000)


@pytest.mark.parametrize(("content", "code", "words"), [
    (b"", "EMPTY", []), (b"PAR1", "TRUNCATED", []), (written(rows_table())[:-3], "TRUNCATED", []),
    (written(rows_table())[:400], "TRUNCATED", []),
    (written(rows_table())[:-60] + b"\xff" * 56 + b"PAR1", "UNREADABLE", []),
    (encrypted(), "UNREADABLE", ["encrypted"]), (many_rows(), "TOO_LARGE", ["rows"]),
    (gzip.compress(written(rows_table())), "WRONG_TYPE", ["Unpack"]),
    (b"Id;CPR\n1;610180-9753\n", "WRONG_TYPE", ["text file"]),
    (with_column("Hændelse", pa.array([b"\xff\xfe"] * 3)), "UNREADABLE", []),
    (with_column("Hændelse", pa.array([b"\xff\xfe"] * 3).view(pa.string())), "UNREADABLE", []),
])
def test_a_file_that_cannot_be_trusted_is_refused_as_a_whole(
    tmp_path: Path, content: bytes, code: str, words: list[str]
) -> None:
    with pytest.raises(RefusedError) as caught:
        read(tmp_path, content)
    assert caught.value.code == code
    assert all(word in str(caught.value) for word in words) and canaries_in(str(caught.value)) == []


def test_a_value_too_long_rejects_its_row_and_long_ones_make_small_batches(tmp_path: Path) -> None:
    texts = pa.array(["x" * 1_900_000, "y" * 2_100_000]).take(pa.array([0] * 299 + [1]))
    rows = pa.table({
        "Id": [str(n) for n in range(300)], "CPR": [CPR] * 300, "Tid": ["2024-03-01"] * 300,
        "Hændelse": texts,
    })
    batches = read(tmp_path, written(rows))
    assert reasons(batches) == [(300, "TOO_LONG")]
    assert column(batches, "source_row") == list(range(1, 300))
    assert len(batches) > 5 and max(b.values.nbytes for b in batches) < 80 * 1024 * 1024


def test_a_row_group_is_read_batch_by_batch_and_in_order(tmp_path: Path) -> None:
    content = written(rows_table(5_000), row_group_size=15_000)
    batches = read(tmp_path, content, batch_rows=1_000)
    assert [batch.n_records for batch in batches] == [1_000] * 15
    assert column(batches, "source_row") == list(range(1, 15_001))
    assert column(batches, "row_id") == ["a1", "a2", "a3"] * 5_000


def test_the_memory_of_a_batch_does_not_grow_with_the_row_group(tmp_path: Path) -> None:
    peaks = []
    for n in (20_000, 200_000):
        texts = [f"{number:0>200}" for number in range(n)]
        rows = pa.table({"Id": texts, "CPR": texts, "Tid": texts, "Hændelse": texts})
        path = tmp_path / "events.parquet"
        pq.write_table(rows, path, row_group_size=n)
        del rows, texts
        agreed = contract(tmp_path, "parquet").tables[0]
        before, peak = pa.total_allocated_bytes(), 0
        for batch in read_parquet(path, agreed, None, 2_000):
            peak = max(peak, pa.total_allocated_bytes() - before)
            assert batch.n_records == 2_000
        peaks.append(peak)
    assert peaks[1] < 3 * peaks[0]


def test_a_file_without_rows_gives_one_empty_batch(tmp_path: Path) -> None:
    [batch] = read(tmp_path, written(rows_table().slice(0, 0)))
    assert batch.n_records == 0 and "row_id" in batch.values.column_names


def test_nothing_of_a_name_or_a_note_leaves_the_reader(tmp_path: Path) -> None:
    values = str([batch.values.to_pydict() for batch in read(tmp_path, written(rows_table()))])
    assert CPR in values and not any(word in values for word in (NAME, STAFF, NOTE))


def test_a_file_with_any_byte_changed_never_crashes_or_tells_a_value(tmp_path: Path) -> None:
    whole = written(rows_table(), write_page_checksum=True)
    for place in range(4, len(whole), 41):
        broken = bytearray(whole)
        broken[place] ^= 0x2A
        try:
            batches = read(tmp_path, bytes(broken))
        except PipelineError as refused:
            assert canaries_in(str(refused)) == []
        else:
            assert sum(batch.n_records for batch in batches) == 3


def test_a_number_that_is_none_is_no_identifier_and_no_word_but_a_missing_value(town: Town) -> None:
    """Without this, all rows that lack their case would be one case."""
    nan = float("nan")
    rows = pa.table({
        "Id": [1.0, nan, nan, 4.0], "CPR": [CPR] * 4, "Hændelse": [nan, 2.0, 3.0, 4.5],
        "Tid": pa.array([datetime(2024, 3, 1)] * 4), "Timer": [nan, 1.0, 1.0, 1.0],
    })
    report = town.load(contract(town.root, "parquet"), town.file("events.parquet", written(rows)))
    assert (report.rows_loaded, report.rows_rejected) == (2, 2)
    assert [row["activity"] for row in town.rows("small", "events")] == [None, "4,5"]
    assert sorted((r["source_row"], r["column_name"], r["reason"]) for r in town.rejects()) == [
        (1, "hours", "NUMBER_FORMAT"), (2, "row_id", "MISSING_VALUE"), (3, "row_id", "MISSING_VALUE"),
    ]
