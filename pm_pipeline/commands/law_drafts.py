"""Begin the draft of a law change, and take it into the law."""

from datetime import date
from pathlib import Path

from pm_pipeline.law.drafts import read_draft
from pm_pipeline.law.drafts.adoption import Enactment, Home, adopt
from pm_pipeline.law.drafts.rows import NewDraft
from pm_pipeline.law.drafts.scaffold import scaffold
from pm_pipeline.law.register import load_checked_registry
from pm_pipeline.registry import ChangeStatus
from pm_pipeline.settings import Settings


def begin_draft(settings: Settings, new: NewDraft) -> tuple[Path, ...]:
    """The files of the new draft."""
    registry = load_checked_registry(settings.seeds_dir)
    return scaffold(registry, settings.expectations_dir, settings.drafts_dir, new)


def adopt_draft(
    settings: Settings, change_id: str, status: ChangeStatus, effective_on: date, url: str
) -> tuple[Path, ...]:
    """The files of the law that were written."""
    home = Home(settings.seeds_dir, settings.scenarios_dir, settings.expectations_dir)
    draft = read_draft(settings.drafts_dir, change_id)
    return adopt(home, draft, Enactment(status, effective_on, url))
