"""Durations of two groups: by brute force, by scipy, and by how often the interval is right."""

import numpy as np
import pytest
from scipy import stats

from pm_pipeline.mining.comparison.shifts import shift_of


@pytest.mark.parametrize(
    ("n_first", "n_second", "digits"),
    [(1, 1, None), (5, 7, None), (40, 31, 0), (300, 200, None), (300, 250, 0), (260, 270, -1)],
)
def test_a_shift_is_the_median_of_all_differences(
    n_first: int, n_second: int, digits: int | None
) -> None:
    rng = np.random.default_rng(n_first)
    first, second = rng.exponential(20, n_first), rng.exponential(30, n_second)
    if digits is not None:
        first, second = np.round(first, digits), np.round(second, digits)
    found = shift_of(first, second)
    differences = (second[:, None] - first[None, :]).ravel()
    assert found.size == pytest.approx(np.median(differences), abs=1e-5)
    assert found.delta == pytest.approx(np.sign(differences).mean())
    assert found.p_value == pytest.approx(stats.mannwhitneyu(second, first).pvalue, abs=1e-6)
    assert found.low <= found.size <= found.high


def test_an_interval_is_the_one_of_the_text_book() -> None:
    # Hollander, Wolfe and Chicken 2014, ex. 4.1 (permeability of the amnion): R's wilcox.test with
    # conf.int = TRUE gives the estimate 0.305
    term = np.array([0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46])
    mid = np.array([1.15, 0.88, 0.90, 0.74, 1.21])
    found = shift_of(mid, term)
    assert found.size == pytest.approx(0.305, abs=1e-3)
    assert found.low < 0 < found.high


@pytest.mark.parametrize("unit", [0.0, 1.0, 7.0])
def test_the_interval_holds_the_truth_nineteen_times_of_twenty_whatever_the_ties(
    unit: float,
) -> None:
    rng = np.random.default_rng(11)
    hits = found_something = 0
    for _ in range(600):
        first, second = rng.exponential(20, 25), rng.exponential(20, 35)
        if unit:
            first, second = np.round(first / unit) * unit, np.round(second / unit) * unit
        shift = shift_of(first, second + 14)
        hits += shift.low <= 14 <= shift.high
        found_something += shift_of(first, second).p_value < 0.05
    assert hits / 600 >= 0.93
    assert found_something / 600 <= 0.08


def test_twenty_thousand_a_side_are_compared_without_all_their_differences() -> None:
    rng = np.random.default_rng(12)
    found = shift_of(rng.normal(100, 10, 20_000), rng.normal(101, 10, 20_000))
    assert found.low < 1 < found.high
    assert found.high - found.low < 0.6


def test_equal_values_differ_by_nothing() -> None:
    found = shift_of(np.full(30, 7.0), np.full(20, 7.0))
    assert (found.size, found.low, found.high, found.delta, found.p_value) == (0, 0, 0, 0, 1.0)
