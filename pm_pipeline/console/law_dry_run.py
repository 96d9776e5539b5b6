"""A change of law tried: a banner that says it is not the law, and what would move, as tables."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from pm_pipeline.commands.law_dry_run import DryRun, MunicipalityTrial
from pm_pipeline.law.trial.counts import shown
from pm_pipeline.law.trial.figures import Figure, MartShift
from pm_pipeline.law.trial.outcomes import OUTCOMES, RuleShift, Wording
from pm_pipeline.law.trial.told import ToldShare, told, told_share, touched_shares, wording_of

_FIGURES_SHOWN = 6


def banner_of(run: DryRun) -> str | None:
    """Why what follows is not the law; None where it is."""
    change, day = run.sides.change, run.sides.effective_on
    if not run.sides.is_tried:
        return None
    if change.is_law:
        return (
            f"NOT LAW: {change.change_id} is tried as if it held from {day}; it is the law from "
            f"{change.effective_on}"
        )
    return f"NOT LAW: {change.change_id} is {change.status}, and tried as if it held from {day or '?'}"


def show_dry_run(console: Console, run: DryRun) -> None:
    """The banner, the change, and for each municipality what would move."""
    change, banner = run.sides.change, banner_of(run)
    if banner:
        console.print(Panel(
            f"[bold]{escape(banner)}.[/]\nA dry run in scratch copies: nothing was written, and nobody "
            "may be judged by it.", style="red",
        ))
    console.print(
        f"[bold]{escape(change.change_id)}[/] {escape(change.title_en)} · {escape(change.title_da)} "
        f"({change.certainty}; {escape(change.reference_url)})", soft_wrap=True,
    )
    without = "the law as if it had not happened" if change.is_law else "the law as it is"
    console.print(
        f"Before: {without}; after: with it. Fewer than {run.k} citizens are told as <{run.k}."
    )
    for trial in run.trials:
        _show_trial(console, run, trial)


def _show_trial(console: Console, run: DryRun, trial: MunicipalityTrial) -> None:
    town = trial.municipality
    console.print(
        f"\n[bold]{town.municipality_id} {escape(town.name)}[/], data of {trial.data_of or 'no day'}"
    )
    _show_cases(console, run, trial)
    touched = [one for one in trial.shifts if one.is_touched]
    _show_rules(console, run, touched)
    untouched = len(trial.shifts) - len(touched)
    if untouched:
        console.print(f"[dim]{untouched} more wordings judge the same cases alike.[/]")
    _show_shares(console, run, trial)
    _show_marts(console, [one for one in trial.marts if one.is_touched])


def _show_cases(console: Console, run: DryRun, trial: MunicipalityTrial) -> None:
    if trial.under_new is not None and not trial.under_new.cases:
        hint = (
            f"Try it on the cases there are: --as-if-from {trial.day_to_try}"
            if trial.day_to_try else "There is no case of its processes."
        )
        console.print(
            f"[yellow]No case falls under it from {run.sides.effective_on}.[/] {hint}", soft_wrap=True
        )
    elif trial.under_new is not None:
        console.print(f"Cases under the new regimes: {shown(trial.under_new, run.k)}")
    moved = [one for one in trial.regime_moves if one.before != one.after]
    if moved:
        table = _table("Regime before", "Regime after", right=("Cases",))
        for move in moved:
            table.add_row(
                move.before or "none", move.after or "none", str(shown(move.cases, run.k))
            )
        console.print(table)


def _show_rules(console: Console, run: DryRun, touched: Sequence[RuleShift]) -> None:
    if not touched:
        console.print("No case is judged otherwise by any rule.")
        return
    seen = {name for one in touched for name in (*one.before_counts, *one.after_counts)}
    # what somebody has; these four always: nobody breached is something to know
    always = {"fulfilled", "breached", "pending", "not_computable"}
    outcomes = [one for one in OUTCOMES if one in seen | always]
    table = _table("Rule", "Version", right=("Cases", *(_words(one).capitalize() for one in outcomes)))
    lines = []
    for shift in touched:
        one = told(shift, run.k)
        table.add_row(
            _title(run, shift), _both(shift, "version"), str(one.cases),
            *(one.cell(outcome) for outcome in outcomes),
        )
        lines += [
            f"  {shift.rule_id} {_both(shift, 'version')}: {_words(before)} → {_words(after)}: {count}"
            for (before, after), count in one.moves.items()
        ]
    console.print(table)
    if lines:
        console.print("Cases that move from one outcome to another:")
        for line in lines:
            console.print(line, soft_wrap=True)


def _show_shares(console: Console, run: DryRun, trial: MunicipalityTrial) -> None:
    rows = touched_shares(trial.shares)
    if not rows:
        return
    table = _table(
        "Share of a population", "Version", "Law", right=("Cohort", "Reached", "Pending", "Share"),
    )
    table.add_column("Quota", no_wrap=True)
    for pair in rows:
        for law, row in zip(("before", "after"), pair, strict=True):
            if row is None:
                continue
            one = told_share(row, run.k, pair[0] if row.is_after else None)
            rule = wording_of(
                run.sides.after if row.is_after else run.sides.before,
                row.rule_id, row.version, row.regime_id,
            )
            table.add_row(
                escape(f"{row.rule_id}: {rule.title_en}" if rule else row.rule_id), row.version, law,
                str(one.cohort), str(one.reached), str(one.pending),
                "–" if one.share is None else f"{one.share:.0%}", _quota(one),
            )
    console.print(table)


def _quota(one: ToldShare) -> str:
    required = f"{float(one.row.share_required):.0%}"
    if one.is_met is None:
        return f"{required}: nobody yet" if not one.row.cohort.cases else f"{required}: not told"
    return f"{required}: " + ("[green]met[/]" if one.is_met else "[yellow]not met[/]")


def _show_marts(console: Console, touched: Sequence[MartShift]) -> None:
    if not touched:
        console.print("No published table would hold another row.")
        return
    table = _table("Published table", right=("Rows before", "Rows after", "Gone", "New"))
    for mart in touched:
        counts = (mart.rows_before, mart.rows_after, mart.rows_gone, mart.rows_new)
        table.add_row(mart.name, *(f"{count:,}" for count in counts))
    console.print(table)
    console.print("[dim]Quality suites and discovered models are not made anew in a dry run.[/]")
    for mart in touched:
        # what both laws have first: a row of a regime that only one has is no surprise
        figures = sorted(mart.figures, key=lambda one: one.before is None or one.after is None)
        for figure in figures[:_FIGURES_SHOWN]:
            console.print(f"  {mart.name}: {escape(_figure(figure))}", soft_wrap=True)
        more = len(mart.figures) - _FIGURES_SHOWN
        if more > 0:
            console.print(f"  [dim]{mart.name}: {more} more figures, with --json[/]")


def _figure(figure: Figure) -> str:
    row = " ".join(value for value in figure.row.values() if value)
    before, after = ("–" if one is None else f"{one:,.3f}" for one in (figure.before, figure.after))
    return f"{row}: {figure.name} {before} → {after}"


def _title(run: DryRun, shift: RuleShift) -> str:
    for registry, wording in ((run.sides.after, shift.after), (run.sides.before, shift.before)):
        if wording is not None:
            rule = wording_of(registry, shift.rule_id, wording.version, wording.regime_id)
            if rule is not None:
                return f"{escape(f'{shift.rule_id}: {rule.title_en}')} [dim]{escape(rule.title_da)}[/]"
    return shift.rule_id


def _both(shift: RuleShift, name: str) -> str:
    def of(wording: Wording | None) -> str:
        return "–" if wording is None else str(getattr(wording, name))

    before, after = of(shift.before), of(shift.after)
    return before if before == after else f"{before} → {after}"


def _words(outcome: str) -> str:
    return outcome.replace("_", " ")


def _table(*names: str, right: Sequence[str] = ()) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in names:
        table.add_column(name, overflow="fold")
    for name in right:
        table.add_column(name, justify="right", no_wrap=True)
    return table
