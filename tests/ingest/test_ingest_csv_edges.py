"""What stands around the rows of a CSV file: lines in front, a footer behind, lines without end."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from ingest_files import HEADER, csv_text, row, small_table

from pm_pipeline.ingest.contract.model import Table
from pm_pipeline.ingest.readers.batches import RawBatch
from pm_pipeline.ingest.readers.csv import header as csv_header
from pm_pipeline.ingest.readers.csv.exact import read_csv_exact
from pm_pipeline.ingest.readers.csv.files import read_csv
from pm_pipeline.ingest.rejects.reasons import RefusedError

ROWS = [row(n) for n in range(1, 7)]
PREAMBLE = "Udtræk fra fagsystemet\r\n\r\nPeriode;2024\r\n"
FOOTER = r"footer: 'Antal rækker[:;] *(?P<rows>[0-9.]+);*'"


def declared(folder: Path, *settings: str) -> Table:
    return small_table(folder, 'delimiter: ";"', "\n      ".join(['delimiter: ";"', *settings]))


def read(folder: Path, table: Table, text: str) -> list[RawBatch]:
    path = folder / "events.csv"
    path.write_bytes(text.encode())
    return list(read_csv(path, table))


def lines_of(batches: list[RawBatch]) -> list[int]:
    return [line for batch in batches for line in batch.values["source_row"].to_pylist()]


def rejects_of(batches: list[RawBatch]) -> list[tuple[int, str]]:
    return [(r["source_row"], r["reason"]) for b in batches for r in b.rejects.to_pylist()]


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_declared_lines_in_front_are_skipped_and_counted(tmp_path: Path, end: str) -> None:
    table = declared(tmp_path, "skip_lines: 3")
    text = PREAMBLE.replace("\r\n", end) + csv_text(ROWS, end=end)
    assert lines_of(read(tmp_path, table, text)) == list(range(5, 11))
    with_sep = PREAMBLE.replace("\r\n", end) + f"sep=;{end}" + csv_text(ROWS, end=end)
    assert lines_of(read(tmp_path, table, with_sep)) == list(range(6, 12))


def test_lines_in_front_that_nobody_declared_are_refused_with_the_line_of_the_header(
    tmp_path: Path,
) -> None:
    with pytest.raises(RefusedError) as caught:
        read(tmp_path, small_table(tmp_path), PREAMBLE + csv_text(ROWS))
    assert caught.value.code == "HEADER_MISMATCH"
    assert "line 1" in str(caught.value) and "header stands in line 4" in str(caught.value)
    assert "skip_lines: 3" in str(caught.value)


def test_more_lines_declared_than_there_are_is_a_header_that_is_missing(tmp_path: Path) -> None:
    for count in (2, 4, 50):
        table = declared(tmp_path, f"skip_lines: {count}")
        with pytest.raises(RefusedError) as caught:
            read(tmp_path, table, PREAMBLE + csv_text(ROWS))
        assert caught.value.code == "HEADER_MISMATCH"


@pytest.mark.parametrize("footer", [
    "Antal rækker: 6", "Antal rækker: 6\r\n", "Antal rækker;6;;;;;;\r\n",
    "Antal rækker: 6\r\n\r\n", "\r\n\r\nAntal rækker: 6\n",
])
def test_a_declared_footer_that_tells_the_rows_is_no_row(tmp_path: Path, footer: str) -> None:
    batches = read(tmp_path, declared(tmp_path, FOOTER), csv_text(ROWS) + footer)
    assert lines_of(batches) == list(range(2, 8)) and rejects_of(batches) == []


def test_a_footer_counts_rejected_rows_and_quoted_lines_too(tmp_path: Path) -> None:
    rows = [*ROWS, "too;few", row(8, Notat='"to\r\nlinjer"')]
    text = csv_text(rows) + "Antal rækker: 8"
    assert rejects_of(read(tmp_path, declared(tmp_path, FOOTER), text)) == [(8, "FIELD_COUNT")]


@pytest.mark.parametrize(("end", "words"), [
    ("Antal rækker: 7\r\n", ["line 8", "says 7 rows, 6 are"]),
    ("Antal rækker: 5\r\n", ["line 8", "says 5 rows, 6 are"]),
    ("", ["line 7", "footer line"]),
    ("Antal\r\n", ["line 8", "footer line"]),
    ("Antal rækker: .\r\n", ["line 8"]),
])
def test_a_footer_that_is_missing_or_tells_of_other_rows_refuses_the_file(
    tmp_path: Path, end: str, words: list[str]
) -> None:
    table = declared(tmp_path, FOOTER)
    with pytest.raises(RefusedError) as caught:
        read(tmp_path, table, csv_text(ROWS) + end)
    assert caught.value.code == "TRUNCATED"
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_a_footer_holds_whatever_the_batches(tmp_path: Path) -> None:
    table = declared(tmp_path, FOOTER)
    path = tmp_path / "events.csv"
    path.write_bytes((csv_text(ROWS) + "Antal rækker: 6").encode())
    for size in range(1, 9):
        found = list(read_csv_exact(path, table, batch_rows=size))
        assert lines_of(found) == list(range(2, 8))


@pytest.mark.parametrize("end", ["Antal rækker: 6\r\n", "I alt;6\r\n", "-- slut --\r\n\r\n"])
def test_a_footer_that_nobody_declared_refuses_the_file(tmp_path: Path, end: str) -> None:
    for size in (1, 6, 7, 100):
        path = tmp_path / "events.csv"
        path.write_bytes((csv_text(ROWS) + end).encode())
        with pytest.raises(RefusedError, match=r"line 8.*footer") as caught:
            list(read_csv_exact(path, small_table(tmp_path), batch_rows=size))
        assert caught.value.code == "FOOTER"


def test_a_torn_last_row_is_seen_whatever_the_batches(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_bytes((csv_text(ROWS) + "7;6101").encode())
    for size in range(1, 9):
        with pytest.raises(RefusedError, match="line 8") as caught:
            list(read_csv_exact(path, small_table(tmp_path), batch_rows=size))
        assert caught.value.code == "TRUNCATED"


@pytest.fixture
def short_lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A limit a test can reach with little text; the parser's own limit is the process's."""
    before = csv.field_size_limit()
    monkeypatch.setattr(csv_header, "MAX_LINE", 400)
    yield 400
    csv.field_size_limit(before)


@pytest.mark.parametrize("note", ["x" * 500, '"' + "x" * 500 + '"', "x" * 5000, 'a"b"' + "x" * 900])
def test_a_line_that_is_too_long_costs_its_row_only(
    tmp_path: Path, short_lines: int, note: str
) -> None:
    text = csv_text([row(1), row(2, Notat=note), row(3)])
    path = tmp_path / "events.csv"
    for end in (text, text.replace("\r\n", "\n"), text.removesuffix("\r\n")):
        path.write_bytes(end.encode())
        batches = list(read_csv_exact(path, small_table(tmp_path)))
        assert (lines_of(batches), rejects_of(batches)) == ([2, 4], [(3, "TOO_LONG")])


def test_a_long_line_inside_quotes_takes_its_whole_record(tmp_path: Path, short_lines: int) -> None:
    note = '"kort\r\n' + "x" * 500 + '\r\nkort"'
    text = csv_text([row(1), row(2, Notat=note), row(3)])
    path = tmp_path / "events.csv"
    path.write_bytes(text.encode())
    batches = list(read_csv_exact(path, small_table(tmp_path)))
    assert (lines_of(batches), rejects_of(batches)) == ([2, 6], [(3, "TOO_LONG")])


@pytest.mark.parametrize("text", [
    csv_text([row(1), row(2, Notat='"' + "x" * 500 + '\r\n"'), row(3)]),
    csv_text([row(1)], header=HEADER + "x" * 500),
    "x" * 3000,
])
def test_a_long_line_that_leaves_the_file_open_refuses_it(
    tmp_path: Path, short_lines: int, text: str
) -> None:
    path = tmp_path / "events.csv"
    path.write_bytes(text.encode())
    with pytest.raises(RefusedError, match=r"line [13]") as caught:
        list(read_csv_exact(path, small_table(tmp_path)))
    assert caught.value.code == "TOO_LARGE"
