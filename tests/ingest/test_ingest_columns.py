"""The ways round the typing SQL give what the SQL gives, for every kind of column and text."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from pm_pipeline.ingest.contract.model import Column, Table
from pm_pipeline.ingest.values.column_bytes import is_clean
from pm_pipeline.ingest.values.columns import CLASS, CLEANED, REASON, ColumnTypist

ZONE = "Europe/Copenhagen"
UTC_SECONDS = {"type": "timestamp", "formats": ["%Y-%m-%dT%H:%M:%SZ"], "zone": "utc"}
COLUMNS: dict[str, dict[str, Any]] = {
    "utc": UTC_SECONDS,
    "not nullable": {**UTC_SECONDS, "nullable": False},
    "precision": {**UTC_SECONDS, "precision": "day"},
    "local": {"type": "timestamp",
              "formats": ["%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d-%m-%Y"]},
    "iso": {"type": "timestamp", "formats": ["iso8601"]},
    "iso in utc": {"type": "timestamp", "formats": ["iso8601"], "zone": "utc"},
    "iso and letters": {"type": "timestamp", "formats": ["%Y-%m-%dT%H:%M:%SZ", "iso8601"]},
    "iso and more": {"type": "timestamp", "formats": ["%d.%m.%Y %H:%M", "iso8601"]},
    "pair": {"type": "timestamp", "formats": ["%d-%m-%Y", "%Y-%m-%d"], "time_header": "t"},
    "pair in utc": {"type": "timestamp", "formats": ["%d-%m-%Y"], "time_header": "t", "zone": "utc"},
    "pair and 24": {"type": "timestamp", "formats": ["%d-%m-%Y"], "time_header": "t",
                    "midnight_as_24": True},
    "24": {"type": "timestamp", "formats": ["%Y-%m-%d %H:%M"], "midnight_as_24": True},
    "two digits": {"type": "timestamp", "formats": ["%d-%m-%y", "%d-%m-%Y"], "two_digit_pivot": 30},
    "open end": {"type": "date", "formats": ["%d-%m-%Y"], "open_end": ["31-12-2099"]},
    "date": {"type": "date", "formats": ["%d-%m-%Y"]},
    "iso date": {"type": "date", "formats": ["iso8601"]},
    "instant as date": {**UTC_SECONDS, "type": "date", "as_date": "nearest_midnight"},
    "iso as date": {"type": "date", "formats": ["iso8601"], "as_date": "nearest_midnight"},
    "cpr": {"type": "identifier", "domain": "citizen", "normalise": "cpr"},
    "id": {"type": "identifier", "domain": "record", "nullable": False},
    "code": {"type": "code"},
    "allowed": {"type": "code", "allowed": ["a", "b"]},
    "integer": {"type": "integer"},
    "decimal": {"type": "decimal"},
    "boolean": {"type": "boolean"},
}
_FORMS = [
    "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%d-%m-%Y %H:%M:%S",
    "%d-%m-%Y %H:%M", "%d-%m-%Y", "%d.%m.%Y %H:%M", "%Y-%m-%dT%H:%M:%S.%f", "%d-%m-%y",
    "%Y-%m-%dT%H:%M:%S+02:00", "%Y-%m-%dT%H:%M:%S-05:30", "%Y-%m-%d %H:%M:%S.123Z",
    "%Y-%m-%dT%H:%M:%S.456+01:00", "%Y-%m-%dT%H:%MZ", "%Y-%m-%dT%H:%M:00,5", "%Y-%m-%dT00:00:00Z",
    "%Y-%m-%dT22:00:00Z", "%Y-%m-%d 24:00", "%Y-%m-%dT%H:%M:%S+15:00", "%Y-%m-%dT%H:%M:%S+0200",
]
_OTHERS = [
    "", " ", "NULL", None, "a", "b", "c", "æ", " a ", "a\u00a0", "1", "0", "7,5", "7.5", "-3", "+12",
    "610180-1234", "6101801234", "610180 1234", "61018-1234", "9101801234", "kim@by.dk", "x" * 201,
    "31-02-2024", "2024-02-30T10:00:00Z", "1899-12-31", "2101-01-01", "2024-13-01", "2024-00-10",
    "2024-01-00", "24-03-2024 24:00", "2024-01-01T10:60:00Z", "2024-01-01T10:00:60Z", "ja", "nej",
    "2024-01-01t10:00:00Z", "٢٠٢٤-01-01", "2024-01-01T10:00:00z", "29-02-1900", "29-02-2000",
    "0000-01-01", "9999-12-31", "31-12-2099", "2024-01-01T10:00:0\u00e6", "/0-03-2024", ":0-03-2024",
]


def texts(random_: random.Random, count: int) -> Iterator[str | None]:
    changes = [datetime(2024, 3, 31), datetime(2023, 10, 29), datetime(1996, 9, 29)]
    for _ in range(count):
        kind = random_.random()
        if kind < 0.15:
            yield random_.choice(_OTHERS)
            continue
        moment = datetime(1890, 1, 1) + timedelta(seconds=random_.randrange(7_000_000_000))
        if kind < 0.5:
            moment = datetime(2010, 1, 1) + timedelta(seconds=random_.randrange(500_000_000))
        elif kind < 0.6:
            moment = random_.choice(changes) + timedelta(minutes=random_.randrange(-2000, 2000))
        yield moment.strftime(random_.choice(_FORMS))


def one_form(
    random_: random.Random, count: int, forms: list[str] = _FORMS
) -> Iterator[str | None]:
    """Texts most of which have one form, as real columns do."""
    form = random_.choice(forms)
    for text in texts(random_, count):
        moment = datetime(1984, 1, 1) + timedelta(seconds=random_.randrange(1_900_000_000))
        yield text if random_.random() < 0.2 else moment.strftime(form)


def clocks(random_: random.Random, count: int) -> list[str | None]:
    """Times of day as they stand in a column of their own."""
    others = ["", None, "NULL", "24:00", "7:05", "23:60", "12:00:60", " 08:00", "0800", "12.30",
              "1:2:3", "25:00", "12:3x", "::::::::", "24:00:00", "02:30", "02:30:00"]
    return [
        random_.choice(others) if random_.random() < 0.3 else
        f"{random_.randrange(24):02d}:{random_.randrange(60):02d}" + random_.choice(["", ":09"])
        for _ in range(count)
    ]


def column_of(settings: dict[str, Any]) -> tuple[Column, Table]:
    table = Table(
        name="t", description="d", files="*", null_words=("", "NULL"),
        columns={"x": settings},  # type: ignore[arg-type]
    )
    return table.columns[0], table


@pytest.mark.parametrize("kind", COLUMNS)
def test_what_is_typed_by_a_short_cut_is_what_the_sql_says(kind: str) -> None:
    column, table = column_of(COLUMNS[kind])
    random_ = random.Random(kind)
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        typist = ColumnTypist(column, table, ZONE, connection)
        hashes: dict[object, object] = {}
        for number in range(40):
            count = random_.choice([0, 1, 5, 300])
            made = list((texts if number % 2 else one_form)(random_, count))
            if number % 4 == 0 and column.formats and "iso8601" not in column.formats:
                made = list(one_form(random_, count, list(column.formats)))
            if number % 3 == 0:
                made = made * 4
            raw = pa.array(made, pa.string())
            batch, times = {"x": raw}, None
            if column.time_header:
                times = batch["x__time"] = pa.array(clocks(random_, len(made)), pa.string())
            found = typist.type(pa.table(batch))
            truth = typist._ask(raw, times)
            for name, array in found.fields.items():
                assert array.to_pylist() == truth[name].to_pylist(), name
            nothing = [None] * len(raw)
            reasons = found.reasons.to_pylist() if found.reasons is not None else nothing
            assert reasons == truth[REASON].to_pylist()
            classes = found.classes.to_pylist() if found.classes is not None else nothing
            assert classes == truth[CLASS].to_pylist()
            assert found.n_cleaned == sum(truth[CLEANED].to_pylist())
            # Equal values have equal hashes whichever way they went, and others have others.
            values = truth[column.name].to_pylist()
            for value, hash_ in zip(values, found.hashes.tolist(), strict=True):
                assert hashes.setdefault(value, hash_) == hash_
        assert len(set(hashes.values())) == len(hashes)


def test_a_column_with_more_values_than_are_remembered_is_typed_all_the_same() -> None:
    column, table = column_of({"type": "code"})
    with duckdb.connect(config={"threads": 1}) as connection:
        typist = ColumnTypist(column, table, ZONE, connection)
        for start in (0, 3_000, 1_000_000, 2_000_000, 0):
            words = [f"w{start + n % 4_000}" for n in range(12_000)]
            assert typist.type(pa.table({"x": words})).fields["x"].to_pylist() == words


@pytest.mark.parametrize(("words", "clean"), [
    ([], True), (["", None, "a b", "~"], True), ([" a"], False), (["a "], False), (["a\t"], False),
    (["æ"], False), (["a", "", " "], False), (["a\x7f"], False),
])
def test_a_column_is_clean_when_cleaning_would_change_nothing(
    words: list[str | None], clean: bool
) -> None:
    array = pa.array(words, pa.string())
    assert is_clean(array) == clean
    assert is_clean(pa.array(["x ", *words], pa.string()).slice(1)) == clean


@pytest.mark.parametrize(("text", "cleaned"), [
    ("Møde", 0), (" Møde ", 0), ("", 0), (None, 0), ("\u0142", 0), ("Møde\u00a0", 1), ("Mø\u200bde", 1),
    ("A\u030arhus", 1), ("to\tord", 1), ("\u00a0", 1),
])
def test_a_value_is_told_as_cleaned_when_it_is_another_text_than_was_sent(
    text: str | None, cleaned: int
) -> None:
    """Blanks around it are none of its text; each value counts as often as it stands."""
    column, table = column_of({"type": "code"})
    with duckdb.connect(config={"threads": 1}) as connection:
        typist = ColumnTypist(column, table, ZONE, connection)
        for times in (1, 3):
            batch = pa.table({"x": pa.array([*[text] * times, "other"], pa.string())})
            assert typist.type(batch).n_cleaned == cleaned * times
