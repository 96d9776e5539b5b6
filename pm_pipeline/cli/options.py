"""What several commands take, and where they say it."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console

from pm_pipeline.errors import UsageError
from pm_pipeline.settings import Settings, get_settings, use_data_dir

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



def settings_of(data_dir: Path | None) -> Settings:
    try:
        settings = use_data_dir(data_dir) if data_dir else get_settings()
    except ValidationError as error:
        # the name and what was expected, never the value: a variable may hold a password
        faults = [f"PM_{fault['loc'][0]}".upper() + f": {fault['msg']}" for fault in error.errors()]
        raise UsageError("the settings are wrong: " + "; ".join(faults)) from None
    if settings.data_dir.exists() and not settings.data_dir.is_dir():
        raise UsageError(f"{settings.data_dir}: expected a folder (--data-dir), found a file")
    return settings
