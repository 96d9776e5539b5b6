"""Pictures: DOT to accessible SVG, and to positions, through Graphviz in a separate process."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from pm_pipeline.errors import PipelineError

_CHILD = Path(__file__).with_name("graphviz_child.py")
_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
Point = tuple[float, float]


@dataclass(frozen=True)
class Drawing:
    """A graph to draw, and what it says to someone who cannot see it.

    ``node_titles``: what a node is called when pointed at or read aloud, by its name in ``dot``.
    ``language``: of all its words, as HTML names it.
    """

    dot: str
    title: str
    description: str
    node_titles: Mapping[str, str]
    language: str = "da"


@dataclass(frozen=True)
class Box:
    """Where a node lies: its top left corner and its size, in points, y downwards."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Picture:
    """A drawing with its layout.

    ``boxes`` by node name; ``lines`` by (source, target, number among edges of that pair).
    """

    svg: str
    boxes: Mapping[str, Box] = field(repr=False)
    lines: Mapping[tuple[str, str, int], tuple[Point, ...]] = field(repr=False)


def render_all(drawings: Mapping[str, Drawing], timeout_seconds: float = 300) -> dict[str, Picture]:
    """Draw everything in one process.

    Raises:
        PipelineError: Graphviz could not be started, failed, or took longer than the time-out.
    """
    if not drawings:
        return {}
    request = json.dumps({name: drawing.dot for name, drawing in drawings.items()})
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_CHILD)],
            input=request, capture_output=True, text=True, encoding="utf-8",
            timeout=timeout_seconds, check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PipelineError(
            f"Graphviz did not finish {len(drawings)} pictures in {timeout_seconds:g} seconds"
        ) from error
    if done.returncode != 0:
        last = done.stderr.strip().splitlines()[-1:] or ["no message"]
        raise PipelineError(
            f"Graphviz (package pygraphviz) failed on {len(drawings)} pictures with exit code "
            f"{done.returncode}: {last[0]}"
        )
    answer = json.loads(done.stdout)
    return {
        name: _picture(drawing, answer[name]["svg"], answer[name]["layout"])
        for name, drawing in drawings.items()
    }


def _picture(drawing: Drawing, svg: str, layout: dict[str, Any]) -> Picture:
    _, _, _, top = map(float, layout["bb"].split(","))
    names = {node["_gvid"]: node["name"] for node in layout.get("objects", ()) if "pos" in node}
    boxes = {}
    for node in layout.get("objects", ()):
        if "pos" in node:
            x, y = map(float, node["pos"].split(","))
            width, height = 72 * float(node["width"]), 72 * float(node["height"])
            boxes[node["name"]] = Box(x - width / 2, top - y - height / 2, width, height)
    lines: dict[tuple[str, str, int], tuple[Point, ...]] = {}
    for edge in layout.get("edges", ()):
        ends = (names[edge["tail"]], names[edge["head"]])
        count = sum(1 for key in lines if key[:2] == ends)
        lines[(*ends, count)] = tuple((x, top - y) for x, y in _spline_points(edge["pos"]))
    return Picture(_accessible(svg, drawing), boxes, lines)


def _spline_points(text: str) -> list[Point]:
    """The corners of a Graphviz spline: its start, every third control point, its arrow's tip."""
    tip: list[Point] = []
    controls: list[Point] = []
    for part in text.split():
        if part.startswith(("e,", "s,")):
            x, y = map(float, part[2:].split(","))
            tip.append((x, y))
        else:
            x, y = map(float, part.split(","))
            controls.append((x, y))
    return controls[::3] + tip


def _accessible(svg: str, drawing: Drawing) -> str:
    """The SVG with title and description for screen readers, and the names that people use."""
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _XLINK)
    root = ET.fromstring(svg)
    root.attrib.update({"role": "img", "aria-labelledby": "title desc", "lang": drawing.language})
    for name, text in (("desc", drawing.description), ("title", drawing.title)):
        element = ET.Element(f"{{{_SVG}}}{name}", id=name)
        element.text = text
        root.insert(0, element)
    titles = drawing.node_titles
    for group in root.iter(f"{{{_SVG}}}g"):
        title = group.find(f"{{{_SVG}}}title")
        if title is None or not title.text:
            continue
        kind = group.get("class")
        if kind == "graph":
            group.remove(title)
        elif kind == "node":
            title.text = titles.get(title.text, title.text)
        elif kind == "edge":
            ends = re.split("->", title.text, maxsplit=1)
            title.text = " → ".join(titles.get(end, end) for end in ends)
    return ET.tostring(root, encoding="unicode") + "\n"
