"""What a replay answers, a measure a line, with what it assumes."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pm_pipeline.bilingual import Words
from pm_pipeline.mining.whatif.report import WhatIfRow
from pm_pipeline.mining.whatif.sentences import ASSUMES, MEASURED, shown

_HEADERS = (
    Words("Mål", "Measure"), Words("Set", "Seen"), Words("I modellen", "In the model"),
    Words("Fremad uden ændring", "Ahead, unchanged"), Words("Fremad med ændringen", "Ahead, changed"),
    Words("Forskel", "Difference"),
)


def show_what_if(console: Console, rows: Sequence[WhatIfRow], *, english: bool) -> None:
    """A table of measures with their 95 % intervals, or why nothing can be told."""
    lang = "en" if english else "da"
    first = rows[0]
    if first.reason is not None:
        console.print(escape(first.sentence_en if english else first.sentence_da), soft_wrap=True)
        return
    title = f"{first.label_en if english else first.label_da}: "
    console.print(f"[bold]{escape(title + (first.title_en if english else first.title_da))}[/]")
    console.print(escape(_seen(first, english)), soft_wrap=True)
    table = Table(box=None, pad_edge=False)
    for header in _HEADERS:
        table.add_column(header.en if english else header.da, overflow="fold")
    for row in rows:
        table.add_row(
            MEASURED[row.measure][english], _one(row.observed, row.measure, lang),
            _between(row.replayed_low, row.replayed_high, row.measure, lang),
            *(
                f"{_one(middle, row.measure, lang)} ({_between(low, high, row.measure, lang)})"
                for middle, low, high in (
                    (row.unchanged, row.unchanged_low, row.unchanged_high),
                    (row.changed, row.changed_low, row.changed_high),
                    (row.difference, row.difference_low, row.difference_high),
                )
            ),
        )
    console.print(table)
    console.print(escape(ASSUMES[english]), soft_wrap=True)


def _seen(row: WhatIfRow, english: bool) -> str:
    lang = "en" if english else "da"
    pace = shown(row.talks_per_working_day or 0.0, "mean_days_late", lang)
    if english:
        return (
            f"Fitted from {row.n_weeks} weeks to {row.seen_until_on}; {pace} talks can be held a "
            f"working day, as {row.n_busy_weeks} weeks with a queue show. Ahead: {row.weeks_ahead}"
            " weeks. In brackets: 95 %."
        )
    return (
        f"Bygger på {row.n_weeks} uger til {row.seen_until_on}; der kan holdes {pace} samtaler pr. "
        f"arbejdsdag, som {row.n_busy_weeks} uger med kø viser. Fremad: {row.weeks_ahead} uger. I "
        "parentes: 95 %."
    )


def _one(value: float | None, measure: str, lang: str) -> str:
    return "–" if value is None else shown(value, measure, lang)


def _between(low: float | None, high: float | None, measure: str, lang: str) -> str:
    word = "to" if lang == "en" else "til"
    return f"{_one(low, measure, lang)} {word} {_one(high, measure, lang)}"
