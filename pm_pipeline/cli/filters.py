"""`pm-pipeline filters …`: named sets of cases that every figure of the flow is told for."""

from pathlib import Path
from typing import Annotated

import typer

from pm_pipeline.cli.options import DataDir, console, settings_of

app = typer.Typer(help="List, show and add filters: named sets of cases.", no_args_is_help=True)


@app.command("list", epilog="Example: pm-pipeline filters list")
def list_(data_dir: DataDir = None) -> None:
    """List the filters that people wrote, with their conditions."""
    from pm_pipeline.commands.filters import written_filters
    from pm_pipeline.console.filters import show_filters

    show_filters(console, written_filters(settings_of(data_dir)))


@app.command(epilog="Example: pm-pipeline filters show closed_without_talk --yaml")
def show(
    filter_id: Annotated[str, typer.Argument(help="Name of the filter.")],
    as_yaml: Annotated[bool, typer.Option("--yaml", help="As YAML, as `add` reads it.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Show the conditions of one filter."""
    from pm_pipeline.commands.filters import find_filter
    from pm_pipeline.console.filters import show_filter
    from pm_pipeline.registry.filter_files import filter_as_yaml

    rows = find_filter(settings_of(data_dir), filter_id)
    if as_yaml:
        print(filter_as_yaml(rows), end="")
    else:
        show_filter(console, rows)


@app.command(epilog="Example: pm-pipeline filters add my_filter.yml")
def add(
    file: Annotated[Path, typer.Argument(help="A YAML file with one filter.")],
    data_dir: DataDir = None,
) -> None:
    """Add a filter from YAML to the seeds, once every fault in it is mended."""
    from pm_pipeline.commands.filters import add_filter
    from pm_pipeline.console.filters import show_added

    show_added(console, add_filter(settings_of(data_dir), file))
