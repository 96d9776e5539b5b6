"""Alignments: what they cost, against pm4py, r4pm and brute force; and that they stay the same."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pm_pipeline.mining.behaviour.automaton import (
    Automaton,
    WalkedAutomaton,
    WholeAutomaton,
    automaton_of,
)
from pm_pipeline.mining.behaviour.net import NetBehaviour
from pm_pipeline.mining.behaviour.semantics import Semantics
from pm_pipeline.mining.conformance import alignment
from pm_pipeline.mining.conformance.alignment import align
from pm_pipeline.mining.conformance.moves import Alignment, Deviation
from pm_pipeline.mining.conformance.search import search
from pm_pipeline.mining.discovery.inductive import discover, read_tree
from pm_pipeline.mining.log import Variant, VariantLog
from pm_pipeline.mining.notation.petri import to_petri_net
from pm_pipeline.mining.notation.tree import Operator, Tree
from tests.mining.referee import alignment_cost

Path = tuple[str, ...]

# pm4py's own use of old numpy and scipy is none of this project's business.
pytestmark = pytest.mark.filterwarnings("ignore")


def _tree(operator: Operator, *children: Tree | str) -> Tree:
    leaves = tuple(one if isinstance(one, Tree) else Tree(one or None) for one in children)
    return Tree(operator=operator, children=leaves)


def _seq(*children: Tree | str) -> Tree:
    return _tree(Operator.SEQUENCE, *children)


def _random_tree(rng: random.Random, names: Iterator[str], depth: int) -> Tree:
    if depth == 0 or rng.random() < 0.25:
        return Tree(None if rng.random() < 0.2 else next(names))
    operator = rng.choice([one for one in Operator if one is not Operator.ORDER])
    children = [_random_tree(rng, names, depth - 1) for _ in range(rng.choice((2, 2, 3)))]
    order = ((0, 1),) if operator is Operator.ORDER else ()
    return Tree(operator=operator, children=tuple(children), order=order)


def _random_path(rng: random.Random, alphabet: str, most: int = 6) -> Path:
    return tuple(rng.choice(alphabet) for _ in range(rng.randrange(most + 1)))


def _one(automaton: Automaton, path: Path) -> Alignment:
    (found,) = align(automaton, [path])
    assert found is not None
    return found


def _all_optimal(automaton: Automaton, path: Path) -> list[tuple[tuple[object, ...], ...]]:
    """Every cheapest alignment, as moves that sort in the order the module states, by brute force."""
    for budget in range(8):
        found: list[tuple[tuple[object, ...], ...]] = []
        todo: list[tuple[int, int, int, tuple[tuple[object, ...], ...]]] = [(0, 0, budget, ())]
        while todo:
            done, state, left, moves = todo.pop()
            if done == len(path) and automaton.ends(state) and not left:
                found.append(moves)
            if done < len(path):
                target = automaton.step(state, path[done])
                if target is not None:
                    todo.append((done + 1, target, left, (*moves, (0, path[done]))))
                if left:
                    todo.append((done + 1, state, left - 1, (*moves, (2, path[done]))))
            if left:
                todo += [
                    (done, one.target, left - 1, (*moves, (1, "|".join(one.activities))))
                    for one in automaton.steps(state)
                ]
        if found:
            return found
    raise AssertionError("no alignment at all")


def test_the_alignment_told_is_the_first_of_all_cheapest_ones() -> None:
    rng = random.Random(4)
    several = 0
    for _ in range(60):
        tree = _random_tree(rng, iter("abcdefghijklmnopqrstuvw"), 2)
        automaton = automaton_of(Semantics(tree))
        for path in (_random_path(rng, "abx", most=3) for _ in range(4)):
            if _one(automaton, path).cost > 3:
                continue  # brute force has no end there
            optimal = _all_optimal(automaton, path)
            several += len(optimal) > 1
            first = min(optimal)
            told = _one(automaton, path)
            kinds = {1: "skipped", 2: "unexpected"}
            assert [(one.kind, one.activity) for one in told.deviations] == [
                (kinds[kind], activity) for kind, activity in first if isinstance(kind, int) and kind
            ]
    assert several > 50


def test_a_table_and_a_search_find_the_same_alignment() -> None:
    rng = random.Random(9)
    names = "abcdefghijklmnopqrstuvwxyzæøå"
    deviating = 0
    for _ in range(80):
        tree = _random_tree(rng, iter(names * 3), 3)
        whole, walked = automaton_of(Semantics(tree)), WalkedAutomaton(Semantics(tree))
        assert isinstance(whole, WholeAutomaton)
        paths = [_random_path(rng, names[:8]) for _ in range(6)]
        for path, told in zip(paths, align(whole, paths), strict=True):
            assert told == search(whole, path, 100_000).alignment
            assert told is not None
            # Where states are not known to be equal, equal steps are told by the first of them.
            (cost,) = [one and one.cost for one in align(walked, [path])]
            assert cost == told.cost
            deviating += told.cost > 0
    assert deviating > 300


def test_two_drawings_of_one_language_have_the_same_alignments(courses: Any) -> None:
    paths = sorted({case.path for case in courses(60, 3)})
    tree = _discovered(paths, 0.4)
    by_tree = automaton_of(Semantics(tree))
    by_net = automaton_of(NetBehaviour(to_petri_net(tree)))
    assert align(by_tree, paths) == align(by_net, paths)


def _discovered(paths: list[Path], noise_threshold: float) -> Tree:
    counted = [Variant(str(number), path, 1, 1) for number, path in enumerate(sorted(paths))]
    log = VariantLog("p", "r", tuple(counted), len(counted), {}, {}, {})
    return discover(log, noise_threshold)


def test_each_alignment_costs_what_pm4py_says_it_costs(courses: Any) -> None:
    import pandas as pd
    import pm4py

    paths = [case.path for case in courses(12, 6)]
    frame = pd.DataFrame(
        [
            (f"c{case:05d}", one, pd.Timestamp("2024-01-01", tz="UTC") + pd.Timedelta(days=day))
            for case, path in enumerate(paths)
            for day, one in enumerate(path)
        ],
        columns=["case:concept:name", "concept:name", "time:timestamp"],
    )
    found = pm4py.discover_process_tree_inductive(frame, noise_threshold=0.6)
    net, start, end = pm4py.convert_to_petri_net(found)
    aligned = pm4py.conformance_diagnostics_alignments(frame, net, start, end)
    ours = align(automaton_of(Semantics(read_tree(found))), paths)
    # pm4py charges 10,000 for a visible deviation and 1 for a silent step.
    assert [one and one.cost for one in ours] == [one["cost"] // 10_000 for one in aligned]
    assert max(one.cost for one in ours if one) > 0


@pytest.mark.parametrize("noise_threshold", [0.2, 0.5])
def test_each_alignment_of_a_real_log_costs_what_r4pm_says_it_costs(
    real_log: Callable[[str], list[Path]], noise_threshold: float
) -> None:
    paths = sorted(set(real_log("receipt")))
    tree = _discovered(paths, noise_threshold)
    net = to_petri_net(tree)
    ours = align(automaton_of(Semantics(tree)), paths)
    costs = [alignment_cost(net, path) for path in paths]
    assert [one and one.cost for one in ours] == costs
    assert sum(cost or 0 for cost in costs) > 50


_ALIGN_AND_TELL = """
import json, sys
from pm_pipeline.mining.conformance.alignment import align
from pm_pipeline.mining.behaviour.automaton import automaton_of
from pm_pipeline.mining.behaviour.semantics import Semantics
from tests.mining.test_alignments import _discovered, _plain
paths = [tuple(path) for path in json.load(sys.stdin)]
tree = _discovered(paths[:40], 0.4)
automaton = automaton_of(Semantics(tree))
print(json.dumps([str(tree), *[_plain(align(automaton, paths)) for _ in range(2)]]))
"""


def _plain(found: list[Alignment | None]) -> list[Any]:
    return [
        [one and one.cost, [[d.kind, d.activity, d.after] for d in one.deviations] if one else []]
        for one in found
    ]


def test_processes_with_other_hashes_tell_the_same_deviations(courses: Any) -> None:
    paths = sorted({case.path for case in courses(120, 5)})
    random.Random(1).shuffle(paths)
    told = [
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", _ALIGN_AND_TELL], input=json.dumps(paths),
            env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True,
        ).stdout.splitlines()[-1]
        for seed in ("1", "4242")
    ]
    assert told[0] == told[1]
    _, first, second = json.loads(told[0])
    assert first == second
    assert sum(cost for cost, _ in first) > 30


def test_of_a_step_done_twice_the_second_is_the_unexpected_one() -> None:
    told = _one(automaton_of(Semantics(_seq("A", "B"))), ("A", "A", "B"))
    assert told.deviations == (Deviation("unexpected", "A", "A"),)


def test_a_skipped_step_names_all_that_would_have_done_equally() -> None:
    tree = _seq("A", _tree(Operator.CHOICE, "C", "B"), "D")
    told = _one(automaton_of(Semantics(tree)), ("A", "D"))
    assert told.deviations == (Deviation("skipped", "B|C", "A"),)


def test_a_deviation_before_the_first_event_stands_after_nothing() -> None:
    automaton = automaton_of(Semantics(_seq("A", "B")))
    assert _one(automaton, ("B",)).deviations == (Deviation("skipped", "A", None),)
    assert _one(automaton, ("X", "A", "B")).deviations == (Deviation("unexpected", "X", None),)


def test_an_empty_path_lacks_the_shortest_run_of_the_model() -> None:
    told = _one(automaton_of(Semantics(_seq("A", "B"))), ())
    assert told.deviations == (Deviation("skipped", "A", None), Deviation("skipped", "B", None))
    optional = _tree(Operator.CHOICE, "A", "")
    assert _one(automaton_of(Semantics(optional)), ()).cost == 0


def test_no_paths_have_no_alignments() -> None:
    assert align(automaton_of(Semantics(Tree("A"))), []) == []


def _wide(n: int) -> Tree:
    """So many optional steps in parallel that no automaton of them is built whole."""
    branches = [_tree(Operator.CHOICE, f"a{i}", "") for i in range(n)]
    return _seq("start", _tree(Operator.PARALLEL, *branches), "end")


def test_a_model_too_wide_to_be_built_whole_is_searched() -> None:
    automaton = automaton_of(Semantics(_wide(14)))
    assert isinstance(automaton, WalkedAutomaton)
    told = _one(automaton, ("start", "a3", "a3", "a1"))
    assert told.deviations == (Deviation("unexpected", "a3", "a3"), Deviation("skipped", "end", "a1"))


def test_a_path_that_cannot_be_aligned_within_the_cap_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(alignment, "MAX_PLACES_PER_PATH", 30)
    automaton = automaton_of(Semantics(_wide(14)))
    easy, hard = ("start", "a1", "end"), tuple(f"x{i}" for i in range(20))
    found = align(automaton, [easy, hard, easy])
    assert [one is None for one in found] == [False, True, False]


def test_a_log_of_which_nothing_can_be_aligned_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alignment, "MAX_PLACES_PER_PATH", 2)
    asked: list[Path] = []

    def counted(automaton: Automaton, path: Path, max_places: int) -> Any:
        asked.append(path)
        return search(automaton, path, max_places)

    monkeypatch.setattr(alignment, "search", counted)
    paths = [(f"x{i}",) * 9 for i in range(50)]
    assert align(automaton_of(Semantics(_wide(14))), paths) == [None] * 50
    assert len(asked) == 5
