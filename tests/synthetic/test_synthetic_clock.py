"""The generator's own clock agrees with the time zone database."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from pm_pipeline.synthetic.clock import add_months, clock_change_nights, to_utc, workday_from

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def test_utc_times_agree_with_the_time_zone_database_in_every_hour_of_three_years() -> None:
    local = datetime(2022, 10, 1)
    while local < datetime(2025, 7, 1):
        expected = local.replace(tzinfo=COPENHAGEN).astimezone(UTC).replace(tzinfo=None)
        in_gap = expected.replace(tzinfo=UTC).astimezone(COPENHAGEN).replace(tzinfo=None) != local
        if not in_gap:
            assert to_utc(local) == expected
        local += timedelta(hours=1)


def test_clock_changes_are_found_on_the_last_sundays_of_march_and_october() -> None:
    nights = clock_change_nights(date(2024, 1, 1), date(2025, 4, 30))
    assert [night.date() for night in nights] == [
        date(2024, 3, 31), date(2024, 10, 27), date(2025, 3, 30)]


def test_a_month_that_is_too_short_gives_its_last_day() -> None:
    assert add_months(date(2023, 8, 31), 6) == date(2024, 2, 29)
    assert add_months(date(2024, 11, 15), 3) == date(2025, 2, 15)


def test_nobody_works_at_christmas() -> None:
    assert workday_from(date(2024, 12, 24)) == date(2024, 12, 27)
