"""Two shares: intervals as printed in the paper, tests as scipy has them, steps as the macro tells."""

from pathlib import Path

import duckdb
import numpy as np
import pytest
from scipy import stats

from pm_pipeline.mining.comparison.shares import (
    cohens_h,
    design_effect,
    largest_p_values,
    newcombe,
    share_p_values,
    told_range,
    widest,
    wilson,
)

MACROS = Path(__file__).parents[3] / "dbt_project" / "macros"
K = 5


def one(*values: float) -> tuple[np.ndarray, ...]:
    return tuple(np.array([float(value)]) for value in values)


@pytest.mark.parametrize(
    ("second", "first", "low", "high"),
    [
        # Newcombe 1998 (Statistics in Medicine 17), table II, method 10
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_an_interval_of_a_difference_is_the_printed_one(
    second: tuple[int, int], first: tuple[int, int], low: float, high: float
) -> None:
    found = newcombe(*one(*first, *second))
    assert [round(float(end[0]), 4) for end in found] == [low, high]


@pytest.mark.parametrize(("n_with", "n"), [(0, 9), (1, 9), (40, 90), (90, 90)])
def test_an_interval_of_a_share_is_that_of_scipy(n_with: int, n: int) -> None:
    expected = stats.binomtest(n_with, n).proportion_ci(method="wilson")
    low, high = wilson(*one(n_with, n))
    assert (low[0], high[0]) == pytest.approx((expected.low, expected.high))


def test_a_p_value_is_the_chi_squared_one_with_n_less_1_and_of_few_the_exact_one() -> None:
    table = np.array([[30, 50], [45, 35]])
    many = stats.chi2_contingency(table, correction=False).statistic * 159 / 160
    few = stats.fisher_exact([[1, 39], [6, 34]]).pvalue
    found = share_p_values(
        np.array([30.0, 1.0]), np.array([80.0, 40.0]), np.array([45.0, 6.0]), np.array([80.0, 40.0])
    )
    assert found == pytest.approx([stats.chi2.sf(many, 1), few])


def test_shares_of_which_all_or_nobody_has_it_differ_by_nothing() -> None:
    p = share_p_values(
        np.array([0.0, 40.0]), np.array([40.0, 40.0]), np.array([0.0, 90.0]), np.array([90.0, 90.0])
    )
    assert list(p) == [1.0, 1.0]
    assert list(cohens_h(np.array([0.0, 0.5]), np.array([1.0, 0.5]))) == pytest.approx([np.pi, 0.0])


def test_cases_of_one_citizen_count_as_many_only_as_far_as_they_differ() -> None:
    n_citizens, each = 50, 4
    alike = design_effect(
        np.array([100.0]), n_citizens * each, n_citizens, np.array([25 * 16.0]),
        np.array([25 * 16.0]), n_citizens * 16,
    )
    assert alike[0] == pytest.approx(4 * n_citizens / (n_citizens - 1))
    single = design_effect(np.array([30.0]), 50, 50, np.array([30.0]), np.array([30.0]), 50)
    assert single[0] == 1.0


def test_the_interval_of_a_difference_holds_the_truth_nineteen_times_of_twenty() -> None:
    rng = np.random.default_rng(7)
    draws, n_first, n_second = 2000, 40.0, 65.0
    first = rng.binomial(int(n_first), 0.2, draws).astype(float)
    second = rng.binomial(int(n_second), 0.35, draws).astype(float)
    low, high = newcombe(first, np.full(draws, n_first), second, np.full(draws, n_second))
    assert 0.93 <= ((low <= 0.15) & (high >= 0.15)).mean() <= 0.98


def test_it_does_so_too_where_citizens_have_several_cases_that_are_alike() -> None:
    rng = np.random.default_rng(8)
    hits = plain_hits = 0
    for _ in range(400):
        sides = []
        for _side in range(2):
            cases = rng.integers(1, 5, 60)
            own = rng.beta(0.6, 1.4, 60)  # each citizen's own chance, 0.3 on average
            n_with = rng.binomial(cases, own)
            effect = design_effect(
                np.array([float(n_with.sum())]), cases.sum(), 60, np.array([float((n_with**2).sum())]),
                np.array([float((n_with * cases).sum())]), (cases**2).sum(),
            )
            sides.append((float(n_with.sum()), float(cases.sum()), float(effect[0])))
        (a, n_a, e_a), (b, n_b, e_b) = sides
        low, high = newcombe(*one(a / e_a, n_a / e_a, b / e_b, n_b / e_b))
        hits += bool(low[0] <= 0 <= high[0])
        low, high = newcombe(*one(a, n_a, b, n_b))
        plain_hits += bool(low[0] <= 0 <= high[0])
    assert hits / 400 >= 0.92
    assert plain_hits < hits


def test_what_a_told_count_may_be_is_what_the_macro_tells_so() -> None:
    import jinja2

    macros = "".join(path.read_text("utf-8") for path in sorted(MACROS.glob("*.sql")))
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    sql = environment.from_string(macros + "{{ told_count('count') }}").render(
        env_var=lambda name, default: default, ref=str, config=lambda **_: ""
    )
    with duckdb.connect() as connection:
        told = connection.execute(
            f"select count, {sql} from range(0, 20001) as counts(count) order by count"
        ).fetchall()
    exact = np.array([count for count, one_told in told if one_told is not None], dtype=float)
    steps = np.array([one_told for _, one_told in told if one_told is not None], dtype=float)
    low, high = told_range(steps, K)
    assert ((low <= exact) & (exact <= high)).all()
    assert len(exact) == 20001 - (K - 1)


def test_the_interval_of_told_counts_holds_that_of_the_exact_ones() -> None:
    rng = np.random.default_rng(9)
    n_first, n_second = rng.integers(20, 3000, (2, 500)).astype(float)
    first, second = (rng.binomial(n.astype(int), 0.4).astype(float) for n in (n_first, n_second))
    exact = newcombe(first, n_first, second, n_second)

    def told(count: np.ndarray) -> np.ndarray:
        step = np.maximum(2.0 * K, 10.0 ** (np.floor(np.log10(count)) - 1))
        return np.floor(count / step + 0.5) * step

    ones = np.ones(500)
    steps = tuple(map(told, (first, n_first, second, n_second)))
    low, high = widest(steps, (K, K), (ones, ones))  # type: ignore[arg-type]
    is_told = np.minimum(first, second) >= K
    assert is_told.sum() > 400
    assert (low <= exact[0])[is_told].all() and (high >= exact[1])[is_told].all()
    largest = largest_p_values(steps, (K, K), (ones, ones))  # type: ignore[arg-type]
    assert (largest >= share_p_values(first, n_first, second, n_second) - 1e-12)[is_told].all()
    assert (largest < 0.05).any()
