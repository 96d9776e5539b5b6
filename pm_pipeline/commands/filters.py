"""Filters that people wrote: which there are, what one says, and a new one taken in from YAML."""

from dataclasses import replace
from pathlib import Path

from pm_pipeline.errors import UsageError
from pm_pipeline.law.checks.filters import filter_findings
from pm_pipeline.law.drafts.sheet import read_sheet
from pm_pipeline.law.register import load_checked_registry
from pm_pipeline.registry import FilterCondition, refuse
from pm_pipeline.registry.filter_files import read_filter
from pm_pipeline.settings import Settings

Filters = dict[str, list[FilterCondition]]


def written_filters(settings: Settings) -> Filters:
    """The rows of each filter, in the order of the seed."""
    filters: Filters = {}
    for row in load_checked_registry(settings.seeds_dir).filters:
        filters.setdefault(row.filter_id, []).append(row)
    return filters


def find_filter(settings: Settings, filter_id: str) -> list[FilterCondition]:
    """The rows of one filter. UsageError with the known ids when there is none."""
    filters = written_filters(settings)
    if filter_id not in filters:
        known = ", ".join(filters) or "none"
        raise UsageError(
            f"unknown filter '{filter_id}': written in {FilterCondition.file} are {known}; the "
            "breakdowns that every process has stand in the published table flow_filters"
        )
    return filters[filter_id]


def add_filter(settings: Settings, path: Path) -> tuple[FilterCondition, ...]:
    """Append the rows of a YAML file to the seed; nothing is written for a filter with a fault.

    Raises PipelineError with file, line and key of every fault, UsageError for an id that is taken.
    """
    if not path.is_file():
        raise UsageError(f"{path}: expected a file with a filter, found none")
    registry = load_checked_registry(settings.seeds_dir)
    rows = read_filter(path)
    refuse(
        path.parent,
        [
            replace(one, file=path.name, row=None)
            for one in filter_findings(replace(registry, filters=rows))
        ],
        "the filter",
    )
    filter_id = rows[0].filter_id
    if any(one.filter_id == filter_id for one in registry.filters):
        raise UsageError(
            f"the filter '{filter_id}' is in {FilterCondition.file} already: take another name, or "
            "remove its rows first"
        )
    seed = settings.seeds_dir / FilterCondition.file
    sheet = read_sheet(seed)
    for row in rows:
        sheet.add(
            {
                "filter_id": row.filter_id, "field": row.field.value, "operator": row.operator.value,
                "value": "|".join(row.value),
            }
        )  # fmt: skip
    sheet.write(seed)
    load_checked_registry.cache_clear()
    return rows
