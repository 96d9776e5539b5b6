"""`pm-pipeline deliveries …`: what was delivered, what became of it, what its sender should
mend; taking one back."""

from typing import Annotated

import typer

from pm_pipeline.cli.options import DataDir, Municipalities, console, settings_of

app = typer.Typer(
    help="List the deliveries, report on one to its sender, withdraw one or take it in again.",
    no_args_is_help=True,
)
_Municipality = Annotated[str, typer.Option("--municipality", "-m", help="Municipality code.")]
_Delivery = Annotated[str, typer.Argument(help="The delivery's id, or the beginning of it.")]


@app.command("list", epilog="Example: pm-pipeline deliveries list -m 901")
def list_(
    municipality: Municipalities = None,
    system: Annotated[str | None, typer.Option("--system", "-s", help="Only this system.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for other programs.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Every delivery with its day, rows, contract version and state."""
    from pm_pipeline.commands.deliveries import delivery_states
    from pm_pipeline.console.deliveries import deliveries_as_json, show_deliveries

    states = delivery_states(settings_of(data_dir), municipality or [], system)
    if as_json:
        print(deliveries_as_json(states))
    else:
        show_deliveries(console, states)


@app.command(epilog="Example: pm-pipeline deliveries report -m 901 -s momentum")
def report(
    municipality: _Municipality,
    delivery: Annotated[
        str | None, typer.Argument(help="Its id, or the beginning of it; the newest of each system.")
    ] = None,
    system: Annotated[str | None, typer.Option("--system", "-s", help="Only this system.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for other programs.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Write the page for the sender of a delivery: what failed, how many, where, what to mend."""
    from pm_pipeline.commands.delivery_reports import report_deliveries
    from pm_pipeline.console.delivery_reports import reports_as_json, show_reports

    written = report_deliveries(settings_of(data_dir), municipality, system, delivery)
    if as_json:
        print(reports_as_json(written))
    else:
        show_reports(console, written)


@app.command(
    epilog="Example: pm-pipeline deliveries withdraw -m 901 20250701-0123456789ab --reason 'Test data'"
)
def withdraw(
    delivery: _Delivery,
    municipality: _Municipality,
    reason: Annotated[str, typer.Option(help="Why; it stands in the list. No personal data.")],
    erase_files: Annotated[
        bool, typer.Option("--erase-files", help="Also remove the files themselves from landing.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Take a delivery back: after the next run it is as if it had never come."""
    from pm_pipeline.commands.deliveries import take_back

    gone = take_back(settings_of(data_dir), municipality, delivery, reason, erase_files=erase_files)
    console.print(
        f"Delivery [bold]{gone.delivery_id}[/] of {gone.system} is withdrawn"
        f"{' and its files are erased' if erase_files else ''}. "
        f"Make the figures follow with: pm-pipeline run -m {municipality}"
    )


@app.command(epilog="Example: pm-pipeline deliveries restore -m 901 20250701-0123456789ab")
def restore(delivery: _Delivery, municipality: _Municipality, data_dir: DataDir = None) -> None:
    """Undo a withdrawal whose files are still there."""
    from pm_pipeline.commands.deliveries import put_back

    back = put_back(settings_of(data_dir), municipality, delivery)
    console.print(
        f"Delivery [bold]{back.delivery_id}[/] of {back.system} counts again. "
        f"Load it with: pm-pipeline run -m {municipality}"
    )
