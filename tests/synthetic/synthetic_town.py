"""A generated municipality as the tests hand it around."""

from dataclasses import dataclass
from pathlib import Path

from pm_pipeline.synthetic import Truth


@dataclass(frozen=True)
class Town:
    """A municipality's folder and its truth."""

    folder: Path
    truth: Truth
