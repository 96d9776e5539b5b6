"""The directly-follows map of a slice as a picture: how work really flows, steps with counts.

Nothing in the picture rests on fewer citizens than the minimum group: not an edge, not a node, and
not a figure, since a node's count is the sum of the edges into it that may be shown. What is left
out can show only as a difference between the sums into and out of a node, without saying where.
"""

from dataclasses import dataclass
from math import sqrt

import duckdb

from pm_pipeline.mining.log import Slice
from pm_pipeline.mining.pictures.render import Drawing
from pm_pipeline.mining.pictures.style import (
    FONT,
    GREY,
    INK,
    LINE,
    STRONG_LINE,
    Label,
    boxed,
    caption,
    days,
    number,
    quote,
    slice_title,
    task_attributes,
)

# More edges or activities than this and people stop reading. Stated in the caption of each map.
MAX_EDGES = 40
MAX_ACTIVITIES = 25

START = "Start"
END = "Slut"


@dataclass(frozen=True)
class MapEdge:
    """From one activity directly to the next (START and END stand for the borders of a case)."""

    source: str
    target: str
    n_occurrences: int
    n_citizens: int
    median_seconds: float | None

    @property
    def rank(self) -> tuple[int, str, str]:
        return (-self.n_occurrences, self.source, self.target)


@dataclass(frozen=True)
class ProcessMap:
    """What a map shows.

    Attributes:
        edges: those drawn, most frequent first.
        node_counts: occurrences of each drawn activity, over all its incoming edges of at least
            the minimum group (also those not drawn).
        threshold: edges with fewer occurrences are drawn only where they are the strongest way
            into or out of an activity; 1 when no edge was left out for readability.
        n_weak_edges: left out for readability. n_rare_edges: fewer citizens than the minimum.
        n_weak_activities: left out, with all edges to and from them, for readability.
    """

    process_id: str
    regime_id: str | None
    n_cases: int
    min_group_size: int
    edges: tuple[MapEdge, ...]
    node_counts: dict[str, int]
    threshold: int
    n_weak_edges: int
    n_rare_edges: int
    n_weak_activities: int = 0


def read_map(
    connection: duckdb.DuckDBPyConnection,
    slice_: Slice,
    min_group_size: int,
    max_edges: int = MAX_EDGES,
    max_activities: int = MAX_ACTIVITIES,
) -> ProcessMap:
    """The map of a slice, from ``core.directly_follows`` and ``core.start_end_activities``."""
    key = [slice_.process_id, slice_.regime_id]
    steps = connection.execute(
        """
        select from_activity_id, to_activity_id, n_occurrences, n_citizens, median_seconds
        from core.directly_follows
        where process_id = ? and regime_id is not distinct from ?
        """,
        key,
    ).fetchall()
    borders = connection.execute(
        """
        select kind, activity_id, n_cases, n_citizens from core.start_end_activities
        where process_id = ? and regime_id is not distinct from ?
        """,
        key,
    ).fetchall()
    found = [
        MapEdge(f"activity {a}", f"activity {b}", n, citizens, median)
        for a, b, n, citizens, median in steps
    ]
    for kind, activity, n, citizens in borders:
        node = f"activity {activity}"
        ends = (START, node) if kind == "start" else (node, END)
        found.append(MapEdge(*ends, n, citizens, None))
    supported = sorted(
        (edge for edge in found if edge.n_citizens >= min_group_size), key=lambda edge: edge.rank
    )
    counts: dict[str, int] = {}
    for edge in supported:
        counts[edge.target] = counts.get(edge.target, 0) + edge.n_occurrences
        counts.setdefault(edge.source, 0)
    kept = choose_activities(counts, max_activities)
    between = [edge for edge in supported if edge.source in kept and edge.target in kept]
    drawn, threshold = choose_edges(between, max_edges)
    shown = {end for edge in drawn for end in (edge.source, edge.target)} - {START, END}
    return ProcessMap(
        process_id=slice_.process_id, regime_id=slice_.regime_id, n_cases=slice_.n_cases,
        min_group_size=min_group_size, edges=tuple(drawn),
        node_counts={node: counts[node] for node in sorted(shown)},
        threshold=threshold, n_weak_edges=len(supported) - len(drawn),
        n_rare_edges=len(found) - len(supported),
        n_weak_activities=len(counts.keys() - kept),
    )


def choose_activities(counts: dict[str, int], max_activities: int) -> set[str]:
    """The ``max_activities`` most frequent nodes, ties by name, and the borders of a case."""
    activities = sorted(counts.keys() - {START, END}, key=lambda node: (-counts[node], node))
    return {*activities[:max_activities], *(counts.keys() & {START, END})}


def choose_edges(supported: list[MapEdge], max_edges: int) -> tuple[list[MapEdge], int]:
    """The edges to draw, and the number of occurrences from which all are drawn.

    All edges with as many occurrences as the ``max_edges``-th strongest has, less that level when
    it would overshoot; and for each activity its strongest way in and out, so that none hangs
    loose. Both rules read only counts and names, so equal logs give equal maps.
    """
    if len(supported) <= max_edges:
        return supported, 1
    threshold = supported[max_edges].n_occurrences + 1
    chosen = {edge for edge in supported if edge.n_occurrences >= threshold}
    entered: set[str] = set()
    left: set[str] = set()
    for edge in supported:  # strongest first; a loop on itself connects nothing
        if edge.source != edge.target:
            if edge.target not in entered or edge.source not in left:
                chosen.add(edge)
            entered.add(edge.target)
            left.add(edge.source)
    return [edge for edge in supported if edge in chosen], threshold


def draw_map(process_map: ProcessMap, labels: dict[str, Label], process: str) -> Drawing:
    """The map as a drawing, top-down; ``process`` is the process as people call it."""
    m = process_map
    title = f"Proceskort: {slice_title(process, m.regime_id)}"
    notes = [
        f"{number(m.n_cases)} forløb. På pilene: antal gange og median af dage til næste skridt.",
        f"Skridt med færre end {m.min_group_size} borgere er udeladt ({m.n_rare_edges} pile).",
    ]
    if m.n_weak_activities:
        notes.append(
            f"Vist er de {MAX_ACTIVITIES} hyppigste aktiviteter; {m.n_weak_activities} sjældnere og "
            "pilene til og fra dem er udeladt."
        )
    if m.n_weak_edges:
        notes.append(
            f"For læsbarheden er også {m.n_weak_edges} pile med under {number(m.threshold)} "
            "gange udeladt, men aldrig den stærkeste til eller fra en vist aktivitet."
        )
    most = max((edge.n_occurrences for edge in m.edges), default=1)
    names = {node: labels[node.removeprefix("activity ")] for node in m.node_counts}
    parts = [
        f'graph [rankdir=TB, nodesep=0.35, ranksep=0.42, pad=0.2, bgcolor=white, fontname="{FONT}",'
        f" {caption(title, notes)}]",
        f'node [fontname="{FONT}", fontcolor="{INK}", penwidth=1.2]',
        f'edge [fontname="{FONT}", arrowsize=0.7]',
    ]
    for node in (START, END):
        if any(node in (edge.source, edge.target) for edge in m.edges):
            rank = "source" if node == START else "sink"
            parts.append(
                f"{{rank={rank}; {quote(node)} [label={quote(node)}, shape=circle, style=filled, "
                f'fillcolor="{INK}", color="{INK}", fontcolor=white, fontsize=10, '
                f"fixedsize=true, width=0.55]}}"
            )
    for node, count in m.node_counts.items():
        parts.append(f"{quote(node)} [{task_attributes(names[node], f'{number(count)} gange')}]")
    for edge in m.edges:
        share = edge.n_occurrences / most
        rows = [(number(edge.n_occurrences), 9.0, INK)]
        if edge.median_seconds is not None:
            rows.append((days(edge.median_seconds), 9.0, GREY))
        parts.append(
            f"{quote(edge.source)} -> {quote(edge.target)} [penwidth={0.8 + 3.7 * sqrt(share):.2f},"
            f' color="{STRONG_LINE if share >= 0.25 else LINE}", weight={1 + round(9 * share)}, '
            f"label={boxed(rows, room=14)}]"
        )
    return Drawing(
        dot="digraph {\n" + "\n".join(parts) + "\n}\n",
        title=title,
        description=" ".join(notes),
        node_titles={node: label.text for node, label in names.items()},
    )
