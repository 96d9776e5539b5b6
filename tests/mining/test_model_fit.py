"""Fitness and precision, against independent computations."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from pm_pipeline.errors import PipelineError
from pm_pipeline.mining.discovery.inductive import discover, read_tree
from pm_pipeline.mining.fit import measure as fit
from pm_pipeline.mining.fit.semantics import Semantics
from pm_pipeline.mining.log import VariantLog, read_log, read_slices
from pm_pipeline.mining.notation.petri import PetriNet, to_petri_net, to_r4pm
from pm_pipeline.mining.notation.tree import Operator, Tree

MakeLog = Callable[[list[Any]], VariantLog]
Marking = frozenset[str]

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


def test_fitness_is_what_pm4py_finds_on_the_expanded_log(make_log: MakeLog, courses: Any) -> None:
    import pm4py

    cases = courses(40, 1)
    frame = _frame([case.path for case in cases])
    found = pm4py.discover_process_tree_inductive(frame, noise_threshold=0.3)
    net, start, end = pm4py.convert_to_petri_net(found)
    expected = pm4py.fitness_alignments(frame, net, start, end)
    ours = fit.measure(read_tree(found), make_log(cases))
    assert 0.5 < ours.fitness < 1  # a log that fits would prove nothing
    assert ours.fitness == pytest.approx(expected["averageFitness"])
    assert 100 * ours.perfectly_fitting == pytest.approx(expected["percFitTraces"])
    assert ours.coverage == 1


def test_each_alignment_costs_what_pm4py_says_it_costs(make_log: MakeLog, courses: Any) -> None:
    import pm4py

    cases = courses(12, 6)
    frame = _frame([case.path for case in cases])
    found = pm4py.discover_process_tree_inductive(frame, noise_threshold=0.6)
    net, start, end = pm4py.convert_to_petri_net(found)
    ours = to_r4pm(to_petri_net(read_tree(found)))
    aligned = pm4py.conformance_diagnostics_alignments(frame, net, start, end)
    costs = [fit.alignment_cost(ours, case.path).cost for case in cases]
    # pm4py charges 10,000 for a visible deviation and 1 for a silent step.
    assert costs == [one["cost"] // 10_000 for one in aligned]
    assert max(cost for cost in costs if cost is not None) > 0


def test_precision_of_the_textbook_log_is_what_pm4py_finds(
    real_log: Callable[[str], list[tuple[str, ...]]],
) -> None:
    import pm4py

    paths = real_log("running_example")
    frame = _frame(paths)
    found = pm4py.discover_process_tree_inductive(frame)
    net, start, end = pm4py.convert_to_petri_net(found)
    expected = pm4py.precision_alignments(frame, net, start, end)
    ours = fit.precision(read_tree(found), Counter(paths))
    assert ours.value == pytest.approx(expected)
    assert ours.value < 1
    assert ours.coverage == 1


def _silent_closure(net: PetriNet, markings: set[Marking]) -> set[Marking]:
    found, todo = set(markings), list(markings)
    while todo:
        marking = todo.pop()
        for step in net.transitions:
            if step.activity is None and marking.issuperset(step.inputs):
                after = (marking - set(step.inputs)) | set(step.outputs)
                if after not in found:
                    found.add(after)
                    todo.append(after)
    return found


def test_what_a_tree_allows_is_what_its_net_allows_in_every_state(
    make_log: MakeLog, courses: Any
) -> None:
    """Brute force over all markings; silent steps in parallel are where pm4py misses some."""
    checked = 0
    for seed, noise in ((1, 0.0), (2, 0.2), (3, 0.5)):
        cases = courses(30, seed)
        tree = discover(make_log(cases), noise)
        net, semantics = to_petri_net(tree), Semantics(tree)
        for case in cases:
            markings, states = _silent_closure(net, {frozenset({"source"})}), semantics.start()
            for activity in case.path:
                steps = [
                    (marking, step) for marking in markings for step in net.transitions
                    if step.activity and marking.issuperset(step.inputs)
                ]
                assert semantics.enabled(states) == {step.activity for _, step in steps}
                checked += 1
                markings = _silent_closure(
                    net,
                    {
                        (marking - set(step.inputs)) | set(step.outputs)
                        for marking, step in steps if step.activity == activity
                    },
                )
                states = semantics.after(states, activity)
                assert bool(states) == bool(markings)
                assert semantics.can_end(states) == (frozenset({"sink"}) in markings)
    assert checked > 500


def test_a_flower_is_imprecise_and_a_sequence_of_the_log_is_precise(
    make_log: MakeLog, make_case: Any
) -> None:
    log = make_log([make_case(str(i), ("A", "B", "C")) for i in range(10)])
    abc = tuple(Tree(name) for name in "ABC")
    flower = Tree(
        operator=Operator.LOOP, children=(Tree(), Tree(operator=Operator.CHOICE, children=abc))
    )
    exact = fit.measure(Tree(operator=Operator.SEQUENCE, children=abc), log)
    loose = fit.measure(flower, log)
    assert (exact.fitness, exact.precision) == (1, 1)
    assert (loose.fitness, loose.precision) == (1, pytest.approx(1 / 3))


def test_cases_count_by_their_number_and_not_by_their_variants(
    make_log: MakeLog, make_case: Any
) -> None:
    cases = [make_case(str(i), ("A", "B") if i < 9 else ("A", "X")) for i in range(10)]
    tree = Tree(operator=Operator.SEQUENCE, children=(Tree("A"), Tree("B")))
    found = fit.measure(tree, make_log(cases))
    # The odd case: one step too many, one missing, of 2 + 2 possible.
    assert found.fitness == pytest.approx((9 * 1 + 1 * 0.5) / 10)
    assert found.perfectly_fitting == pytest.approx(0.9)


def test_a_search_that_meets_its_cap_lowers_the_coverage_not_the_fitness(
    make_log: MakeLog, make_case: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [make_case(str(i), ("A", "B")) for i in range(9)]
    cases.append(make_case("9", ("B", "A") * 20))
    log = make_log(cases)
    tree = Tree(operator=Operator.SEQUENCE, children=(Tree("A"), Tree("B")))
    monkeypatch.setattr(fit, "MAX_STATES_PER_VARIANT", 10)
    found = fit.measure(tree, log)
    assert (found.fitness, found.aligned_cases, found.coverage) == (1, 9, 0.9)
    monkeypatch.setattr(fit, "MAX_STATES_PER_VARIANT", 1)
    with pytest.raises(PipelineError, match="no variant could be aligned"):
        fit.measure(tree, log)


def test_a_deviation_at_the_start_leaves_nothing_to_judge_precision_by() -> None:
    tree = Tree(operator=Operator.SEQUENCE, children=(Tree("A"), Tree("B")))
    found = fit.precision(tree, {("X", "A", "B", "A"): 3})
    assert found.coverage == pytest.approx(1 / 4)  # only the empty beginning
    assert found.value == 0
