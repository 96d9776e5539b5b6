"""Comparisons: two filters that are there, of one process, and not the same one twice."""

import re

from pm_pipeline.law.checks.told import tell
from pm_pipeline.registry import Comparison, FilterCondition, FilterField, Finding, Registry


def comparison_findings(registry: Registry, comparison: Comparison) -> list[Finding]:
    columns = ("first_filter_id", "second_filter_id")
    processes = {}
    found = []
    for column in columns:
        filter_id = getattr(comparison, column)
        processes[column] = process_of(registry, filter_id)
        if processes[column] is None:
            found.append(tell(
                comparison, column,
                f"a filter of {FilterCondition.file}, a process, or a part of one as "
                "<process>/regime/<regime>, <process>/target_group/<group>, "
                "<process>/registered_year/<yyyy> or <process>/unit/<unit>",
                f"'{filter_id}'", "correct it, or write the filter",
            ))
    first, second = processes.values()
    if first is not None and second is not None and first != second:
        found.append(tell(
            comparison, columns[1], f"a filter of the process {first}, as the first is",
            f"one of {second}",
            "compare cases of one process: those of another have other steps",
        ))
    if comparison.first_filter_id == comparison.second_filter_id:
        found.append(tell(
            comparison, columns[1], "another filter than the first", f"'{comparison.second_filter_id}'",
            "name the cases to compare with",
        ))
    return found


def process_of(registry: Registry, filter_id: str) -> str | None:
    """The process of a written filter or of a breakdown; None where there can be no such filter.

    Which years and units there are is told by the data alone, so any is taken.
    """
    for row in registry.filters:
        if row.filter_id == filter_id and row.field is FilterField.PROCESS:
            return row.value[0] if row.value else None
    process_id, _, part = filter_id.partition("/")
    if all(one.process_id != process_id for one in registry.processes):
        return None
    kind, _, value = part.partition("/")
    is_known = {
        "": filter_id == process_id,
        "regime": any(one.regime_id == value for one in registry.regimes_of(process_id)),
        "target_group": any(one.target_group == value for one in registry.target_groups),
        "registered_year": re.fullmatch(r"[12]\d{3}", value) is not None,
        "unit": bool(value),
    }
    return process_id if is_known.get(kind, False) else None
