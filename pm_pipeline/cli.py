"""`pm-pipeline …`: thin, each command calls one function elsewhere.

Exit codes: 0 done, 1 the work failed, 2 the call was wrong.
"""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console

from pm_pipeline.errors import PipelineError, UsageError
from pm_pipeline.settings import Settings, get_settings, use_data_dir

app = typer.Typer(
    name="pm-pipeline",
    help="Process mining for public casework: from case-system exports to published results.",
    no_args_is_help=True,
    add_completion=False,
    # A traceback that shows local variables would show personal values.
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
console = Console()
if not console.is_terminal:
    console.width = 120  # a log file has room: nothing is cut to fit a screen of eighty columns

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir", envvar="PM_DATA_DIR", help="Where everything is read and made.",
        show_default="./data",
    ),
]
Municipalities = Annotated[
    list[str] | None,
    typer.Option("--municipality", "-m", help="Municipality code; repeat it for several."),
]
Files = Annotated[list[Path], typer.Argument(help="The files as the system exported them.")]
System = Annotated[str, typer.Option("--system", "-s", help="momentum, fasit, event_log, …")]


def _settings(data_dir: Path | None) -> Settings:
    try:
        settings = use_data_dir(data_dir) if data_dir else get_settings()
    except ValidationError as error:
        # the name and what was expected, never the value: a variable may hold a password
        faults = [f"PM_{fault['loc'][0]}".upper() + f": {fault['msg']}" for fault in error.errors()]
        raise UsageError("the settings are wrong: " + "; ".join(faults)) from None
    if settings.data_dir.exists() and not settings.data_dir.is_dir():
        raise UsageError(f"{settings.data_dir}: expected a folder (--data-dir), found a file")
    return settings


@app.command(epilog="Example: pm-pipeline demo --citizens 300")
def demo(
    data_dir: DataDir = None,
    citizens: Annotated[
        int | None,
        typer.Option(min=20, help="Citizens per municipality; the demo's own size if not given."),
    ] = None,
) -> None:
    """Generate deliveries of five fictional municipalities and register them in landing."""
    from pm_pipeline.commands import register_demo
    from pm_pipeline.console import show_demo

    settings = _settings(data_dir)
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
    from pm_pipeline.commands import deliver_files

    delivery = deliver_files(
        _settings(data_dir), municipality, system, delivered_on.date(), files
    )
    verb = "was already there" if delivery.already_there else "registered"
    console.print(
        f"Delivery [bold]{delivery.delivery_id}[/] of {system} for {municipality} {verb}: "
        f"{len(delivery.files)} files. Load it with: pm-pipeline run -m {municipality}"
    )


@app.command(epilog="Example: pm-pipeline run -m 901 -m 903")
def run(
    municipality: Municipalities = None,
    force: Annotated[bool, typer.Option("--force", help="Also when nothing changed.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Materialise what is needed: for every municipality with deliveries, or those named."""
    from pm_pipeline.commands import municipalities_to_run
    from pm_pipeline.console import RunProgress, show_run_summary

    settings = _settings(data_dir)
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
    from pm_pipeline.commands import municipality_statuses
    from pm_pipeline.console import show_status

    show_status(console, municipality_statuses(_settings(data_dir)))


@app.command(epilog="Example: pm-pipeline validate -s fasit fasit_2025-07.csv")
def validate(files: Files, system: System, data_dir: DataDir = None) -> None:
    """Check files against the contract of their system without loading anything."""
    from pm_pipeline.commands import validate_delivery
    from pm_pipeline.console import show_validation

    report = validate_delivery(_settings(data_dir), system, files)
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

    settings = _settings(data_dir)
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


if __name__ == "__main__":
    main()
