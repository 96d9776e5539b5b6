"""Fitness and precision, against independent computations."""

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from pm_pipeline.errors import PipelineError
from pm_pipeline.mining.behaviour import automaton
from pm_pipeline.mining.behaviour.automaton import WholeAutomaton, automaton_of
from pm_pipeline.mining.behaviour.net import NetBehaviour
from pm_pipeline.mining.behaviour.semantics import Semantics
from pm_pipeline.mining.conformance import alignment
from pm_pipeline.mining.discovery.inductive import discover, read_tree
from pm_pipeline.mining.fit.generalisation import generalisation
from pm_pipeline.mining.fit.measure import measure
from pm_pipeline.mining.fit.precision import Precision, precision
from pm_pipeline.mining.fit.replay import replay
from pm_pipeline.mining.fit.simplicity import simplicity
from pm_pipeline.mining.log import VariantLog, read_log, read_slices
from pm_pipeline.mining.notation.petri import PetriNet, Transition, to_petri_net, to_pnml
from pm_pipeline.mining.notation.tree import Operator, Tree
from tests.mining.referee import alignment_cost

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


def _precision(tree: Tree, paths: Any) -> Precision:
    model = automaton_of(Semantics(tree))
    return precision(model, replay(model, paths))


def test_fitness_is_what_pm4py_finds_on_the_expanded_log(make_log: MakeLog, courses: Any) -> None:
    import pm4py

    cases = courses(40, 1)
    frame = _frame([case.path for case in cases])
    found = pm4py.discover_process_tree_inductive(frame, noise_threshold=0.3)
    net, start, end = pm4py.convert_to_petri_net(found)
    expected = pm4py.fitness_alignments(frame, net, start, end)
    ours = measure(read_tree(found), make_log(cases))
    assert 0.5 < ours.fitness < 1  # a log that fits would prove nothing
    assert ours.fitness == pytest.approx(expected["averageFitness"])
    assert 100 * ours.perfectly_fitting == pytest.approx(expected["percFitTraces"])
    assert ours.coverage == 1


def test_the_referee_of_alignments_charges_what_pm4py_charges(make_log: MakeLog, courses: Any) -> None:
    import pm4py

    cases = courses(12, 6)
    frame = _frame([case.path for case in cases])
    found = pm4py.discover_process_tree_inductive(frame, noise_threshold=0.6)
    net, start, end = pm4py.convert_to_petri_net(found)
    ours = to_petri_net(read_tree(found))
    aligned = pm4py.conformance_diagnostics_alignments(frame, net, start, end)
    costs = [alignment_cost(ours, case.path) for case in cases]
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
    ours = _precision(read_tree(found), Counter(paths))
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
    exact = measure(Tree(operator=Operator.SEQUENCE, children=abc), log)
    loose = measure(flower, log)
    assert (exact.fitness, exact.precision) == (1, 1)
    assert (loose.fitness, loose.precision) == (1, pytest.approx(1 / 3))


def test_cases_count_by_their_number_and_not_by_their_variants(
    make_log: MakeLog, make_case: Any
) -> None:
    cases = [make_case(str(i), ("A", "B") if i < 9 else ("A", "X")) for i in range(10)]
    tree = Tree(operator=Operator.SEQUENCE, children=(Tree("A"), Tree("B")))
    found = measure(tree, make_log(cases))
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
    monkeypatch.setattr(automaton, "MAX_STATES", 1)
    monkeypatch.setattr(alignment, "MAX_PLACES_PER_PATH", 10)
    found = measure(tree, log)
    assert (found.fitness, found.aligned.aligned_cases, found.coverage) == (1, 9, 0.9)
    monkeypatch.setattr(alignment, "MAX_PLACES_PER_PATH", 1)
    with pytest.raises(PipelineError, match="within the cap of the search"):
        measure(tree, log)


def test_a_deviation_at_the_start_leaves_nothing_to_judge_precision_by() -> None:
    tree = Tree(operator=Operator.SEQUENCE, children=(Tree("A"), Tree("B")))
    found = _precision(tree, {("X", "A", "B", "A"): 3})
    assert found.coverage == pytest.approx(1 / 4)  # only the empty beginning
    assert found.value == 0


def test_an_activity_that_is_never_used_counts_against_generalisation() -> None:
    tree = Tree(operator=Operator.SEQUENCE, children=(Tree("A"), Tree("B"), Tree("C")))
    walked = replay(automaton_of(Semantics(tree)), {("A", "B"): 3, ("A", "X", "C"): 1})
    found = generalisation(tree.activities(), walked)
    # A is used 4 times, B 3 times, C never while the model still allows what was done.
    assert found.value == pytest.approx(1 - (1 / 4**0.5 + 1 / 3**0.5 + 1) / 3)
    assert found.coverage == pytest.approx(7 / 9)


def test_a_model_that_all_cases_use_alike_is_more_general_the_more_cases_there_are(
    make_log: MakeLog, make_case: Any
) -> None:
    tree = Tree(operator=Operator.SEQUENCE, children=(Tree("A"), Tree("B")))
    few, many = (
        measure(tree, make_log([make_case(str(i), ("A", "B")) for i in range(n)])) for n in (4, 100)
    )
    assert (few.generalisation, many.generalisation) == (0.5, pytest.approx(0.9))


@pytest.mark.parametrize("seed", [1, 2])
def test_simplicity_is_what_pm4py_finds_on_the_same_net(
    make_log: MakeLog, courses: Any, tmp_path: Any, seed: int
) -> None:
    import pm4py

    net = to_petri_net(discover(make_log(courses(60, seed)), 0.1))
    path = tmp_path / "model.pnml"
    path.write_text(to_pnml(net, {name: name for name in net.activities}, "Model"), "utf-8")
    expected = pm4py.analysis.simplicity_petri_net(*pm4py.read_pnml(str(path)))
    assert simplicity(net) == pytest.approx(expected)
    assert 0.4 < simplicity(net) < 1


def test_a_mere_sequence_is_as_simple_as_can_be() -> None:
    assert simplicity(to_petri_net(Tree(operator=Operator.SEQUENCE, children=(Tree("A"),)))) == 1


def test_what_a_known_model_plays_out_fits_it_wholly(make_log: MakeLog, make_case: Any) -> None:
    import pm4py
    from pm4py.objects.process_tree.utils.generic import parse

    tree = parse("->('A', *('B', 'C'), +('D', X('E', tau), 'F'), 'G')")
    random.seed(1)
    traces = pm4py.play_out(tree)
    paths = [tuple(event["concept:name"] for event in trace) for trace in traces]
    assert len(set(paths)) > 20
    log = make_log([make_case(str(i), path) for i, path in enumerate(paths)])
    ours = read_tree(tree)
    found = measure(ours, log)
    assert (found.fitness, found.perfectly_fitting, found.coverage) == (1, 1, 1)
    assert (found.precision_coverage, found.generalisation_coverage) == (1, 1)
    assert measure(to_petri_net(ours), log) == found


def test_a_net_allows_what_the_tree_allows_that_it_was_made_of(
    make_log: MakeLog, courses: Any
) -> None:
    log = make_log(courses(80, 4))
    tree = discover(log, 0.2)
    paths = {variant.activities: variant.n_cases for variant in log.variants}
    by_tree = automaton_of(Semantics(tree))
    by_net = automaton_of(NetBehaviour(to_petri_net(tree)))
    assert precision(by_net, replay(by_net, paths)) == precision(by_tree, replay(by_tree, paths))


def test_too_many_prefixes_lower_the_coverage_of_precision() -> None:
    model = automaton_of(
        Semantics(Tree(operator=Operator.SEQUENCE, children=(Tree("A"), Tree("B"))))
    )
    found = precision(model, replay(model, {("A", "B"): 3, ("B", "A"): 1}, 4))
    assert (found.value, found.coverage) == (1, pytest.approx(6 / 8))


def test_a_model_walked_as_far_as_paths_lead_is_judged_like_one_built_whole(
    make_log: MakeLog, courses: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = make_log(courses(60, 4))
    tree = discover(log, 0.3)
    assert isinstance(automaton_of(Semantics(tree)), WholeAutomaton)
    whole = [measure(model, log) for model in (tree, to_petri_net(tree))]
    monkeypatch.setattr(automaton, "MAX_STATES", 1)
    walked = [measure(model, log) for model in (tree, to_petri_net(tree))]
    assert not isinstance(automaton_of(Semantics(tree)), WholeAutomaton)
    assert whole == walked
    assert whole[0].fitness < 1


def _net(*steps: tuple[str | None, str, str]) -> PetriNet:
    places = {place for _, before, after in steps for place in (*before.split(), *after.split())}
    transitions = [
        Transition(f"t{number}", activity, tuple(before.split()), tuple(after.split()))
        for number, (activity, before, after) in enumerate(steps)
    ]
    return PetriNet(tuple(sorted(places)), tuple(transitions))


@pytest.mark.parametrize(
    "net",
    [
        # A way in without a way out, and one with: only the latter explains a case.
        _net(("A", "source", "p"), ("B", "p", "dead"), ("C", "p", "sink")),
        # Tokens may pile up where each round leaves one.
        _net(("A", "source", "p"), ("L", "p", "p q"), ("B", "p", "r"), (None, "r q", "r"),
             ("C", "r", "sink")),
        # A step that takes the same token twice once silent steps are left out.
        _net(("A", "source", "p p2"), (None, "p2", "p3"), ("B", "p p3", "r"), ("C", "r", "sink")),
    ],
)
def test_alignments_with_a_net_that_is_not_sound_cost_what_the_referee_says(net: PetriNet) -> None:
    names = "ABCL"
    rng = random.Random(3)
    paths = [tuple(rng.choices(names, k=rng.randrange(7))) for _ in range(60)]
    found = alignment.align(automaton_of(NetBehaviour(net)), paths)
    costs = [one and one.cost for one in found]
    assert costs == [alignment_cost(net, path) for path in paths]
    assert len({cost for cost in costs if cost}) > 3
