"""The commands that stand alone, and the entry point."""

import sys
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console

from pm_pipeline.cli import (
    compare,
    deliveries,
    filters,
    law,
    quality,
    rejects,
    verdicts,
    what_if,
)
from pm_pipeline.cli.options import DataDir, Files, Municipalities, System, console, settings_of
from pm_pipeline.errors import PipelineError

app = typer.Typer(
    name="pm-pipeline",
    help="Process mining for public casework: from case-system exports to published results.",
    no_args_is_help=True,
    add_completion=False,
    # A traceback that shows local variables would show personal values.
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.add_typer(deliveries.app, name="deliveries")
app.add_typer(rejects.app, name="rejects")
app.add_typer(law.app, name="law")
app.add_typer(filters.app, name="filters")
app.add_typer(verdicts.app, name="verdicts")
app.command(epilog="Example: pm-pipeline compare 901 902 --filter kontanthjaelp --lang en")(
    compare.compare
)
app.command(epilog="Example: pm-pipeline quality -m 901 --change REFORM-1B")(quality.quality)
app.command(
    epilog="Example: pm-pipeline what-if -m 901 --activity JOBSAMTALE --quota-now 42 --quota 30"
)(what_if.what_if)


@app.command(epilog="Example: pm-pipeline demo --citizens 300")
def demo(
    data_dir: DataDir = None,
    citizens: Annotated[
        int | None,
        typer.Option(min=20, help="Citizens per municipality; the demo's own size if not given."),
    ] = None,
) -> None:
    """Generate deliveries of five fictional municipalities and register them in landing."""
    from pm_pipeline.commands.demo import register_demo
    from pm_pipeline.console.demo import show_demo

    settings = settings_of(data_dir)
    with console.status("Writing the deliveries of five municipalities that do not exist …"):
        registered = register_demo(settings, citizens)
    show_demo(console, settings, registered)



@app.command(
    epilog="Example: pm-pipeline deliver -m 901 -s momentum --delivered-on 2025-07-01 export/*.csv"
)
def deliver(
    files: Files,
    municipality: Annotated[str, typer.Option("--municipality", "-m", help="Municipality code.")],
    system: System,
    delivered_on: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="The day the export was made.")
    ],
    data_dir: DataDir = None,
) -> None:
    """Register files as a delivery in landing; nothing is loaded yet."""
    from pm_pipeline.commands.deliver import deliver_files

    delivery = deliver_files(
        settings_of(data_dir), municipality, system, delivered_on.date(), files
    )
    verb = "was already there" if delivery.already_there else "registered"
    console.print(
        f"Delivery [bold]{delivery.delivery_id}[/] of {system} for {municipality} {verb}: "
        f"{len(delivery.files)} files. Load it with: pm-pipeline run -m {municipality}"
    )



@app.command(epilog="Example: pm-pipeline extract -m 901 -s own_database --delivered-on 2025-07-01")
def extract(
    municipality: Annotated[str, typer.Option("--municipality", "-m", help="Municipality code.")],
    system: System,
    delivered_on: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="The day the data are of: today, as a rule.")
    ],
    data_dir: DataDir = None,
) -> None:
    """Read a system's database tables into landing as a delivery; the address is in PM_KEY_DIR."""
    from pm_pipeline.commands.extract import extract_delivery

    delivery = extract_delivery(settings_of(data_dir), municipality, system, delivered_on.date())
    verb = "was already there" if delivery.already_there else "extracted"
    console.print(
        f"Delivery [bold]{delivery.delivery_id}[/] of {system} for {municipality} {verb}: "
        f"{len(delivery.files)} tables. Load it with: pm-pipeline run -m {municipality}"
    )


@app.command(epilog="Example: pm-pipeline run -m 901 -m 903")
def run(
    municipality: Municipalities = None,
    force: Annotated[bool, typer.Option("--force", help="Also when nothing changed.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Materialise what is needed: for every municipality with deliveries, or those named."""
    from pm_pipeline.commands.status import municipalities_to_run
    from pm_pipeline.console.run import RunProgress, show_run_summary

    settings = settings_of(data_dir)
    chosen = municipalities_to_run(settings, municipality or [])
    with RunProgress(console, chosen) as progress:
        from pm_pipeline.components.launch import run_municipalities

        outcomes = [
            progress.finish(outcome)
            for outcome in run_municipalities(
                settings,
                [one.municipality_id for one in chosen],
                force=force,
                on_start=progress.start,
            )
        ]
    show_run_summary(console, settings, chosen, outcomes)
    if any(outcome.status == "failed" for outcome in outcomes):
        raise typer.Exit(1)



@app.command(epilog="Example: pm-pipeline status")
def status(data_dir: DataDir = None) -> None:
    """Show per municipality the last delivery, rows, rejects, quality and when it was published."""
    from pm_pipeline.commands.status import municipality_statuses
    from pm_pipeline.console.status import show_status

    show_status(console, municipality_statuses(settings_of(data_dir)))



@app.command(epilog="Example: pm-pipeline validate -s fasit fasit_2025-07.csv")
def validate(
    files: Files,
    system: System,
    delivered_on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Choose the contract version of this day; today."),
    ] = None,
    partial: Annotated[
        bool, typer.Option("--partial", help="These are only some of a delivery's files.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for other programs.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Say what loading these files as a delivery would find, without loading anything."""
    from pm_pipeline.commands.deliver import validate_delivery
    from pm_pipeline.console.validation import show_validation, validation_as_json

    report = validate_delivery(
        settings_of(data_dir), system, files,
        delivered_on=delivered_on.date() if delivered_on else None, whole=not partial,
    )
    if as_json:
        print(validation_as_json(report))
    else:
        show_validation(console, report)
    if not report.is_ok:
        raise typer.Exit(1)



@app.command(epilog="Example: pm-pipeline ui --port 3000")
def ui(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 3000,
    data_dir: DataDir = None,
) -> None:
    """Open Dagster on this machine only, with the runs of the command line in its history."""
    from pm_pipeline.components.ui import serve

    settings = settings_of(data_dir)
    console.print(f"Dagster opens on [bold]http://127.0.0.1:{port}[/]; Ctrl-C stops it.")
    serve(settings, port)



def main() -> None:
    """The console entry point: failures of the work end as one message and an exit code."""
    try:
        app()
    except PipelineError as error:
        Console(stderr=True).print(f"[red]pm-pipeline:[/] {_escaped(str(error))}", soft_wrap=True)
        sys.exit(error.exit_code)



def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)
