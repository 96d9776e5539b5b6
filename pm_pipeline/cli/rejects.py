"""`pm-pipeline rejects …`: what did not enter, why, and whether a mending brought it in."""

from typing import Annotated

import typer

from pm_pipeline.cli.options import DataDir, System, console, settings_of

app = typer.Typer(
    help="Count what was rejected, explain it row by row, and try it again.", no_args_is_help=True
)
_Municipality = Annotated[str, typer.Option("--municipality", "-m", help="Municipality code.")]


@app.command("list", epilog="Example: pm-pipeline rejects list -m 901")
def list_(
    municipality: _Municipality,
    system: Annotated[str | None, typer.Option("--system", "-s", help="Only this system.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Count rejects by table, column and reason: at the door, and in the warehouse."""
    from pm_pipeline.commands.rejects import count_rejects
    from pm_pipeline.console.rejects import show_reject_counts

    show_reject_counts(console, count_rejects(settings_of(data_dir), municipality, system))


@app.command(epilog="Example: pm-pipeline rejects explain -m 901 -s momentum --column held_at")
def explain(
    municipality: _Municipality,
    system: System,
    delivery: Annotated[str | None, typer.Option(help="Id of a delivery, or its beginning.")] = None,
    table: Annotated[str | None, typer.Option(help="Only this table of the contract.")] = None,
    column: Annotated[str | None, typer.Option(help="Only this column of the contract.")] = None,
    reason: Annotated[str | None, typer.Option(help="Only this reason code.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many.")] = 20,
    show_values: Annotated[
        bool,
        typer.Option("--show-values", help="Read the rejected values from landing: PERSONAL DATA."),
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Tell single rejects: file, line, column, what was expected, what to do."""
    from pm_pipeline.commands.rejects import explain_rejects
    from pm_pipeline.console.rejects import show_rejects

    show_rejects(console, explain_rejects(
        settings_of(data_dir), municipality, system, delivery_id=delivery, table=table, column=column,
        reason=reason, limit=limit, show_values=show_values,
    ))


@app.command(epilog="Example: pm-pipeline rejects replay -m 901")
def replay(municipality: _Municipality, data_dir: DataDir = None) -> None:
    """Load and build again what a mended contract or mapping concerns; counts before and after."""
    from pm_pipeline.commands.rejects import count_rejects
    from pm_pipeline.commands.status import municipalities_to_run
    from pm_pipeline.console.rejects import show_replay
    from pm_pipeline.console.run import RunProgress

    settings = settings_of(data_dir)
    chosen = municipalities_to_run(settings, [municipality])
    before = count_rejects(settings, municipality)
    with RunProgress(console, chosen) as progress:
        from pm_pipeline.components.launch import run_municipalities

        (outcome,) = [
            progress.finish(one)
            for one in run_municipalities(settings, [municipality], on_start=progress.start)
        ]
    show_replay(console, outcome, before, count_rejects(settings, municipality))
    if outcome.status == "failed":
        raise typer.Exit(1)
