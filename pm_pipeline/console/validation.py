"""The findings of a contract check: a readable table, JSON, and a verdict in one line."""

import json

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pm_pipeline.ingest.loading.reports import ValidationReport
from pm_pipeline.ingest.rejects.advice import ADVICE
from pm_pipeline.ingest.rejects.reasons import REASON_TEXTS, REFUSAL_TEXTS, Reason


def show_validation(console: Console, report: ValidationReport) -> None:
    """The findings per file and reason, the problems, then the verdict."""
    table = Table(box=None, pad_edge=False)
    for name in ("File", "Table", "Rows in", "Would load", "Rejected", "Duplicates", "Left behind"):
        # a file's name stays whole: another may begin the same way
        table.add_column(name, no_wrap=name == "File", overflow="fold")
    for file in report.files:
        table.add_row(
            file.source_file, file.table, f"{file.rows_in_file:,}", f"{file.rows_loaded:,}",
            f"{file.rows_rejected:,}", f"{file.exact_duplicates:,}",
            f"{file.unlisted_columns} columns",
        )
        if file.absent_columns:
            table.add_row("", f"  {file.absent_columns}", "", "not in the file, loaded without value")
        for reject in file.rejects:
            reason = REASON_TEXTS[Reason(reject.reason)][1]
            table.add_row(
                "", f"  {reject.column or 'whole row'}", f"{reject.count:,} ×", reason, reject.reason
            )
    if report.files:
        console.print(table)
    for problem in report.problems:
        console.print(f"[red]problem:[/] {escape(str(problem))}", soft_wrap=True)
    console.print(f"{report.system}: {_styled(report)}")


def validation_as_json(report: ValidationReport) -> str:
    """The same findings as JSON, with Danish and English texts; no value of a file is in it."""
    return json.dumps({
        "verdict": _verdict(report),
        "would_be_loaded": report.is_ok,
        "would_be_quarantined": report.is_quarantined,
        "system": report.system,
        "contract_version": report.contract_version,
        "rows_in_file": report.rows_in_file,
        "rows_loaded": report.rows_loaded,
        "rows_rejected": report.rows_rejected,
        "exact_duplicates": report.exact_duplicates,
        "problems": [
            {
                "code": problem.code.value, "where": problem.where, "what": problem.what,
                "title_da": REFUSAL_TEXTS[problem.code][0],
                "title_en": REFUSAL_TEXTS[problem.code][1],
            }
            for problem in report.problems
        ],
        "files": [
            {
                **{name: getattr(file, name) for name in (
                    "table", "source_file", "sha256", "size_bytes", "rows_in_file", "rows_loaded",
                    "rows_rejected", "exact_duplicates", "unlisted_columns",
                    "absent_columns",
                )},
                "rejects": [
                    {
                        "column": reject.column, "reason": reject.reason, "count": reject.count,
                        "title_da": REASON_TEXTS[Reason(reject.reason)][0],
                        "title_en": REASON_TEXTS[Reason(reject.reason)][1],
                        "what_to_do": ADVICE[Reason(reject.reason)],
                    }
                    for reject in file.rejects
                ],
            }
            for file in report.files
        ],
    }, ensure_ascii=False, indent=2)


def _verdict(report: ValidationReport) -> str:
    if report.is_ok:
        return "would be loaded"
    return "would wait in quarantine" if report.is_quarantined else "would be refused"


def _styled(report: ValidationReport) -> str:
    colour = "green" if report.is_ok else "yellow" if report.is_quarantined else "red"
    return (
        f"[{colour}]{_verdict(report)}[/]; {report.rows_loaded:,} of {report.rows_in_file:,} rows, "
        f"{report.rows_rejected:,} rejected; contract {report.contract_version}."
    )
