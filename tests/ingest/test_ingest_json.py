"""JSON documents, pages and JSON Lines: what loads exactly, what is rejected, what is refused."""

import gzip
import json
import tracemalloc
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

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
from pm_pipeline.ingest.contract.model import Table
from pm_pipeline.ingest.readers.batches import RawBatch
from pm_pipeline.ingest.readers.formats import reader_of
from pm_pipeline.ingest.rejects.reasons import RefusedError


def record(row: tuple[Any, ...] = ROWS[0], **change: Any) -> dict[str, Any]:
    return dict(zip(HEADER, row, strict=True)) | change


def text(value: Any) -> str:
    def plain(one: Any) -> Any:
        return one.isoformat() if isinstance(one, date) else float(one)

    return json.dumps(value, ensure_ascii=False, default=plain)


def lines(*records: Any) -> str:
    return "".join(text(one) + "\n" for one in records)


def table(folder: Path, format_: str, *changes: tuple[str, str], part: str | None = None) -> Table:
    return contract(folder, format_, *changes, part=part).tables[0]


def read(
    folder: Path, content: str | bytes, format_: str, *changes: tuple[str, str],
    part: str | None = None,
) -> list[RawBatch]:
    path = folder / "events.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    agreed = table(folder, format_, *changes, part=part)
    return list(reader_of(agreed, path.name)(path, agreed, path.name))


def document(folder: Path, content: str | bytes, **more: Any) -> list[RawBatch]:
    return read(folder, content, "json", **more)


@pytest.mark.parametrize("format_", ["json", "jsonl"])
def test_records_load_with_their_types(town: Town, format_: str) -> None:
    records = [record(row) for row in ROWS]
    content = text(records) if format_ == "json" else lines(*records)
    report = town.load(contract(town.root, format_), town.file("events.json.gz",
                                                              gzip.compress(content.encode())))
    assert (report.rows_in_file, report.rows_loaded, report.rows_rejected) == (3, 3, 0)
    first, second, third = town.rows("small", "events")
    assert (first["activity"], first["occurred_at"]) == ("Samtale æøå", datetime(2024, 3, 1, 8, 15, 30))
    assert (first["due_on"], first["hours"], first["talks"], first["is_closed"]) == (
        date(2024, 3, 15), Decimal("7.5"), 3, True)
    assert (second["activity"], second["hours"], second["has_note"]) == (None, None, False)
    assert (third["created_by"], third["hours"]) == ("robot", Decimal("-1234.25"))
    rows = [1, 2, 3]  # the ordinal of a record, or its line
    assert [r["source_row"] for r in (first, second, third)] == rows


def test_a_key_that_a_record_lacks_is_null_and_the_order_of_keys_does_not_matter(
    tmp_path: Path,
) -> None:
    turned = dict(reversed(record().items()))
    batches = document(tmp_path, text([turned, {"Id": "b", "CPR": CPR}]))
    assert column(batches, "hours") == ["7,5", None]
    assert column(batches, "row_id") == ["a1", "b"]


PAGES = [
    {"data": [record(Id="1"), record(Id="2")], "totalSearchCount": 3, "next": {"data": "abc"}},
    {"data": [record(Id="3")], "totalSearchCount": 3, "next": None},
]
TOTAL = ("natural_key", "total: totalSearchCount\n      natural_key")


@pytest.mark.parametrize(("format_", "content", "rows"), [
    ("json", text(PAGES), [1, 2, 3]),
    ("json", text({"result": PAGES}).replace('"result"', '"RESULT"'), [1, 2, 3]),
    ("jsonl", lines(*PAGES), [1, 2, 3]),
])
def test_pages_are_read_and_their_total_is_held_against_the_records(
    tmp_path: Path, format_: str, content: str, rows: list[int]
) -> None:
    inside = "result." if "RESULT" in content else ""
    total = (TOTAL[0], TOTAL[1].replace("total: ", f"total: {inside}"))
    batches = read(tmp_path, content, format_, total, part=f"{inside}data")
    assert column(batches, "row_id") == ["1", "2", "3"]
    assert column(batches, "source_row") == rows
    assert batches[0].unlisted_columns == 0


@pytest.mark.parametrize("format_", ["json", "jsonl"])
@pytest.mark.parametrize(("pages", "code", "words"), [
    (PAGES[:1], "TRUNCATED", ["expected 3 records", "found 2"]),
    ([*PAGES, PAGES[1]], "COUNT_MISMATCH", ["expected 3", "found 4"]),
    ([PAGES[0], PAGES[1] | {"totalSearchCount": 4}], "COUNT_MISMATCH", ["different totals"]),
    ([{"data": PAGES[0]["data"]}], "HEADER_MISMATCH", ["'totalSearchCount'"]),
    ([{"data": [], "totalSearchCount": CPR}], "HEADER_MISMATCH", ["'totalSearchCount'"]),
    ([{"items": PAGES[0]["data"], "totalSearchCount": 2}], "HEADER_MISMATCH", ["'data'"]),
])
def test_pages_that_do_not_add_up_are_refused(
    tmp_path: Path, format_: str, pages: list[Any], code: str, words: list[str]
) -> None:
    content = text(pages) if format_ == "json" else lines(*pages)
    with pytest.raises(RefusedError) as caught:
        read(tmp_path, content, format_, TOTAL, part="data")
    assert caught.value.code == code
    assert all(word in str(caught.value) for word in words) and canaries_in(str(caught.value)) == []


def test_a_header_with_dots_reaches_into_objects(tmp_path: Path) -> None:
    nested = {"Id": "a", "Borger": {"CPR": CPR, "Navn": NAME}, "Hændelse": "A", "Tid": None}
    path = ("{header: CPR,", "{header: borger.cpr,")
    batches = read(tmp_path, text([nested]), "json", path)
    assert column(batches, "citizen_id") == [CPR]
    assert batches[0].unlisted_columns == 1  # Borger.Navn: the contract drops another Navn
    flat = {"Id": "a", "borger.CPR": CPR, "Hændelse": "A", "Tid": None}
    assert column(read(tmp_path, text([flat]), "json", path), "citizen_id") == [CPR]


@pytest.mark.parametrize(("written", "value"), [
    ("7.50", "7,50"), ("1E3", "1000"), ("1e-3", "0,001"), ("-0", "-0"), ('"7.5"', "7.5"),
    ("12345678901234567890123.000000000000000000001", "12345678901234567890123,000000000000000000001"),
    ("1e999999999", "1E+999999999"), ("1e99999999999999999999", "1e99999999999999999999"),
    ("true", "true"), ("null", None), ('["a", 1, null]', '["a", "1", null]'), ("[]", None),
    ('"\\u00e6\\ud83d\\ude00"', "æ😀"),
])
@pytest.mark.parametrize("format_", ["json", "jsonl"])
def test_a_value_is_told_as_it_was_written(
    tmp_path: Path, written: str, value: str | None, format_: str
) -> None:
    line = text(record(Timer="HERE")).replace('"HERE"', written)
    batches = read(tmp_path, f"[{line}]" if format_ == "json" else line, format_)
    assert column(batches, "hours") == [value] and reasons(batches) == []


@pytest.mark.parametrize(("bad", "reason"), [
    (text(record()).replace('{"Id"', '{"CPR": "x", "Id"'), "DUPLICATE_KEY"),
    (text(record(x={"y": 0})).replace('"y"', '"z": 1, "z"'), "DUPLICATE_KEY"),
    (text(record(Aktivitet="B")), "DUPLICATE_KEY"),
    (text(record(cpr=CPR)), "DUPLICATE_KEY"),
    (text(record(Timer={"a": 1})), "NESTED_VALUE"),
    (text(record(Timer=[{"a": 1}])), "NESTED_VALUE"),
    (text(record()).replace('"Samtale', '"\\ud800Samtale'), "BAD_RECORD"),
    (text(record()).replace('"Samtale', '"\\u0000Samtale'), "BAD_RECORD"),
    ("[1, 2]", "BAD_RECORD"), ('"text"', "BAD_RECORD"), ("12", "BAD_RECORD"),
    (text(record(x=0)).replace('"x": 0', '"x": ' + '{"a":' * 200 + "1" + "}" * 200), "BAD_RECORD"),
])
@pytest.mark.parametrize("format_", ["json", "jsonl"])
def test_a_broken_record_is_rejected_alone(
    tmp_path: Path, bad: str, reason: str, format_: str
) -> None:
    parts = [text(record(Id="1")), bad, text(record(Id="3"))]
    if bad == "[1, 2]" and format_ == "jsonl":
        parts[1] = "[[1, 2]]"
    content = "[" + ",\n".join(parts) + "]" if format_ == "json" else "\n".join(parts)
    batches = read(tmp_path, content, format_)
    assert reasons(batches) == [(2, reason)]
    assert column(batches, "row_id") == ["1", "3"]


@pytest.mark.parametrize("bad", [
    '{"Id": NaN}', '{"Id": -Infinity}', "{'Id': 1}", '{"Id": 01}', '{"Id": "a"} x', "{", "nul",
    '{"x":' * 5000 + "1" + "}" * 5000, f'{{"Id": "{CPR}}}', '{"Id": "\ta"}',
])
def test_a_line_that_is_no_json_is_a_reject_and_a_document_is_refused(
    tmp_path: Path, bad: str
) -> None:
    batches = read(tmp_path, lines(record(Id="1")) + "\n" + bad + "\n" + lines(record(Id="4")), "jsonl")
    assert reasons(batches) == [(3, "BAD_RECORD")] and column(batches, "source_row") == [1, 4]
    with pytest.raises(RefusedError, match="line 2") as caught:
        document(tmp_path, f"[{text(record())},\n{bad}, {text(record())}]")
    assert caught.value.code == "NOT_JSON" and canaries_in(str(caught.value)) == []
    with pytest.raises(RefusedError, match="line 1") as caught:
        read(tmp_path, bad + "\n", "jsonl", part="data")
    assert caught.value.code == "NOT_JSON"
    with pytest.raises(RefusedError, match="deep") as caught:
        read(tmp_path, '{"x":' * 300 + "1" + "}" * 300 + "\n", "jsonl", part="data")
    assert caught.value.code == "NOT_JSON"


WHOLE = text([record(row) for row in ROWS])


@pytest.mark.parametrize("cut", range(1, len(WHOLE), 3))
def test_a_document_that_is_cut_off_anywhere_is_refused_as_such(tmp_path: Path, cut: int) -> None:
    with pytest.raises(RefusedError) as caught:
        document(tmp_path, WHOLE[:cut])
    assert caught.value.code == "TRUNCATED" and canaries_in(str(caught.value)) == []


def test_lines_that_end_in_the_middle_of_the_last_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as caught:
        read(tmp_path, lines(*[record(row) for row in ROWS])[:-20], "jsonl")
    assert caught.value.code == "TRUNCATED" and "line 3" in str(caught.value)


@pytest.mark.parametrize("format_", ["json", "jsonl"])
@pytest.mark.parametrize(("content", "code", "words"), [
    (b"", "EMPTY", []), (b"\xef\xbb\xbf \r\n", "EMPTY", []),
    (b"<html></html>", "NOT_JSON", ["HTML"]), (b"PK\x03\x04aaaa", "WRONG_TYPE", ["xlsx"]),
    (WHOLE.encode("cp1252"), "ENCODING", ["line 1", "cp1252"]),
    (WHOLE.encode("utf-16"), "ENCODING", ["UTF-16"]),
    (WHOLE.replace("Samtale", "Sam\0tale").encode(), "NUL_BYTE", ["line 1"]),
    (text(record(Etnicitet="x")).encode(), "FORBIDDEN_COLUMN", ["'etnicitet'"]),
    (text(record(x=[{"y": 1}, {"z": 1}])).replace('"z"', '"Etnicitet"').encode(), "", []),
    (WHOLE.replace("Hændelse", "Hændelser").encode(), "HEADER_MISMATCH", ["may be 'Hændelse'"]),
    (b'{"Id": "' + b"x" * 20_000_000 + b'"}', "TOO_LARGE", ["line 1"]),
    (gzip.compress(WHOLE.encode())[:-9], "TRUNCATED", ["gzip"]),
])
def test_a_file_that_cannot_be_trusted_is_refused_as_a_whole(
    tmp_path: Path, format_: str, content: bytes, code: str, words: list[str]
) -> None:
    if not code:
        assert reasons(read(tmp_path, content, format_)) == []
        return
    if format_ == "jsonl" and content.startswith(b"["):
        content = content[1:-1].replace(b"}, {", b"}\n{")
    with pytest.raises(RefusedError) as caught:
        read(tmp_path, content, format_)
    assert caught.value.code == code
    assert all(word in str(caught.value) for word in words) and canaries_in(str(caught.value)) == []


@pytest.mark.parametrize(("content", "code"), [
    ("[" * 100_000, "NOT_JSON"), ('{"a":' * 100_000, "NOT_JSON"),
    ('{"data": [], "data": []}', "NOT_JSON"), (lines(record(), record()), "NOT_JSON"),
    ('{"data": [1 2]}', "NOT_JSON"), ('{"data" []}', "NOT_JSON"), ('{data: []}', "NOT_JSON"),
    ('{"other": "' + "x" * 9_000_000 + '"}', "TOO_LARGE"),
])
def test_a_document_that_is_none_is_refused_in_little_memory(
    tmp_path: Path, content: str, code: str
) -> None:
    part = None if content.startswith('{"Id"') else "data"
    tracemalloc.start()
    with pytest.raises(RefusedError) as caught:
        document(tmp_path, content, part=part)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert caught.value.code == code and peak < 64 * 1024 * 1024


def test_utf_8_with_a_byte_order_mark_and_another_declared_encoding_are_read(tmp_path: Path) -> None:
    assert column(document(tmp_path, "\ufeff" + WHOLE), "activity")[0] == "Samtale æøå"
    latin = ("natural_key", "encoding: cp1252\n      natural_key")
    assert column(read(tmp_path, WHOLE.encode("cp1252"), "json", latin), "activity")[0] == "Samtale æøå"


@pytest.mark.parametrize("format_", ["json", "jsonl"])
def test_an_empty_list_has_no_records_and_is_no_delivery(town: Town, format_: str) -> None:
    content = '{"data": []}\n'
    assert sum(b.n_records for b in read(town.root, content, format_, part="data")) == 0
    with pytest.raises(RefusedError, match="EMPTY"):
        town.load(contract(town.root, format_, part="data"), town.file("events.json", content))


@pytest.mark.parametrize("format_", ["json", "jsonl"])
def test_nothing_of_a_name_or_a_note_leaves_the_reader(tmp_path: Path, format_: str) -> None:
    batches = read(tmp_path, text([record()]) if format_ == "json" else lines(record()), format_)
    values = str([batch.values.to_pydict() for batch in batches])
    assert CPR in values and not any(word in values for word in (NAME, STAFF, NOTE))


@pytest.mark.parametrize("format_", ["json", "jsonl"])
def test_a_large_file_is_read_in_the_memory_of_one_batch(tmp_path: Path, format_: str) -> None:
    path = tmp_path / "events.json"
    with path.open("w", encoding="utf-8") as file:
        file.write("[" if format_ == "json" else "")
        for number in range(40_000):
            file.write("," if number and format_ == "json" else "")
            file.write(text(record(Id=str(number))) + "\n")
        file.write("]" if format_ == "json" else "")
    agreed = table(tmp_path, format_)
    from pm_pipeline.ingest.readers.json.document import read_json
    from pm_pipeline.ingest.readers.json.lines import read_json_lines

    reader = read_json if format_ == "json" else read_json_lines
    peaks = []
    for size in (500, 20_000):
        tracemalloc.start()
        batches: Iterator[RawBatch] = reader(path, agreed, None, size)
        assert sum(batch.n_records for batch in batches) == 40_000
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[0] < 4 * 1024 * 1024 < peaks[1]


def test_a_document_with_any_sign_changed_is_told_or_accounted_for(tmp_path: Path) -> None:
    for place in range(0, len(WHOLE), 3):
        for sign in ('"', "}", "\\", "\x01", "é"):
            broken = WHOLE[:place] + sign + WHOLE[place + 1:]
            try:
                batches = document(tmp_path, broken)
            except PipelineError as refused:
                assert canaries_in(str(refused)) == []
            else:
                assert sum(batch.n_records for batch in batches) == 3
