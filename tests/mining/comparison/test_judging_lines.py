"""What is called different: rarely anything where nothing was planted, and what was planted."""

from collections.abc import Sequence

import numpy as np
import pytest

from pm_pipeline.mining.comparison.judging import Judged, judge, why_not
from pm_pipeline.mining.comparison.line import Reason, Verdict
from pm_pipeline.mining.comparison.sides import Comparison, Counted, LineKey, OfSide, Side

K = 5
SHARES = (0.03, 0.08, 0.15, 0.3, 0.5, 0.5, 0.7, 0.9, 0.97, 1.0)


def _side(n_citizens: int, cases_each: Sequence[int] = (), **others: object) -> Side:
    cases = np.array(cases_each or [1] * n_citizens)
    told: dict[str, object] = {
        "filter_id": "f", "sentence_da": "", "sentence_en": "", "process_id": "p", "is_known": True,
        "is_told": True, "n_cases": int(cases.sum()), "n_citizens": n_citizens,
        "sum_of_squares": int((cases**2).sum()), "n_too_young": 0, "n_on_both_sides": 0,
        "n_citizens_on_both_sides": 0, "n_not_drawn": 0, "n_cases_told": None,
        "n_too_young_told": 0, "n_on_both_sides_told": 0,
    }  # fmt: skip
    return Side(**(told | others))  # type: ignore[arg-type]


def _of(n_with: np.ndarray, cases: np.ndarray) -> OfSide:
    return OfSide(
        int(n_with.sum()), int((n_with > 0).sum()), int((n_with**2).sum()),
        int((n_with * cases).sum()), None,
    )  # fmt: skip


def _drawn(
    rng: np.random.Generator, sizes: tuple[int, int], *, alike: bool, moved: float = 0.0
) -> Judged:
    """Two sides of one town; ``alike``: cases of a citizen are. ``moved``: at the fourth share."""
    cases = [rng.integers(1, 4, size) if alike else np.ones(size, dtype=int) for size in sizes]
    lines = []
    for number, share in enumerate(SHARES):
        drawn = []
        for side, each in enumerate(cases):
            p = share + (moved if side == 1 and number == 3 else 0.0)
            own = rng.beta(p, 1 - p, len(each)) if alike and p < 1 else np.full(len(each), p)
            drawn.append(_of(rng.binomial(each, own), each))
        lines.append(Counted(LineKey("activity", number), *drawn))
    days = {
        LineKey("follows", number, 0): (rng.exponential(9, sizes[0]), rng.exponential(9, sizes[1]))
        for number in range(2)
    }
    sides = [_side(len(each), list(map(int, each))) for each in cases]
    return judge(Comparison("c", "", "", 91, *sides), lines, days, K)


def _different(judged: Judged) -> int:
    return sum(one in (Verdict.HIGHER, Verdict.LOWER) for one in judged.verdicts.values())


@pytest.mark.parametrize("sizes", [(30, 45), (200, 150)])
@pytest.mark.parametrize("alike", [False, True])
def test_nothing_is_found_where_nothing_was_planted(sizes: tuple[int, int], alike: bool) -> None:
    rng = np.random.default_rng(21)
    runs = 120
    with_a_find = sum(_different(_drawn(rng, sizes, alike=alike)) > 0 for _ in range(runs))
    # of what is found here all is false: the share of false finds is that of runs with any. Three
    # standard errors above five per cent.
    assert with_a_find / runs <= 0.05 + 3 * (0.05 * 0.95 / runs) ** 0.5


@pytest.mark.parametrize(("moved", "verdict"), [(0.3, Verdict.HIGHER), (-0.25, Verdict.LOWER)])
def test_a_planted_difference_is_found_with_its_sign(moved: float, verdict: Verdict) -> None:
    rng = np.random.default_rng(22)
    key = (LineKey("activity", 3), "share")
    found = [_drawn(rng, (200, 150), alike=False, moved=moved).verdicts[key] for _ in range(100)]
    assert found.count(verdict) >= 95
    assert set(found) <= {verdict, Verdict.NO_DIFFERENCE_SHOWN}


def test_durations_of_few_are_not_told_apart() -> None:
    judged = _drawn(np.random.default_rng(23), (19, 45), alike=False)
    assert judged.shifts == {}
    assert judged.verdicts[LineKey("follows", 0, 0), "days"] is Verdict.CANNOT_TELL


def test_a_line_of_fewer_than_the_minimum_group_is_not_even_tested() -> None:
    few = OfSide(2, 2, 2, 2, None)
    line = Counted(LineKey("activity", 1), few, few)
    judged = judge(Comparison("c", "", "", 91, _side(40), _side(40)), [line], {}, K)
    assert judged.p_adjusted == {}


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (_side(40), _side(40), None),
        (_side(40), _side(0), Reason.NOBODY_FOLLOWED),
        (_side(40), _side(1), Reason.BELOW_MINIMUM_GROUP),
        (_side(40), _side(4), Reason.BELOW_MINIMUM_GROUP),
        (_side(40), _side(0, is_known=False), Reason.NO_SUCH_FILTER),
        (_side(40, n_citizens_on_both_sides=9), _side(8, n_citizens_on_both_sides=9),
         Reason.SAME_CITIZENS),
        (_side(0, n_citizens_on_both_sides=9), _side(8, n_citizens_on_both_sides=9),
         Reason.SAME_CITIZENS),
        (_side(40, n_citizens_on_both_sides=9), _side(30, n_citizens_on_both_sides=9), None),
    ],
)
def test_why_two_sides_are_not_comparable(first: Side, second: Side, reason: Reason | None) -> None:
    assert why_not(Comparison("c", "", "", 91, first, second), K) is reason
