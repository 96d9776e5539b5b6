"""Verdicts of caseworkers on the map: which there are, and a new one taken in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from pm_pipeline.errors import UsageError
from pm_pipeline.law.checks.told import tell
from pm_pipeline.law.checks.verdicts import verdict_findings
from pm_pipeline.law.drafts.sheet import read_sheet
from pm_pipeline.law.register import load_checked_registry
from pm_pipeline.registry import ExpertVerdict, Finding, refuse
from pm_pipeline.registry.reader import checked_row
from pm_pipeline.settings import Settings


@dataclass(frozen=True)
class WrittenVerdict:
    """A verdict and whether it stands: no later one is of the same subject."""

    row: ExpertVerdict
    is_standing: bool


def written_verdicts(settings: Settings, municipalities: Iterable[str]) -> list[WrittenVerdict]:
    """The verdicts of these municipalities (of all when none is named), in the order of the seed.

    UsageError for a municipality that is not registered.
    """
    registry = load_checked_registry(settings.seeds_dir)
    wanted = {registry.municipality(one).municipality_id for one in municipalities}
    latest = {
        row.subject: row
        for row in sorted(registry.expert_verdicts, key=lambda one: one.judged_on)
    }
    return [
        WrittenVerdict(row, latest[row.subject] is row)
        for row in registry.expert_verdicts if not wanted or row.municipality_id in wanted
    ]


def add_verdict(
    settings: Settings, told: Mapping[str, str], judged_on: date | None = None
) -> WrittenVerdict:
    """Append a verdict (the cells of ``told`` by column, judged today or on a day) to the seed.

    Nothing is written for one with a fault. PipelineError with every fault, UsageError where the
    subject was judged on that day already.
    """
    registry = load_checked_registry(settings.seeds_dir)
    today = date.today()
    cells = {column: value.strip() for column, value in told.items()}
    cells["judged_on"] = (judged_on or today).isoformat()
    found: list[Finding] = []
    row = checked_row(1, 1, cells, ExpertVerdict, found)
    if row is not None:
        found += verdict_findings(registry, row)
        if row.judged_on > today:
            found.append(tell(
                row, "judged_on", f"a day no later than today ({today})", f"'{row.judged_on}'",
                "enter the day it was judged",
            ))
    refuse(settings.seeds_dir, [replace(one, row=None, line=None) for one in found], "the verdict")
    assert row is not None  # without a row there is a finding
    same = [one for one in registry.expert_verdicts if one.subject == row.subject]
    if any(one.judged_on == row.judged_on for one in same):
        raise UsageError(
            f"'{'|'.join(row.activity_ids)}' was judged on {row.judged_on} already, in "
            f"{ExpertVerdict.file}: give the day of the new verdict, or remove that row first"
        )
    seed = settings.seeds_dir / ExpertVerdict.file
    sheet = read_sheet(seed)
    sheet.add(cells)
    sheet.write(seed)
    load_checked_registry.cache_clear()
    return WrittenVerdict(row, all(one.judged_on < row.judged_on for one in same))
