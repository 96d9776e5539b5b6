"""`pm-pipeline law …`: a change of law as a maintainer lives it, from its draft to the seeds."""

from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console

from pm_pipeline.cli.options import DataDir, Municipalities, console, settings_of
from pm_pipeline.registry import ChangeKind, ChangeStatus

app = typer.Typer(help="Check the law, draft a change, try it, adopt it.", no_args_is_help=True)
_ChangeId = Annotated[str, typer.Argument(help="The change's id, such as REFORM-2.")]
_Day = typer.Option(formats=["%Y-%m-%d"], help="The first day on which it is the law.")


@app.command(epilog="Example: pm-pipeline law check")
def check(
    draft: Annotated[
        str | None, typer.Option(help="Lay this draft over the law: a change that is not law yet.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for other programs.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Check rows, examples and suites of the law; judge every example by the models' own SQL."""
    from pm_pipeline.commands.law_check import check_law

    settings = settings_of(data_dir)
    if as_json:
        from pm_pipeline.console.law_check_json import law_report_as_json

        report = check_law(settings, draft)
        print(law_report_as_json(report))
    else:
        from pm_pipeline.console.law_check import CheckProgress, show_law_report

        with CheckProgress(console) as progress:
            report = check_law(settings, draft, progress.step)
        show_law_report(console, report)
    if not report.is_ok:
        raise typer.Exit(1)


@app.command(
    epilog="Example: pm-pipeline law new REFORM-2 --process kontanthjaelp --effective-on 2027-01-01"
)
def new(
    change_id: _ChangeId,
    effective_on: Annotated[datetime, _Day],
    process: Annotated[
        list[str] | None, typer.Option("--process", "-p", help="A process it changes; repeat it.")
    ] = None,
    kind: Annotated[ChangeKind, typer.Option(help="What kind of change.")] = ChangeKind.RULE,
    act: Annotated[str | None, typer.Option(help="The act, such as 'Lov nr. 1 af 1.1.2027'.")] = None,
    url: Annotated[str | None, typer.Option(help="Where it can be read.")] = None,
    title_da: Annotated[str | None, typer.Option("--title-da", help="Its title in Danish.")] = None,
    title_en: Annotated[str | None, typer.Option("--title-en", help="Its title in English.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Begin the draft of a change: rows, examples and suites copied from the law before it."""
    from pm_pipeline.commands.law_drafts import begin_draft
    from pm_pipeline.console.law_drafts import show_new_draft
    from pm_pipeline.law.drafts.rows import NewDraft

    settings = settings_of(data_dir)
    begun = NewDraft(
        change_id=change_id, process_ids=tuple(dict.fromkeys(process or ())),
        effective_on=effective_on.date(), kind=kind, act=act, url=url,
        title_da=title_da, title_en=title_en,
    )
    show_new_draft(console, settings.drafts_dir, begun, begin_draft(settings, begun))


@app.command(
    "dry-run", epilog="Example: pm-pipeline law dry-run REFORM-1B --as-if-from 2025-07-01 -m 901"
)
def dry_run(
    change_id: _ChangeId,
    municipality: Municipalities = None,
    as_if_from: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Let it hold from this day, on the cases there are."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for other programs.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Evaluate the law without and with a change on the loaded data; nothing is written."""
    from pm_pipeline.commands.law_dry_run import dry_run as tried
    from pm_pipeline.console.law_dry_run import show_dry_run
    from pm_pipeline.console.law_dry_run_json import dry_run_as_json

    settings = settings_of(data_dir)
    with Console(stderr=True).status("Reading the law …") as status:
        run = tried(
            settings, change_id, municipality or [], as_if_from.date() if as_if_from else None,
            lambda code, step: status.update(f"{code}: {step} …"),
        )
    if as_json:
        print(dry_run_as_json(run))
    else:
        show_dry_run(console, run)


@app.command(
    epilog="Example: pm-pipeline law adopt REFORM-2 --status in_force --effective-on 2027-01-01 "
    "--url https://www.retsinformation.dk/…"
)
def adopt(
    change_id: _ChangeId,
    status: Annotated[ChangeStatus, typer.Option(help="in_force, or ended.")],
    effective_on: Annotated[datetime, _Day],
    url: Annotated[str, typer.Option(help="Where the act that was passed can be read.")],
    data_dir: DataDir = None,
) -> None:
    """Make the draft of a change law: its rows, examples and suites move to the seeds, or none do."""
    from pm_pipeline.commands.law_drafts import adopt_draft
    from pm_pipeline.console.law_drafts import show_adopted

    settings = settings_of(data_dir)
    with Console(stderr=True).status("Checking the law with it …"):
        written = adopt_draft(settings, change_id, status, effective_on.date(), url)
    show_adopted(console, change_id, effective_on.date(), written)


@app.command(epilog="Example: pm-pipeline law diff REFORM-1B")
def diff(
    first: Annotated[
        str, typer.Argument(help="A day, a change or a regime; alone: the day before and the day.")
    ],
    second: Annotated[str | None, typer.Argument(help="The later day, change or regime.")] = None,
    english: Annotated[bool, typer.Option("--english", help="In English instead of Danish.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for other programs.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Say which rules, activities, codes, suites, models, KPIs and municipalities a change touches."""
    from pm_pipeline.commands.law_diff import law_diff
    from pm_pipeline.console.law_diff import show_law_diff
    from pm_pipeline.console.law_diff_json import law_diff_as_json

    settings = settings_of(data_dir)
    if as_json:
        print(law_diff_as_json(law_diff(settings, first, second)))
        return
    with console.status("Comparing the law of two days …"):  # dbt reads the project when it was edited
        told = law_diff(settings, first, second)
    show_law_diff(console, told, english=english)
