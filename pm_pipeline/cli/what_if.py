"""`pm-pipeline what-if`: a queue of talks replayed under another quota or staffing."""

from typing import Annotated

import typer

from pm_pipeline.cli.options import DataDir, console, settings_of


def what_if(
    municipality: Annotated[str, typer.Option("--municipality", "-m", help="Municipality code.")],
    activity: Annotated[str, typer.Option("--activity", "-a", help="What people are called to.")],
    quota_now: Annotated[
        int, typer.Option(min=1, max=365, help="Days after a talk by which the next is due now.")
    ],
    quota: Annotated[
        int | None, typer.Option(min=1, max=365, help="The quota asked about, in days.")
    ] = None,
    staffing: Annotated[
        float | None,
        typer.Option(min=0.01, max=10, help="Talks that can be held, as a multiple of now."),
    ] = None,
    first: Annotated[
        int | None,
        typer.Option(min=1, max=365, help="Days after registration by which the first is due."),
    ] = None,
    process: Annotated[
        str | None, typer.Option("--process", "-p", help="Where several have the activity.")
    ] = None,
    english: Annotated[bool, typer.Option("--english", help="In English instead of Danish.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Ask what more staff or another quota would do to the queue of a talk; nothing is written."""
    from pm_pipeline.commands.what_if import ask_what_if
    from pm_pipeline.console.what_if import show_what_if

    with console.status("Replaying the queue …"):
        rows = ask_what_if(
            settings_of(data_dir), municipality, activity, process, quota_days=quota_now,
            first_days=first, new_quota_days=quota, staffing=staffing,
        )
    show_what_if(console, rows, english=english)
