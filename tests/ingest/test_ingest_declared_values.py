"""What a contract may declare about odd dates and numbers: 24:00, open ends, short years, serials."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from ingest_files import Town, csv_text, row, small_contract
from test_ingest_values import DANISH, ISO, one, typed

from pm_pipeline.ingest.contract.column_rules import column_faults
from pm_pipeline.ingest.contract.model import Column

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
SHORT: dict[str, Any] = {"type": "timestamp", "formats": ["%d-%m-%y %H:%M", "%d-%m-%y"]}
SERIAL: dict[str, Any] = {"type": "timestamp", "formats": ["excel_serial"]}
TIMED: dict[str, Any] = {"type": "timestamp", "formats": ["%d-%m-%Y"], "time_header": "Kl"}


def utc(*moment: int) -> datetime:
    """A Danish local time as naive UTC."""
    local = datetime(*moment, tzinfo=COPENHAGEN)  # type: ignore[arg-type,misc]
    return local.astimezone(UTC).replace(tzinfo=None)


@pytest.mark.parametrize(("text", "next_midnight"), [
    ("24-03-2024 24:00", (2024, 3, 25)),
    ("24-03-2024 24:00:00", (2024, 3, 25)),
    ("28-02-2024 24:00", (2024, 2, 29)),
    ("29-02-2024 24:00", (2024, 3, 1)),
    ("28-02-2023 24:00", (2023, 3, 1)),
    ("31-12-2024 24:00", (2025, 1, 1)),
    ("30-03-2024 24:00", (2024, 3, 31)),   # the day of 23 hours begins
    ("31-03-2024 24:00", (2024, 4, 1)),    # ... and ends
    ("27-10-2024 24:00", (2024, 10, 28)),  # the day of 25 hours ends
])
def test_24_00_is_the_next_midnight_where_it_is_declared(
    text: str, next_midnight: tuple[int, ...]
) -> None:
    found = one(text, **DANISH, midnight_as_24=True)
    assert (found["x"], found["reason"], found["x_flag"]) == (utc(*next_midnight), None, None)
    assert one(text, **DANISH)["reason"] == "DATE_FORMAT"


@pytest.mark.parametrize(("text", "expected"), [
    ("2024-02-28T24:00", utc(2024, 2, 29)),
    ("2024-02-28T24:00:00.000", utc(2024, 2, 29)),
    ("2024-03-30T24:00:00Z", datetime(2024, 3, 31)),
    ("2024-10-26T24:00:00+02:00", datetime(2024, 10, 26, 22)),
    ("2024-12-31 24:00:00+0100", datetime(2024, 12, 31, 23)),
])
def test_24_00_in_iso_8601_keeps_its_offset(text: str, expected: datetime) -> None:
    assert one(text, **ISO, midnight_as_24=True)["x"] == expected
    assert one(text, **ISO)["reason"] == "DATE_FORMAT"


@pytest.mark.parametrize("text", [
    "24-03-2024 24:01", "24-03-2024 24:00:01", "24-03-2024 25:00", "30-02-2024 24:00", "24:00",
])
def test_no_other_time_beyond_the_day_is_let_in_by_it(text: str) -> None:
    assert one(text, **DANISH, midnight_as_24=True)["reason"] == "DATE_FORMAT"


def test_24_00_in_a_column_of_its_own_is_the_next_midnight_too() -> None:
    found = one("31-12-2024", "24:00", **TIMED, midnight_as_24=True)
    assert (found["x"], found["x_precision"]) == (utc(2025, 1, 1), "minute")
    assert one("31-12-2024", "24:00:00", **TIMED, midnight_as_24=True)["x"] == utc(2025, 1, 1)
    assert one("31-12-2024", "24:01", **TIMED, midnight_as_24=True)["reason"] == "TIME_FORMAT"
    assert one("31-12-2024", "24:00", **TIMED)["reason"] == "TIME_FORMAT"
    assert one("31-12-2024", "23:59", **TIMED, midnight_as_24=True)["x"] == utc(2024, 12, 31, 23, 59)
    assert one("31-12-2024", None, **TIMED, midnight_as_24=True)["x"] == utc(2024, 12, 31)


def test_24_00_with_an_ordinary_time_beside_it_moves_nothing() -> None:
    for text in ("24-03-2024 00:00", "24-03-2024", "24-03-2024 23:59:59"):
        assert one(text, **DANISH, midnight_as_24=True) == one(text, **DANISH)


@pytest.mark.parametrize("text", ["31-12-9999", " 31-12-9999\u00a0", "99-99-9999"])
def test_a_declared_word_for_no_end_is_no_end(text: str) -> None:
    words = ["31-12-9999", "99-99-9999"]
    found = one(text, **DANISH, open_end=words)
    assert (found["x"], found["reason"], found["x_precision"]) == (None, None, None)
    assert one(text, **DANISH)["reason"] in ("DATE_RANGE", "DATE_FORMAT")
    assert one("30-12-9999", **DANISH, open_end=words)["reason"] == "DATE_RANGE"
    assert one("31-12-2099", **DANISH, open_end=["31-12-2099"])["x"] is None
    assert one("31-12-2099", **DANISH)["x"] == utc(2099, 12, 31)


def test_no_end_is_no_value_so_a_column_that_must_have_one_rejects_it() -> None:
    found = one("31-12-9999", **DANISH, open_end=["31-12-9999"], nullable=False)
    assert found["reason"] == "MISSING_VALUE"


@pytest.mark.parametrize(("text", "pivot", "day"), [
    ("25-03-22", 49, (2022, 3, 25)),
    ("25-03-49", 49, (2049, 3, 25)),
    ("25-03-50", 49, (1950, 3, 25)),
    ("25-03-99", 98, (1999, 3, 25)),
    ("25-03-98", 98, (2098, 3, 25)),
    ("25-03-00", 0, (2000, 3, 25)),
    ("25-03-01", 0, (1901, 3, 25)),
    ("29-02-00", 0, (2000, 2, 29)),
    ("29-02-24", 49, (2024, 2, 29)),
    ("29-02-96", 49, (1996, 2, 29)),
    ("29-02-68", 10, (1968, 2, 29)),
    ("29-02-72", 80, (2072, 2, 29)),
])
def test_a_year_of_two_digits_is_read_by_the_declared_pivot(
    text: str, pivot: int, day: tuple[int, int, int]
) -> None:
    column = {"type": "date", "formats": ["%d-%m-%y"], "two_digit_pivot": pivot}
    assert one(text, **column)["x"] == date(*day)


@pytest.mark.parametrize("text", ["29-02-23", "30-02-24", "25-03-2022", "25-13-22", "25-03-2"])
def test_a_declared_short_year_lets_no_other_date_in(text: str) -> None:
    assert one(text, **SHORT, two_digit_pivot=49)["reason"] == "DATE_FORMAT"


def test_a_short_year_with_a_time_knows_the_clock_changes() -> None:
    found = one("27-10-24 02:30", **SHORT, two_digit_pivot=49)
    assert (found["x"], found["x_flag"]) == (datetime(2024, 10, 27, 1, 30), "dst_fold")
    assert one("31-03-24 02:30", **SHORT, two_digit_pivot=49)["x_flag"] == "dst_gap"


@pytest.mark.parametrize(("text", "local", "precision"), [
    ("44621", (2022, 3, 1), "day"),
    ("44621.5", (2022, 3, 1, 12), "second"),
    ("44621,333333333", (2022, 3, 1, 8), "second"),
    ("44621.395833333", (2022, 3, 1, 9, 30), "second"),
    ("61", (1900, 3, 1), "day"),
    ("36585", (2000, 2, 29), "day"),
    ("45351", (2024, 2, 29), "day"),
    ("45351.999988426", (2024, 2, 29, 23, 59, 59), "second"),
])
def test_a_spreadsheet_serial_is_a_date_where_it_is_declared(
    text: str, local: tuple[int, ...], precision: str
) -> None:
    found = one(text, **SERIAL)
    assert (found["x"], found["reason"], found["x_precision"]) == (utc(*local), None, precision)


@pytest.mark.parametrize(("text", "reason"), [
    ("60", "DATE_FORMAT"), ("1", "DATE_FORMAT"), ("-44621", "DATE_FORMAT"), ("4.5E4", "DATE_FORMAT"),
    ("44621.", "DATE_FORMAT"), ("446210", "DATE_FORMAT"), ("99999", "DATE_RANGE"),
])
def test_no_other_number_is_a_spreadsheet_date(text: str, reason: str) -> None:
    assert one(text, **SERIAL)["reason"] == reason


def test_a_serial_with_a_time_is_no_plain_date() -> None:
    column = {"type": "date", "formats": ["excel_serial", "%d-%m-%Y"]}
    assert one("44621", **column)["x"] == one("01-03-2022", **column)["x"] == date(2022, 3, 1)
    assert one("44621.5", **column)["reason"] == "DATE_FORMAT"


@pytest.mark.parametrize("clock_change", [(2024, 3, 31), (2024, 10, 27)])
def test_a_serial_on_the_day_the_clocks_change_is_flagged(clock_change: tuple[int, int, int]) -> None:
    days = (date(*clock_change) - date(1899, 12, 30)).days
    assert one(f"{days}.104166667", **SERIAL)["x_flag"] in ("dst_gap", "dst_fold")  # 02:30
    assert one(f"{days}.5", **SERIAL)["x_flag"] is None


@pytest.mark.parametrize(("text", "reason", "padded"), [
    ("610180-1234", None, "6101801234"), ("101801234", "CPR_LOST_ZERO", "0101801234"),
    ("10180123", "CPR_FORMAT", None), ("61018-1234", "CPR_LOST_ZERO", "0610181234"),
])
def test_a_lost_zero_is_given_back_only_where_it_is_declared(
    text: str, reason: str | None, padded: str | None
) -> None:
    cpr: dict[str, Any] = {"type": "identifier", "domain": "citizen", "normalise": "cpr"}
    assert one(text, **cpr)["reason"] == reason
    found = one(text, **cpr, pad_cpr=True)
    assert found["x"] == padded
    assert found["reason"] == (None if padded else "CPR_FORMAT")


@pytest.mark.parametrize(("settings", "fault"), [
    ({"formats": ["%d-%m-%y"]}, "two_digit_pivot says"),
    ({"formats": ["%d-%m-%Y", "%d-%m-%y %Y"], "two_digit_pivot": 49}, "must hold"),
    ({"formats": ["%d-%m-%Y", "%m-%d-%Y"]}, "can be read both"),
    ({"formats": ["%d-%m-%y", "%m-%d-%y"], "two_digit_pivot": 49}, "can be read both"),
])
def test_formats_that_leave_a_date_open_are_refused_with_the_contract(
    settings: dict[str, Any], fault: str
) -> None:
    faults = column_faults(Column(name="x", header="x", type="date", **settings))
    assert any(fault in one for one in faults), faults


def test_every_day_of_forty_years_comes_back_from_its_serial_and_its_short_year() -> None:
    day = date(1990, 1, 1)
    column = {"type": "date", "formats": ["excel_serial", "%d-%m-%y"], "two_digit_pivot": 40}
    days = [day + timedelta(days=n) for n in range(0, 365 * 40, 7)]
    texts = [str((d - date(1899, 12, 30)).days) for d in days]
    texts += [d.strftime("%d-%m-%y") for d in days]
    assert typed(texts, **column).rows["x"].to_pylist() == days * 2


@pytest.mark.parametrize(("zone", "moment", "flag"), [
    ("Europe/Copenhagen", datetime(2024, 3, 31, 1, 30), "dst_gap"),
    ("Atlantic/Faroe", datetime(2024, 3, 31, 1, 30), None),  # an hour behind: its gap is at one
    ("UTC", datetime(2024, 3, 31, 2, 30), None),
])
def test_local_times_are_those_of_the_zone_the_contract_names(
    town: Town, zone: str, moment: datetime, flag: str | None
) -> None:
    contract = small_contract(town.root, "certainty:", f"timezone: {zone}\n  certainty:")
    town.load(contract, town.file("events.csv", csv_text([row(1, Tid="31-03-2024 02:30")])))
    loaded, = town.rows("small", "events")
    assert (loaded["occurred_at"], loaded["occurred_at_flag"]) == (moment, flag)
