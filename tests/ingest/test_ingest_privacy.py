"""The planted canaries: what is personal is in the delivery, and nowhere after it."""

import logging
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ingest_files import Town, csv_text, row, small_contract

from pm_pipeline.errors import PipelineError
from pm_pipeline.ingest.loading import building
from pm_pipeline.ingest.rejects.reasons import Refusal, RefusedError
from pm_pipeline.ingest.values.pseudonymise import Pseudonymiser

CPR, DIGITS = "610180-9753", "6101809753"
NAME, STAFF, NOTE = "Canarina Fugl", "Sagsbeh Kanari", "Ringede om kanariefuglen"
CANARIES = (CPR, DIGITS, NAME, STAFF, NOTE)


def planted(number: int, **change: str) -> str:
    return row(number, **{
        "CPR": CPR, "Navn": NAME, "Notat": f"{NOTE} {CPR}", "Oprettet af": STAFF, **change,
    })


def bytes_written(town: Town) -> bytes:
    """Everything in the lake, as bytes and as the text of every Parquet value."""
    parts = []
    for path in sorted((town.root / "work").rglob("*")):
        if path.is_file():
            parts.append(str(path.relative_to(town.root)).encode() + path.read_bytes())
            if path.suffix == ".parquet":
                parts.append(str(pq.read_table(path).to_pylist()).encode())
    return b"\n".join(parts)


def found_in(text: bytes) -> list[str]:
    return [canary for canary in CANARIES if canary.encode() in text]


def test_nothing_personal_is_in_the_lake_or_the_log(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    rows = [
        planted(1), planted(2), planted(3, Tid=f"{CPR} {NAME}"), planted(4, Timer=CPR),
        planted(5, **{"Hændelse": f"Samtale med {CPR}"}), planted(6, CPR=f"{CPR}0"),
        planted(7) + f";{NAME}", planted(8, Notat=f'"{NAME}"{CPR}'), planted(9),
        planted(10), planted(11), planted(12),
    ]
    report = town.load(small_contract(town.root), town.file("events.csv", csv_text(rows)))
    assert report.rows_loaded == 9 and report.rows_rejected == 3
    assert report.identifiers_found == {"events.activity": 1}
    assert found_in(bytes_written(town)) == []
    assert found_in((caplog.text + repr(report)).encode()) == []
    assert [r["has_note"] for r in town.rows("small", "events")][:2] == [True, True]
    landed = next(town.landing.rglob("events.csv")).read_bytes()
    assert found_in(landed) != []


@pytest.mark.parametrize("content", [
    csv_text([planted(1)], header=planted(0)),
    csv_text([planted(1), planted(2, Notat=f'"{NOTE}'), planted(3)]),
    csv_text([planted(1)]) + planted(2)[:30],
    csv_text([planted(n, CPR=NAME) for n in range(9)]),
    csv_text([planted(n, Timer=CPR) for n in range(30)]),
    csv_text([planted(1)]).replace(";", ","),
    csv_text([planted(1)]).replace("CPR;", f"{NAME};"),
    csv_text([planted(1), planted(2, Notat="\0")]),
])
def test_nothing_personal_is_in_a_refusal(
    town: Town, content: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(RefusedError) as caught:
        town.load(small_contract(town.root), town.file("events.csv", content))
    assert found_in(str(caught.value).encode()) == []
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None or caught.value.__suppress_context__ or (
        found_in(str(caught.value.__context__).encode()) == []
    )
    assert found_in(bytes_written(town)) == [] and found_in(caplog.text.encode()) == []
    assert town.lake_files() == set()


def test_a_bad_byte_beside_a_name_is_told_by_its_line_only(town: Town) -> None:
    content = csv_text([planted(1), planted(2, Navn=NAME + "ø")]).encode().replace(
        "Fuglø".encode(), "Fuglø".encode("cp1252")
    )
    with pytest.raises(RefusedError, match="line 3") as caught:
        town.load(small_contract(town.root), town.file("events.csv", content))
    assert found_in(str(caught.value).encode()) == []
    assert caught.value.__suppress_context__


def test_an_identifier_that_survives_fails_the_load(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Pseudonymiser, "pseudonymise", lambda self, rows, table: rows)
    with pytest.raises(RefusedError) as caught:
        town.load(small_contract(town.root), town.file("events.csv", csv_text([planted(1)])))
    assert caught.value.code is Refusal.PERSONAL_DATA
    assert "citizen_id" in str(caught.value)
    assert found_in(str(caught.value).encode()) == [] and town.lake_files() == set()


def test_an_error_of_the_libraries_is_told_by_its_kind_only(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise pa.ArrowInvalid(f"could not convert {CPR}")

    monkeypatch.setattr(building, "_lake_rows", fails)
    with pytest.raises(PipelineError, match="ArrowInvalid") as caught:
        town.load(small_contract(town.root), town.file("events.csv", csv_text([planted(1)])))
    assert found_in(str(caught.value).encode()) == [] and caught.value.__suppress_context__
    assert town.lake_files() == set()


def test_the_working_folder_holds_pseudonyms_only_even_when_killed_in_it(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bytes] = []

    def look(built: object) -> list[RefusedError]:
        seen.append(bytes_written(town))
        return []

    monkeypatch.setattr("pm_pipeline.ingest.loading.load.problems", look)
    town.load(small_contract(town.root), town.file("events.csv", csv_text([planted(1)])))
    assert b"building" in seen[0] and found_in(seen[0]) == []


def test_no_temporary_file_of_the_database_is_left_in_the_folder_it_runs_in(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    here: Path = town.root / "cwd"
    here.mkdir()
    monkeypatch.chdir(here)
    town.load(small_contract(town.root), town.file("events.csv", csv_text([planted(1)])))
    assert list(here.iterdir()) == []
