"""Do the seeds about cases and the quality of the log agree with the other seeds?"""

from pm_pipeline.law.checks.filters import filter_findings
from pm_pipeline.law.checks.log_rules import log_rule_findings
from pm_pipeline.law.checks.told import tell, unknown_ids
from pm_pipeline.registry import (
    CaseObject,
    Finding,
    Registry,
    TimeFlag,
)

_COLUMN_OF_FLAG = {
    TimeFlag.MIDNIGHT: "local_time",
    TimeFlag.UTC_MIDNIGHT: "utc_time",
    TimeFlag.PLACEHOLDER_DATE: "on_date",
    TimeFlag.BATCH_SECOND: "min_rows",
}


def log_seed_findings(registry: Registry) -> list[Finding]:
    """Every fault in how these rows agree with each other and with the registry."""
    return [
        *_artefact_findings(registry), *_notion_findings(registry), *log_rule_findings(registry),
        *filter_findings(registry),
    ]


def _artefact_findings(registry: Registry) -> list[Finding]:
    systems = {one.system_id for one in registry.systems}
    found = []
    for row in registry.time_artefacts:
        if row.system_id is not None:
            found += unknown_ids(row, "system_id", (row.system_id,), systems)
        for flag, column in _COLUMN_OF_FLAG.items():
            value = getattr(row, column)
            if flag is row.flag and value is None:
                found.append(
                    tell(row, column, f"a value: the flag {row.flag} is known by it", "an empty cell",
                         "enter it")
                )
            elif flag is not row.flag and value is not None:
                found.append(
                    tell(row, column, f"an empty cell: the flag {row.flag} does not use it",
                         f"'{value}'", "remove it, or correct the flag")
                )
        if row.min_rows is not None and row.min_rows < 2:
            found.append(
                tell(row, "min_rows", "at least 2 rows", f"'{row.min_rows}'", "enter a larger number")
            )
    return found


_GAPS_OF = {
    CaseObject.COURSE: ("merge_gap_days", "merge_before"),
    CaseObject.CITIZEN: ("split_gap_days",),
}


def _notion_findings(registry: Registry) -> list[Finding]:
    found = []
    for row in registry.case_notions:
        for kind, columns in _GAPS_OF.items():
            found += [
                tell(row, column, f"an empty cell: a notion of a {row.object_type} does not use it",
                     f"'{getattr(row, column)}'", "remove it, or correct the object type")
                for column in columns
                if kind is not row.object_type and getattr(row, column) is not None
            ]
        for column in ("merge_gap_days", "split_gap_days"):
            days = getattr(row, column)
            if days is not None and days < 0:
                found.append(tell(row, column, "0 days or more", f"'{days}'", "correct the number"))
        if row.merge_before is not None and row.merge_gap_days is None:
            found.append(
                tell(row, "merge_gap_days", "the gap within which courses are merged",
                     "an empty cell", "enter it, or remove merge_before")
            )
    notions = {one.case_notion_id: one for one in registry.case_notions}
    for process in registry.processes:
        notion = notions.get(process.case_notion)
        if notion is None:
            found += unknown_ids(process, "case_notion", (process.case_notion,), notions)
        elif notion.object_type is CaseObject.OBJECT:
            if process.case_object_type in (CaseObject.COURSE, CaseObject.CITIZEN):
                found.append(
                    tell(process, "case_object_type", "an object type of the log, as its notion says",
                         f"'{process.case_object_type}'", "enter the type, or another case notion")
                )
        elif notion.object_type != process.case_object_type:
            found.append(
                tell(process, "case_object_type", f"'{notion.object_type}', as its case notion says",
                     f"'{process.case_object_type}'", "correct one of the two")
            )
    return found
