"""The object-centric map of a process as a picture: each type of object has its own arcs.

A type is told by colour and, on every arc, by its name. No arc rests on fewer citizens than the minimum
group; counts are told in steps, since the lives of one type and of another are of the same events.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor, log10

import duckdb

from pm_pipeline.mining.pictures.render import Drawing
from pm_pipeline.mining.pictures.style import (
    FONT,
    GREY,
    INK,
    Label,
    boxed,
    number,
    quote,
    task_attributes,
)

#: Arcs of each type that are drawn, the strongest. Stated in the caption.
MAX_ARCS_PER_TYPE = 12

# Dark enough to be read as text on white; in the order of the types' names.
_COLOURS = ("#1F4E79", "#B83280", "#2F855A", "#C05621", "#6B46C1", "#8B6F47", "#2C7A7B", "#4A5568")
_STYLES = ("solid", "dashed", "dotted")

START = "Start"
END = "Slut"


@dataclass(frozen=True)
class ObjectArc:
    """From one activity directly to the next in the life of an object (START and END: its borders)."""

    object_type: str
    source: str
    target: str
    n_occurrences: int
    n_citizens: int

    @property
    def rank(self) -> tuple[int, str, str]:
        return (-self.n_occurrences, self.source, self.target)


@dataclass(frozen=True)
class ObjectMap:
    """What a map of objects shows.

    Attributes:
        type_labels: what the types are called, of those that have an arc.
        arcs: those drawn, by type and then strongest first.
        n_citizens: behind the arc that most citizens stand behind; never fewer than the minimum group.
        n_weak: arcs left out for readability; ``n_rare``: of fewer citizens than the minimum.
    """

    process_id: str
    type_labels: Mapping[str, str]
    arcs: tuple[ObjectArc, ...]
    n_citizens: int
    n_weak: int
    n_rare: int


def read_object_maps(
    connection: duckdb.DuckDBPyConnection, min_group_size: int
) -> tuple[ObjectMap, ...]:
    """The map of each process that has an arc of enough citizens, by process."""
    labels = dict(
        connection.execute("select object_type, label_da from core.object_types").fetchall()
    )
    rows = connection.execute(
        """
        select process_id, object_type, from_activity_id, to_activity_id, n_occurrences, n_citizens
        from core.object_follows order by all
        """
    ).fetchall()
    found: dict[str, list[ObjectArc]] = {}
    for process_id, object_type, source, target, n, citizens in rows:
        ends = (f"activity {source}" if source else START, f"activity {target}" if target else END)
        found.setdefault(process_id, []).append(ObjectArc(object_type, *ends, n, citizens))
    maps = []
    for process_id, arcs in found.items():
        told = sorted((one for one in arcs if one.n_citizens >= min_group_size), key=lambda a: a.rank)
        types = sorted({one.object_type for one in told})
        drawn = [
            one for kind in types
            for one in [arc for arc in told if arc.object_type == kind][:MAX_ARCS_PER_TYPE]
        ]
        if drawn:
            maps.append(
                ObjectMap(
                    process_id, {kind: labels.get(kind, kind) for kind in types}, tuple(drawn),
                    max(one.n_citizens for one in drawn), len(told) - len(drawn), len(arcs) - len(told),
                )
            )
    return tuple(maps)


def draw_object_map(
    found: ObjectMap, labels: Mapping[str, Label], process: str, min_group_size: int
) -> Drawing:
    """The map as a drawing, top-down; ``process`` is the process as people call it."""
    title = f"Objektkort: {process}"
    notes = [
        "Hver farve er en type af objekt: hvad følger efter hvad i dets liv. På pilene: type og antal "
        "gange, i trin.",
        f"Skridt med færre end {min_group_size} borgere er udeladt ({found.n_rare} pile).",
    ]
    if found.n_weak:
        notes.append(
            f"For læsbarheden er kun de {MAX_ARCS_PER_TYPE} stærkeste pile af hver type vist; "
            f"{found.n_weak} er udeladt."
        )
    looks = {
        kind: (_COLOURS[n % len(_COLOURS)], _STYLES[n // len(_COLOURS) % len(_STYLES)])
        for n, kind in enumerate(found.type_labels)
    }
    legend = [
        (f"━ {label}", 10.0, looks[kind][0]) for kind, label in found.type_labels.items()
    ]
    caption = boxed(
        [(title, 16.0, INK), *((note, 10.0, GREY) for note in notes), *legend, (" ", 10.0, GREY)],
        align="left",
    )
    parts = [
        f'graph [rankdir=TB, nodesep=0.35, ranksep=0.5, pad=0.2, bgcolor=white, fontname="{FONT}", '
        f"labelloc=t, labeljust=l, label={caption}]",
        f'node [fontname="{FONT}", fontcolor="{INK}", penwidth=1.2]',
        f'edge [fontname="{FONT}", arrowsize=0.7]',
    ]
    nodes = sorted({end for one in found.arcs for end in (one.source, one.target)})
    titles = {}
    for node in nodes:
        if node in (START, END):
            rank = "source" if node == START else "sink"
            parts.append(
                f"{{rank={rank}; {quote(node)} [shape=circle, style=filled, fillcolor=\"{INK}\", "
                f'fontcolor=white, fontsize=10, fixedsize=true, width=0.55]}}'
            )
        else:
            label = labels[node.removeprefix("activity ")]
            titles[node] = label.text
            parts.append(f"{quote(node)} [{task_attributes(label)}]")
    for one in found.arcs:
        colour, style = looks[one.object_type]
        told = number(told_count(one.n_occurrences, min_group_size))
        words = f"{found.type_labels[one.object_type]} {told}"
        parts.append(
            f'{quote(one.source)} -> {quote(one.target)} [color="{colour}", style={style}, '
            f"penwidth=1.6, label={boxed([(words, 9.0, colour)], room=14)}]"
        )
    return Drawing(
        dot="digraph {\n" + "\n".join(parts) + "\n}\n", title=title, description=" ".join(notes),
        node_titles=titles,
    )


def told_count(count: int, min_group_size: int) -> int:
    """A count in steps of twice the minimum group and to two digits, as marts tell it.

    The macro ``told_count`` of the dbt project; a test holds the two together.
    """
    step = max(2 * min_group_size, 10 ** (floor(log10(max(count, 1))) - 1))
    return int(floor(count / step + 0.5) * step)
