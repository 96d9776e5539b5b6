"""Process tree to Petri net (a sound workflow net) and PNML, with names fixed by the tree.

pm4py's own conversion numbers places in the order of a set and names transitions at random; the
same model would give other bytes each time.
"""

from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from pm_pipeline.mining.notation.tree import Operator, Tree

SOURCE = "source"
SINK = "sink"


@dataclass(frozen=True)
class Transition:
    """A step of the net; silent when ``activity`` is None. Takes and gives one token per place."""

    name: str
    activity: str | None
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True)
class PetriNet:
    """A workflow net: one token in ``source`` at the start, one in ``sink`` at the end."""

    places: tuple[str, ...]
    transitions: tuple[Transition, ...]

    @property
    def activities(self) -> tuple[str, ...]:
        """Every activity of the net once, sorted."""
        return tuple(sorted({step.activity for step in self.transitions if step.activity}))


@dataclass
class _Builder:
    places: list[str] = field(default_factory=lambda: [SOURCE, SINK])
    transitions: list[Transition] = field(default_factory=list)

    def place(self) -> str:
        name = f"p{len(self.places) - 1}"
        self.places.append(name)
        return name

    def step(
        self, activity: str | None, inputs: tuple[str, ...], outputs: tuple[str, ...]
    ) -> None:
        name = f"t{len(self.transitions) + 1}"
        self.transitions.append(Transition(name, activity, inputs, outputs))

    def add(self, tree: Tree, start: str, end: str, own_start: bool, own_end: bool) -> None:
        """Put ``tree`` between two places.

        ``own_start``: nothing else takes a token from ``start``, so a loop may lead back to it;
        ``own_end``: nothing else puts a token into ``end``, so a loop may go on from it. Both save
        silent steps, which are what makes alignments slow.
        """
        match tree.operator:
            case None:
                self.step(tree.activity, (start,), (end,))
            case Operator.CHOICE:
                for child in tree.children:
                    self.add(child, start, end, False, False)
            case Operator.PARALLEL:
                gates = [(self.place(), self.place()) for _ in tree.children]
                self.step(None, (start,), tuple(first for first, _ in gates))
                for child, (first, last) in zip(tree.children, gates, strict=True):
                    self.add(child, first, last, True, True)
                self.step(None, tuple(last for _, last in gates), (end,))
            case Operator.SEQUENCE:
                self._add_sequence(tree.children, start, end, own_start, own_end)
            case Operator.LOOP:
                self._add_loop(tree.children, start, end, own_start, own_end)
            case Operator.ORDER:
                self._add_order(tree, start, end)

    def _add_sequence(
        self, children: tuple[Tree, ...], start: str, end: str, own_start: bool, own_end: bool
    ) -> None:
        here = start
        for number, child in enumerate(children):
            is_last = number == len(children) - 1
            there = end if is_last else self.place()
            # Two loops may not share the place between them: one could go back into the other.
            own_here = own_start if number == 0 else not _ends_in_loop(children[number - 1])
            self.add(child, here, there, own_here, own_end if is_last else True)
            here = there

    def _add_order(self, tree: Tree, start: str, end: str) -> None:
        """One place per ordered pair; a silent step where a child waits for, or lets go, several."""
        pairs = {pair: self.place() for pair in tree.order}
        ways_in, ways_out = [], []
        for number in range(len(tree.children)):
            ways_in.append([place for (_, later), place in pairs.items() if later == number])
            ways_out.append([place for (earlier, _), place in pairs.items() if earlier == number])
        firsts = [ways or [self.place()] for ways in ways_in]
        lasts = [ways or [self.place()] for ways in ways_out]
        opened = tuple(firsts[n][0] for n, ways in enumerate(ways_in) if not ways)
        self.step(None, (start,), opened)
        for number, child in enumerate(tree.children):
            before, after = firsts[number], lasts[number]
            here = before[0] if len(before) == 1 else self.place()
            there = after[0] if len(after) == 1 else self.place()
            if len(before) > 1:
                self.step(None, tuple(before), (here,))
            # The place of a pair is shared where neither side of it needs a step of its own.
            earlier = [first for first, later in tree.order if later == number]
            shared = len(before) == 1 and bool(earlier) and len(lasts[earlier[0]]) == 1
            own_start = not (shared and _ends_in_loop(tree.children[earlier[0]]))
            self.add(child, here, there, own_start, True)
            if len(after) > 1:
                self.step(None, (there,), tuple(after))
        closed = tuple(lasts[n][0] for n, ways in enumerate(ways_out) if not ways)
        self.step(None, closed, (end,))

    def _add_loop(
        self, children: tuple[Tree, ...], start: str, end: str, own_start: bool, own_end: bool
    ) -> None:
        body, *ways_back = children
        top = start if own_start else self.place()
        # A loop with nothing in its body is one place that its ways back return to.
        bottom = top if body.is_silent else end if own_end else self.place()
        if top != start:
            self.step(None, (start,), (top,))
        if bottom != top:
            self.add(body, top, bottom, True, True)
        for way_back in ways_back:
            self.add(way_back, bottom, top, False, False)
        if bottom != end:
            self.step(None, (bottom,), (end,))


def _ends_in_loop(tree: Tree) -> bool:
    if tree.operator is Operator.SEQUENCE:
        return _ends_in_loop(tree.children[-1])
    return tree.operator is Operator.LOOP


def to_petri_net(tree: Tree) -> PetriNet:
    """The workflow net with the same language as ``tree``."""
    builder = _Builder()
    # The source keeps no way in and the sink no way out: that is what makes it a workflow net.
    builder.add(tree, SOURCE, SINK, False, False)
    return PetriNet(tuple(builder.places), tuple(builder.transitions))


def to_pnml(net: PetriNet, labels: dict[str, str], title: str) -> str:
    """PNML (ISO/IEC 15909-2, place/transition net) with final marking as ProM and pm4py read it.

    A transition's ``name`` is the activity id, as conformance tools compare it with the log; the
    label for people is in ``toolspecific``.
    """
    root = ET.Element("pnml")
    element = ET.SubElement(
        root, "net", id="net1", type="http://www.pnml.org/version-2009/grammar/pnmlcoremodel"
    )
    _text(element, "name", title)
    page = ET.SubElement(element, "page", id="page1")
    for place in net.places:
        node = ET.SubElement(page, "place", id=place)
        _text(node, "name", place)
        if place == SOURCE:
            _text(node, "initialMarking", "1")
    for transition in net.transitions:
        node = ET.SubElement(page, "transition", id=transition.name)
        _text(node, "name", transition.activity or transition.name)
        if transition.activity is None:
            ET.SubElement(
                node, "toolspecific", tool="ProM", version="6.4", activity="$invisible$",
                localNodeID=transition.name,
            )
        else:
            tool = ET.SubElement(node, "toolspecific", tool="pm_pipeline", version="1")
            _text(tool, "label_da", labels[transition.activity])
    number = 0
    for transition in net.transitions:
        arcs = [(place, transition.name) for place in transition.inputs]
        arcs += [(transition.name, place) for place in transition.outputs]
        for source, target in arcs:
            number += 1
            arc = ET.SubElement(page, "arc", id=f"arc{number}", source=source, target=target)
            _text(arc, "inscription", "1")
    marking = ET.SubElement(ET.SubElement(element, "finalmarkings"), "marking")
    _text(ET.SubElement(marking, "place", idref=SINK), "", "1")
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _text(parent: ET.Element, tag: str, text: str) -> None:
    holder = ET.SubElement(parent, tag) if tag else parent
    ET.SubElement(holder, "text").text = text
