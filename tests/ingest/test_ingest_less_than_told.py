"""Where a contract lets in less than was told: a period, a band, first characters, a kind."""

from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow.parquet as pq
import pytest
from ingest_files import Town, csv_text, row, small_contract
from test_ingest_values import one, typed

BANDS = [18, 30, 50]


def coarse(kind: str, text: str | None, how: dict[str, Any], **more: Any) -> dict[str, Any]:
    return one(text, type=kind, treatment="coarsen", coarsen_to=how, **more)


@pytest.mark.parametrize(("period", "day"), [
    ("week", date(2024, 2, 26)), ("month", date(2024, 2, 1)), ("quarter", date(2024, 1, 1)),
    ("year", date(2024, 1, 1)),
])
def test_of_a_date_only_the_first_day_of_its_period_is_kept(period: str, day: date) -> None:
    found = coarse("date", "29-02-2024", {"period": period}, formats=["%d-%m-%Y"])
    assert (found["x"], found["reason"]) == (day, None)


def test_an_instant_is_made_a_local_date_before_it_is_coarsened() -> None:
    midnight: dict[str, Any] = {"formats": ["%Y-%m-%dT%H:%M:%SZ"], "zone": "utc",
                                "as_date": "nearest_midnight"}
    found = coarse("date", "2023-12-31T23:00:00Z", {"period": "year"}, **midnight)
    assert (found["x"], found["x_flag"]) == (date(2024, 1, 1), None)


@pytest.mark.parametrize(("kind", "text", "band"), [
    ("integer", "17", "under 18"), ("integer", "18", "18-29"), ("integer", "29", "18-29"),
    ("integer", "30", "30-49"), ("integer", "49", "30-49"), ("integer", "50", "50+"),
    ("integer", "-1", "under 18"), ("decimal", "29,9999", "18-29"), ("decimal", "30", "30-49"),
])
def test_of_a_number_only_its_band_is_kept(kind: str, text: str, band: str) -> None:
    assert coarse(kind, text, {"bands": BANDS})["x"] == band


def test_one_bound_alone_makes_two_bands() -> None:
    assert [coarse("integer", n, {"bands": [18]})["x"] for n in ("17", "18")] == ["under 18", "18+"]


@pytest.mark.parametrize(("text", "kept"), [("2450", "24"), ("2", "2"), ("ÆØÅ", "ÆØ"), (None, None)])
def test_of_a_code_only_its_first_characters_are_kept(text: str | None, kept: str | None) -> None:
    for kind in ("code", "text"):
        assert coarse(kind, text, {"characters": 2})["x"] == kept


def test_a_code_list_is_asked_of_the_whole_code_and_not_of_what_is_left_of_it() -> None:
    assert coarse("code", "2450", {"characters": 2}, allowed=["2450"])["x"] == "24"
    found = coarse("code", "2460", {"characters": 2}, allowed=["2450"])
    assert (found["x"], found["reason"]) == (None, "UNKNOWN_CODE")


@pytest.mark.parametrize(("kind", "text", "how", "reason"), [
    ("date", "31-02-2024", {"period": "year"}, "DATE_FORMAT"),
    ("integer", "forty", {"bands": BANDS}, "NUMBER_FORMAT"),
    ("text", "610180-1234", {"characters": 2}, "PERSONAL_DATA"),
])
def test_a_value_that_does_not_fit_is_rejected_whole(
    kind: str, text: str, how: dict[str, Any], reason: str
) -> None:
    formats = {"formats": ["%d-%m-%Y"]} if kind == "date" else {}
    found = coarse(kind, text, how, **formats)
    assert (found["x"], found["reason"]) == (None, reason)


def test_values_that_are_alike_once_coarsened_are_no_more_than_that() -> None:
    """Many distinct values, so that the way of a varied column is taken too."""
    texts = [str(n % 9_000) for n in range(10_000)]
    settings: dict[str, Any] = {"type": "integer", "treatment": "coarsen",
                                "coarsen_to": {"bands": [1_000, 5_000]}}
    told = typed(texts, **settings).rows["x"].to_pylist()
    assert told == [
        "under 1000" if n % 9_000 < 1_000 else "1000-4999" if n % 9_000 < 5_000 else "5000+"
        for n in range(10_000)
    ]


def test_what_is_finer_than_agreed_is_nowhere_in_the_lake(town: Town) -> None:
    contract = small_contract(
        town.root, "hours: {header: Timer, type: decimal, presence: optional}",
        "hours: {header: Timer, type: decimal, treatment: coarsen, coarsen_to: {bands: [5, 10]}}",
    )
    file = town.file("events.csv", csv_text([row(1, Timer="7,3917"), row(2, Timer="12,3917")]))
    town.load(contract, file)
    rows = town.rows("small", "events")
    assert [r["hours"] for r in rows] == ["5-9", "10+"]
    for path in town.lake.rglob("*.parquet"):
        values = {v for r in pq.read_table(path).to_pylist() for v in r.values()}
        assert values.isdisjoint({Decimal("7.3917"), Decimal("12.3917"), "7,3917", "12,3917"})


@pytest.mark.parametrize(("name", "kind"), [
    ("RPA07", "robot"), ("rpa07", "robot"), (" DFDG ", "system"), ("Borger", "citizen"),
    ("Elev 12", "trainee"), ("Kim Person", "human"), ("", None), ("-", None),
])
def test_of_a_name_only_the_kind_the_contract_gives_it_is_kept(
    town: Town, name: str, kind: str | None
) -> None:
    contract = small_contract(
        town.root, 'robots: ["RPA*"], presence: optional',
        'robots: ["RPA*"], systems: [DFDG], citizens: [Borger], kinds: {trainee: ["Elev *"]}',
    )
    table = contract.tables[0].model_copy(update={"null_words": ("-",)})
    contract = contract.model_copy(update={"tables": (table,)})
    town.load(contract, town.file("events.csv", csv_text([row(1, **{"Oprettet af": name})])))
    assert [r["created_by"] for r in town.rows("small", "events")] == [kind]


@pytest.mark.parametrize("precision", ["day", "minute", "second"])
def test_a_precision_that_is_declared_outranks_the_one_the_text_has(precision: str) -> None:
    """A source that writes seconds and knows only the day says so in its contract."""
    settings: dict[str, Any] = {"type": "timestamp", "formats": ["%Y-%m-%dT%H:%M:%SZ"],
                                "zone": "utc"}
    found = one("2024-03-25T00:00:00Z", **settings, precision=precision)
    assert found["x_precision"] == precision
    assert one("2024-03-25T00:00:00Z", **settings)["x_precision"] == "second"


@pytest.mark.parametrize(("note", "has_note"), [
    ("Ringede i går", True), ("", False), ("  ", False), ("-", False), (" - ", False), ("--", True),
])
def test_of_a_free_text_only_that_there_is_one_is_kept_and_a_word_for_nothing_is_none(
    town: Town, note: str, has_note: bool
) -> None:
    contract = small_contract(town.root, 'delimiter: ";"', 'delimiter: ";"\n      null_words: ["-"]')
    town.load(contract, town.file("events.csv", csv_text([row(1, Notat=note)])))
    loaded, = town.rows("small", "events")
    assert loaded["has_note"] is has_note and note.strip() not in [
        value for value in loaded.values() if isinstance(value, str) and value
    ]
