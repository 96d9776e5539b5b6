"""The test of a step: weeks made up with and without one, with trend, with season, with likeness."""

from typing import Any

import numpy as np
import pytest

from pm_pipeline.quality.effects.nuisance import knows_season, nuisance_terms
from pm_pipeline.quality.effects.steps import StepTests, mixture_tests, step_tests
from pm_pipeline.quality.effects.verdicts import adjusted, stable

_BEFORE, _AFTER = 104, 26
AT = np.arange(-_BEFORE, _AFTER).astype(float)
IS_AFTER = (AT >= 0).astype(float)
_YEAR = 365.25 / 7


def shares(
    rng: np.random.Generator, share: Any, items: int, whole: float = 20
) -> tuple[np.ndarray, np.ndarray]:
    """Values and weights of items that are ``share`` (per week) of a Poisson number a week."""
    wholes = rng.poisson(whole, size=(items, len(AT)))
    parts = rng.binomial(wholes, np.broadcast_to(share, wholes.shape))
    return np.divide(parts, wholes, out=np.zeros(parts.shape), where=wholes > 0), wholes.astype(float)


def found_in(
    values: np.ndarray, weights: np.ndarray, terms: np.ndarray | None = None, permutations: int = 999
) -> StepTests:
    nuisance = nuisance_terms(AT, []) if terms is None else terms
    return step_tests(
        values, weights, nuisance, IS_AFTER, block_weeks=4, permutations=permutations, seed=1
    )


@pytest.mark.parametrize("whole", [20, 1.3])
def test_of_200_municipalities_without_a_change_few_are_said_to_have_one(whole: float) -> None:
    towns, items = 200, 10
    values, weights = shares(np.random.default_rng(7), 0.3, towns * items, whole)
    p_values = found_in(values, weights).p_value
    assert (p_values <= 0.05).mean() <= 0.065  # nominal 0.05, 2000 tests
    corrected = adjusted(p_values, np.repeat(np.arange(towns), items))
    with_a_finding = (corrected.reshape(towns, items) <= 0.05).any(axis=1)
    assert with_a_finding.mean() <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / towns)


def test_weeks_that_resemble_their_neighbours_are_no_finding() -> None:
    rng = np.random.default_rng(8)
    noise = rng.normal(size=(600, len(AT)))
    for week in range(1, len(AT)):
        noise[:, week] += 0.4 * noise[:, week - 1]
    share = 1 / (1 + np.exp(1 - 0.2 * noise))
    values, weights = shares(rng, share, 600, 50)
    assert (found_in(values, weights).p_value <= 0.05).mean() <= 0.09


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("a slow trend", 20 * np.exp(0.3 * AT / 52)),
        ("a season that turns that week", 20 * np.exp(0.4 * np.sin(2 * np.pi * AT / _YEAR))),
        ("a dip each December", np.where(np.mod(AT + 3, _YEAR) < 3, 8.0, 20.0)),
    ],
)
def test_trend_and_season_are_no_effect_of_the_day(name: str, level: np.ndarray) -> None:
    counts = np.random.default_rng(9).poisson(level, size=(500, len(AT)))
    found = found_in(
        stable(counts), np.ones(counts.shape), nuisance_terms(AT, [], bends=True)
    )
    assert (found.p_value <= 0.05).mean() <= 0.08, name
    plain = found_in(stable(counts), np.ones(counts.shape), np.ones((len(AT), 1)))
    # so that the data would deceive whoever only compares before with after
    if "dip" not in name:
        assert (plain.p_value <= 0.05).mean() > 0.3, name


def test_a_planted_step_is_found_with_its_size_and_an_interval_that_holds_it() -> None:
    values, weights = shares(np.random.default_rng(10), 0.3 + 0.2 * IS_AFTER, 300)
    found = found_in(values, weights)
    assert (found.p_value <= 0.01).mean() > 0.9
    assert abs(found.step.mean() - 0.2) < 0.01
    assert 0.91 <= ((found.low <= 0.2) & (found.high >= 0.2)).mean() <= 0.99
    assert found.standard_error.mean() == pytest.approx(found.step.std(), rel=0.2)


def test_a_step_on_a_trend_is_told_apart_from_it() -> None:
    share = 0.2 + 0.05 * AT / 52 + 0.25 * IS_AFTER
    found = found_in(*shares(np.random.default_rng(11), share, 200))
    assert (found.p_value <= 0.01).mean() > 0.9
    assert abs(found.step.mean() - 0.25) < 0.02


def test_the_step_of_another_change_is_not_taken_for_this_one() -> None:
    share = 0.3 + 0.3 * (AT >= -12)
    values, weights = shares(np.random.default_rng(12), share, 300)
    fair = found_in(values, weights, nuisance_terms(AT, [-12.0]))
    deceived = found_in(values, weights, nuisance_terms(AT, []))
    assert (fair.p_value <= 0.05).mean() <= 0.09
    assert (deceived.p_value <= 0.05).mean() > 0.2


def test_the_same_data_give_the_same_p_value() -> None:
    values, weights = shares(np.random.default_rng(13), 0.3 + 0.1 * IS_AFTER, 5)
    assert (found_in(values, weights).p_value == found_in(values, weights).p_value).all()


def test_a_step_that_no_week_after_the_change_tells_of_is_unknown_not_zero() -> None:
    values, weights = shares(np.random.default_rng(14), 0.3, 2)
    weights[0, AT >= 0] = 0
    found = found_in(values, weights)
    assert np.isnan(found.p_value[0]) and np.isnan(found.step[0])
    assert not np.isnan(found.p_value[1])


def test_an_item_that_is_always_the_same_has_no_step_and_no_spread() -> None:
    found = found_in(np.ones((1, len(AT))), np.full((1, len(AT)), 5.0))
    assert found.p_value[0] == 1 and abs(found.step[0]) < 1e-9 and found.standard_error[0] < 1e-9


def test_a_mixture_that_changes_is_found_as_one() -> None:
    rng = np.random.default_rng(15)
    whole = rng.poisson(30, size=len(AT))
    even = rng.multinomial(whole, [0.5, 0.3, 0.2]).T
    turned = np.where(AT >= 0, rng.multinomial(whole, [0.2, 0.3, 0.5]).T, even)
    values = np.vstack([even, turned]) / whole
    found = mixture_tests(
        values, np.tile(whole.astype(float), (6, 1)), nuisance_terms(AT, []), IS_AFTER,
        [0, 0, 0, 1, 1, 1], block_weeks=4, permutations=1999, seed=1,
    )
    assert found[0] > 0.05 and found[1] <= 0.002


def test_a_season_is_known_where_the_day_of_the_year_before_can_be_compared() -> None:
    assert knows_season(AT) and not knows_season(AT[_BEFORE - 70:])


def test_the_correction_is_the_one_of_benjamini_and_hochberg() -> None:
    from scipy import stats

    p_values = np.array([0.01, 0.2, 0.03, 0.04, 0.9, np.nan, 0.001, 0.002])
    families = np.array([0, 0, 0, 0, 0, 0, 1, 1])
    found = adjusted(p_values, families)
    assert found[:5] == pytest.approx(stats.false_discovery_control(p_values[:5]))
    assert found[6:] == pytest.approx(stats.false_discovery_control(p_values[6:]))
    assert np.isnan(found[5])
