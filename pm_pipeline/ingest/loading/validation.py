"""What loading files would find, without loading them: what a vendor runs before delivering."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from secrets import token_bytes

from pm_pipeline.errors import UsageError
from pm_pipeline.ingest.contract.model import Contract, Table
from pm_pipeline.ingest.contract.versions import SystemContract
from pm_pipeline.ingest.landing.control_file import control_problems
from pm_pipeline.ingest.landing.deliveries import refuse_missing_tables
from pm_pipeline.ingest.landing.files import assign_tables
from pm_pipeline.ingest.loading.building import Job, Progress, SourceFile
from pm_pipeline.ingest.loading.checks import empty_delivery, table_problems
from pm_pipeline.ingest.loading.load import build_tables, with_fitting_version
from pm_pipeline.ingest.loading.reports import (
    FileReport,
    ValidationReport,
    identifiers_by_column,
    rows_by_file,
)
from pm_pipeline.ingest.loading.trial_folder import trial_folder
from pm_pipeline.ingest.rejects.reasons import SCHEMA_CHANGES, RefusedError
from pm_pipeline.ingest.values.pseudonymise import KEY_BYTES, Pseudonymiser


def validate_files(
    system: SystemContract, files: Sequence[Path], on_progress: Progress | None = None, *,
    delivered_on: date | None = None, whole: bool = True,
) -> ValidationReport:
    """The findings that loading these files as one delivery would give. Nothing is kept.

    Pseudonyms use a throw-away key. ``delivered_on`` chooses the version of the contract (today
    where it is not given). ``whole``: a required table that is not among the files is a problem;
    false looks at some files of a delivery only. All files are read, so that a report names every
    fault and not the first alone. Raises UsageError for a call that cannot be right.
    """
    if not files:
        raise UsageError("No file was given.")
    day = delivered_on or datetime.now(UTC).date()

    def attempt(contract: Contract) -> ValidationReport:
        report, refused = _validated(contract, files, day, on_progress, whole)
        if refused is not None and refused.code in SCHEMA_CHANGES \
                and contract.on_schema_change == "new_version" and system.others(day):
            raise refused
        return report

    return with_fitting_version(system, day, attempt)


def _validated(
    contract: Contract, files: Sequence[Path], day: date, on_progress: Progress | None, whole: bool
) -> tuple[ValidationReport, RefusedError | None]:
    """The report, and the first refusal that a load would end with."""
    found: list[RefusedError] = []
    reports: list[FileReport] = []
    try:
        assigned = assign_tables(contract, files)
    except RefusedError as refused:
        return _report(contract, (), [refused]), refused
    try:
        if whole:
            refuse_missing_tables(contract, {t.name for tables in assigned for t in tables})
    except RefusedError as refused:
        found.append(refused)
    job = Job(contract, "000", "validation", day, datetime.now(UTC).replace(tzinfo=None),
              Pseudonymiser(token_bytes(KEY_BYTES)))
    with trial_folder() as folder:
        for table in contract.tables:
            sources = _sources(table, files, assigned)
            # The files of a table belong together (a row may stand in two of them); only when one
            # of them is refused are the others looked at alone.
            for group in [sources, *([one] for one in sources)] if len(sources) > 1 else [sources]:
                if not group:
                    continue
                try:
                    built = build_tables(
                        job, group, folder, on_progress if group is sources else None
                    )
                except RefusedError as refused:
                    if refused not in found and len(group) == 1:
                        found.append(refused)
                    continue
                found.extend(problem for one in built for problem in table_problems(one))
                reports.extend(file for one in built for file in one.files)
                if group is sources:
                    break
    found.extend(control_problems(
        contract, files, rows_by_file(reports), whole=whole,
        hashes={report.source_file: report.sha256 for report in reports},
    ))
    if whole and not found:
        found = empty_delivery(reports)
    return _report(contract, tuple(reports), found), found[0] if found else None


def _sources(
    table: Table, files: Sequence[Path], assigned: Sequence[tuple[Table, ...]]
) -> list[SourceFile]:
    return [
        SourceFile(path, path.name, table, None, path.stat().st_size)
        for path, tables in zip(files, assigned, strict=True) if table in tables
    ]


def _report(
    contract: Contract, reports: tuple[FileReport, ...], found: Sequence[RefusedError]
) -> ValidationReport:
    return ValidationReport(
        contract.system, reports, identifiers_by_column(reports),
        contract_version=contract.version, problems=tuple(found),
        is_quarantined=contract.on_schema_change == "quarantine"
        and bool(found) and all(one.code in SCHEMA_CHANGES for one in found),
    )
