"""The SQL macros alone, rendered as dbt would and run on DuckDB."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import jinja2
import pytest

MACROS = Path(__file__).resolve().parents[2] / "dbt_project" / "macros"


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute("set TimeZone = 'UTC'")
        yield opened


def _sql(call: str) -> str:
    """The SQL text of a macro call."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)
    environment.globals["env_var"] = lambda _, default: default
    macros = "".join(
        (MACROS / f"{name}.sql").read_text(encoding="utf-8")
        for name in ("add_units", "list_has_or_empty", "local_date", "text_id", "valid_at")
    )
    return environment.from_string(f"{macros}{{{{ {call} }}}}").render().strip()


def _value(connection: duckdb.DuckDBPyConnection, call: str, **columns: object) -> object:
    """The value of a macro call over one row with these columns."""
    names = ", ".join(f"${name} as {name}" for name in columns)
    row = connection.execute(f"select {_sql(call)} from (select {names})", columns).fetchone()
    assert row is not None
    value: object = row[0]
    return value


@pytest.mark.parametrize(
    ("day", "is_valid"),
    [
        (date(2023, 12, 31), False),
        (date(2024, 1, 1), True),
        (date(2026, 6, 30), True),
        (date(2026, 7, 1), False),
    ],
)
def test_the_first_day_belongs_to_a_row_and_the_last_to_the_next(
    day: date, is_valid: bool, connection: duckdb.DuckDBPyConnection
) -> None:
    bounds = {"valid_from": date(2024, 1, 1), "valid_to": date(2026, 7, 1)}
    call = "valid_at('day', 'valid_from', 'valid_to')"
    assert _value(connection, call, day=day, **bounds) is is_valid


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "is_valid"),
    [
        (None, None, True),
        (None, date(2024, 1, 2), True),
        (None, date(2024, 1, 1), False),
        (date(2024, 1, 1), None, True),
        (date(2024, 1, 2), None, False),
        (date(2024, 1, 1), date(2024, 1, 1), False),
    ],
)
def test_an_empty_bound_is_open(
    valid_from: date | None,
    valid_to: date | None,
    is_valid: bool,
    connection: duckdb.DuckDBPyConnection,
) -> None:
    found = _value(
        connection,
        "valid_at('day', 'valid_from::date', 'valid_to::date')",
        day=date(2024, 1, 1),
        valid_from=valid_from,
        valid_to=valid_to,
    )
    assert found is is_valid


@pytest.mark.parametrize(
    ("start", "amount", "unit", "due"),
    [
        (date(2024, 1, 31), 1, "month", date(2024, 2, 29)),
        (date(2023, 1, 31), 1, "month", date(2023, 2, 28)),
        (date(2024, 8, 31), 6, "month", date(2025, 2, 28)),
        (date(2024, 2, 29), 12, "month", date(2025, 2, 28)),
        (date(2024, 2, 29), 1, "month", date(2024, 3, 29)),
        (date(2024, 12, 31), 2, "month", date(2025, 2, 28)),
        (date(2024, 3, 31), -1, "month", date(2024, 2, 29)),
        (date(2024, 5, 15), 0, "month", date(2024, 5, 15)),
        # a week holds seven days also where summer time begins or ends
        (date(2024, 3, 28), 1, "week", date(2024, 4, 4)),
        (date(2024, 10, 24), 1, "week", date(2024, 10, 31)),
        (date(2024, 12, 30), 2, "week", date(2025, 1, 13)),
        (date(2024, 2, 28), 2, "day", date(2024, 3, 1)),
        (date(2024, 2, 28), 0, "day", date(2024, 2, 28)),
    ],
)
def test_a_window_is_counted_in_calendar_days_weeks_and_months(
    start: date, amount: int, unit: str, due: date, connection: duckdb.DuckDBPyConnection
) -> None:
    found = _value(
        connection, "add_units('start', 'amount', 'unit')", start=start, amount=amount, unit=unit
    )
    assert found == due


@pytest.mark.parametrize("missing", ["start", "amount"])
def test_a_window_without_a_start_or_a_length_has_no_end(
    missing: str, connection: duckdb.DuckDBPyConnection
) -> None:
    columns = {"start": date(2024, 1, 1), "amount": 3, "unit": "week"} | {missing: None}
    call = "add_units('start::date', 'amount', 'unit')"
    assert _value(connection, call, **columns) is None


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tokyo"])
@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2024, 1, 1, 22, 59, 59), date(2024, 1, 1)),
        (datetime(2024, 1, 1, 23, 0), date(2024, 1, 2)),
        (datetime(2023, 12, 31, 23, 0), date(2024, 1, 1)),
        (datetime(2024, 6, 30, 21, 59, 59), date(2024, 6, 30)),
        (datetime(2024, 6, 30, 22, 0), date(2024, 7, 1)),
        # 31 March 2024: 02:00 becomes 03:00; the day before ends an hour later in UTC
        (datetime(2024, 3, 30, 22, 59, 59), date(2024, 3, 30)),
        (datetime(2024, 3, 30, 23, 0), date(2024, 3, 31)),
        (datetime(2024, 3, 31, 21, 59, 59), date(2024, 3, 31)),
        (datetime(2024, 3, 31, 22, 0), date(2024, 4, 1)),
        # 27 October 2024: 03:00 becomes 02:00
        (datetime(2024, 10, 26, 22, 0), date(2024, 10, 27)),
        (datetime(2024, 10, 27, 22, 59, 59), date(2024, 10, 27)),
        (datetime(2024, 10, 27, 23, 0), date(2024, 10, 28)),
    ],
)
def test_an_instant_falls_on_its_danish_day_wherever_the_server_stands(
    instant: datetime, day: date, zone: str, connection: duckdb.DuckDBPyConnection
) -> None:
    connection.execute(f"set TimeZone = '{zone}'")
    try:
        assert _value(connection, "local_date('instant')", instant=instant) == day
    finally:
        connection.execute("set TimeZone = 'UTC'")


@pytest.mark.parametrize(
    ("day", "instant"),
    [
        (date(2024, 1, 1), datetime(2023, 12, 31, 23, 0)),
        (date(2024, 7, 1), datetime(2024, 6, 30, 22, 0)),
        (date(2024, 3, 31), datetime(2024, 3, 30, 23, 0)),
        (date(2024, 4, 1), datetime(2024, 3, 31, 22, 0)),
        (date(2024, 10, 27), datetime(2024, 10, 26, 22, 0)),
        (date(2024, 10, 28), datetime(2024, 10, 27, 23, 0)),
    ],
)
def test_a_day_begins_at_danish_midnight(
    day: date, instant: datetime, connection: duckdb.DuckDBPyConnection
) -> None:
    assert _value(connection, "local_midnight('day')", day=day) == instant


def test_every_day_of_five_years_begins_on_itself(connection: duckdb.DuckDBPyConnection) -> None:
    midnight = _sql("local_midnight('day')")
    rows = connection.execute(
        f"select day, {_sql('local_date(' + repr('instant') + ')')} from "
        f"(select day, {midnight} as instant from "
        "(select unnest(generate_series(date '2022-01-01', date '2026-12-31', interval 1 day))"
        "::date as day))"
    ).fetchall()
    assert len(rows) == (date(2026, 12, 31) - date(2022, 1, 1) + timedelta(days=1)).days
    assert all(day == found for day, found in rows)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((None, "b"), ("", "b")),
        ((None, None), ("", "")),
        ((None, "b"), ("b", None)),
        (("ab", "c"), ("a", "bc")),
        (("a|b", "c"), ("a", "b|c")),
        (("a|", "b"), ("a", "|b")),
        (("a\\", "b"), ("a", "\\b")),
        (("a\\|b", "c"), ("a\\", "b|c")),
        ((None, "b"), ("\\0", "b")),
        ((None, "b"), ("␀", "b")),
        (("a", "A"), ("A", "a")),
    ],
)
def test_different_keys_have_different_ids(
    one: tuple[str | None, str | None],
    other: tuple[str | None, str | None],
    connection: duckdb.DuckDBPyConnection,
) -> None:
    call = "text_id(['a', 'b'])"
    ids = [_value(connection, call, a=a, b=b) for a, b in (one, other)]
    assert ids[0] != ids[1]


def test_the_same_key_has_the_same_id_whatever_its_type(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    call = "text_id(['a', 'b'])"
    found = _value(connection, call, a="901", b="Opgave 1")
    assert found == _value(connection, call, a=901, b="Opgave 1")
    assert isinstance(found, str) and len(found) == 32


@pytest.mark.parametrize(
    ("listed", "value", "has"),
    [(None, "6.1", True), ("6.1", "6.1", True), ("6.1|6.2", "6.2", True), ("6.1", "6", False)],
)
def test_an_empty_list_in_a_seed_means_all(
    listed: str | None, value: str, has: bool, connection: duckdb.DuckDBPyConnection
) -> None:
    call = "list_has_or_empty('listed::varchar', 'value')"
    assert _value(connection, call, listed=listed, value=value) is has
