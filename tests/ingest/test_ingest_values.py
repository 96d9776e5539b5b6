"""Typing: dates, clock changes, numbers, codes, CPR numbers; never guessed, never thrown."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
import pytest
from ingest_files import small_contract

from pm_pipeline.errors import PipelineError
from pm_pipeline.ingest.contract.model import Column, Table
from pm_pipeline.ingest.values.typist import TypedBatch, Typist

ZONE = "Europe/Copenhagen"


def typed(
    texts: list[str | None] | list[str], times: list[str | None] | None = None, **column: Any
) -> TypedBatch:
    """Type one column of raw text."""
    settings = {"name": "x", "header": "x", **column}
    table = Table(
        name="t", description="d", files="*",
        columns={"x": {k: v for k, v in settings.items() if k != "name"}},  # type: ignore[arg-type]
    )
    raw: dict[str, Any] = {
        "source_row": pa.array(range(len(texts)), pa.int64()), "x": pa.array(texts, pa.string()),
    }
    if times is not None:
        raw["x__time"] = pa.array(times, pa.string())
    with Typist(table, ZONE) as typist:
        return typist.type_batch(pa.table(raw), "x.csv")


def one(text: str | None, time: str | None = None, **column: Any) -> dict[str, Any]:
    """The lake's fields of one value, and the reason and class if it was rejected."""
    batch = typed([text], [time] if "time_header" in column else None, **column)
    found = batch.findings.to_pylist()
    fields = batch.rows.to_pylist()[0] if batch.rows.num_rows else {}
    return {
        **fields, "reason": found[0]["reason"] if found else None,
        "found": found[0]["found_class"] if found else None,
    }


DANISH: dict[str, Any] = {
    "type": "timestamp", "formats": ["%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d-%m-%Y"],
}
ISO: dict[str, Any] = {"type": "timestamp", "formats": ["iso8601"]}


@pytest.mark.parametrize(("text", "utc", "precision", "flag"), [
    ("25-03-2024 13:05", datetime(2024, 3, 25, 12, 5), "minute", None),
    ("25-07-2024 13:05:09", datetime(2024, 7, 25, 11, 5, 9), "second", None),
    ("5-7-2024 9:05", datetime(2024, 7, 5, 7, 5), "minute", None),
    ("25-07-2024", datetime(2024, 7, 24, 22, 0), "day", None),
    ("  25-07-2024\u00a0", datetime(2024, 7, 24, 22, 0), "day", None),
    ("27-03-2022 02:30", datetime(2022, 3, 27, 1, 30), "minute", "dst_gap"),
    ("30-10-2022 02:30", datetime(2022, 10, 30, 1, 30), "minute", "dst_fold"),
    ("30-10-2022 01:59", datetime(2022, 10, 29, 23, 59), "minute", None),
    ("30-10-2022 03:00", datetime(2022, 10, 30, 2, 0), "minute", None),
    ("27-03-2022", datetime(2022, 3, 26, 23, 0), "day", None),
])
def test_local_times_become_utc_with_precision_and_clock_change_flag(
    text: str, utc: datetime, precision: str, flag: str | None
) -> None:
    result = one(text, **DANISH)
    assert (result["x"], result["x_precision"], result["x_flag"]) == (utc, precision, flag)
    assert result["reason"] is None


def test_every_hour_of_five_years_agrees_with_the_standard_library() -> None:
    zone = ZoneInfo(ZONE)
    start = datetime(2020, 1, 1)
    local = [start + timedelta(hours=n) for n in range(5 * 366 * 24)]
    batch = typed([f"{t:%d-%m-%Y %H:%M}" for t in local], **DANISH)
    for stamp, found, flag in zip(
        local, batch.rows["x"].to_pylist(), batch.rows["x_flag"].to_pylist(), strict=True
    ):
        early = stamp.replace(tzinfo=zone, fold=0).astimezone(UTC)
        late = stamp.replace(tzinfo=zone, fold=1).astimezone(UTC)
        if early == late:
            assert (found, flag) == (early.replace(tzinfo=None), None)
        else:
            gap = early.astimezone(zone).replace(tzinfo=None) != stamp
            assert flag == ("dst_gap" if gap else "dst_fold")
            assert found == max(early, late).replace(tzinfo=None)


@pytest.mark.parametrize(("text", "reason", "found"), [
    ("25-03-22", "DATE_FORMAT", "two-digit year"),
    ("25-03-22 10:00", "DATE_FORMAT", "two-digit year"),
    ("30-02-2024", "DATE_FORMAT", "text of 10 characters"),
    ("25-03-2024 25:00", "DATE_FORMAT", "text of 16 characters"),
    ("25-03-2024 24:00:00", "DATE_FORMAT", "text of 19 characters"),
    ("2024-03-25", "DATE_FORMAT", "text of 10 characters"),
    ("44621", "DATE_FORMAT", "number of 5 digits"),
    ("25-03-0022", "DATE_RANGE", "text of 10 characters"),
    ("31-12-9999", "DATE_RANGE", "text of 10 characters"),
    ("25-03-2024 10:00 i går", "DATE_FORMAT", "text of 22 characters"),
])
def test_a_date_that_is_not_as_agreed_is_rejected_and_becomes_null(
    text: str, reason: str, found: str
) -> None:
    result = one(text, **DANISH)
    assert (result["x"], result["x_precision"], result["x_flag"]) == (None, None, None)
    assert (result["reason"], result["found"]) == (reason, found)


@pytest.mark.parametrize(("text", "utc", "precision"), [
    ("2011-10-11T13:45:40.276+02:00", datetime(2011, 10, 11, 11, 45, 40, 276000), "second"),
    ("2011-10-11 13:45:40.276000+02:00", datetime(2011, 10, 11, 11, 45, 40, 276000), "second"),
    ("2011-10-11T13:45:40Z", datetime(2011, 10, 11, 13, 45, 40), "second"),
    ("2011-10-11T13:45:40-0530", datetime(2011, 10, 11, 19, 15, 40), "second"),
    ("2011-10-11T13:45:40,5+02", datetime(2011, 10, 11, 11, 45, 40, 500000), "second"),
    ("2011-10-11T13:45+02:00", datetime(2011, 10, 11, 11, 45), "minute"),
    ("2011-07-11T13:45:40", datetime(2011, 7, 11, 11, 45, 40), "second"),
    ("2011-07-11", datetime(2011, 7, 10, 22, 0), "day"),
    ("2022-10-30T02:30:00+02:00", datetime(2022, 10, 30, 0, 30), "second"),
])
def test_iso_times_keep_their_offset_and_their_fractions(
    text: str, utc: datetime, precision: str
) -> None:
    result = one(text, **ISO)
    assert (result["x"], result["x_precision"], result["x_flag"]) == (utc, precision, None)


@pytest.mark.parametrize("text", [
    "2011-02-30T10:00:00Z", "2011-10-11T24:00:00Z", "2011-10-11T10:00:60Z", "2011-10-11T10",
    "2011-10-11T10:00:00+25:00", "20111011T100000Z", "2011-W41-2",
])
def test_iso_texts_that_are_no_time_are_rejected(text: str) -> None:
    result = one(text, **ISO)
    assert (result["x"], result["reason"]) == (None, "DATE_FORMAT")


TWO: dict[str, Any] = {"type": "timestamp", "formats": ["%d-%m-%Y"], "time_header": "kl"}


@pytest.mark.parametrize(("day", "time", "utc", "precision", "reason"), [
    ("25-07-2024", "13:05", datetime(2024, 7, 25, 11, 5), "minute", None),
    ("25-07-2024", "9:05:30", datetime(2024, 7, 25, 7, 5, 30), "second", None),
    ("25-07-2024", "", datetime(2024, 7, 24, 22, 0), "day", None),
    ("25-07-2024", "24:00", None, None, "TIME_FORMAT"),
    ("25-07-2024", "middag", None, None, "TIME_FORMAT"),
    ("", "13:05", None, None, None),
])
def test_a_time_in_a_column_of_its_own_is_joined_to_the_date(
    day: str, time: str, utc: datetime | None, precision: str | None, reason: str | None
) -> None:
    result = one(day, time, **TWO)
    assert (result["x"], result["x_precision"], result["reason"]) == (utc, precision, reason)


@pytest.mark.parametrize(("text", "day", "flag"), [
    ("2024-06-30T22:00:00Z", date(2024, 7, 1), None),
    ("2024-12-31T23:00:00Z", date(2025, 1, 1), None),
    ("2024-12-31T22:00:00Z", date(2025, 1, 1), "not_midnight"),
    ("2024-06-30T23:00:00Z", date(2024, 7, 1), "not_midnight"),
])
def test_an_instant_meant_as_a_date_becomes_the_nearest_local_midnight(
    text: str, day: date, flag: str | None
) -> None:
    result = one(
        text, type="date", formats=["%Y-%m-%dT%H:%M:%SZ"], zone="utc", as_date="nearest_midnight"
    )
    assert (result["x"], result["x_flag"]) == (day, flag)


def test_a_zone_that_never_changes_its_clocks_flags_nothing() -> None:
    raw = {"source_row": pa.array([1], pa.int64()), "x": pa.array(["31-03-2024 02:30"])}
    table = Table(name="t", description="d", files="*", columns={"x": {"header": "x", **DANISH}})  # type: ignore[arg-type]
    with Typist(table, "UTC") as typist:
        (told,) = typist.type_batch(pa.table(raw), "x.csv").rows.to_pylist()
    assert (told["x"], told["x_flag"]) == (datetime(2024, 3, 31, 2, 30), None)


def test_the_zone_of_the_machine_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    assert one("25-07-2024 13:05", **DANISH)["x"] == datetime(2024, 7, 25, 11, 5)
    assert one("2011-10-11T13:45:40+02:00", **ISO)["x"] == datetime(2011, 10, 11, 11, 45, 40)


@pytest.mark.parametrize(("kind", "text", "value", "reason"), [
    ("decimal", "7,5", Decimal("7.5000"), None),
    ("decimal", "-1234", Decimal("-1234.0000"), None),
    ("decimal", "1.234,5", None, "NUMBER_FORMAT"),
    ("decimal", "7.5", None, "NUMBER_FORMAT"),
    ("decimal", "1,23456", None, "NUMBER_FORMAT"),
    ("integer", "0042", 42, None),
    ("integer", "1_000", None, "NUMBER_FORMAT"),
    ("integer", "0x10", None, "NUMBER_FORMAT"),
    ("integer", "12.6", None, "NUMBER_FORMAT"),
    ("integer", "1e3", None, "NUMBER_FORMAT"),
    ("boolean", "JA", True, None),
    ("boolean", "0", False, None),
    ("boolean", "måske", None, "BOOLEAN_FORMAT"),
    ("code", "0101", "0101", None),
    ("code", "NA", "NA", None),
    ("code", "=cmd()", "=cmd()", None),
    ("code", " A\u030arhus\u200b ", "Århus", None),
    ("code", "Møde\u00a0om plan", "Møde om plan", None),
    ("code", "x" * 201, None, "TOO_LONG"),
    ("code", "tlf. 010160-1234", None, "PERSONAL_DATA"),
    ("code", "skriv til else@example.org", None, "PERSONAL_DATA"),
    ("text", "0101601234", None, "PERSONAL_DATA"),
    ("text", "ring +45 12345678", None, "PERSONAL_DATA"),
    ("text", "+45 12 34 56 78", None, "PERSONAL_DATA"),
    ("text", "0045-12-34-56-78", None, "PERSONAL_DATA"),
    ("text", "12 34 56 78", None, "PERSONAL_DATA"),
    ("text", "Tlf.: 12345678", None, "PERSONAL_DATA"),
    ("code", "mobil 1234 5678", None, "PERSONAL_DATA"),
    ("text", "12345678", "12345678", None),
    ("text", "CVR 12345678", "CVR 12345678", None),
    ("text", "2024 01 02 03", "2024 01 02 03", None),
    ("text", "Hotel 12345678", "Hotel 12345678", None),
    ("text", "12-34-56-78", "12-34-56-78", None),
    ("text", "sag 123456789012", "sag 123456789012", None),
])
def test_values_are_read_strictly(kind: str, text: str, value: object, reason: str | None) -> None:
    result = one(text, type=kind)
    assert (result["x"], result["reason"]) == (value, reason)


def test_a_closed_code_list_and_a_pattern_reject_what_they_do_not_know() -> None:
    assert one("A-kasse", type="code", allowed=["Kommune"])["reason"] == "UNKNOWN_CODE"
    assert one("Kommune", type="code", allowed=["Kommune"])["reason"] is None
    assert one("6.x", type="code", pattern=r"6\.[1-5]")["reason"] == "PATTERN"
    assert one("O'Brien", type="code", allowed=["O'Brien"])["x"] == "O'Brien"


@pytest.mark.parametrize(("text", "value", "reason"), [
    ("610180-1234", "6101801234", None),
    ("610180 1234", "6101801234", None),
    (" 6101801234 ", "6101801234", None),
    ("0101801234", "0101801234", None),
    ("101801234", None, "CPR_LOST_ZERO"),
    ("61018012345", None, "CPR_FORMAT"),
    ("61018o1234", None, "CPR_FORMAT"),
])
def test_cpr_numbers_become_ten_digits_or_a_reject(
    text: str, value: str | None, reason: str | None
) -> None:
    result = one(text, type="identifier", domain="citizen", normalise="cpr")
    assert (result["x"], result["reason"]) == (value, reason)


def test_a_bad_value_rejects_the_row_only_where_the_value_must_be_there() -> None:
    loose = typed(["7,5", "seven"], type="decimal")
    assert (loose.rows.num_rows, loose.rows_rejected) == (2, 0)
    assert loose.findings.to_pylist()[0]["row_kept"] is True
    strict = typed(["7,5", "seven", ""], type="decimal", nullable=False)
    assert (strict.rows.num_rows, strict.rows_rejected) == (1, 2)
    assert [(f["reason"], f["row_kept"]) for f in strict.findings.to_pylist()] == [
        ("NUMBER_FORMAT", False), ("MISSING_VALUE", False),
    ]


def test_null_words_are_null_and_no_reject() -> None:
    table = Table(
        name="t", description="d", files="*", null_words=("NULL", "31-12-9999"),
        columns={"x": {"type": "timestamp", "formats": ["%d-%m-%Y"]}},  # type: ignore[arg-type]
    )
    raw = pa.table({"source_row": [1, 2, 3], "x": ["NULL", "31-12-9999", " "]})
    with Typist(table, ZONE) as typist:
        batch = typist.type_batch(raw, "x.csv")
    assert batch.rows["x"].to_pylist() == [None] * 3
    assert batch.findings.num_rows == 0


def test_rows_keep_their_order_in_a_batch_larger_than_one_chunk() -> None:
    for _ in range(5):
        batch = typed([str(n) for n in range(100_000)], type="integer")
        assert batch.rows["source_row"].to_pylist() == list(range(100_000))


def test_equal_content_has_equal_hashes_and_other_content_another() -> None:
    hashes = typed(["a", "b", "a", ""], type="code").rows["_content_hash"].to_pylist()
    assert hashes[0] == hashes[2] and len(set(hashes)) == 3


def test_a_failure_inside_duckdb_tells_no_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = small_contract(tmp_path).tables[0]
    with Typist(table, ZONE) as typist:
        typist._columns[0]._sql = dict.fromkeys(
            (False, True), "SELECT CAST(row_id AS INTEGER) FROM batch"
        )
        with pytest.raises(PipelineError) as caught:
            typist.type_batch(pa.table({"row_id": ["secret-value"]}), "events.csv")
    assert "secret-value" not in str(caught.value) and "ConversionException" in str(caught.value)
    assert caught.value.__suppress_context__


def test_the_typing_connection_cannot_spill_raw_values_to_disk(tmp_path: Path) -> None:
    with Typist(small_contract(tmp_path).tables[0], ZONE) as typist:
        found = typist._connection.sql("SELECT current_setting('temp_directory')").fetchall()
        assert found == [("",)]
    with pytest.raises(duckdb.Error):
        typist._connection.sql("SELECT 1")


def test_a_column_may_stand_alone() -> None:
    assert Column(name="x", header="x", type="code").lake_fields()[0].name == "x"
