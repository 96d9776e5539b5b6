"""`pm-pipeline quality`: judge what is there, and say what fails or what a change did."""

from typing import Annotated

import typer
from rich.console import Console

from pm_pipeline.cli.options import DataDir, Municipalities, console, settings_of


def quality(
    municipality: Municipalities = None,
    change: Annotated[
        str | None,
        typer.Option("--change", help="A change of law or a release: before against after."),
    ] = None,
    last: Annotated[
        bool, typer.Option("--last", help="Show the last judgement; judge nothing.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 where a critical rule fails.")
    ] = False,
    english: Annotated[bool, typer.Option("--english", help="In English instead of Danish.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for other programs.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Judge the data of municipalities anew: what fails, since when, and what to do about it.

    Data that fails is no failure of the work: the exit code is 0 unless --strict is given.
    """
    from pm_pipeline.commands.quality import adopters_of, find_change, read_quality
    from pm_pipeline.commands.status import municipalities_to_run
    from pm_pipeline.console.quality import QualityPage
    from pm_pipeline.console.quality_json import quality_as_json

    settings = settings_of(data_dir)
    page = QualityPage(console, english=english)
    asked = find_change(settings, change) if change is not None else None
    if asked is not None and asked.is_law is False:
        if as_json:
            print(quality_as_json([], asked))
        else:
            page.show_not_law(asked)
        return
    chosen = municipalities_to_run(settings, municipality or [])
    outcomes = []
    if not last:
        from pm_pipeline.components.launch import run_municipalities
        from pm_pipeline.console.run import RunProgress

        # standard output is for the answer
        with RunProgress(Console(stderr=True), chosen) as progress:
            outcomes = [
                progress.finish(outcome)
                for outcome in run_municipalities(
                    settings, [one.municipality_id for one in chosen], judge=True,
                    on_start=progress.start,
                )
            ]
    failed = {outcome.municipality_id for outcome in outcomes if outcome.status == "failed"}
    found = [
        read_quality(settings, one, asked) for one in chosen if one.municipality_id not in failed
    ]
    adopters = adopters_of(settings, chosen, asked) if asked is not None else ()
    if as_json:
        print(quality_as_json(found, asked, outcomes, adopters))
    else:
        page.show(found, asked, adopters)
        page.show_failed_runs(outcomes)
    if failed or (strict and any(one.is_critical for one in found)):
        raise typer.Exit(1)
