"""Begin the draft of a law change, and take it into the law."""

from datetime import date
from pathlib import Path

from pm_pipeline.commands.law_check import check_law
from pm_pipeline.law.drafts import read_draft
from pm_pipeline.law.drafts.adoption import Enactment, Home, adopt
from pm_pipeline.law.drafts.rows import NewDraft
from pm_pipeline.law.drafts.scaffold import scaffold
from pm_pipeline.law.register import load_checked_registry
from pm_pipeline.registry import ChangeStatus, Finding, Regime
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
    return adopt(
        home, draft, Enactment(status, effective_on, url), lambda new: _wrongly_judged(settings, new)
    )


def _wrongly_judged(settings: Settings, law: Home) -> list[Finding]:
    """What does not come out as the examples and the days of the law say, by the models' SQL."""
    folder = law.seeds_dir.parent
    report = check_law(
        settings.model_copy(update={"field_dir": folder, "data_dir": folder / "data"})
    )
    found = [
        one.example.scenario.fault(
            f"{difference.column} {difference.expected}", str(difference.found or "nothing"),
            "correct the rule or the example", "expect",
        )
        for one in report.judgements for difference in one.differences
    ]
    found += [
        Finding(Regime.file, f"{one.expected or 'no law'} for a {one.process_id} case begun {one.day}",
                one.found or "no law", "correct the regimes")
        for one in report.boundaries if not one.is_right
    ]
    if report.suite_fault:
        found.append(
            Finding("expectations", "suites that can be run", report.suite_fault, "mend the suite")
        )
    if report.model_fault:
        found.append(
            Finding("reference_models", "models that can be followed", report.model_fault,
                    "mend the model")
        )
    return found
