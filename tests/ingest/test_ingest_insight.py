"""KMD Insight's Custom Data: fixed columns, and a row that says what they hold."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from format_files import CANARIES, CPR, canaries_in, column, contract, reasons
from ingest_files import Town

from pm_pipeline.ingest.readers.batches import RawBatch
from pm_pipeline.ingest.readers.csv.insight import read_insight_csv
from pm_pipeline.ingest.rejects.reasons import RefusedError

FIXED = [
    "Metadata", *[f"Dato{n}" for n in range(1, 6)], "Klokkeslæt1", "Klokkeslæt2", "CPR",
    *[f"Tekst{n}" for n in range(1, 31)], *[f"Numerisk{n}" for n in range(1, 16)],
]
LABELS = {
    "Metadata": "1", "Dato1": "UdførtDato", "Klokkeslæt1": "Tid-UdførtDato", "CPR": "CPR",
    "Tekst1": "Id", "Tekst2": "Hændelse", "Tekst3": "Navn", "Numerisk1": "Timer",
}
ROW = {
    "Metadata": "2", "Dato1": "01-03-2024", "Klokkeslæt1": "09:15:00", "CPR": CPR, "Tekst1": "a1",
    "Tekst2": "Samtale æøå", "Tekst3": CANARIES[2], "Numerisk1": "7,5",
}
TIMES = (
    "{header: Tid, type: timestamp, formats: [iso8601]}",
    '{header: UdførtDato, type: timestamp, formats: ["%Y-%m-%d", "%d-%m-%Y"], '
    'time_header: "Tid-UdførtDato"}',
)


def line(**fields: str) -> str:
    return ";".join(fields.get(name, "") for name in FIXED)


def file(*rows: str, labels: str | None = None, bom: str = "\ufeff") -> str:
    named = line(**LABELS) if labels is None else labels
    return bom + "\r\n".join([";".join(FIXED), named, *rows]) + "\r\n"


def read(folder: Path, content: str, *changes: tuple[str, str]) -> list[RawBatch]:
    path = folder / "events.csv"
    path.write_bytes(content.encode())
    return list(read_insight_csv(path, contract(folder, "insight_csv", *changes).tables[0]))


def test_a_file_loads_by_the_names_in_its_row_of_metadata(town: Town) -> None:
    rows = [line(**ROW), line(**{**ROW, "Tekst1": "a2", "Dato1": "2024-03-02", "Klokkeslæt1": "",
                                 "CPR": CPR.replace("-", "")})]
    agreed = contract(town.root, "insight_csv", TIMES)
    report = town.load(agreed, town.file("events_1.csv", file(*rows)))
    assert (report.rows_in_file, report.rows_loaded) == (2, 2)
    first, second = town.rows("small", "events")
    assert (first["activity"], first["hours"]) == ("Samtale æøå", Decimal("7.5"))
    assert (first["occurred_at"], first["occurred_at_precision"]) == (
        datetime(2024, 3, 1, 8, 15), "second")
    assert second["occurred_at_precision"] == "day"
    assert first["citizen_id"] == second["citizen_id"]
    assert [first["source_row"], second["source_row"]] == [3, 4]


def test_the_contract_may_name_the_fixed_columns(tmp_path: Path) -> None:
    fixed = [TIMES, ("header: Id,", "header: Tekst1,"), ("header: Hændelse,", "header: tekst2,")]
    batches = read(tmp_path, file(line(**ROW)), *fixed)
    assert column(batches, "row_id") == ["a1"] and column(batches, "activity") == ["Samtale æøå"]


def test_a_file_whose_metadata_are_apart_is_read_by_its_own_header(tmp_path: Path) -> None:
    content = "CPR;Tekst1;Tekst2;Dato1\n" + f"{CPR};a1;Samtale;01-03-2024\n"
    fixed = [
        ("{header: Tid, type: timestamp, formats: [iso8601]}",
         '{header: Dato1, type: timestamp, formats: ["%d-%m-%Y"]}'),
        ("header: Id,", "header: Tekst1,"), ("header: Hændelse,", "header: Tekst2,"),
    ]
    assert column(read(tmp_path, content, *fixed), "row_id") == ["a1"]


def test_a_broken_row_is_rejected_with_its_line(tmp_path: Path) -> None:
    batches = read(tmp_path, file(line(**ROW), line(**ROW) + ";x", line(**ROW)), TIMES)
    assert reasons(batches) == [(4, "FIELD_COUNT")]
    assert column(batches, "source_row") == [3, 5]


@pytest.mark.parametrize(("content", "code", "words"), [
    (file(line(**ROW), labels=line(**ROW)), "HEADER_MISMATCH", ["line 2", "metadata"]),
    (file(line(**ROW), labels="1;x"), "HEADER_MISMATCH", ["line 2"]),
    (file(line(**ROW), labels=line(**{**LABELS, "Tekst2": "Hændelser"})), "HEADER_MISMATCH",
     ["'Hændelse'"]),
    (file(line(**ROW), labels=line(**{**LABELS, "Tekst9": "Etnicitet"})), "FORBIDDEN_COLUMN", []),
    (file(line(**ROW), labels=line(**{**LABELS, "Tekst9": "Id"})), "DUPLICATE_COLUMN", []),
    (";".join(FIXED), "HEADER_MISMATCH", ["line 2"]), ("", "EMPTY", []),
    (file(line(**ROW)) + line(**ROW)[:40], "TRUNCATED", ["line 4"]),
])
def test_a_file_that_cannot_be_trusted_is_refused_as_a_whole(
    tmp_path: Path, content: str, code: str, words: list[str]
) -> None:
    with pytest.raises(RefusedError) as caught:
        read(tmp_path, content, TIMES)
    assert caught.value.code == code
    assert all(word in str(caught.value) for word in words) and canaries_in(str(caught.value)) == []
