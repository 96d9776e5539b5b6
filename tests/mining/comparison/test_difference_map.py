"""A difference map says in words, signs and lines what it says in colours, in both languages."""

import re

import pytest

from pm_pipeline.mining.pictures.difference import (
    BEGIN,
    FINISH,
    LESS,
    MORE,
    DifferenceArc,
    DifferenceMap,
    Gap,
    draw_difference,
)
from pm_pipeline.mining.pictures.render import render_all

ARCS = (
    DifferenceArc(BEGIN, "A", Gap(1.0, 1.0, 0.0, "no_difference_shown")),
    DifferenceArc(
        "A", "B", Gap(0.12, 0.345, 0.225, "higher"), Gap(4.5, 31.0, 26.0, "higher")
    ),
    DifferenceArc("A", "C", Gap(0.8, 0.55, -0.25, "lower"), Gap(9.0, 2.5, -6.0, "lower")),
    DifferenceArc("B", "C", Gap(0.0, 0.2, 0.2, "no_difference_shown")),
    DifferenceArc("C", FINISH, Gap(0.9, 0.85, -0.05, "no_difference_shown")),
)


def _map(language: str, arcs: tuple[DifferenceArc, ...] = ARCS) -> DifferenceMap:
    return DifferenceMap(
        language=language, title="Kvinder & mænd", sides=("Sager i 2024.", "Sager i 2025."),
        n_cases=(1200, 90), follow_up_days=182, min_group_size=5,
        nodes={"A": "Første henvendelse", "B": "Min Plan", "C": "Jobsamtale <ny>"},
        activities={"B": Gap(0.12, 0.345, 0.225, "higher")}, arcs=arcs, n_tested=31,
    )  # fmt: skip


def _svg(picture: DifferenceMap) -> str:
    return render_all({"map": draw_difference(picture)})["map"].svg


def _texts(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("da", ["Forskelskort: Kvinder &amp; mænd", "A: Sager i 2024. Omkring 1.200 forløb.",
                "B: Sager i 2025. Omkring 90 forløb.", "▲ 12 → 34 %", "▲ 4,5 → 31 d", "▼ 80 → 55 %",
                "▼ 9 → 2,5 d", "kun i B", "Slut"]),
        ("en", ["Difference map: Kvinder &amp; mænd", "A: Sager i 2024. About 1,200 cases.",
                "B: Sager i 2025. About 90 cases.", "▲ 12 → 34%", "▲ 4.5 → 31 d", "▼ 80 → 55%",
                "▼ 9 → 2.5 d", "only in B", "End"]),
    ],
)  # fmt: skip
def test_both_sides_their_size_and_every_difference_stand_in_the_text(
    language: str, told: list[str]
) -> None:
    svg = _svg(_map(language))
    texts = _texts(svg)
    assert [one for one in told if one not in texts] == []
    assert f'lang="{language}"' in svg
    legend = " ".join(texts)
    assert "31 " in legend and "182 " in legend and "▲" in legend and "▼" in legend


def test_more_is_a_full_line_less_a_broken_one_and_no_difference_has_no_colour() -> None:
    dot = draw_difference(_map("da")).dot
    lines = {
        (source, target): attributes
        for source, target, attributes in re.findall(r'"(.)" -> "(.)" \[(.*)\]', dot)
    }
    assert f'color="{MORE}", style=solid' in lines["A", "B"]
    assert f'color="{LESS}", style=dashed' in lines["A", "C"]
    for arc in (("B", "C"), ("C", FINISH), (BEGIN, "A")):
        assert MORE not in lines[arc] and LESS not in lines[arc]
    widths = {arc: float(re.search(r"penwidth=([\d.]+)", text)[1]) for arc, text in lines.items()}  # type: ignore[index]
    assert widths["A", "C"] > widths["A", "B"] > widths["B", "C"] == 1.0


def test_a_large_map_keeps_what_differs_and_says_how_much_is_left_out() -> None:
    many = tuple(
        DifferenceArc(
            source, target, Gap(0.5, 0.5, 0.0, "no_difference_shown")
            if (source, target) != ("B", "C") else Gap(0.01, 0.04, 0.03, "higher"),
        )
        for source in "ABCDEFGHIJ" for target in "ABCDEFGHIJ"
    )  # fmt: skip
    picture = DifferenceMap(
        **vars(_map("en", many)) | {"nodes": {one: f"Act {one}" for one in "ABCDEFGHIJ"}}
    )
    svg = _svg(picture)
    assert "▲ 1 → 4%" in _texts(svg)
    (weak,) = [one for one in _texts(svg) if one.startswith("For readability")]
    n_drawn = len(re.findall(r'class="edge"', svg))
    assert weak == f"For readability {100 - n_drawn} arcs are left out."
    assert n_drawn < 60
