"""Process tree to BPMN 2.0: a graph of tasks and gateways, its picture and its XML with layout."""

from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from pm_pipeline.mining.notation.tree import Operator, Tree
from pm_pipeline.mining.pictures.render import Drawing, Picture
from pm_pipeline.mining.pictures.style import FONT, GREY, INK, Label, caption, quote, task_attributes

_MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_DI = "http://www.omg.org/spec/BPMN/20100524/DI"
_DC = "http://www.omg.org/spec/DD/20100524/DC"
_DD = "http://www.omg.org/spec/DD/20100524/DI"

_TAGS = {
    "start": "startEvent", "end": "endEvent", "task": "task",
    "choice": "exclusiveGateway", "parallel": "parallelGateway",
}
_WORDS = {"start": "Start", "end": "Slut", "choice": "Valg", "parallel": "Samtidigt"}


@dataclass(frozen=True)
class BpmnNode:
    """``kind``: start, end, task, choice, parallel. ``activity`` is set for tasks only."""

    node_id: str
    kind: str
    activity: str | None = None


@dataclass(frozen=True)
class BpmnGraph:
    """Nodes in the order of the tree; flows as (source id, target id), without repeats."""

    nodes: tuple[BpmnNode, ...]
    flows: tuple[tuple[str, str], ...]


@dataclass
class _Builder:
    nodes: list[BpmnNode] = field(default_factory=list)
    flows: list[tuple[str, str]] = field(default_factory=list)

    def node(self, kind: str, activity: str | None = None) -> str:
        count = sum(1 for node in self.nodes if node.kind == kind) + 1
        node_id = kind if kind in ("start", "end") else f"{kind}_{count}"
        self.nodes.append(BpmnNode(node_id, kind, activity))
        return node_id

    def add(self, tree: Tree, before: str) -> str:
        """Append ``tree`` after the node ``before``; the node it ends with."""
        match tree.operator:
            case None:
                if tree.activity is None:
                    return before
                task = self.node("task", tree.activity)
                self.flows.append((before, task))
                return task
            case Operator.SEQUENCE:
                for child in tree.children:
                    before = self.add(child, before)
                return before
            case Operator.LOOP:
                join, split = self.node("choice"), self.node("choice")
                self.flows.append((before, join))
                self.flows.append((self.add(tree.children[0], join), split))
                for child in tree.children[1:]:
                    self.flows.append((self.add(child, split), join))
                return split
            case Operator.ORDER:
                return self._add_order(tree, before)
            case _:
                kind = "choice" if tree.operator is Operator.CHOICE else "parallel"
                split, join = self.node(kind), self.node(kind)
                self.flows.append((before, split))
                for child in tree.children:
                    self.flows.append((self.add(child, split), join))
                return join

    def _add_order(self, tree: Tree, before: str) -> str:
        """A gateway where a child waits for several, and one where it lets several go."""
        split, join = self.node("parallel"), self.node("parallel")
        self.flows.append((before, split))
        ends: list[str] = []
        for number, child in enumerate(tree.children):
            sources = [ends[earlier] for earlier, later in tree.order if later == number] or [split]
            here = sources[0]
            if len(sources) > 1:
                here = self.node("parallel")
                self.flows += [(source, here) for source in sources]
            last = self.add(child, here)
            n_later = sum(1 for earlier, _ in tree.order if earlier == number)
            if n_later > 1:
                gate = self.node("parallel")
                self.flows.append((last, gate))
                last = gate
            if not n_later:
                self.flows.append((last, join))
            ends.append(last)
        return join


def to_bpmn(tree: Tree) -> BpmnGraph:
    """The BPMN graph with the behaviour of ``tree``, nested choices joined into one gateway."""
    builder = _Builder()
    start = builder.node("start")
    last = builder.add(tree, start)
    builder.flows.append((last, builder.node("end")))
    return _merge_gateways(BpmnGraph(tuple(builder.nodes), tuple(builder.flows)))


def _merge_gateways(graph: BpmnGraph) -> BpmnGraph:
    """Join a choice with the choice it leads to where both split, or both join."""
    choices = [node.node_id for node in graph.nodes if node.kind == "choice"]
    flows = list(dict.fromkeys(graph.flows))
    removed: set[str] = set()
    changed = True
    while changed:
        changed = False
        for source, target in flows:
            if source == target or source not in choices or target not in choices:
                continue
            if (target, source) in flows:  # a loop between the two, not a chain
                continue
            into = {x for x in (source, target) if sum(b == x for _, b in flows) > 1}
            out_of = {x for x in (source, target) if sum(a == x for a, _ in flows) > 1}
            if (into == {source, target} and not out_of) or (
                out_of == {source, target} and not into
            ):
                keep, drop = (target, source) if into else (source, target)
                renamed = [(keep if a == drop else a, keep if b == drop else b) for a, b in flows]
                flows = [flow for flow in dict.fromkeys(renamed) if flow != (keep, keep)]
                removed.add(drop)
                changed = True
                break
    return BpmnGraph(
        tuple(node for node in graph.nodes if node.node_id not in removed), tuple(flows)
    )


def draw_bpmn(
    graph: BpmnGraph, labels: dict[str, Label], title: str, notes: list[str]
) -> Drawing:
    """The graph as a drawing, left to right, as BPMN is read."""
    parts = [
        f'graph [rankdir=LR, nodesep=0.3, ranksep=0.32, pad=0.2, splines=polyline, bgcolor=white, '
        f'fontname="{FONT}", {caption(title, notes)}]',
        f'node [fontname="{FONT}", fontcolor="{INK}", color="{INK}", penwidth=1.2]',
        f'edge [color="{GREY}", arrowsize=0.65, penwidth=1.1]',
    ]
    titles = {}
    for node in graph.nodes:
        if node.activity is not None:
            titles[node.node_id] = labels[node.activity].text
            look = task_attributes(labels[node.activity])
        elif node.kind in ("start", "end"):
            titles[node.node_id] = _WORDS[node.kind]
            width = 1.5 if node.kind == "start" else 3.5
            look = f'shape=circle, label="", fixedsize=true, width=0.42, penwidth={width}'
        else:
            titles[node.node_id] = _WORDS[node.kind]
            sign = "×" if node.kind == "choice" else "+"
            look = (
                f'shape=diamond, label="{sign}", fontsize=18, fixedsize=true, width=0.5, '
                f'height=0.5, style=filled, fillcolor="#FFFFFF"'
            )
        parts.append(f"{quote(node.node_id)} [{look}]")
    parts += [f"{quote(source)} -> {quote(target)}" for source, target in graph.flows]
    return Drawing(
        dot="digraph {\n" + "\n".join(parts) + "\n}\n",
        title=title, description=" ".join(notes), node_titles=titles,
    )


def to_xml(graph: BpmnGraph, labels: dict[str, Label], title: str, picture: Picture) -> str:
    """BPMN 2.0 XML with diagram interchange (OMG formal/2011-01-03), laid out as in ``picture``.

    The activity id of a task is in its documentation, since its name is the label for people.
    """
    for prefix, space in (("bpmn", _MODEL), ("bpmndi", _DI), ("dc", _DC), ("di", _DD)):
        ET.register_namespace(prefix, space)
    root = ET.Element(
        f"{{{_MODEL}}}definitions", id="definitions", targetNamespace="urn:pm-pipeline:models"
    )
    process = ET.SubElement(
        root, f"{{{_MODEL}}}process", id="process", name=title, isExecutable="false"
    )
    flow_ids = {flow: f"flow_{count}" for count, flow in enumerate(graph.flows, start=1)}
    for node in graph.nodes:
        element = ET.SubElement(process, f"{{{_MODEL}}}{_TAGS[node.kind]}", id=node.node_id)
        if node.activity is not None:
            element.set("name", labels[node.activity].text)
            ET.SubElement(element, f"{{{_MODEL}}}documentation").text = node.activity
        incoming = [flow for flow in graph.flows if flow[1] == node.node_id]
        outgoing = [flow for flow in graph.flows if flow[0] == node.node_id]
        if node.kind in ("choice", "parallel"):
            way = "Diverging" if len(outgoing) > 1 else "Converging"
            mixed = len(outgoing) > 1 and len(incoming) > 1
            element.set("gatewayDirection", "Mixed" if mixed else way)
        for tag, flows in (("incoming", incoming), ("outgoing", outgoing)):
            for flow in flows:
                ET.SubElement(element, f"{{{_MODEL}}}{tag}").text = flow_ids[flow]
    for (source, target), flow_id in flow_ids.items():
        ET.SubElement(
            process, f"{{{_MODEL}}}sequenceFlow",
            id=flow_id, sourceRef=source, targetRef=target,
        )
    diagram = ET.SubElement(root, f"{{{_DI}}}BPMNDiagram", id="diagram", name=title)
    plane = ET.SubElement(diagram, f"{{{_DI}}}BPMNPlane", id="plane", bpmnElement="process")
    for node in graph.nodes:
        box = picture.boxes[node.node_id]
        shape = ET.SubElement(
            plane, f"{{{_DI}}}BPMNShape", id=f"{node.node_id}_shape", bpmnElement=node.node_id
        )
        if node.kind == "choice":
            shape.set("isMarkerVisible", "true")
        ET.SubElement(
            shape, f"{{{_DC}}}Bounds", x=f"{box.x:.1f}", y=f"{box.y:.1f}",
            width=f"{box.width:.1f}", height=f"{box.height:.1f}",
        )
    for flow, flow_id in flow_ids.items():
        edge = ET.SubElement(
            plane, f"{{{_DI}}}BPMNEdge", id=f"{flow_id}_edge", bpmnElement=flow_id
        )
        for x, y in picture.lines[(*flow, 0)]:
            ET.SubElement(edge, f"{{{_DD}}}waypoint", x=f"{x:.1f}", y=f"{y:.1f}")
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"
