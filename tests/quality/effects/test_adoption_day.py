"""The day of adoption is found again where it was planted, within its interval."""

from datetime import date, timedelta

import numpy as np
import pytest

from pm_pipeline.quality.effects.adoption import Adoption, adoption_of

LAW_ON = date(2024, 1, 1)
DAYS = np.arange(-52, 52) * 7.0


def town(
    rng: np.random.Generator, way: str, days: int, cases_a_week: float, weeks: int = 104
) -> Adoption | None:
    """From 95 per cent to 3: all on one day, or half at once and the rest evenly until the day."""
    told = DAYS[:weeks]
    if way == "all at once":
        taken_up = (told >= days).astype(float)
    else:
        taken_up = np.clip(0.5 + 0.5 * (told + 3.5) / days, 0, 1)
    share = 0.95 - 0.92 * np.where(told < 0, 0, taken_up)
    wholes = rng.poisson(cases_a_week, size=len(told)).astype(float)
    parts = rng.binomial(wholes.astype(int), share).astype(float)
    return adoption_of(parts, wholes, told, LAW_ON)


@pytest.mark.parametrize("days", [60, 120, 240])
@pytest.mark.parametrize("way", ["all at once", "bit by bit"])
@pytest.mark.parametrize("cases_a_week", [1.2, 5])
def test_the_planted_day_lies_within_the_interval(way: str, days: int, cases_a_week: float) -> None:
    rng = np.random.default_rng(3)
    towns = [town(rng, way, days, cases_a_week) for _ in range(25)]
    planted = LAW_ON + timedelta(days=days)
    week = timedelta(days=7)
    held = [
        one is not None and one.from_on - week <= planted
        and (one.to_on is None or planted <= one.to_on + week)
        for one in towns
    ]
    assert np.mean(held) >= 0.84


@pytest.mark.parametrize("days", [60, 120, 240])
def test_a_step_of_many_cases_is_found_to_the_week(days: int) -> None:
    found = town(np.random.default_rng(4), "all at once", days, 30)
    assert found is not None and found.days is not None and abs(found.days - days) <= 7


def test_a_slow_municipality_is_found_to_adopt_later_than_a_quick_one() -> None:
    rng = np.random.default_rng(5)
    pairs = [(town(rng, "bit by bit", 60, 5), town(rng, "bit by bit", 240, 5)) for _ in range(15)]
    later = [
        quick is not None and slow is not None
        and (slow.days if slow.days is not None else 364) > (quick.days or 0)
        for quick, slow in pairs
    ]
    assert np.mean(later) >= 0.9


def test_whoever_has_not_settled_when_the_data_end_has_no_day_of_adoption() -> None:
    found = town(np.random.default_rng(6), "bit by bit", 300, 30, weeks=52 + 20)
    assert found is not None and found.on is None and found.to_on is None


def test_nothing_is_said_of_a_few_weeks() -> None:
    assert town(np.random.default_rng(7), "all at once", 14, 30, weeks=52 + 6) is None


@pytest.mark.parametrize("acts_a_week", [100, 300, 1000, 3000])
def test_a_new_way_of_all_at_once_is_not_late_however_many_acts_tell_it(acts_a_week: int) -> None:
    """Of whatever new share: one between the points of a grid must not pass for a ramp."""
    rng = np.random.default_rng(5)
    told = DAYS[26:]
    held = []
    for new in np.arange(0.25, 0.95, 0.05):
        share = np.where(told < 0, 0.1, new)
        for _ in range(4):
            parts = rng.binomial(acts_a_week, share).astype(float)
            found = adoption_of(parts, np.full(len(told), float(acts_a_week)), told, LAW_ON)
            assert found is not None
            held.append(found.from_on == LAW_ON and found.days is not None and found.days <= 182)
    assert np.mean(held) >= 0.94
