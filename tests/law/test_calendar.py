"""The calendar seed is what its generator makes."""

from datetime import date
from pathlib import Path

from pm_pipeline.law.calendar import danish_holidays, write_calendar_seed

SEED = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds" / "registry" / "calendar.csv"


def test_the_shipped_calendar_equals_what_the_package_gives(tmp_path: Path) -> None:
    made = tmp_path / "calendar.csv"
    assert write_calendar_seed(made) == 219
    assert made.read_bytes() == SEED.read_bytes()


def test_store_bededag_ends_after_2023() -> None:
    days = [day for day, name, _ in danish_holidays() if name == "Store bededag"]
    assert [day.year for day in days] == list(range(2015, 2024))
    assert days[-1] == date(2023, 5, 5)


def test_local_closing_days_are_no_holidays() -> None:
    """Grundlovsdag, Christmas Eve and New Year's Eve."""
    days = {day for day, _, _ in danish_holidays(2023, 2023)}
    assert len(days) == 11
    assert not days & {date(2023, 6, 5), date(2023, 12, 24), date(2023, 12, 31)}
