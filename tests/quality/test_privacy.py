"""The search names each place with a person's number, and shows none."""

import gzip
from pathlib import Path

import duckdb
import pytest

from pm_pipeline.errors import PipelineError
from pm_pipeline.quality.privacy import FORBIDDEN_WORD, PERSON_NUMBER, Hit, scan_tree

# Month 13 or no date at all: shaped like a person's number, but nobody's.
NUMBER = "311399-1234"


@pytest.mark.parametrize(
    "text",
    [NUMBER, "311399 1234", f"Ring til {NUMBER}.", "0101701234", "cpr=6101701234;", f"({NUMBER})"],
)
def test_a_persons_number_is_found_wherever_it_stands(tmp_path: Path, text: str) -> None:
    (tmp_path / "note.log").write_text(text)
    assert scan_tree(tmp_path) == [Hit(tmp_path / "note.log", "bytes", PERSON_NUMBER, 1)]


@pytest.mark.parametrize(
    "text",
    [
        "20240131-1234abcd5678",  # a delivery id
        "5f3a311399123401f7",  # a hash
        "0.0101701234",  # a decimal fraction
        "12345678901234",  # a longer number
        "1767225600",  # an epoch second: no day and month
        "2024-01-31T10:00:00",
        "forsikrede_ledige__20240101",
    ],
)
def test_ids_hashes_and_times_are_not_taken_for_persons(tmp_path: Path, text: str) -> None:
    (tmp_path / "note.log").write_text(text)
    assert scan_tree(tmp_path) == []


def test_compressed_columns_of_parquet_and_duckdb_are_searched(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    rows = f"""select case when i % 1000 = 7 then 'x {NUMBER}' else 'tekst ' || i end as note,
               ['a', '{NUMBER}'] as many, i as n from range(20000) t(i)"""
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema core")
        connection.execute(f"create table core.events as {rows}")
        connection.execute(
            f"copy ({rows}) to '{tmp_path / 'events.parquet'}' (format parquet, compression zstd)"
        )
    found = {(hit.path.name, hit.place): hit.count for hit in scan_tree(tmp_path)}

    assert found[("events.parquet", "note")] == 20
    assert found[("events.parquet", "many")] == 20000
    assert found[("warehouse.duckdb", "core.events.note")] == 20
    assert found[("warehouse.duckdb", "core.events.many")] == 20000
    assert not any(place.endswith(".n") for _, place in found)


def test_a_row_deleted_from_a_duckdb_file_is_still_found_in_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("set force_compression = 'uncompressed'")
        connection.execute(f"create table t as select 'for {NUMBER} ' || i as s from range(9) r(i)")
        connection.execute("checkpoint")
        connection.execute("delete from t")
        connection.execute("insert into t values ('clean')")
        connection.execute("checkpoint")
    assert [(hit.place, hit.kind) for hit in scan_tree(tmp_path)] == [("bytes", PERSON_NUMBER)]


def test_packed_files_are_unpacked_and_forbidden_words_found_in_any_case(tmp_path: Path) -> None:
    (tmp_path / "log.txt.gz").write_bytes(gzip.compress(f"{NUMBER} ÅSE".encode()))
    (tmp_path / "page.html").write_text("<p>søvang</p>", "utf-8")
    duckdb.sql("select 'I SØVANG' as place").write_parquet(str(tmp_path / "p.parquet"))

    hits = scan_tree(tmp_path, forbidden_words=["søvang"])

    assert Hit(tmp_path / "log.txt.gz", "bytes", PERSON_NUMBER, 1) in hits
    assert Hit(tmp_path / "page.html", "bytes", FORBIDDEN_WORD, 1) in hits
    assert Hit(tmp_path / "p.parquet", "place", FORBIDDEN_WORD, 1) in hits


def test_a_number_across_two_pieces_of_a_file_is_counted_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pm_pipeline.quality.privacy._CHUNK", 1000)
    for before in range(985, 1005):
        (tmp_path / "f").write_text("." * (before - 1) + " " + NUMBER + " " + "." * 1500)
        assert [hit.count for hit in scan_tree(tmp_path)] == [1], before


def test_a_longer_number_across_two_pieces_is_not_taken_for_a_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pm_pipeline.quality.privacy._CHUNK", 1000)
    (tmp_path / "f").write_text(" " * 990 + "0101701234" + "5678" + " " * 500)
    assert scan_tree(tmp_path) == []


def test_excluded_places_are_left_out_and_nothing_to_search_is_refused(tmp_path: Path) -> None:
    (tmp_path / "landing").mkdir()
    (tmp_path / "landing" / "f.csv").write_text(NUMBER)
    assert scan_tree(tmp_path, exclude=[tmp_path / "landing"]) == []
    with pytest.raises(PipelineError, match="nothing to search"):
        scan_tree(tmp_path / "missing")


def test_a_file_that_cannot_be_read_is_not_called_clean_and_shows_no_value(tmp_path: Path) -> None:
    (tmp_path / "broken.parquet").write_bytes(f"PAR1 {NUMBER}".encode())
    with pytest.raises(PipelineError, match="cannot be searched") as caught:
        scan_tree(tmp_path)
    assert NUMBER not in str(caught.value)
