"""What the demo put into landing."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console

from pm_pipeline.commands.demo import Registered
from pm_pipeline.settings import Settings

if TYPE_CHECKING:
    pass




def show_demo(console: Console, settings: Settings, registered: Sequence[Registered]) -> None:
    """Say what the demo put into landing, or that it was there."""
    new = sum(not one.already_there for one in registered)
    if not new:
        console.print(f"Demo deliveries are already in {settings.landing_dir}: nothing to do.")
        return
    console.print(
        f"Registered {new} deliveries of {len({one.municipality_id for one in registered})} "
        f"fictional municipalities in {settings.landing_dir}."
    )
