"""Progress of a run, and its summary at the end."""

from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from pm_pipeline.commands.status import quality_counts
from pm_pipeline.console.quality_words import SAID, withheld_key
from pm_pipeline.publish.receipts import read_receipt
from pm_pipeline.publish.summary import KpiRow, Summary, read_summary
from pm_pipeline.registry import Municipality
from pm_pipeline.settings import Settings

if TYPE_CHECKING:
    from pm_pipeline.components.launch import OnStep, RunOutcome

from pm_pipeline.console.status import quality_cell

#: The three KPIs the end of a run shows, in this order.
SHOWN_KPIS = {
    "time_to_first_talk": "First talk in time",
    "talks_in_window": "Enough talks in the window",
    "caseworker_changes": "Changes of caseworker",
}


class RunProgress:
    """One line per municipality: which step it is at, how far, how long."""

    def __init__(self, console: Console, municipalities: Sequence[Municipality]) -> None:
        self._names = {one.municipality_id: one.name for one in municipalities}
        self._progress = Progress(
            SpinnerColumn(finished_text="•"),
            TextColumn("{task.fields[title]}"),
            BarColumn(bar_width=24),
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
            console=console,
        )
        self._tasks = {
            code: self._progress.add_task("waiting", title=f"{code} {name}", start=False, total=None)
            for code, name in self._names.items()
        }
        self._console = console

    def __enter__(self) -> "RunProgress":
        self._progress.start()
        if not self._console.is_terminal:
            self._console.print(f"Running {len(self._names)} municipalities")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def start(self, municipality_id: str) -> "OnStep":
        """Start the clock of a municipality; the result is called at each of its steps."""
        task = self._tasks[municipality_id]
        self._progress.start_task(task)
        self._progress.update(task, description="starting")

        def on_step(step: str, done: int, total: int) -> None:
            self._progress.update(task, description=step, completed=done, total=total)
            if not self._console.is_terminal:  # a log file wants lines, not a moving bar
                self._console.print(f"  {municipality_id}  {done + 1}/{total}  {step}")

        return on_step

    def finish(self, outcome: "RunOutcome") -> "RunOutcome":
        """Close the line of a municipality."""
        reused = f", {outcome.n_reused} assets reused ({outcome.because})" if outcome.n_reused else ""
        words = {
            "done": f"[green]published[/]{escape(reused)}",
            "up_to_date": "[dim]up to date, reused[/]",
            "failed": "[red]failed[/]",
        }
        task = self._tasks[outcome.municipality_id]
        self._progress.update(task, total=1, completed=1, description=words[outcome.status])
        return outcome



def show_run_summary(
    console: Console,
    settings: Settings,
    municipalities: Sequence[Municipality],
    outcomes: Sequence["RunOutcome"],
) -> None:
    """Rows in, loaded and rejected, quality, three KPIs and where everything is."""
    console.print()
    console.print(_rows_table(settings, municipalities, outcomes))
    console.print(_kpi_table(settings, municipalities))
    _show_withheld(console, settings, municipalities)
    failed = [outcome for outcome in outcomes if outcome.status == "failed"]
    for outcome in failed:
        for error in outcome.errors or ("no step told why; see the run in the UI",):
            console.print(f"[red]{outcome.municipality_id} failed:[/] {escape(error)}", soft_wrap=True)
    if failed:
        console.print("What was published before still stands.")
    if all(outcome.status == "up_to_date" for outcome in outcomes):
        console.print("Everything was up to date: nothing was run.")
    seconds = sum(outcome.seconds for outcome in outcomes)
    for line in (
        f"\nPublished   {settings.data_dir}/published/<code>/ published.duckdb, parquet/, models/",
        f"Warehouses  {settings.data_dir}/work/<code>/warehouse.duckdb",
        f"Runs        {settings.dagster_home} (see them with `pm-pipeline ui`)",
        f"Time        {seconds:.0f} s for {len(outcomes)} municipalities",
    ):
        console.print(line, soft_wrap=True, highlight=False)



def _show_withheld(
    console: Console, settings: Settings, municipalities: Sequence[Municipality]
) -> None:
    for one in municipalities:
        path = settings.published_dir(one.municipality_id) / "published.duckdb"
        line = withheld_line(one.name, read_summary(path)) if path.exists() else None
        if line is not None:
            console.print(line, soft_wrap=True)


def withheld_line(name: str, summary: Summary) -> str | None:
    """What is not published, and the critical rules because of which; None for nothing."""
    if not summary.withheld_for:
        return None
    rules = ", ".join(f"{rule.rule_id} {rule.title_en}" for rule in summary.withheld_for)
    n_slices = len(summary.withheld_slices)
    said = SAID[withheld_key(n_slices, is_all=summary.is_all_withheld)].en
    return (
        f"{summary.municipality_id} {escape(name)}: {said.format(n=n_slices, rules=escape(rules))}"
        " See `pm-pipeline quality --last`."
    )


def _rows_table(
    settings: Settings, municipalities: Sequence[Municipality], outcomes: Sequence["RunOutcome"]
) -> Table:
    table = Table(title="Rows and quality", title_justify="left", box=None, pad_edge=False)
    for name, justify in (
        ("Municipality", "left"), ("Outcome", "left"), ("Rows in", "right"), ("Loaded", "right"),
        ("Rejected", "right"), ("Duplicates", "right"), ("Events", "right"), ("Quality", "left"),
    ):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    by_code = {outcome.municipality_id: outcome for outcome in outcomes}
    for one in municipalities:
        code = one.municipality_id
        receipt = read_receipt(settings.published_dir(code))
        counts: list[int | None] = (
            [receipt.rows_in, receipt.rows_loaded, receipt.rows_rejected,
             receipt.exact_duplicates, receipt.events]
            if receipt else [None] * 5
        )
        quality = quality_counts(settings.quality_dir(code) / "rule_results.parquet")
        table.add_row(
            f"{code} {one.name}",
            by_code[code].status.replace("_", " "),
            *("–" if count is None else f"{count:,}" for count in counts),
            quality_cell(quality),
        )
    return table



def _kpi_table(settings: Settings, municipalities: Sequence[Municipality]) -> Table:
    """The three KPIs of each municipality: its largest published group, with the rule it is about."""
    table = Table(title="\nThree KPIs, each of its largest group", title_justify="left", box=None,
                  pad_edge=False)
    table.add_column("Municipality", no_wrap=True)
    for title in SHOWN_KPIS.values():
        table.add_column(title, overflow="fold", ratio=1)
    for one in municipalities:
        path = settings.published_dir(one.municipality_id) / "published.duckdb"
        if path.exists():
            kpis = read_summary(path).kpis
            table.add_row(
                f"{one.municipality_id} {one.name}",
                *(kpi_cell([row for row in kpis if row.kpi == kpi]) for kpi in SHOWN_KPIS),
            )
    return table



def kpi_cell(rows: Sequence[KpiRow]) -> str:
    """`94% of 122: CV talk within 2 weeks`; `masked` where the figure would single somebody out."""
    if not rows:
        return "– (no group large enough)"
    row = max(rows, key=lambda one: (one.n_cases, one.regime_id or "", one.rule_title_en or ""))
    if row.rule_title_en is None:
        figure = "masked" if row.value is None else f"{row.value:.2f} per case"
        return f"{figure}, {row.n_cases} cases of {row.process_id}"
    figure = "masked" if row.share is None else f"{row.share:.0%}"
    return f"{figure} of {row.n_cases}: {row.rule_title_en} ({row.target_group})"
