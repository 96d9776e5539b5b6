"""The quality of municipalities in a terminal: what fails, since when, and what to do about it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pm_pipeline.commands.quality import DatedChange, Failing, MunicipalityQuality
from pm_pipeline.quality.effects.comparison import ChangeComparison, Verdict

if TYPE_CHECKING:
    from pm_pipeline.components.launch import RunOutcome

_STYLES = {"critical": "bold red", "warning": "yellow", "info": "dim"}
#: Of one change in one municipality; all of them are in the JSON and in marts.change_comparison.
_MOST_SHOWN = 15


def show_not_law(console: Console, change: DatedChange) -> None:
    """The banner of a change that was announced, or passed without being in force."""
    when = f", planned for {change.on}" if change.on else ", without a day"
    console.print(
        f"[bold black on yellow] NOT LAW [/] {change.change_id} {escape(change.title)}{when}: "
        "nothing happened yet, so nothing is compared. Try it with: "
        f"pm-pipeline law dry-run {change.change_id}", soft_wrap=True,
    )


def show_quality(
    console: Console, found: Sequence[MunicipalityQuality], change: DatedChange | None
) -> None:
    """Per municipality what fails, or what the change did; then who was late with it."""
    for one in found:
        code = one.municipality.municipality_id
        told = ", ".join(f"{count} {outcome}" for outcome, count in one.outcomes.items() if count)
        console.print(
            f"\n[bold]{code} {escape(one.municipality.name)}[/]: {told}; judged as of "
            f"{one.judgement.as_of}, newest: {one.judgement.newest_deliveries or 'no delivery'}",
            soft_wrap=True,
        )
        if change is None:
            _show_failing(console, one.failing)
        else:
            _show_comparisons(console, one.comparisons)
    if change is not None:
        _show_late(console, found, change)
    critical = [one.municipality.municipality_id for one in found if one.is_critical]
    if critical:
        console.print(
            f"\n[bold red]Critical[/] in {', '.join(critical)}: what those rules judged is withheld "
            "from publication.", soft_wrap=True,
        )


def show_failed_runs(console: Console, outcomes: Sequence["RunOutcome"]) -> None:
    """The municipalities that could not be judged, with why."""
    for outcome in outcomes:
        if outcome.status == "failed":
            for error in outcome.errors or ("no step told why; see the run in the UI",):
                console.print(
                    f"[red]{outcome.municipality_id} was not judged:[/] {escape(error)}",
                    soft_wrap=True,
                )


def _show_failing(console: Console, failing: Sequence[Failing]) -> None:
    if not failing:
        console.print("[green]No rule fails.[/]")
        return
    table = Table(box=None, pad_edge=False)
    for name in ("Rule", "Slice"):
        table.add_column(name, no_wrap=True)
    table.add_column("What", overflow="fold")
    table.add_column("Failed", justify="right", no_wrap=True)
    table.add_column("Found / allowed", justify="right", no_wrap=True)
    table.add_column("Since", no_wrap=True)
    table.add_column("What to do", overflow="fold")
    for one in failing:
        result = one.result
        style = _STYLES[result.severity]
        table.add_row(
            f"[{style}]{result.rule_id}[/]",
            result.regime_id or result.process_id or "delivery",
            escape(result.title_en)
            + (" [red](the rule broke)[/]" if result.outcome == "ERROR" else ""),
            f"{_count(result.n_failed)} of {_count(result.n_checked)}",
            f"{_number(result.percent)} / {_number(result.threshold)}",
            str(one.since or "–"),
            escape(one.what_to_do),
        )
    console.print(table)


def _show_comparisons(console: Console, rows: Sequence[ChangeComparison]) -> None:
    if not rows:
        console.print("The change concerns no process or system of this municipality.")
        return
    counts = {verdict: sum(one.verdict is verdict for one in rows) for verdict in Verdict}
    console.print(", ".join(
        f"{count} {verdict.value.replace('_', ' ')}" for verdict, count in counts.items()
    ))
    table = Table(box=None, pad_edge=False)
    for name in ("Process", "Measure", "Item"):
        table.add_column(name, overflow="fold")
    for name in ("Before", "After", "p"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("Verdict", "Adopted"):
        table.add_column(name, no_wrap=True)
    table.add_column("Cause", overflow="fold")
    for one in rows[:_MOST_SHOWN]:
        table.add_row(
            one.process_id, one.measure, escape(one.item), _number(one.value_before),
            _number(one.value_after), _number(one.p_adjusted), _verdict(one), _adopted(one),
            one.cause.value.replace("_", " ") if one.cause else "–",
        )
    console.print(table)
    if len(rows) > _MOST_SHOWN:
        console.print(f"and {len(rows) - _MOST_SHOWN} more (--json, or marts.change_comparison)")


def _verdict(one: ChangeComparison) -> str:
    told = one.verdict.value.replace("_", " ")
    return f"[bold]{told}[/]" if one.verdict is Verdict.CHANGED else told


def _adopted(one: ChangeComparison) -> str:
    """From when the new way holds; where nothing can be told yet, when it will be."""
    if one.adopted_on is not None:
        return f"{one.adopted_on}" + (" [red]late[/]" if one.is_late else "")
    if one.verdict is Verdict.CANNOT_TELL_YET and one.weeks_needed is not None:
        return f"needs {one.weeks_needed} weeks"
    return "–"


def _show_late(
    console: Console, found: Sequence[MunicipalityQuality], change: DatedChange
) -> None:
    late = [one for one in found if one.late]
    if not late:
        console.print(f"\nNo late adopter of {change.change_id} among those asked for.")
        return
    console.print(f"\n[bold]Late with {change.change_id}[/] (in force {change.on}):")
    for one in late:
        last = max(late_one.adopted_on for late_one in one.late if late_one.adopted_on)
        days = max(late_one.adoption_days or 0 for late_one in one.late)
        items = ", ".join(sorted({late_one.item for late_one in one.late})[:5])
        console.print(
            f"  {one.municipality.municipality_id} {escape(one.municipality.name)}: {last}, "
            f"{days} days after ({escape(items)})", soft_wrap=True,
        )


def _count(number: int | None) -> str:
    return "–" if number is None else f"{number:,}"


def _number(number: float | None) -> str:
    return "–" if number is None else f"{number:.3g}"
