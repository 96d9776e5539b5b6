"""Excel workbooks: what loads exactly, what is rejected by row, what is refused before it is parsed."""

import gzip
import io
import tracemalloc
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from format_files import (
    CONTRACT,
    CPR,
    DIGITS,
    HEADER,
    NAME,
    NOTE,
    ROWS,
    STAFF,
    canaries_in,
    column,
    contract,
    raw_sheet,
    reasons,
    rezipped,
    sheet,
)
from ingest_files import Town

from pm_pipeline.errors import PipelineError
from pm_pipeline.ingest.contract.reading import load_contract
from pm_pipeline.ingest.readers.batches import RawBatch
from pm_pipeline.ingest.readers.xlsx.number_formats import NumberFormat, cell_text, number_format
from pm_pipeline.ingest.readers.xlsx.workbook import read_xlsx
from pm_pipeline.ingest.rejects.reasons import Refusal, RefusedError


def read(
    folder: Path, content: bytes, *changes: tuple[str, str], part: str | None = None
) -> list[RawBatch]:
    path = folder / "events.xlsx"
    path.write_bytes(content)
    return list(read_xlsx(path, contract(folder, "xlsx", *changes, part=part).tables[0]))


def row(number: int, **change: Any) -> list[Any]:
    fields = dict(zip(HEADER, ROWS[0], strict=True)) | {"Id": f"a{number}"}
    return list((fields | change).values())


def test_a_workbook_loads_with_its_types_and_the_numbers_of_its_rows(town: Town) -> None:
    report = town.load(contract(town.root, "xlsx"), town.file("Events 1.XLSX", sheet(ROWS)))
    assert (report.rows_in_file, report.rows_loaded, report.rows_rejected) == (3, 3, 0)
    first, second, third = town.rows("small", "events")
    assert first["activity"] == "Samtale æøå"
    assert first["occurred_at"] == datetime(2024, 3, 1, 8, 15, 30)
    assert (first["due_on"], str(first["hours"]), first["talks"]) == (date(2024, 3, 15), "7.5000", 3)
    assert (first["is_closed"], first["created_by"], first["has_note"]) == (True, "human", True)
    assert [second[name] for name in ("activity", "occurred_at", "hours", "is_closed")] == [None] * 4
    assert third["activity"] == 'Plan; "ny" linje'
    assert (third["created_by"], third["has_note"]) == ("robot", False)
    assert [r["source_row"] for r in (first, second, third)] == [2, 3, 4]


def test_a_date_without_a_time_of_day_is_a_day_and_one_with_it_is_not(town: Town) -> None:
    def formats(ws: Any) -> None:
        ws["D2"], ws["D2"].number_format = datetime(2024, 3, 1), "dd\\-mm\\-yyyy;@"
        ws["D3"], ws["D3"].number_format = datetime(2024, 3, 1, 9, 15), "dd/mm/yyyy hh:mm"
        ws["D4"], ws["D4"].number_format = datetime(2024, 3, 1, 9, 15, 7), "dd/mm/yyyy hh:mm"
        ws["D5"], ws["D5"].number_format = datetime(2024, 3, 1), "yyyy-mm-dd hh:mm:ss"
        ws["D6"], ws["D6"].number_format = datetime(2024, 3, 1, 12), "[$-406]d. mmmm yyyy"

    content = sheet([row(n) for n in range(5)], change=formats)
    town.load(contract(town.root, "xlsx"), town.file("events.xlsx", content))
    assert [(r["occurred_at"], r["occurred_at_precision"]) for r in town.rows("small", "events")] == [
        (datetime(2024, 2, 29, 23), "day"), (datetime(2024, 3, 1, 8, 15), "minute"),
        (datetime(2024, 3, 1, 8, 15, 7), "second"), (datetime(2024, 2, 29, 23), "second"),
        (datetime(2024, 3, 1, 11), "second"),
    ]


@pytest.mark.parametrize(("code", "kind"), [
    ("General", "number"), ("0.00E+00", "number"), ('#,##0.00\\ "kr. om dagen"', "number"),
    ("_-* #,##0.00\\ _k_r_._-", "number"), ("[Red]0", "number"), ("[h]:mm", "number"), ("@", "number"),
    ("dd-mm-yyyy", "date"), ("mmm", "date"), ("[$-F800]dddd, mmmm dd, yyyy", "date"),
    ("yyyy-mm-dd hh:mm", "minute"), ("d/m/yy h:mm:ss AM/PM", "second"), ("hh:mm", "time"),
    ("mm:ss", "time"), ("0000000000", "digits"), ("000000\\-0000", "digits"), ("0", "number"),
])
def test_a_number_format_is_known_for_what_it_shows(code: str, kind: str) -> None:
    assert number_format(code).kind == kind


@pytest.mark.parametrize(("raw", "form", "text"), [
    ("101801234", NumberFormat("number"), "101801234"),
    ("1.1000000000000001", NumberFormat("number"), "1,1"),
    ("0.30000000000000004", NumberFormat("number"), "0,3"),
    ("1E-3", NumberFormat("number"), "0,001"), ("1.5E15", NumberFormat("number"), "1500000000000000"),
    ("12345678901234567890", NumberFormat("number"), "12345678901234567890"),
    ("-0", NumberFormat("number"), "0"), ("7.0", NumberFormat("number"), "7"),
    ("101809753", NumberFormat("digits", "0000000000"), "0101809753"),
    ("101809753", NumberFormat("digits", "000000-0000"), "010180-9753"),
    ("7.5", NumberFormat("digits", "000"), "7,5"),
    ("45352", NumberFormat("date"), "2024-03-01"), ("60", NumberFormat("date"), "1900-02-29"),
    ("59", NumberFormat("date"), "1900-02-28"), ("1", NumberFormat("date"), "1900-01-01"),
    ("45352.385763888888", NumberFormat("second"), "2024-03-01T09:15:30"),
    ("45352.999999999", NumberFormat("date"), "2024-03-02"),
    ("0.4375", NumberFormat("time"), "10:30:00"), ("-3", NumberFormat("date"), "-3"),
])
def test_a_number_is_told_as_a_person_sees_it(raw: str, form: NumberFormat, text: str) -> None:
    assert cell_text(raw, form, ",", False) == text


def test_a_workbook_that_counts_days_from_1904_is_read_so(tmp_path: Path) -> None:
    def early(ws: Any) -> None:
        from openpyxl.utils.datetime import CALENDAR_MAC_1904
        ws.parent.epoch = CALENDAR_MAC_1904

    assert column(read(tmp_path, sheet(ROWS, change=early)), "due_on") == [
        "2024-03-15", None, "2024-08-01"
    ]


def test_a_cpr_that_excel_took_for_a_number_lost_its_zero_and_is_told_or_padded(town: Town) -> None:
    rows = [row(1, CPR=101809753), row(2), row(3)]
    town.load(contract(town.root, "xlsx"), town.file("events.xlsx", sheet(rows)))
    assert [(r["source_row"], r["reason"]) for r in town.rejects()] == [(2, "CPR_LOST_ZERO")]
    padded = contract(town.root, "xlsx", ("normalise: cpr,", "normalise: cpr, pad_cpr: true,"))
    report = town.load(padded, town.file("events.xlsx", sheet(rows)), day=2)
    assert report.rows_rejected == 0


def test_a_serial_number_in_a_column_of_text_follows_the_contract(town: Town) -> None:
    rows = [row(1, Tid=45352.5), row(2)]
    town.load(contract(town.root, "xlsx"), town.file("events.xlsx", sheet(rows)))
    assert [(r["source_row"], r["column_name"], r["reason"]) for r in town.rejects()] == [
        (2, "occurred_at", "DATE_FORMAT")
    ]
    serial = contract(town.root, "xlsx", ("[iso8601]", "[iso8601, excel_serial]"))
    town.load(serial, town.file("events.xlsx", sheet(rows)), day=2)
    assert town.rows("small", "events")[-2]["occurred_at"] == datetime(2024, 3, 1, 11)


def test_a_time_of_day_in_a_column_of_its_own_joins_its_date(town: Town) -> None:
    agreed = contract(town.root, "xlsx", (
        'header: Tid, type: timestamp, formats: [iso8601]',
        'header: Frist, type: timestamp, formats: ["%Y-%m-%d"], time_header: Tid',
    ), ('        due_on: {header: Frist, type: date, formats: ["%Y-%m-%d"], presence: optional}\n', ""))
    rows = [row(1, Tid=time(10, 30)), row(2, Tid=None)]
    town.load(agreed, town.file("events.xlsx", sheet(rows)))
    assert [(r["occurred_at"], r["occurred_at_precision"]) for r in town.rows("small", "events")] == [
        (datetime(2024, 3, 15, 9, 30), "second"), (datetime(2024, 3, 14, 23), "day"),
    ]


def test_formulas_without_a_value_and_errors_reject_their_rows_only(tmp_path: Path) -> None:
    def break_(ws: Any) -> None:
        ws["C3"] = "=A1&A2"
        ws["F4"] = "#N/A"
        ws["K5"] = "=1/0"  # a dropped column: nobody asks for its value

    batches = read(tmp_path, sheet([row(n) for n in range(4)], change=break_))
    assert reasons(batches) == [(3, "FORMULA_WITHOUT_VALUE"), (4, "CELL_ERROR")]
    assert column(batches, "source_row") == [2, 5]


def test_an_error_that_the_contract_names_as_no_value_is_none(tmp_path: Path) -> None:
    def break_(ws: Any) -> None:
        ws["F3"] = "#N/A"
        ws["F4"] = "#REF!"

    declared = ("      format: xlsx", '      format: xlsx\n      null_words: ["", "#N/A"]')
    batches = read(tmp_path, sheet([row(n) for n in range(3)], change=break_), declared)
    assert reasons(batches) == [(4, "CELL_ERROR")]
    assert column(batches, "source_row") == [2, 3]


def test_a_formula_with_its_value_is_that_value(tmp_path: Path) -> None:
    cells = "".join(f'<c r="{chr(65 + n)}1" t="s"><v>{n}</v></c>' for n in range(4))
    values = (
        '<c r="A2" t="str"><f>"a"&amp;1</f><v>a1</v></c>'
        '<c r="B2" t="inlineStr"><is><r><t>610180</t></r><rPh sb="0" eb="1"><t>no</t></rPh>'
        '<r><t>-9753</t></r></is></c>'
        '<c r="C2" t="str"><f>""</f><v></v></c><c t="d"><v>2024-03-01T09:15</v></c>'
    )
    body = f'<row r="1">{cells}</row><row>{values}</row>'
    [batch] = read(tmp_path, raw_sheet(body, HEADER[:4]))
    [record] = batch.values.select(["row_id", "citizen_id", "activity", "occurred_at"]).to_pylist()
    assert list(record.values()) == ["a1", CPR, None, "2024-03-01T09:15"]
    assert batch.rejects.num_rows == 0


def test_texts_that_cells_share_are_put_where_they_belong(tmp_path: Path) -> None:
    cell = '<c t="s"><v>{}</v></c>'.format
    rows = "".join(
        f"<row>{''.join(map(cell, numbers))}</row>"
        for numbers in ([0, 1, 2, 3], [4, 5, 6, 7], [8, 5, 6, 9])
    )
    texts = [*HEADER[:4], "a1", DIGITS, "Æ_x000D_Å_x005F_x0041_", "2024-03-01", "a2", "x" * 40_000]
    batches = read(tmp_path, raw_sheet(rows, texts))
    assert column(batches, "activity") == ["Æ\rÅ_x0041_"]
    assert column(batches, "citizen_id") == [DIGITS] and reasons(batches) == [(3, "TOO_LONG")]


def test_a_workbook_whose_elements_have_a_prefix_is_read_the_same(tmp_path: Path) -> None:
    def prefixed(name: str, part: bytes) -> bytes:
        if not name.startswith("xl/") or not name.endswith(".xml"):
            return part
        text = part.decode().replace('xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"',
                                     'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"')
        return text.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?").encode()

    plain = read(tmp_path, sheet(ROWS))
    assert read(tmp_path, rezipped(sheet(ROWS), prefixed))[0].values == plain[0].values


def test_empty_rows_are_no_records_and_hidden_ones_are(tmp_path: Path) -> None:
    def shape(ws: Any) -> None:
        ws.insert_rows(3, 2)
        ws.row_dimensions[6].hidden = True
        ws["B40"].number_format = "0.00"  # a format far below the table is no row

    batches = read(tmp_path, sheet([row(n) for n in range(3)], change=shape))
    assert column(batches, "source_row") == [2, 5, 6]


def test_a_header_further_down_is_found_where_the_contract_says(tmp_path: Path) -> None:
    content = sheet(ROWS, change=lambda ws: (ws.insert_rows(1, 2), ws.merge_cells("A1:C1")))
    skip = ("natural_key", "skip_lines: 2\n      natural_key")
    assert column(read(tmp_path, content, skip), "source_row") == [4, 5, 6]
    with pytest.raises(RefusedError, match="skip_lines") as caught:
        read(tmp_path, content)
    assert caught.value.code is Refusal.HEADER_MISMATCH


def test_the_contract_names_the_sheet_where_there_are_several(tmp_path: Path) -> None:
    content = sheet(ROWS, title="Hændelser", change=lambda ws: ws.parent.create_sheet("Opslag"))
    assert len(column(read(tmp_path, content, part="hændelser"), "row_id")) == 3
    for part in (None, "Ark9"):
        with pytest.raises(RefusedError, match="'Hændelser', 'Opslag'"):
            read(tmp_path, content, part=part)
    secret = sheet(ROWS, title=f"Sag {CPR}", change=lambda ws: ws.parent.create_sheet("B"))
    with pytest.raises(RefusedError) as caught:
        read(tmp_path, secret)
    assert canaries_in(str(caught.value)) == []


def test_two_sheets_of_one_workbook_are_two_tables(town: Town) -> None:
    path = town.root / "two.yaml"
    one = CONTRACT.partition("  tables:\n")[2].replace("FORMAT", "xlsx\n      part: Ark1")
    two = one.replace("    events:\n", "    plans:\n").replace("part: Ark1", "part: Planer")
    path.write_text(CONTRACT.partition("    events:")[0] + one + two, encoding="utf-8")

    def second(ws: Any) -> None:
        other = ws.parent.create_sheet("Planer")
        for values in (HEADER[:4], ["p1", CPR, "Plan", None]):
            other.append(list(values))

    report = town.load(load_contract(path), town.file("events.xlsx", sheet(ROWS, change=second)))
    assert [(file.table, file.rows_loaded) for file in report.files] == [("events", 3), ("plans", 1)]
    assert [row["activity"] for row in town.rows("small", "plans")] == ["Plan"]


@pytest.mark.parametrize(("change", "code", "words"), [
    ({"Hændelse": "Hændelser"}, "HEADER_MISMATCH", ["'hændelser' may be 'Hændelse'"]),
    ({"Navn": "Aktivitet"}, "DUPLICATE_COLUMN", []),
    ({"Navn": "CPR"}, "DUPLICATE_COLUMN", []),
    ({"Navn": "Etnicitet"}, "FORBIDDEN_COLUMN", ["'etnicitet'"]),
])
def test_a_header_that_is_not_the_agreed_one_is_refused(
    tmp_path: Path, change: dict[str, str], code: str, words: list[str]
) -> None:
    with pytest.raises(RefusedError) as caught:
        read(tmp_path, sheet(ROWS, [change.get(name, name) for name in HEADER]))
    assert caught.value.code == code
    assert all(word in str(caught.value) for word in [*words, "row 1"])


@pytest.mark.parametrize(("cells", "is_refused"), [("B3:B4", True), ("C2:F2", True), ("M2:N9", False)])
def test_merged_cells_hide_values_and_are_refused(
    tmp_path: Path, cells: str, is_refused: bool
) -> None:
    content = sheet([row(n) for n in range(4)], change=lambda ws: ws.merge_cells(cells))
    if not is_refused:
        assert len(column(read(tmp_path, content), "row_id")) == 4
        return
    with pytest.raises(RefusedError, match=cells) as caught:
        read(tmp_path, content)
    assert caught.value.code is Refusal.MERGED_CELLS


def test_values_beside_the_table_and_a_repeated_header_reject_their_rows(tmp_path: Path) -> None:
    batches = read(tmp_path, sheet([row(1), [*row(2), "remark"], HEADER, row(4)]))
    assert reasons(batches) == [(3, "FIELD_COUNT"), (4, "REPEATED_HEADER")]
    assert column(batches, "source_row") == [2, 5]


def far_cell() -> bytes:
    return sheet(ROWS, change=lambda ws: ws.cell(1_048_576, 16_384, "x"))


def ratio_bomb() -> bytes:
    memory = io.BytesIO(sheet(ROWS))
    with zipfile.ZipFile(memory, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", bytes(300_000_000))
    return memory.getvalue()


def nested_bomb() -> bytes:
    return raw_sheet("<a>" * 10_000 + "</a>" * 10_000)


def with_doctype(part: str) -> bytes:
    laugh = b'<!DOCTYPE x [<!ENTITY a "ha">]>'
    # openpyxl writes texts into their cells, Excel into a part of their own
    return rezipped(raw_sheet("", HEADER) if "shared" in part else sheet(ROWS), lambda name, text: (
        laugh + text.partition(b"?>")[2] if text.startswith(b"<?xml") else laugh + text
    ) if name == part else text)


PARTS = ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml",
         "xl/_rels/workbook.xml.rels", "_rels/.rels")


@pytest.mark.parametrize(("content", "code", "words"), [
    (b"", "EMPTY", []),
    (far_cell(), "TOO_LARGE", ["column"]),
    (ratio_bomb(), "TOO_LARGE", ["100 times"]),
    (nested_bomb(), "XML_UNSAFE", ["nested"]),
    *[(with_doctype(part), "XML_UNSAFE", ["DOCTYPE"]) for part in PARTS],
    (sheet(ROWS)[:-300], "TRUNCATED", []),
    (sheet(ROWS)[:40], "TRUNCATED", []),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "WRONG_TYPE", ["xls", "password"]),
    (gzip.compress(sheet(ROWS)), "WRONG_TYPE", ["Unpack"]),
    (b"Id;CPR\n1;6101809753\n", "WRONG_TYPE", ["a text file"]),
    (b"<html><table><tr><td>6101809753</td></tr></table></html>", "WRONG_TYPE", ["HTML"]),
    (rezipped(sheet(ROWS), lambda n, p: None if n == "_rels/.rels" else p), "WRONG_TYPE", ["archive"]),
    (rezipped(sheet(ROWS), lambda n, p: None if "sheet1" in n else p), "UNREADABLE", ["missing"]),
    (rezipped(sheet(ROWS), lambda n, p: p[:-30] if "sheet1" in n else p), "UNREADABLE", ["XML"]),
    (raw_sheet('<row r="1"><c r="A1" t="s"><v>99</v></c></row>'), "UNREADABLE", ["row 1"]),
    (raw_sheet(""), "HEADER_MISMATCH", ["header"]),
])
def test_a_workbook_that_cannot_be_trusted_is_refused_as_a_whole(
    tmp_path: Path, content: bytes, code: str, words: list[str]
) -> None:
    tracemalloc.start()
    with pytest.raises(RefusedError) as caught:
        read(tmp_path, content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert caught.value.code == code
    assert all(word in str(caught.value) for word in words) and canaries_in(str(caught.value)) == []
    assert peak < 64 * 1024 * 1024


def test_every_byte_that_is_changed_is_told_or_harmless(tmp_path: Path) -> None:
    whole = sheet([row(n) for n in range(5)])
    expected = read(tmp_path, whole)[0].values
    for place in range(0, len(whole), 97):
        broken = bytearray(whole)
        broken[place] ^= 0x15
        try:
            batches = read(tmp_path, bytes(broken))
        except PipelineError as refused:
            assert canaries_in(str(refused)) == []
        else:
            assert batches[0].values == expected


def test_nothing_of_a_name_or_a_note_leaves_the_reader(tmp_path: Path) -> None:
    [batch] = read(tmp_path, sheet(ROWS))
    text = str(batch.values.to_pydict())
    assert CPR in text and not any(word in text for word in (NAME, STAFF, NOTE))


def test_a_cell_with_more_text_than_excel_permits_rejects_its_row(tmp_path: Path) -> None:
    head = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in HEADER[:4])
    long = f'<c t="inlineStr"><is><t>a</t></is></c><c t="inlineStr"><is><t>{"x" * 40_000}</t></is></c>'
    assert reasons(read(tmp_path, raw_sheet(f"<row>{head}</row><row>{long}</row>"))) == [
        (2, "TOO_LONG")
    ]


def test_a_large_sheet_is_read_batch_by_batch_in_the_memory_of_one(tmp_path: Path) -> None:
    head = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in HEADER[:4])
    cells = f'<c><v>{{0}}</v></c><c t="inlineStr"><is><t>{DIGITS}</t></is></c><c/><c/>'
    rows = "".join(f"<row>{cells.format(n * 7919)}</row>" for n in range(60_000))
    path = tmp_path / "events.xlsx"
    path.write_bytes(raw_sheet(f"<row>{head}</row>{rows}"))
    del rows
    table = contract(tmp_path, "xlsx").tables[0]
    peaks = []
    for size in (1_000, 30_000):
        tracemalloc.start()
        sizes = [batch.n_records for batch in read_xlsx(path, table, batch_rows=size)]
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert sum(sizes) == 60_000
    assert len(sizes) > 1 and peaks[0] * 3 < peaks[1]
