"""How pictures look and speak: Danish words and numbers, colours, and sizes that no font decides.

Every box gets its size from the number of letters, not from the fonts of the machine: Graphviz
would measure text with whatever font it finds, and the same model would be drawn differently on
another machine.
"""

import re
from dataclasses import dataclass
from html import escape
from textwrap import wrap

FONT = "Helvetica,Arial,sans-serif"
INK = "#1A202C"
GREY = "#5A6675"
LINE = "#8A97A8"
STRONG_LINE = "#1F4E79"

# Fill and border per family of activities; also told apart by their labels, never by colour alone.
_FAMILY_COLOURS = {
    "registration": ("#E1EDF9", "#2B6CB0"),
    "talk": ("#E0F2E4", "#2F855A"),
    "booking": ("#FFF3D6", "#B7791F"),
    "plan": ("#ECE6F6", "#6B46C1"),
    "offer": ("#FDE6DD", "#C05621"),
    "caseworker_change": ("#F0F0F0", "#4A5568"),
    "decision": ("#FCE4EF", "#B83280"),
    "control": ("#DDF3F3", "#2C7A7B"),
    "deregistration": ("#E4E7EC", "#2D3748"),
    "absence": ("#F5EFE6", "#8B6F47"),
    "document": ("#EAF0E0", "#5F7A2E"),
    "team_meeting": ("#D9F0E8", "#22705A"),
    "assignment": ("#EDEDF7", "#4C51BF"),
}
_OTHER_COLOURS = ("#FFFFFF", "#4A5568")


@dataclass(frozen=True)
class Label:
    """What an activity is called in pictures, and the family that colours it."""

    text: str
    family: str | None = None

    @property
    def colours(self) -> tuple[str, str]:
        """Fill and border, as #RRGGBB."""
        return _FAMILY_COLOURS.get(self.family or "", _OTHER_COLOURS)


def slice_title(process: str, regime_id: str | None) -> str:
    """``Forsikrede ledige``, ``…__20240101`` → ``Forsikrede ledige, regler fra 01.01.2024``."""
    found = re.fullmatch(r".*__(\d{4})(\d{2})(\d{2})", regime_id or "")
    if found:
        year, month, day = found.groups()
        return f"{process}, regler fra {day}.{month}.{year}"
    return f"{process}, {regime_id}" if regime_id else process


def number(value: int) -> str:
    """1204 → ``1.204``."""
    return f"{value:,}".replace(",", ".")


def days(seconds: float | None) -> str:
    """A duration in days as a reader takes it in: ``<1 d``, ``2,5 d``, ``31 d``; empty if none."""
    if seconds is None:
        return ""
    value = seconds / 86_400
    if value < 0.95:
        return "<1 d"
    if value < 9.95:
        return f"{value:.1f}".removesuffix(".0").replace(".", ",") + " d"
    return f"{number(round(value))} d"


def percent(share: float) -> str:
    """0.8764 → ``87,6 %``."""
    return f"{100 * share:.1f} %".replace(".", ",")


def quote(text: str) -> str:
    """``text`` as a DOT string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def lines_of(text: str, letters: int = 20) -> list[str]:
    """Broken into at most three lines; the rest of a very long name becomes an ellipsis."""
    lines = wrap(text, letters, break_long_words=True) or [""]
    return lines if len(lines) <= 3 else [*lines[:2], lines[2][: letters - 1] + "…"]


def text_width(text: str, points: float) -> float:
    """Width in points, generous for Helvetica."""
    return len(text) * points * 0.56


def task_attributes(label: Label, note: str = "") -> str:
    """DOT attributes of an activity's box, of fixed size, with a smaller line below its name."""
    fill, border = label.colours
    lines = lines_of(label.text)
    width = max([90.0, *(text_width(line, 11) for line in lines), text_width(note, 9)]) + 18
    height = 14 + 14 * len(lines) + (14 if note else 0)
    rows = [(line, 11.0, INK) for line in lines]
    html = boxed([*rows, (note, 9.0, GREY)] if note else rows, bold=len(lines))
    return (
        f'shape=box, style="rounded,filled", fillcolor="{fill}", color="{border}", fixedsize=true, '
        f"width={width / 72:.3f}, height={height / 72:.3f}, label={html}"
    )


def boxed(
    rows: list[tuple[str, float, str]], align: str = "center", bold: int = 0, room: float = 4
) -> str:
    """An HTML label of fixed size; each row is text, size in points, colour.

    ``bold``: so many rows from the top are bold; ``room``: points left free beside the text.
    """
    width = max(text_width(text, points) for text, points, _ in rows) + room
    cells = ""
    for index, (text, points, colour) in enumerate(rows):
        words = f"<b>{escape(text)}</b>" if index < bold else escape(text)
        size = f'fixedsize="true" width="{width:.0f}" height="{points + 4:.0f}"'
        font = f'<font point-size="{points:g}" color="{colour}">{words}</font>'
        cells += f'<tr><td align="{align}" {size}>{font}</td></tr>'
    return f'<<table border="0" cellborder="0" cellspacing="0" cellpadding="0">{cells}</table>>'


def caption(title: str, notes: list[str]) -> str:
    """The graph's own label: a title above smaller notes, at the top left."""
    rows = [(title, 16.0, INK), *((note, 10.0, GREY) for note in notes), (" ", 10.0, GREY)]
    return f'labelloc=t, labeljust=l, label={boxed(rows, align="left")}'
