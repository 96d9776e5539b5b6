"""Heuristics nets and partially ordered models."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from pm_pipeline.mining.behaviour.automaton import automaton_of
from pm_pipeline.mining.behaviour.net import NetBehaviour
from pm_pipeline.mining.behaviour.semantics import Semantics
from pm_pipeline.mining.behaviour.soundness import soundness
from pm_pipeline.mining.discovery import heuristics, powl
from pm_pipeline.mining.discovery.powl import partial_order, read_powl
from pm_pipeline.mining.fit.measure import measure
from pm_pipeline.mining.fit.precision import precision
from pm_pipeline.mining.fit.replay import replay
from pm_pipeline.mining.log import VariantLog, read_log, read_slices
from pm_pipeline.mining.notation.bpmn import to_bpmn
from pm_pipeline.mining.notation.petri import PetriNet, Transition, to_petri_net
from pm_pipeline.mining.notation.tree import Operator, Tree

MakeLog = Callable[[list[Any]], VariantLog]

# pm4py's own use of old numpy and scipy is none of this project's business.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def make_log(build_warehouse: Any) -> MakeLog:
    def make(cases: list[Any]) -> VariantLog:
        connection = build_warehouse(cases)
        (slice_,) = read_slices(connection)
        return read_log(connection, slice_)

    return make


def _frame(paths: list[tuple[str, ...]]) -> Any:
    import pandas as pd

    rows = [
        (f"c{case:05d}", activity, pd.Timestamp("2024-01-01", tz="UTC") + pd.Timedelta(days=day))
        for case, path in enumerate(paths)
        for day, activity in enumerate(path)
    ]
    return pd.DataFrame(rows, columns=["case:concept:name", "concept:name", "time:timestamp"])


# A before C and D, B before D only.
N_SHAPED = Tree(
    operator=Operator.ORDER, children=tuple(map(Tree, "ABCD")), order=((0, 2), (0, 3), (1, 3))
)
N_PATHS = {tuple(path): 1 for path in ("ABCD", "ABDC", "ACBD", "BACD", "BADC")}


def test_a_partial_order_allows_exactly_its_orders() -> None:
    from itertools import permutations

    for behaviour in (Semantics(N_SHAPED), NetBehaviour(to_petri_net(N_SHAPED))):
        model = automaton_of(behaviour)
        allowed = {
            path for path in permutations("ABCD")
            if all(p.state is not None for p in replay(model, {path: 1}).prefixes)
        }
        assert allowed == set(N_PATHS)
        assert precision(model, replay(model, N_PATHS)).value == 1


def test_a_predecessor_that_may_be_repeated_is_over_once_its_successor_has_begun() -> None:
    loop = Tree(operator=Operator.LOOP, children=(Tree("A"), Tree()))
    tree = Tree(
        operator=Operator.ORDER, children=(loop, Tree("B"), Tree("C"), Tree("D")),
        order=((0, 2), (0, 3), (1, 3)),
    )
    for behaviour in (Semantics(tree), NetBehaviour(to_petri_net(tree))):
        walked = replay(automaton_of(behaviour), {tuple("AABCD"): 1, tuple("ABCAD"): 1})
        last = [p for p in walked.prefixes if not p.seen]
        assert [p.state is not None for p in last] == [True, False]


def test_the_net_and_the_bpmn_of_a_partial_order_are_sound() -> None:
    assert soundness(to_petri_net(N_SHAPED)).is_sound is True
    graph = to_bpmn(N_SHAPED)
    assert sum(node.kind == "task" for node in graph.nodes) == 4
    assert len(set(graph.flows)) == len(graph.flows)


def test_an_order_that_is_whole_or_empty_is_a_sequence_or_parallel() -> None:
    children = list(map(Tree, "BA"))
    assert partial_order(children, {(0, 1)}).operator is Operator.SEQUENCE
    assert partial_order(children, set()) == Tree(
        operator=Operator.PARALLEL, children=(Tree("A"), Tree("B"))
    )


def test_a_partial_order_of_pm4py_fits_as_its_own_net_does(make_log: MakeLog, courses: Any) -> None:
    import pm4py

    cases = courses(40, 1)
    frame = _frame([case.path for case in cases])
    found = pm4py.discover_powl(frame)
    net, start, end = pm4py.convert_to_petri_net(found)
    expected = pm4py.fitness_alignments(frame, net, start, end)["averageFitness"]
    assert measure(read_powl(found), make_log(cases)).fitness == pytest.approx(expected)


def test_the_heuristics_net_of_counted_variants_is_that_of_the_expanded_log(
    make_log: MakeLog, courses: Any
) -> None:
    import pm4py

    cases = courses(80, 2)
    expected = pm4py.discover_petri_net_heuristics(
        _frame([case.path for case in cases]), dependency_threshold=0.5, and_threshold=0.65,
        loop_two_threshold=0.5,
    )
    assert heuristics.discover(make_log(cases)) == heuristics.read_net(*expected)


_CHILD = """
from pm_pipeline.mining.discovery import heuristics, powl
from pm_pipeline.mining.log import Variant, VariantLog
import json, sys
rows = json.load(sys.stdin)
log = VariantLog("p", "r", tuple(Variant("", tuple(p), n, n) for p, n in rows), 1, {}, {}, {})
print(heuristics.discover(log), powl.discover(log))
"""


def test_another_process_with_other_string_hashes_finds_the_same_models(
    make_log: MakeLog, courses: Any
) -> None:
    log = make_log(courses(150, 5))
    rows = json.dumps([[v.activities, v.n_cases] for v in log.variants])
    done = subprocess.run(
        [sys.executable, "-c", _CHILD], input=rows, capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONHASHSEED": "12345"},
    )
    assert done.stdout == f"{heuristics.discover(log)} {powl.discover(log)}\n"


def _net(*steps: tuple[str, str, str]) -> PetriNet:
    places = dict.fromkeys(("source", "sink", *"".join(a + b for _, a, b in steps if a.islower())))
    return PetriNet(
        tuple(places),
        tuple(
            Transition(f"t{n}", name, tuple(before.split()), tuple(after.split()))
            for n, (name, before, after) in enumerate(steps)
        ),
    )


def test_a_way_into_a_net_that_has_no_way_out_is_told() -> None:
    assert soundness(_net(("A", "source", "p"), ("B", "p", "sink"))).is_sound is True
    # A chooses one of two tokens that B needs both of.
    stuck = _net(("A", "source", "p"), ("C", "source", "q"), ("B", "p q", "sink"), ("D", "p", "sink"))
    assert soundness(stuck).is_sound is False
    left_over = _net(("A", "source", "p"), ("L", "p", "p q"), ("B", "p", "sink"))
    assert soundness(left_over).is_sound is False
    endless = _net(("A", "source", "p"), ("L", "p", "p q"), ("B", "p q", "p"))
    assert soundness(endless).is_sound is None


def test_a_net_that_never_ends_is_told_unmeasured_with_its_reason(
    make_log: MakeLog, make_case: Any
) -> None:
    from pm_pipeline.mining.fit.alignments import NO_WAY_TO_THE_END, UnmeasurableError

    log = make_log([make_case(str(i), ("A", "B")) for i in range(6)])
    with pytest.raises(UnmeasurableError) as caught:
        measure(_net(("A", "source", "p"), ("B", "p q", "sink")), log)
    assert caught.value.reason == NO_WAY_TO_THE_END
