"""Which noise threshold is chosen."""

from collections.abc import Callable
from typing import Any

import pytest

from pm_pipeline.mining.discovery.noise import GRID, Candidate, rank_candidates, score
from pm_pipeline.mining.fit.measure import measure
from pm_pipeline.mining.log import VariantLog, read_log, read_slices
from pm_pipeline.mining.notation.tree import Operator, Tree

MakeLog = Callable[[list[tuple[str, ...]]], VariantLog]


@pytest.fixture
def log_of(build_warehouse: Any, make_case: Any) -> MakeLog:
    def make(paths: list[tuple[str, ...]]) -> VariantLog:
        connection = build_warehouse([make_case(str(i), path) for i, path in enumerate(paths)])
        (slice_,) = read_slices(connection)
        return read_log(connection, slice_)

    return make


def _sequence(names: str) -> Tree:
    return Tree(operator=Operator.SEQUENCE, children=tuple(map(Tree, names)))


def test_steps_that_a_few_took_out_of_turn_are_dropped(log_of: MakeLog) -> None:
    odd = ["ACBDEF", "ABDCEF", "ABCEDF", "BACDEF", "ABCDFE", "AEBCDF"]
    log = log_of([tuple("ABCDEF")] * 200 + [tuple(path) for path in odd])
    best, *others = rank_candidates(log, log)
    assert best.tree == _sequence("ABCDEF")
    assert best.noise_threshold > 0
    assert [one.noise_threshold for one in others if one.score < best.score]


def test_what_many_did_in_either_order_is_kept(log_of: MakeLog) -> None:
    log = log_of([tuple("ABCD")] * 60 + [tuple("ACBD")] * 40 + [tuple("ABCED")] * 30)
    best = rank_candidates(log, log)[0]
    fit = measure(best.tree, log)
    assert (best.noise_threshold, fit.fitness) == (0, 1)
    assert set(best.tree.activities()) == set("ABCDE")


def test_a_model_that_allows_so_little_that_nothing_is_left_to_judge_loses(log_of: MakeLog) -> None:
    log = log_of([tuple("AXB")] * 10 + [tuple("AYB")] * 10 + [tuple("AZB")] * 10)
    choice = Tree(operator=Operator.CHOICE, children=(Tree("X"), Tree("Y"), Tree("Z")))
    loose = measure(
        Tree(operator=Operator.SEQUENCE, children=(Tree("A"), choice, Tree("B"))), log
    )
    tight = measure(_sequence("QB"), log)
    assert score(loose.aligned, loose.precise) == 1
    assert (score(tight.aligned, tight.precise), tight.precision_coverage) == (0, pytest.approx(1 / 3))


def test_a_tie_goes_to_the_lowest_threshold_of_one_and_the_same_model(log_of: MakeLog) -> None:
    log = log_of([tuple("ABC")] * 20)
    (only,) = rank_candidates(log, log)
    assert (only.tree, only.noise_threshold) == (_sequence("ABC"), GRID[0])


def test_a_model_whose_search_was_cut_off_stands_behind_those_measured_whole() -> None:
    whole = Candidate(0.4, Tree("A"), 0.3, True, 1)
    cut = Candidate(0.2, Tree("B"), 0.9, False, 1)
    better = Candidate(0.8, Tree("C"), 0.5, True, 9)
    simpler = Candidate(0.6, Tree("D"), 0.5, True, 3)
    found = sorted((whole, cut, better, simpler), key=lambda one: one.rank)
    assert found == [simpler, better, whole, cut]
