"""Two municipalities side by side, as a person reads them: the arcs of a map, one a line."""

from collections.abc import Mapping

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pm_pipeline.mining.comparison.line import Verdict
from pm_pipeline.mining.comparison.towns import TownComparison, TownLine

_WORDS: Mapping[str, Mapping[str, str]] = {
    "da": {
        "arc": "Fra → til", "gap": "Forskel, procentpoint (95 %)", "verdict": "Vurdering",
        "days": "Dage (median)", "more": "oftere i B", "less": "sjældnere i B",
        "same": "ingen forskel vist", "untold": "kun oplyst af den ene", "cases": "forløb",
        "citizens": "borgere", "about": "omkring",
        "rounded": "Antal er oplyst i trin, så en andel kendes kun mellem to grænser. Intervallet er så"
        " bredt, som det gør det, og en forskel er kun kaldt det, hvis alle antal, der ville blive"
        " oplyst sådan, viser den, efter at der er taget højde for alle {n} pile (Benjamini-Hochberg)."
        " Dage er ikke prøvet.",
    },
    "en": {
        "arc": "From → to", "gap": "Difference, percentage points (95 %)", "verdict": "Verdict",
        "days": "Days (median)", "more": "more often in B", "less": "less often in B",
        "same": "no difference shown", "untold": "told by one only", "cases": "cases",
        "citizens": "citizens", "about": "about",
        "rounded": "Counts are told in steps, so a share is known only between two bounds. The interval"
        " is as wide as that makes it, and a difference is called one only if every count that would"
        " be told so shows it, after correction for all {n} arcs (Benjamini-Hochberg). Days are not"
        " tested.",
    },
}


def show_comparison(console: Console, comparison: TownComparison, language: str) -> None:
    """Both sides and their size, then a line per arc; what one does not tell is a dash."""
    words = _WORDS[language]
    for letter, side in zip("AB", (comparison.first, comparison.second), strict=True):
        console.print(
            f"[bold]{letter}[/] {escape(side.name)}: {escape(side.sentence)} {words['about']} "
            f"{side.n_cases} {words['cases']}, {side.n_citizens} {words['citizens']}",
            soft_wrap=True,
        )
    table = Table(box=None, pad_edge=False)
    for name in (words["arc"], "A", "B", words["gap"], words["verdict"], f"{words['days']} A", "B"):
        table.add_column(name, overflow="fold", justify="left" if name == words["arc"] else "right")
    for line in sorted(comparison.lines, key=lambda one: -max(one.first or 0.0, one.second or 0.0)):
        table.add_row(
            f"{escape(line.arc.from_label)} → {escape(line.arc.to_label)}",
            _share(line.first), _share(line.second), _gap(line), _verdict(line, words),
            _days(line.first_days, language), _days(line.second_days, language),
        )
    console.print(table)
    console.print(words["rounded"].format(n=comparison.n_tested), soft_wrap=True)


def _share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.0f} %"


def _gap(line: TownLine) -> str:
    if line.difference is None or line.low is None or line.high is None:
        return "–"
    return f"{100 * line.difference:+.0f} ({100 * line.low:+.0f} … {100 * line.high:+.0f})"


def _verdict(line: TownLine, words: Mapping[str, str]) -> str:
    return {
        Verdict.HIGHER: f"▲ {words['more']}", Verdict.LOWER: f"▼ {words['less']}",
        Verdict.NO_DIFFERENCE_SHOWN: words["same"], Verdict.CANNOT_TELL: words["untold"],
    }[line.verdict]


def _days(value: float | None, language: str) -> str:
    if value is None:
        return "–"
    return f"{value:.1f}".replace(".", "," if language == "da" else ".")
