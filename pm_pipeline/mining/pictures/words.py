"""What a difference map says, in Danish and in English."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """The sentences of one language, and how it writes numbers."""

    decimal: str
    thousand: str
    percent: str
    title: str
    begin: str
    finish: str
    side: str
    followed: str
    on_arcs: str
    more: str
    less: str
    corrected: str
    rare: str
    weak: str
    only_first: str
    only_second: str

    def count(self, value: int) -> str:
        """1204 → ``1.204``."""
        return f"{value:,}".replace(",", self.thousand)

    def shares(self, first: float, second: float) -> str:
        """0.12, 0.345 → ``12 → 35 %``."""
        return f"{100 * first:.0f} → {100 * second:.0f}{self.percent}"

    def days(self, first: float, second: float) -> str:
        """2.5, 31.0 → ``2,5 → 31 d``."""
        return f"{self._days(first)} → {self._days(second)} d"

    def _days(self, value: float) -> str:
        if 0 < value < 0.95:
            return "<1"
        text = f"{value:.1f}".removesuffix(".0") if value < 9.95 else f"{value:.0f}"
        return text.replace(".", self.decimal)


DIFFERENCE_WORDS: Mapping[str, Words] = {
    "da": Words(
        decimal=",", thousand=".", percent=" %",
        title="Forskelskort: {title}", begin="Start", finish="Slut",
        side="{letter}: {side} Omkring {n} forløb.",
        followed="Hvert forløb er fulgt i {days} dage, fra det blev registreret.",
        on_arcs="På pilene: andel af forløbene i A → i B, og under den median af dage i A → i B.",
        more="▲ blå, fuldt optrukket: oftere (eller længere tid) i B end i A.",
        less="▼ orange, stiplet: sjældnere (eller kortere tid) i B end i A.",
        corrected="Kun forskelle, som står, efter at der er taget højde for alle {n} sammenligninger,"
        " er farvet og har ▲ eller ▼. Grå: ingen forskel vist.",
        rare="Pile, som på en side har borgere, men færre end {k}, er udeladt. Antal er oplyst i trin,"
        " og andele er regnet af dem.",
        weak="For læsbarheden er {n} pile udeladt.",
        only_first="kun i A", only_second="kun i B",
    ),
    "en": Words(
        decimal=".", thousand=",", percent="%",
        title="Difference map: {title}", begin="Start", finish="End",
        side="{letter}: {side} About {n} cases.",
        followed="Each case is followed for {days} days from its registration.",
        on_arcs="On the arcs: share of the cases in A → in B, below it the median of days in A → in B.",
        more="▲ blue, full line: more often (or longer) in B than in A.",
        less="▼ orange, broken line: less often (or shorter) in B than in A.",
        corrected="Only differences that stand after correction for all {n} comparisons are coloured"
        " and have ▲ or ▼. Grey: no difference shown.",
        rare="Arcs with citizens on a side, but fewer than {k}, are left out. Counts are told in steps,"
        " and shares are made of them.",
        weak="For readability {n} arcs are left out.",
        only_first="only in A", only_second="only in B",
    ),
}
