"""`pm-pipeline compare …`: two municipalities side by side, of what both have published."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pm_pipeline.cli.options import DataDir, console, settings_of
from pm_pipeline.errors import UsageError


class Language(StrEnum):
    DA = "da"
    EN = "en"


def compare(
    first: Annotated[str, typer.Argument(help="Municipality code: A.")],
    second: Annotated[str, typer.Argument(help="Municipality code: B.")],
    filter_id: Annotated[
        str | None,
        typer.Option("--filter", help="A published filter; every process they share if not given."),
    ] = None,
    lang: Annotated[Language, typer.Option("--lang", help="Language of words and map.")] = Language.DA,
    svg: Annotated[
        Path | None, typer.Option("--map", help="Write the difference map here, as an SVG.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Lay two municipalities side by side: how often and how fast, of published figures alone."""
    from pm_pipeline.commands.compare import compare_published, write_map
    from pm_pipeline.console.compare import show_comparison

    if svg is not None and filter_id is None:
        raise UsageError("a map shows one filter: say which with --filter, for example a process")
    found = compare_published(settings_of(data_dir), first, second, filter_id, lang)
    for comparison in found:
        show_comparison(console, comparison, lang)
    if svg is not None:
        write_map(found[0], lang, svg)
        console.print(str(svg), soft_wrap=True, markup=False)
