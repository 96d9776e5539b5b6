"""The acceptance matrix of files: what loads, which row is rejected, which file is refused."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest
from ingest_files import HEADER, csv_text, row, small_table

from pm_pipeline.ingest.readers.batches import RawBatch
from pm_pipeline.ingest.readers.csv.exact import read_csv_exact
from pm_pipeline.ingest.readers.csv.files import read_csv
from pm_pipeline.ingest.rejects.reasons import RefusedError

GOOD = [row(1), row(2), row(3)]


def read(
    folder: Path, content: str | bytes, encoding: str = "utf-8", **change: str
) -> list[RawBatch]:
    table = small_table(folder, change.get("old", ""), change.get("new", ""))
    path = folder / "events.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return list(read_csv(path, table))


def values(batches: list[RawBatch], column: str = "row_id") -> list[object]:
    return [v for batch in batches for v in batch.values[column].to_pylist()]


def reasons(batches: list[RawBatch]) -> list[tuple[int, str]]:
    return [
        (r["source_row"], r["reason"]) for batch in batches for r in batch.rejects.to_pylist()
    ]


@pytest.mark.parametrize("content", [
    csv_text(GOOD),
    "\ufeff" + csv_text(GOOD),
    csv_text(GOOD, end="\n"),
    csv_text(GOOD, end="\r"),
    HEADER + "\n" + GOOD[0] + "\r\n" + GOOD[1] + "\r" + GOOD[2],
    csv_text(GOOD).replace("\r\n", "\r\n\r\n"),
    csv_text(GOOD, header=HEADER.replace("Hændelse", " HÆNDELSE\u00a0").replace("Id", "\u200bid")),
    csv_text(GOOD, header=HEADER.replace("Hændelse", "Aktivitet")),
], ids=["crlf", "bom", "lf", "cr", "mixed", "blank lines", "header in other letters", "alias"])
def test_files_that_differ_only_in_form_give_the_same_rows(tmp_path: Path, content: str) -> None:
    batches = read(tmp_path, content)
    assert values(batches) == ["1", "2", "3"]
    assert values(batches, "activity") == ["Samtale"] * 3
    assert reasons(batches) == []


def test_gzip_is_known_by_its_content_not_by_its_name(tmp_path: Path) -> None:
    assert values(read(tmp_path, gzip.compress(csv_text(GOOD).encode()))) == ["1", "2", "3"]


def test_a_sep_line_is_skipped_and_counted_in_line_numbers(tmp_path: Path) -> None:
    batches = read(tmp_path, "sep=;\r\n" + csv_text(GOOD))
    assert values(batches, "source_row") == [3, 4, 5]


def test_columns_are_found_by_name_in_any_order(tmp_path: Path) -> None:
    turned = [";".join(reversed(line.split(";"))) for line in [HEADER, *GOOD]]
    batches = read(tmp_path, csv_text(turned[1:], header=turned[0]))
    assert values(batches) == ["1", "2", "3"]
    assert values(batches, "occurred_at") == [
        "02-03-2024 09:01", "03-03-2024 09:02", "04-03-2024 09:03",
    ]


def test_quoted_delimiters_quotes_and_line_breaks_load_exactly(tmp_path: Path) -> None:
    odd = row(1, **{"Hændelse": '"a;b ""c""\r\nd"'})
    batches = read(tmp_path, csv_text([odd, row(2)]))
    assert values(batches, "activity") == ['a;b "c"\r\nd', "Samtale"]
    assert values(batches, "source_row") == [2, 4]


def test_a_bare_quote_inside_an_unquoted_field_is_text(tmp_path: Path) -> None:
    batches = read(tmp_path, csv_text([row(1, **{"Hændelse": 'a"b"'})]))
    assert values(batches, "activity") == ['a"b"']


def test_unlisted_columns_are_counted_and_never_read(tmp_path: Path) -> None:
    lines = [HEADER + ";Diagnose", *[line + ";secret" for line in GOOD]]
    batches = read(tmp_path, csv_text(lines[1:], header=lines[0]))
    assert batches[0].unlisted_columns == 1
    assert "secret" not in str(batches[0].values.to_pydict())


def test_free_text_and_names_are_reduced_before_they_leave_the_reader(tmp_path: Path) -> None:
    rows = [
        row(1, Notat="Ringede til Else", **{"Oprettet af": "Else Hansen"}),
        row(2, Notat="  ", **{"Oprettet af": "rpa-07"}), row(3, **{"Oprettet af": ""}),
    ]
    batches = read(tmp_path, csv_text(rows))
    assert values(batches, "note") == ["1", None, None]
    assert values(batches, "created_by") == ["human", "robot", None]


def test_a_missing_optional_column_is_null(tmp_path: Path) -> None:
    header = HEADER.replace(";Timer", "")
    rows = [line.replace(";7,5", "") for line in GOOD]
    assert values(read(tmp_path, csv_text(rows, header=header)), "hours") == [None] * 3


@pytest.mark.parametrize(("bad", "reason"), [
    (row(2) + ";too much", "FIELD_COUNT"),
    ("2;short", "FIELD_COUNT"),
    (HEADER, "REPEATED_HEADER"),
    (row(2, **{"Hændelse": '"a"b'}), "BAD_QUOTE"),
    (row(2).replace(";", ","), "FIELD_COUNT"),
])
def test_a_broken_row_is_rejected_with_its_line_and_the_rest_loads(
    tmp_path: Path, bad: str, reason: str
) -> None:
    batches = read(tmp_path, csv_text([row(1), bad, row(3)]))
    assert values(batches) == ["1", "3"]
    assert reasons(batches) == [(3, reason)]
    assert sum(batch.n_records for batch in batches) == 3


def workbook() -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return memory.getvalue()


def test_a_column_that_nobody_reads_may_stand_twice(tmp_path: Path) -> None:
    header = HEADER + ";Variant;Variant"
    assert values(read(tmp_path, csv_text([row(1) + ";a;b"], header=header))) == ["1"]


@pytest.mark.parametrize(("content", "code", "words"), [
    (b"", "EMPTY", []),
    (b"\xef\xbb\xbf\r\n\r\n", "EMPTY", []),
    (b"<!DOCTYPE html><html><body>login</body></html>", "NOT_CSV", ["HTML"]),
    (b'<?xml version="1.0"?><log/>', "NOT_CSV", ["XML"]),
    (workbook(), "WRONG_TYPE", ["xlsx"]),
    (gzip.compress(workbook()), "WRONG_TYPE", ["xlsx"]),
    (csv_text(GOOD).encode("utf-16"), "ENCODING", ["UTF-16"]),
    (csv_text(GOOD).encode("utf-16-le"), "ENCODING", ["UTF-16"]),
    (csv_text([row(1), row(2, Navn="Søren")]).encode("utf-8").replace("ø".encode(), b"\xf8"),
     "ENCODING", ["line 3", "cp1252"]),
    (csv_text(GOOD).encode("cp1252"), "ENCODING", ["line 1", "cp1252"]),
    (csv_text([row(1), row(2, Navn="a\0b")]).encode(), "NUL_BYTE", ["line 3"]),
    (csv_text(GOOD, header=HEADER.replace("Id;CPR", 'Id;"CPR')).encode(), "BAD_HEADER", ["line 1"]),
    (csv_text(GOOD, header=HEADER.replace("Id;CPR", 'Id;""CPR')).encode(), "BAD_HEADER", []),
    (csv_text(GOOD).replace(";", ",").encode(), "HEADER_MISMATCH", ["comma", "';'"]),
    (csv_text(GOOD[1:], header=GOOD[0]).encode(), "HEADER_MISMATCH", ["header line missing"]),
    (csv_text(GOOD, header=HEADER.replace("Hændelse", "Hændelser")).encode(),
     "HEADER_MISMATCH", ["'hændelser' may be 'Hændelse'"]),
    (csv_text(GOOD, header=HEADER.replace("CPR", 'x"); drop table y --')).encode(),
     "HEADER_MISMATCH", ["'CPR'"]),
    (csv_text(GOOD, header=HEADER.replace("Timer", "CPR")).encode(), "DUPLICATE_COLUMN", []),
    (csv_text(GOOD, header=HEADER.replace("Timer", "Aktivitet")).encode(), "DUPLICATE_COLUMN", []),
    (csv_text([row(1), row(2, Notat='"open'), row(3), row(4)]).encode(),
     "UNTERMINATED_QUOTE", ["line 3"]),
    (csv_text([row(1), row(2, Notat='"open'), row(3, Notat='"x"'), row(4)]).encode(),
     "UNTERMINATED_QUOTE", ["line 3"]),
    ((csv_text([row(1)]) + "2;610182-10").encode(), "TRUNCATED", ["line 3"]),
    (gzip.compress(csv_text(GOOD * 400).encode())[:-20], "TRUNCATED", ["gzip"]),
    (b"\x1f\x8bgarbage, no archive", "UNREADABLE", []),
    (b"Id;" + b"x" * 2_000_100, "TOO_LARGE", ["line 1"]),
])
def test_a_file_that_cannot_be_trusted_is_refused_as_a_whole(
    tmp_path: Path, content: bytes, code: str, words: list[str]
) -> None:
    with pytest.raises(RefusedError) as caught:
        read(tmp_path, content)
    message = str(caught.value)
    assert caught.value.code == code
    assert message.startswith("events.csv")
    for word in words:
        assert word in message
    assert "Kim" not in message and "6101" not in message


def test_utf8_where_cp1252_was_agreed_is_named_and_not_read_as_mojibake(tmp_path: Path) -> None:
    change = {"old": 'delimiter: ";"', "new": 'delimiter: ";"\n      encoding: cp1252'}
    with pytest.raises(RefusedError, match="UTF-8") as caught:
        read(tmp_path, csv_text(GOOD), **change)
    assert caught.value.code == "ENCODING"
    with pytest.raises(RefusedError, match="byte order mark"):
        read(tmp_path, "\ufeff" + csv_text(GOOD), **change)
    assert values(read(tmp_path, csv_text(GOOD), encoding="cp1252", **change)) == ["1", "2", "3"]


def test_an_archive_bomb_is_refused_before_it_fills_the_machine(tmp_path: Path) -> None:
    memory = io.BytesIO()
    with gzip.open(memory, "wb", compresslevel=9) as bomb:
        bomb.write(csv_text([]).encode())
        for _ in range(80):
            bomb.write((b"x" * 1023 + b"\n") * 1024)
    with pytest.raises(RefusedError) as caught:
        read(tmp_path, memory.getvalue())
    assert caught.value.code == "TOO_LARGE"


def test_batches_keep_order_lines_and_number_whatever_their_size(tmp_path: Path) -> None:
    table = small_table(tmp_path)
    path = tmp_path / "events.csv"
    path.write_text(csv_text([row(n) for n in range(100)], end="\n"), encoding="utf-8")
    for size in (1, 7, 1000):
        batches = list(read_csv_exact(path, table, batch_rows=size))
        assert values(batches, "source_row") == list(range(2, 102))
