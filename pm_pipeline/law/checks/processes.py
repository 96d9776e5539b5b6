"""Processes: known target groups and activities."""

from pm_pipeline.law.checks.told import unknown_ids
from pm_pipeline.registry import Finding, Registry


def process_findings(registry: Registry) -> list[Finding]:
    activities = {one.activity_id for one in registry.activities}
    groups = {one.target_group for one in registry.target_groups}
    found = []
    for process in registry.processes:
        found += unknown_ids(process, "target_groups", process.target_groups, groups)
        found += unknown_ids(process, "start_activities", process.start_activities, activities)
        found += unknown_ids(process, "end_activities", process.end_activities, activities)
    return found
