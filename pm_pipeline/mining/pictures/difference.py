"""Two maps as one: how often and how fast two groups walk each arc, and where they differ.

Nobody needs to see colours: more often is a full line and ▲, less often a broken line and ▼, and both
shares stand on the arc. Blue and vermilion are told apart with every kind of colour blindness (Okabe
and Ito 2008). What is drawn is told already, in the rows it is made of.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import wrap

from pm_pipeline.mining.pictures.map import MapEdge, choose_activities, choose_edges
from pm_pipeline.mining.pictures.render import Drawing
from pm_pipeline.mining.pictures.style import (
    FONT,
    GREY,
    INK,
    LINE,
    Label,
    boxed,
    quote,
    task_attributes,
)
from pm_pipeline.mining.pictures.words import DIFFERENCE_WORDS, Words

MORE, LESS = "#0072B2", "#D55E00"
#: As in a map of one group: more of them and people stop reading.
MAX_EDGES, MAX_ACTIVITIES = 40, 25
#: The borders of a case, as the published map names them.
BEGIN, FINISH = "▶", "■"
_SIGNS = {"higher": ("▲ ", MORE, "solid"), "lower": ("▼ ", LESS, "dashed")}
_WIDEST, _NARROWEST = 5.0, 1.0
_LETTERS = 118


@dataclass(frozen=True)
class Gap:
    """One figure of both sides. ``verdict``: ``higher``, ``lower`` (the second side), or anything else.

    ``difference``: second less first; None where it is not told.
    """

    first: float
    second: float
    difference: float | None = None
    verdict: str | None = None


@dataclass(frozen=True)
class DifferenceArc:
    """From one node to the next: the share of the cases of each side, and the days it took them."""

    source: str
    target: str
    share: Gap
    days: Gap | None = None


@dataclass(frozen=True)
class DifferenceMap:
    """What a difference map shows.

    Attributes:
        sides: what the first and the second group are, in words of ``language``.
        n_cases: of both, as they are told. follow_up_days: None where cases are not followed alike.
        nodes: the activities by the names that arcs use (:data:`BEGIN` and :data:`FINISH` are known).
        activities: the share of cases with each, where it is told.
        n_tested: lines that the correction is for.
        notes: what else the reader must know.
    """

    language: str
    title: str
    sides: tuple[str, str]
    n_cases: tuple[int, int]
    follow_up_days: int | None
    min_group_size: int
    nodes: Mapping[str, str]
    activities: Mapping[str, Gap]
    arcs: tuple[DifferenceArc, ...]
    n_tested: int
    notes: tuple[str, ...] = ()


def draw_difference(picture: DifferenceMap) -> Drawing:
    """The map as a drawing, top-down."""
    words = DIFFERENCE_WORDS[picture.language]
    arcs = _chosen(picture.arcs)
    title = words.title.format(title=picture.title)
    rows = _caption(picture, words, len(picture.arcs) - len(arcs))
    shown = {end for arc in arcs for end in (arc.source, arc.target)}
    label = boxed([(title, 16.0, INK), *rows, (" ", 10.0, GREY)], align="left")
    parts = [
        f'graph [rankdir=TB, nodesep=0.35, ranksep=0.42, pad=0.2, bgcolor=white, fontname="{FONT}",'
        f" labelloc=t, labeljust=l, label={label}]",
        f'node [fontname="{FONT}", fontcolor="{INK}", penwidth=1.2]',
        f'edge [fontname="{FONT}", arrowsize=0.7]',
    ]
    titles = {BEGIN: words.begin, FINISH: words.finish}
    for node in (BEGIN, FINISH):
        if node in shown:
            rank = "source" if node == BEGIN else "sink"
            parts.append(
                f"{{rank={rank}; {quote(node)} [label={quote(titles[node])}, shape=circle, "
                f'style=filled, fillcolor="{INK}", color="{INK}", fontcolor=white, fontsize=10, '
                f"fixedsize=true, width=0.55]}}"
            )
    for node in sorted(shown - {BEGIN, FINISH}):
        titles[node] = picture.nodes[node]
        gap = picture.activities.get(node)
        note = "" if gap is None else _sign(gap) + words.shares(gap.first, gap.second)
        parts.append(f"{quote(node)} [{task_attributes(Label(titles[node]), note)}]")
    most = max((abs(arc.share.difference or 0.0) for arc in arcs if _differs(arc.share)), default=1.0)
    parts += [_arc(arc, most, words) for arc in arcs]
    return Drawing(
        dot="digraph {\n" + "\n".join(parts) + "\n}\n",
        title=title, description=" ".join(text for text, _, _ in rows), node_titles=titles,
        language=picture.language,
    )


def _chosen(arcs: tuple[DifferenceArc, ...]) -> list[DifferenceArc]:
    """Those that differ first, then the most usual; for each activity one way in and out."""
    by_ends = {(arc.source, arc.target): arc for arc in arcs}
    edges = sorted(
        (
            MapEdge(
                arc.source, arc.target,
                round(1000 * max(arc.share.first, arc.share.second)) + 1001 * _differs(arc.share),
                0, None,
            )
            for arc in arcs
        ),
        key=lambda edge: edge.rank,
    )
    counts: dict[str, int] = {}
    for edge in edges:
        for end in (edge.source, edge.target):
            counts[end] = max(counts.get(end, 0), edge.n_occurrences)
    borders = {end for end in (BEGIN, FINISH) if counts.pop(end, None) is not None}
    kept = choose_activities(counts, MAX_ACTIVITIES) | borders
    drawn, _ = choose_edges(
        [edge for edge in edges if edge.source in kept and edge.target in kept], MAX_EDGES
    )
    return [by_ends[edge.source, edge.target] for edge in drawn]


def _arc(arc: DifferenceArc, most: float, words: Words) -> str:
    _, colour, dash = _SIGNS.get(arc.share.verdict or "", ("", LINE, "solid"))
    width = _NARROWEST
    if _differs(arc.share):
        width += 1 + (_WIDEST - 2) * abs(arc.share.difference or 0.0) / most
    shares = words.shares(arc.share.first, arc.share.second)
    rows = [(_sign(arc.share) + shares, 9.0, _ink(arc.share))]
    if arc.share.first == 0 or arc.share.second == 0:
        rows.append((words.only_second if arc.share.first == 0 else words.only_first, 9.0, INK))
    if arc.days is not None:
        days = words.days(arc.days.first, arc.days.second)
        rows.append((_sign(arc.days) + days, 9.0, _ink(arc.days)))
    weight = 1 + round(9 * max(arc.share.first, arc.share.second))
    return (
        f'{quote(arc.source)} -> {quote(arc.target)} [penwidth={width:.2f}, color="{colour}", '
        f"style={dash}, weight={weight}, label={boxed(rows, room=14)}]"
    )


def _differs(gap: Gap) -> bool:
    return gap.verdict in _SIGNS


def _sign(gap: Gap) -> str:
    return _SIGNS[gap.verdict or ""][0] if _differs(gap) else ""


def _ink(gap: Gap) -> str:
    return _SIGNS[gap.verdict or ""][1] if _differs(gap) else GREY


def _caption(
    picture: DifferenceMap, words: Words, n_weak: int
) -> list[tuple[str, float, str]]:
    rows = [
        (words.side.format(letter=letter, side=side, n=words.count(n)), INK)
        for letter, side, n in zip("AB", picture.sides, picture.n_cases, strict=True)
    ]
    if picture.follow_up_days is not None:
        rows.append((words.followed.format(days=picture.follow_up_days), GREY))
    rows += [
        (words.on_arcs, GREY), (words.more, MORE), (words.less, LESS),
        (words.corrected.format(n=picture.n_tested), GREY),
        (words.rare.format(k=picture.min_group_size), GREY),
    ]
    if n_weak:
        rows.append((words.weak.format(n=n_weak), GREY))
    rows += [(note, GREY) for note in picture.notes]
    return [
        (line, 10.0, colour) for text, colour in rows for line in wrap(text, _LETTERS)
    ]
