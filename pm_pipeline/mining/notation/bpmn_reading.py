"""A BPMN 2.0 file as a Petri net: the part of BPMN that says in which order things are done.

Read: one process with one start event, end events, tasks of every kind, exclusive and parallel
gateways, and sequence flows. A task or event has one flow in and one out (a start none in, an end none
out): splitting and joining is what gateways are for. Which activity a task is, its ``id`` says, or,
where two tasks are the same activity, a ``documentation`` that holds the activity id and nothing else.
Pictures (BPMNDI), text annotations, conditions and extensions say nothing of order and are passed over.
Everything else is refused, with its line: what is not understood may not be left out in silence.

Mapping to a net: Dijkman, Dumas, Ouyang, Semantics and analysis of business process models in BPMN
(2008): a flow is a place, a task a step, an exclusive gateway a silent step per pair of flows.
"""

from collections import defaultdict
from collections.abc import Set
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from pm_pipeline.errors import PipelineError
from pm_pipeline.mining.notation.petri import SINK, SOURCE, PetriNet, Transition

_MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_TASKS = frozenset(
    {
        "task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "scriptTask",
        "businessRuleTask",
    }
)
_GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway"})
_EVENTS = frozenset({"startEvent", "endEvent"})
_NODES = _TASKS | _GATEWAYS | _EVENTS
_PASSED_OVER = frozenset(
    {
        "incoming", "outgoing", "extensionElements", "conditionExpression", "textAnnotation",
        "association",
    }
)


class BpmnError(PipelineError):
    """A BPMN file that cannot be read as the order of activities; names file, line and element."""


@dataclass
class _Element:
    tag: str
    attributes: dict[str, str]
    line: int
    children: list["_Element"] = field(default_factory=list)
    text: str = ""

    @property
    def name(self) -> str:
        return f"{self.tag} '{self.attributes.get('id', '')}'"


def read_bpmn(path: Path, activities: Set[str]) -> PetriNet:
    """The net of a BPMN file.

    Args:
        activities: the activity ids there are.

    Raises:
        BpmnError: it is not XML, has a document type or entities, holds what is not read here, or names
            an activity that is not one of ``activities``.
    """
    return _Reader(path, activities).net()


@dataclass
class _Reader:
    path: Path
    activities: Set[str]

    def net(self) -> PetriNet:
        process = self._process(_parse(self.path))
        nodes: dict[str, _Element] = {}
        flows: dict[str, _Element] = {}
        for element in process.children:
            if element.tag == "documentation" or element.tag in _PASSED_OVER:
                continue
            if element.tag not in _NODES and element.tag != "sequenceFlow":
                raise self._error(
                    element, "a task, an exclusive or parallel gateway, a start or end event, or a "
                    "sequence flow", element.name, "draw it with those, or remove it",
                )
            self._refuse_children(element)
            place = flows if element.tag == "sequenceFlow" else nodes
            element_id = element.attributes.get("id", "")
            if not element_id or element_id in nodes or element_id in flows:
                raise self._error(element, "an id of its own", element.name, "give it one")
            place[element_id] = element
        return self._net(nodes, flows)

    def _process(self, root: _Element) -> _Element:
        if root.tag != "definitions":
            raise self._error(
                root, "a BPMN 2.0 file (definitions)", f"'{root.tag}'", "export the model as BPMN 2.0"
            )
        processes = [one for one in root.children if one.tag == "process"]
        if len(processes) != 1:
            raise self._error(
                root, "one process", f"{len(processes)}", "keep one; another regime is another file"
            )
        for element in root.children:
            if element.tag not in ("process", "documentation", "BPMNDiagram", "extensionElements"):
                raise self._error(
                    element, "nothing beside the process and its picture", element.name, "remove it"
                )
        return processes[0]

    def _refuse_children(self, element: _Element) -> None:
        for child in element.children:
            if child.tag != "documentation" and child.tag not in _PASSED_OVER:
                raise self._error(
                    child, f"nothing but documentation within {element.name}", child.name,
                    "remove it: timers, loops and signals are not read",
                )

    def _net(self, nodes: dict[str, _Element], flows: dict[str, _Element]) -> PetriNet:
        into: defaultdict[str, list[str]] = defaultdict(list)
        out_of: defaultdict[str, list[str]] = defaultdict(list)
        starts = [one for one in nodes.values() if one.tag == "startEvent"]
        if len(starts) != 1:
            where = starts[1] if starts else next(iter(nodes.values()), _Element("process", {}, 1))
            raise self._error(where, "one start event", f"{len(starts)}", "draw exactly one")
        places = {}
        for number, (flow_id, flow) in enumerate(flows.items(), start=1):
            ends = flow.attributes.get("sourceRef", ""), flow.attributes.get("targetRef", "")
            for end in ends:
                if end not in nodes:
                    raise self._error(
                        flow, "a flow between two elements of the process", f"'{end}'",
                        "draw the flow anew",
                    )
            out_of[ends[0]].append(flow_id)
            into[ends[1]].append(flow_id)
            is_first = nodes[ends[0]].tag == "startEvent"
            places[flow_id] = SOURCE if is_first else f"p{number}"
        steps: list[Transition] = []
        for node_id, node in nodes.items():
            self._refuse_flows(node, len(into[node_id]), len(out_of[node_id]))
            inputs = tuple(places[one] for one in into[node_id])
            outputs = tuple(places[one] for one in out_of[node_id])
            steps += self._steps(node, inputs, outputs, len(steps))
        return PetriNet((SOURCE, *(p for p in places.values() if p != SOURCE), SINK), tuple(steps))

    def _steps(
        self, node: _Element, inputs: tuple[str, ...], outputs: tuple[str, ...], before: int
    ) -> list[Transition]:
        if node.tag == "startEvent":
            return []
        if node.tag == "exclusiveGateway":
            pairs = [((one,), (other,)) for one in inputs for other in outputs]
            return [Transition(f"t{before + n}", None, *pair) for n, pair in enumerate(pairs, start=1)]
        activity = self._activity(node) if node.tag in _TASKS else None
        outputs = (SINK,) if node.tag == "endEvent" else outputs
        return [Transition(f"t{before + 1}", activity, inputs, outputs)]

    def _refuse_flows(self, node: _Element, n_in: int, n_out: int) -> None:
        wanted_in = n_in == (0 if node.tag == "startEvent" else 1)
        wanted_out = n_out == (0 if node.tag == "endEvent" else 1)
        if node.tag in _GATEWAYS:
            wanted_in, wanted_out = n_in >= 1, n_out >= 1
        if not (wanted_in and wanted_out):
            raise self._error(
                node, "one flow in and one out (a start none in, an end none out, a gateway any)",
                f"{n_in} in and {n_out} out of {node.name}", "split and join with gateways",
            )

    def _activity(self, task: _Element) -> str:
        told = [task.attributes.get("id", "")]
        told += [one.text.strip() for one in task.children if one.tag == "documentation"]
        found = [one for one in told if one in self.activities]
        if not found:
            raise self._error(
                task, "an activity id as its id, or alone in a documentation", task.name,
                "name an activity of seeds/mapping/activities.csv",
            )
        return found[0]

    def _error(self, element: _Element, expected: str, found: str, action: str) -> BpmnError:
        return BpmnError(
            f"{self.path} line {element.line}: expected {expected}, found {found}; {action}"
        )


def _parse(path: Path) -> _Element:
    """The elements of a file without document type, their names without their namespace."""
    parser = expat.ParserCreate(namespace_separator=" ")
    top = _Element("", {}, 0)
    stack = [top]

    def begin(name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        tag = local if namespace == _MODEL or local == "BPMNDiagram" else name
        element = _Element(tag, attributes, parser.CurrentLineNumber)
        stack[-1].children.append(element)
        stack.append(element)

    def end(_: str) -> None:
        stack.pop()

    def text(characters: str) -> None:
        stack[-1].text += characters

    def refuse(*_: object) -> None:
        raise BpmnError(
            f"{path} line {parser.CurrentLineNumber}: expected no document type and no entities, found "
            "one; remove it: a model needs none, and entities can be made to swell without end"
        )

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(path.read_bytes(), True)
    except expat.ExpatError as error:
        raise BpmnError(
            f"{path} line {error.lineno}: expected XML, found {expat.ErrorString(error.code)}; "
            "export the model again"
        ) from None
    return top.children[0]
