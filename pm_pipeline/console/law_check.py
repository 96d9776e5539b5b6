"""The check of the law: faults, the days on which law changes, examples that came out otherwise."""

from collections import defaultdict
from collections.abc import Sequence
from types import TracebackType

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table

from pm_pipeline.commands.law_check import LawReport
from pm_pipeline.law.scenarios.boundaries import BoundaryDay
from pm_pipeline.law.scenarios.form import Given
from pm_pipeline.law.scenarios.judging import Judgement
from pm_pipeline.registry import LegalChange


class CheckProgress:
    """One moving line in a terminal; in a log file one line per step."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=24),
            MofNCompleteColumn(), console=console, transient=True,
        )
        self._task = self._progress.add_task("reading the law", total=None)
        self._told = ""

    def __enter__(self) -> "CheckProgress":
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def step(self, what: str, done: int, total: int) -> None:
        """Show what is being done and how far it is."""
        self._progress.update(self._task, description=what, completed=done, total=total or None)
        if not self._console.is_terminal and what != self._told:
            self._console.print(f"  {what}", highlight=False)
        self._told = what


def show_law_report(console: Console, report: LawReport) -> None:
    """The findings, what was tried out, what is not known or not law, and the verdict."""
    if report.draft:
        console.print(
            f"[bold yellow]DRAFT[/] {escape(report.draft)} is laid over the law as if in force; "
            "outside this check it feeds nothing.", soft_wrap=True
        )
    for finding in report.findings:
        console.print(f"[red]fault:[/] {escape(str(finding))}", soft_wrap=True, highlight=False)
    for fault in (report.suite_fault, *(report.model_fault or "").splitlines()):
        if fault:
            console.print(f"[red]fault:[/] {escape(fault)}", soft_wrap=True, highlight=False)
    if not report.stopped_at_seeds:
        console.print(_boundary_table(report.boundaries))
        console.print(_example_table(report.judgements))
        for judgement in report.judgements:
            if not judgement.is_right:
                _show_difference(console, judgement)
    _show_changes(console, "Not law, feeds nothing", report.not_law)
    _show_changes(console, "Day of effect unknown", report.unknown_days)
    console.print(_verdict(report), soft_wrap=True, highlight=False)


def _boundary_table(days: Sequence[BoundaryDay]) -> Table:
    table = Table(
        title="Regime of a case begun on the days on which law changes", title_justify="left",
        box=None, pad_edge=False,
    )
    for name in ("Process", "Day", "Change", "The day before", "The day", "The day after"):
        table.add_column(name, overflow="fold")
    by_change: dict[tuple[str, str, str], list[BoundaryDay]] = defaultdict(list)
    for one in days:
        by_change[one.process_id, str(one.changes_on), one.change_id].append(one)
    for key, three in by_change.items():
        table.add_row(*key, *(_regime(one) for one in three))
    return table


def _regime(one: BoundaryDay) -> str:
    found = (one.found or "no law").removeprefix(f"{one.process_id}__")
    if one.is_right:
        return found
    return f"[red]{found}, not {(one.expected or 'no law').removeprefix(f'{one.process_id}__')}[/]"


def _example_table(judgements: Sequence[Judgement]) -> Table:
    table = Table(
        title="Examples, judged by the models' SQL", title_justify="left", box=None, pad_edge=False
    )
    table.add_column("Rule", overflow="fold")
    table.add_column("Version")
    table.add_column("Regime", overflow="fold")
    for name in ("Met", "Broken", "Other", "As expected"):
        table.add_column(name, justify="right")
    by_rule: dict[tuple[str, str, str], list[Judgement]] = defaultdict(list)
    for one in judgements:
        rule = one.example.rule
        by_rule[rule.rule_id, rule.version, rule.regime_id].append(one)
    for key, mine in by_rule.items():
        meets = [one.example.meets for one in mine]
        right = sum(one.is_right for one in mine)
        table.add_row(
            *key, *(str(meets.count(one)) for one in (True, False, None)),
            f"[{'green' if right == len(mine) else 'red'}]{right} of {len(mine)}[/]",
        )
    return table


def _show_difference(console: Console, judgement: Judgement) -> None:
    """Given, expected, found: what is needed to see which of the two is wrong, rule or example."""
    example = judgement.example
    scenario = example.scenario
    console.print(
        f"[red]not as expected:[/] [bold]{escape(scenario.story.name)}[/] "
        f"({scenario.file} line {scenario.line}; version {example.rule.version}, "
        f"{example.rule.regime_id})", soft_wrap=True, highlight=False,
    )
    for number, course in enumerate(scenario.story.courses, start=1):
        which = f"given case {number}" if example.is_of_a_cohort else "given"
        console.print(f"  {which}: {escape(told_course(course))}", soft_wrap=True, highlight=False)
    console.print(f"  seen on {example.as_of}", highlight=False)
    for one in judgement.differences:
        console.print(
            f"  {one.column}: expected {_shown(one.expected)}, found {_shown(one.found)}"
            + _because(judgement, one.column), soft_wrap=True, highlight=False,
        )


def told_course(given: Given) -> str:
    """A course in one line."""
    parts = [f"group {given.target_group}"] if given.target_group else []
    parts += [
        f"{name} {value}"
        for name in ("registered", "closed", "fund", "region", "municipality")
        if (value := getattr(given, name)) is not None
    ]
    if not given.start_in_data:
        parts.append("its start is not in the data")
    parts += [" ".join(filter(None, (f"{act.on}", act.activity_id, act.party))) for act in given.events]
    return ", ".join(parts)


def _shown(value: object) -> str:
    return "nothing" if value is None else str(value)


def _because(judgement: Judgement, column: str) -> str:
    reason = judgement.found.get("reason")
    return f" ({reason})" if column == "outcome" and reason else ""


def _show_changes(console: Console, title: str, changes: Sequence[LegalChange]) -> None:
    if not changes:
        return
    told = ", ".join(f"{one.change_id} ({one.status})" for one in changes)
    console.print(f"[yellow]{title}:[/] {escape(told)}", soft_wrap=True, highlight=False)


def _verdict(report: LawReport) -> str:
    registry = report.registry
    size = (
        f"{len(registry.changes)} changes, {len(registry.regimes)} regimes, "
        f"{len(registry.rules)} rules, {len(report.judgements)} examples"
    )
    if report.is_ok and report.draft:
        return (
            f"[green]With {escape(report.draft)} the law would be whole:[/] {size}. "
            "It is a draft and not law."
        )
    if report.is_ok:
        return f"[green]The law is whole:[/] {size}."
    faults = len(report.findings) + (report.suite_fault is not None)
    faults += len((report.model_fault or "").splitlines())
    wrong = sum(not one.is_right for one in report.judgements)
    days = sum(not one.is_right for one in report.boundaries)
    parts = [f"{faults} fault{'' if faults == 1 else 's'}"]
    if report.stopped_at_seeds:
        parts.append("nothing was judged: mend the seeds first")
    else:
        parts += [f"{wrong} examples not as expected", f"{days} days under another regime"]
    return f"[red]The law is not whole:[/] {', '.join(parts)} ({size})."
