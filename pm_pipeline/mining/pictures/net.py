"""A Petri net as a picture: for models that are no tree and so no BPMN of blocks."""

from collections.abc import Mapping

from pm_pipeline.mining.notation.petri import SINK, SOURCE, PetriNet
from pm_pipeline.mining.pictures.render import Drawing
from pm_pipeline.mining.pictures.style import FONT, GREY, INK, Label, caption, quote, task_attributes

# A net that always is in one place at a time could be drawn without its circles; this one may be in
# several, so circles stay, small.
_PLACE = 'shape=circle, label="", fixedsize=true, width=0.2'


def draw_net(net: PetriNet, labels: Mapping[str, Label], title: str, notes: list[str]) -> Drawing:
    """Places as circles, activities as boxes, silent steps as bars, left to right."""
    parts = [
        f"graph [rankdir=LR, nodesep=0.25, ranksep=0.3, pad=0.2, bgcolor=white, "
        f'fontname="{FONT}", {caption(title, notes)}]',
        f'node [fontname="{FONT}", fontcolor="{INK}", color="{INK}", penwidth=1.2]',
        f'edge [color="{GREY}", arrowsize=0.6, penwidth=1.0]',
    ]
    titles = {}
    for place in net.places:
        titles[place] = {SOURCE: "Start", SINK: "Slut"}.get(place, "Tilstand")
        width = {SOURCE: 2.0, SINK: 3.5}.get(place, 1.2)
        parts.append(f"{quote(place)} [{_PLACE}, penwidth={width}]")
    for step in net.transitions:
        if step.activity is None:
            titles[step.name] = "Stille skridt"
            look = 'shape=box, label="", style=filled, fixedsize=true, width=0.08, height=0.35'
            parts.append(f'{quote(step.name)} [{look}, fillcolor="{INK}"]')
        else:
            titles[step.name] = labels[step.activity].text
            parts.append(f"{quote(step.name)} [{task_attributes(labels[step.activity])}]")
        parts += [f"{quote(place)} -> {quote(step.name)}" for place in step.inputs]
        parts += [f"{quote(step.name)} -> {quote(place)}" for place in step.outputs]
    return Drawing(
        dot="digraph {\n" + "\n".join(parts) + "\n}\n",
        title=title, description=" ".join(notes), node_titles=titles,
    )
