"""`pm-pipeline verdicts …`: what caseworkers say of the map."""

from datetime import datetime
from typing import Annotated

import typer

from pm_pipeline.cli.options import DataDir, Municipalities, console, settings_of

app = typer.Typer(
    help="List and add verdicts of caseworkers on activities, edges and paths.", no_args_is_help=True
)


@app.command("list", epilog="Example: pm-pipeline verdicts list -m 901")
def list_(municipality: Municipalities = None, data_dir: DataDir = None) -> None:
    """List the verdicts, which of them stand, and which were overtaken by a later one."""
    from pm_pipeline.commands.verdicts import written_verdicts
    from pm_pipeline.console.verdicts import show_verdicts

    show_verdicts(console, written_verdicts(settings_of(data_dir), municipality or []))


@app.command(
    epilog="Example: pm-pipeline verdicts add edge JOBSAMTALE MIN_PLAN -m 901 --process kontanthjaelp"
    " --verdict real --role 'Sagsbehandlere i jobcentret' --reason-da 'Planen skrives under samtalen'"
    " --reason-en 'The plan is written during the talk'"
)
def add(
    kind: Annotated[str, typer.Argument(help="activity, edge or variant (a whole path).")],
    activities: Annotated[
        list[str], typer.Argument(help="The activity, the two of the edge, or all of the path.")
    ],
    municipality: Annotated[str, typer.Option("--municipality", "-m", help="Municipality code.")],
    process: Annotated[str, typer.Option(help="kontanthjaelp, …")],
    verdict: Annotated[str, typer.Option(help="real, registration_artefact or wrong.")],
    role: Annotated[str, typer.Option(help="Who judged: a role, never a person.")],
    reason_da: Annotated[str, typer.Option(help="Why, in Danish.")],
    reason_en: Annotated[str, typer.Option(help="Why, in English.")],
    judged_on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day it was judged.", show_default="today"),
    ] = None,
    notes: Annotated[str, typer.Option(help="Source and decisions, in words.")] = "",
    data_dir: DataDir = None,
) -> None:
    """Add a verdict to the seeds, once every fault in it is mended; the latest of a subject stands."""
    from pm_pipeline.commands.verdicts import add_verdict
    from pm_pipeline.console.verdicts import show_added

    told = {
        "municipality_id": municipality, "process_id": process, "kind": kind,
        "activity_ids": "|".join(activities), "verdict": verdict, "judged_by_role": role,
        "reason_da": reason_da, "reason_en": reason_en, "notes": notes,
    }  # fmt: skip
    show_added(
        console, add_verdict(settings_of(data_dir), told, judged_on.date() if judged_on else None)
    )
