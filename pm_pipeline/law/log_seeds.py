"""Do the seeds about cases and the quality of the log agree with the other seeds?"""

from pm_pipeline.law.told import tell, unknown_ids
from pm_pipeline.registry import Finding, Registry, TimeFlag

_COLUMN_OF_FLAG = {
    TimeFlag.MIDNIGHT: "local_time",
    TimeFlag.UTC_MIDNIGHT: "utc_time",
    TimeFlag.PLACEHOLDER_DATE: "on_date",
    TimeFlag.BATCH_SECOND: "min_rows",
}


def log_seed_findings(registry: Registry) -> list[Finding]:
    """Every fault in how these rows agree with each other and with the registry."""
    return _artefact_findings(registry)


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
