"""The quality of municipalities in a terminal: what fails, since when, and what to do about it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pm_pipeline.bilingual import Words
from pm_pipeline.commands.quality import DatedChange, Failing, MunicipalityQuality
from pm_pipeline.console.quality_words import (
    CAUSES,
    COLUMNS,
    OUTCOMES,
    SAID,
    VERDICTS,
    withheld_key,
)
from pm_pipeline.publish.adopters import Adopter
from pm_pipeline.quality.effects.comparison import ChangeComparison, Verdict
from pm_pipeline.quality.judging.since import Since

if TYPE_CHECKING:
    from pm_pipeline.components.launch import RunOutcome

_STYLES = {"critical": "bold red", "warning": "yellow", "info": "dim"}
#: Of one change in one municipality; all of them are in the JSON and in marts.change_comparison.
_MOST_SHOWN = 15
_NUMBERS = ("failed", "share", "before", "after", "p", "days")
#: Characters of a column that is folded between its words, never within a day.
_NARROWEST = {"since": 14}


class QualityPage:
    """What one call says, in one language."""

    def __init__(self, console: Console, *, english: bool) -> None:
        self.console = console
        self.english = english

    def show_not_law(self, change: DatedChange) -> None:
        """The banner of a change that was announced, or passed without being in force."""
        when = self._said("planned", day=change.on) if change.on else self._said("no_day")
        self._print(
            "not_law", change=change.change_id, title=escape(self._either(change.title)), when=when
        )

    def show(
        self, found: Sequence[MunicipalityQuality], change: DatedChange | None,
        adopters: Sequence[Adopter] = (),
    ) -> None:
        """Per municipality what fails and is withheld, or what the change did; then who adopted it."""
        for one in found:
            told = ", ".join(
                f"{count} {self._either(OUTCOMES[outcome])}"
                for outcome, count in one.outcomes.items() if count
            )
            self._print(
                "municipality", code=one.municipality.municipality_id,
                name=escape(one.municipality.name), told=told, as_of=one.judgement.as_of,
                newest=one.judgement.newest_deliveries or self._said("no_delivery"),
            )
            if change is None:
                self._show_failing(one.failing)
            else:
                self._show_comparisons(one.comparisons)
            if one.is_critical:
                self._print(
                    withheld_key(one.n_withheld, is_all=one.is_all_withheld),
                    n=one.n_withheld, rules=", ".join(one.critical_rules),
                )
        if change is not None and change.is_law:
            self._show_adopters(found, change, adopters)

    def show_failed_runs(self, outcomes: Sequence["RunOutcome"]) -> None:
        """The municipalities that could not be judged, with why."""
        for outcome in outcomes:
            if outcome.status == "failed":
                for error in outcome.errors or (self._said("no_step"),):
                    self._print("not_judged", code=outcome.municipality_id, error=escape(error))

    def _either(self, words: Words) -> str:
        return words.en if self.english else words.da

    def _said(self, key: str, **values: object) -> str:
        return self._either(SAID[key]).format(**values)

    def _print(self, key: str, **values: object) -> None:
        self.console.print(self._said(key, **values), soft_wrap=True)

    def _table(self, *columns: str, folded: Sequence[str] = ()) -> Table:
        table = Table(box=None, pad_edge=False)
        for name in columns:
            table.add_column(
                self._either(COLUMNS[name]), justify="right" if name in _NUMBERS else "left",
                no_wrap=name not in folded, overflow="fold", min_width=_NARROWEST.get(name),
            )
        return table

    def _show_failing(self, failing: Sequence[Failing]) -> None:
        if not failing:
            self._print("nothing_fails")
            return
        table = self._table(
            "rule", "slice", "what", "failed", "share", "since", "to_do",
            folded=("what", "since", "to_do"),
        )
        for one in failing:
            result = one.result
            title = escape(self._either(Words(result.title_da, result.title_en)))
            table.add_row(
                f"[{_STYLES[result.severity]}]{result.rule_id}[/]",
                result.regime_id or result.process_id or self._said("delivery"),
                title + (" " + self._said("broke") if result.outcome == "ERROR" else ""),
                self._said("of", found=_count(result.n_failed), all=_count(result.n_checked)),
                f"{_number(result.percent)} / {_number(result.threshold)}",
                self._since(one.since), escape(self._either(one.what_to_do)),
            )
        self.console.print(table)

    def _since(self, since: Since | None) -> str:
        """The day; where it may have been so before, that this is the least."""
        if since is None:
            return "–"
        return str(since.on) if since.is_known else self._said("at_least_since", day=since.on)

    def _show_comparisons(self, rows: Sequence[ChangeComparison]) -> None:
        if not rows:
            self._print("concerns_nothing")
            return
        counts = {verdict: sum(one.verdict is verdict for one in rows) for verdict in Verdict}
        self.console.print(", ".join(
            f"{count} {self._either(VERDICTS[verdict])}" for verdict, count in counts.items()
        ))
        table = self._table(
            "process", "measure", "item", "before", "after", "p", "verdict", "adopted", "cause",
            folded=("process", "measure", "item", "cause"),
        )
        for one in rows[:_MOST_SHOWN]:
            verdict = self._either(VERDICTS[one.verdict])
            table.add_row(
                one.process_id, one.measure, escape(one.item), _number(one.value_before),
                _number(one.value_after), _number(one.p_adjusted),
                f"[bold]{verdict}[/]" if one.verdict is Verdict.CHANGED else verdict,
                self._adopted(one), self._either(CAUSES[one.cause]) if one.cause else "–",
            )
        self.console.print(table)
        if len(rows) > _MOST_SHOWN:
            self._print("more", n=len(rows) - _MOST_SHOWN)

    def _adopted(self, one: ChangeComparison) -> str:
        """From when the new way holds; where nothing can be told yet, what that takes."""
        if one.adopted_on is not None:
            return f"{one.adopted_on}" + (f" [red]{self._said('late')}[/]" if one.is_late else "")
        if one.municipalities_needed is not None:
            return self._said("needs_others", n=one.municipalities_needed)
        if one.weeks_needed is not None:
            return self._said("needs_weeks", n=one.weeks_needed)
        return "–"

    def _show_adopters(
        self, found: Sequence[MunicipalityQuality], change: DatedChange, adopters: Sequence[Adopter]
    ) -> None:
        if not adopters:
            self._print("no_adopters", change=change.change_id)
            return
        names = {
            one.municipality.municipality_id: escape(one.municipality.name) for one in found
        }
        self._print("adopters", change=change.change_id)
        table = self._table(
            "municipality", "process", "item", "from", "between", "days", folded=("item", "between")
        )
        for one in adopters:
            late = f" [red]{self._said('late')}[/]" if one.is_late else ""
            table.add_row(
                f"{one.municipality_id} {names.get(one.municipality_id, '')}", one.process_id,
                escape(one.item), str(one.adopted_on or self._said("not_settled")) + late,
                f"{one.adopted_from_on or '–'} / {one.adopted_to_on or '–'}",
                _count(one.adoption_days),
            )
        self.console.print(table)
        late_ones = sorted({one.municipality_id for one in adopters if one.is_late})
        if not late_ones:
            self._print("none_late")
            return
        self._print(
            "late_ones", change=change.change_id,
            names=", ".join(f"{code} {names.get(code, '')}".strip() for code in late_ones),
        )


def _count(number: int | None) -> str:
    return "–" if number is None else f"{number:,}"


def _number(number: float | None) -> str:
    return "–" if number is None else f"{number:.3g}"
