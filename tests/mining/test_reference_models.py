"""Reference models: what of BPMN is read, what is refused and in which words, and what is shipped."""

from pathlib import Path
from typing import Any

import pytest

from pm_pipeline.errors import PipelineError
from pm_pipeline.mining.behaviour.automaton import WholeAutomaton, automaton_of
from pm_pipeline.mining.behaviour.net import NetBehaviour
from pm_pipeline.mining.behaviour.semantics import Semantics
from pm_pipeline.mining.behaviour.soundness import soundness
from pm_pipeline.mining.conformance.alignment import align
from pm_pipeline.mining.conformance.reference import read_reference_models
from pm_pipeline.mining.discovery.inductive import discover
from pm_pipeline.mining.log import Variant, VariantLog
from pm_pipeline.mining.notation.bpmn_reading import BpmnError, read_bpmn
from pm_pipeline.mining.notation.petri import PetriNet, Transition, to_petri_net
from pm_pipeline.registry import load_registry
from pm_pipeline.settings import Settings

_HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d"><process id="p">\n'
_START = '<startEvent id="start"/>\n<endEvent id="end"/>\n'
_TAIL = "</process></definitions>\n"


def _flows(*pairs: str) -> str:
    ends = [pair.split(">") for pair in pairs]
    return "".join(
        f'<sequenceFlow id="f{number}" sourceRef="{a}" targetRef="{b}"/>\n'
        for number, (a, b) in enumerate(ends)
    )


def _written(tmp_path: Path, body: str) -> Path:
    path = tmp_path / "r.bpmn"
    path.write_text(_HEAD + _START + body + _TAIL, encoding="utf-8")
    return path


def _automaton(net: PetriNet) -> WholeAutomaton:
    found = automaton_of(NetBehaviour(net))
    assert isinstance(found, WholeAutomaton)
    return found


def _accepts(net: PetriNet, *path: str) -> bool:
    (found,) = align(_automaton(net), [path])
    return found is not None and found.cost == 0


def test_gateways_are_choices_and_work_in_any_order(tmp_path: Path) -> None:
    body = (
        '<parallelGateway id="s"/><parallelGateway id="j"/><exclusiveGateway id="x"/>'
        '<exclusiveGateway id="y"/><task id="A"/><userTask id="B"/>'
        '<task id="again"><documentation>A</documentation></task>'
    )
    flows = _flows("start>s", "s>A", "A>j", "s>x", "x>B", "x>again", "B>y", "again>y", "y>j", "j>end")
    net = read_bpmn(_written(tmp_path, body + flows), {"A", "B"})
    assert soundness(net).fault is None
    assert _accepts(net, "A", "B")
    assert _accepts(net, "B", "A")
    assert _accepts(net, "A", "A")
    assert not _accepts(net, "B", "B")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('<inclusiveGateway id="o"/>', "line 4: .* found inclusiveGateway 'o'; draw it with those"),
        ('<task id="Z"/>' + _flows("start>Z", "Z>end"), "found task 'Z'; name an activity"),
        ('<task id="A"><timer/></task>', "found .*timer.*; remove it"),
        ('<task id="A"/>' + _flows("start>A", "A>end", "A>end"), "2 in and 0 out of endEvent"),
        ('<task id="A"/>' + _flows("start>A", "A>gone"), "found 'gone'; draw the flow anew"),
        ('<startEvent id="b"/>', "expected one start event, found 2"),
        ('<task id="A"/>\n<task id="A"/>', "line 5: expected an id of its own"),
    ],
)
def test_what_is_not_read_is_refused_with_its_line(tmp_path: Path, body: str, told: str) -> None:
    with pytest.raises(BpmnError, match=told):
        read_bpmn(_written(tmp_path, body), {"A"})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('<!DOCTYPE d [<!ENTITY a "aaaa">]>' + _HEAD + _TAIL, "line 1: expected no document type"),
        (_HEAD, "line 2: expected XML, found no element|line 2: expected XML"),
        ("<html/>", r"expected a BPMN 2.0 file \(definitions\), found 'html'"),
        (_HEAD.replace("<process id=\"p\">", "") + "</definitions>", "expected one process, found 0"),
    ],
)
def test_a_file_that_is_no_plain_bpmn_is_refused(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "r.bpmn"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BpmnError, match=told):
        read_bpmn(path, {"A"})


def _net(*steps: tuple[str | None, tuple[str, ...], tuple[str, ...]]) -> PetriNet:
    places = {place for _, ins, outs in steps for place in (*ins, *outs)}
    transitions = [Transition(f"t{i}", *step) for i, step in enumerate(steps)]
    return PetriNet(tuple(sorted(places)), tuple(transitions))


@pytest.mark.parametrize(
    ("net", "told"),
    [
        (_net(("A", ("source",), ("p", "q")), ("B", ("p",), ("sink",))), "something parallel"),
        (
            _net(("A", ("source",), ("p",)), ("B", ("source",), ("q",)), ("C", ("p", "q"), ("sink",))),
            "the end cannot be reached",
        ),
        (
            _net(("A", ("source",), ("p",)), ("B", ("p",), ("p", "q")), ("C", ("p",), ("sink",))),
            "something parallel|piles up",
        ),
        (_net(("A", ("source",), ("sink",)), ("B", ("p",), ("sink",))), "B can never be reached"),
    ],
)
def test_a_model_that_is_not_sound_is_told_in_words(net: PetriNet, told: str) -> None:
    fault = soundness(net).fault
    assert fault is not None
    assert any(part in fault for part in told.split("|"))


def test_every_fault_of_a_folder_is_told_at_once(tmp_path: Path) -> None:
    body = '<task id="A"/>' + _flows("start>A", "A>end")
    _written(tmp_path, body).rename(tmp_path / "known.bpmn")
    _written(tmp_path, body).rename(tmp_path / "unknown.bpmn")
    (tmp_path / "other.bpmn").write_text("<html/>")
    with pytest.raises(PipelineError) as error:
        read_reference_models(tmp_path, {"known", "other"}, {"A"})
    assert "unknown.bpmn: expected the name of a regime" in str(error.value)
    assert "other.bpmn line 1" in str(error.value)
    (tmp_path / "other.bpmn").unlink()
    (tmp_path / "unknown.bpmn").unlink()
    assert list(read_reference_models(tmp_path, {"known", "other"}, {"A"})) == ["known"]
    assert read_reference_models(tmp_path / "none", set(), set()) == {}


def test_silent_steps_left_out_change_no_language(courses: Any) -> None:
    paths = sorted({case.path for case in courses(40, 8)})
    log = VariantLog(
        "p", "r", tuple(Variant(str(n), path, 1, 1) for n, path in enumerate(paths)), 40, {}, {}, {}
    )
    for noise_threshold in (0.0, 0.3):
        tree = discover(log, noise_threshold)
        net = to_petri_net(tree)
        assert soundness(net).fault is None
        by_net, by_tree = _automaton(net), automaton_of(Semantics(tree))
        assert align(by_net, paths[:10]) == align(by_tree, paths[:10])


def test_the_models_shipped_are_sound_and_demand_what_their_rules_demand() -> None:
    settings = Settings()
    registry = load_registry(settings.seeds_dir)
    models = read_reference_models(
        settings.reference_models_dir,
        {one.regime_id for one in registry.regimes},
        {one.activity_id for one in registry.activities},
    )
    of_insured = {one.regime_id for one in registry.regimes if one.process_id == "forsikrede_ledige"}
    assert set(models) == of_insured
    for regime_id, net in models.items():
        # A group that must reach a share has no duty to the single case.
        demanded = {
            rule.required_activity_id for rule in registry.rules
            if rule.regime_id == regime_id and rule.kind in ("deadline", "min_count")
            and rule.window_from == 0
        }
        (shortest,) = align(_automaton(net), [("TILMELDT", "AFMELDT_JOB")])
        assert shortest is not None
        skipped = [set(one.activity.split("|")) for one in shortest.deviations]
        assert len(skipped) == len({tuple(sorted(one)) for one in skipped})
        for acts in skipped:
            assert any(acts & set(one) for one in demanded), (regime_id, acts)
        assert _accepts(
            net, "TILMELDT", "INDKALDT", "CV_SAMTALE", "SANKTION", "CV_GODKENDT", "JOBSAMTALE",
            "JOBSAMTALE", "AFMELDT_ANDET",
        )
        assert not _accepts(net, "CV_SAMTALE", "TILMELDT", "CV_GODKENDT", "JOBSAMTALE", "AFMELDT_JOB")


def test_a_faulty_reference_model_stops_the_loading_of_the_definitions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pm_pipeline.components import reference_models
    from pm_pipeline.definitions import defs

    (tmp_path / "reference_models").mkdir()
    (tmp_path / "reference_models" / "no_regime.bpmn").write_text("<definitions/>", "utf-8")
    folder = property(lambda _: tmp_path / "reference_models")
    monkeypatch.setattr(Settings, "reference_models_dir", folder)
    reference_models._load.cache_clear()
    with pytest.raises(PipelineError, match="found 'no_regime'; name the file after"):
        defs()
