"""What has begun and what has ended by a day."""

from datetime import date

import pytest

from pm_pipeline.law.dates import dates_passed
from pm_pipeline.registry import load_registry
from tests.conftest import SeedFiles


def _passed(seeds: SeedFiles, day: date) -> list[str]:
    return [str(one) for one in dates_passed(load_registry(seeds.folder), "990", day)]


def test_a_regime_begins_on_its_first_day_and_the_one_before_ends_that_day(seeds: SeedFiles) -> None:
    new = set(_passed(seeds, date(2026, 7, 1))) - set(_passed(seeds, date(2026, 6, 30)))
    assert new == {
        "change REFORM-1B begins 2026-07-01",
        "regime forsikrede_ledige__20240101 ends 2026-07-01",
        "regime forsikrede_ledige__20260701 begins 2026-07-01",
        "regime kontanthjaelp__20240101 ends 2026-07-01",
        "regime kontanthjaelp__20260701 begins 2026-07-01",
    }


def test_nothing_moves_between_two_dates(seeds: SeedFiles) -> None:
    assert _passed(seeds, date(2026, 7, 1)) == _passed(seeds, date(2026, 12, 31))


@pytest.mark.parametrize("change", ["REFORM-2", "AKASSE-TRIAL-2027"])
def test_what_is_announced_never_begins(seeds: SeedFiles, change: str) -> None:
    assert not [one for one in _passed(seeds, date(2030, 1, 1)) if change in one]
