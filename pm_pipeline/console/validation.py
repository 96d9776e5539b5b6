"""The findings of a contract check: counts per file, each kind of reject told, a verdict; or JSON."""

import json

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pm_pipeline.ingest.loading.reports import FileReport, RejectCount, ValidationReport
from pm_pipeline.ingest.rejects.advice import ADVICE
from pm_pipeline.ingest.rejects.reasons import REASON_TEXTS, REFUSAL_TEXTS, Reason


def show_validation(console: Console, report: ValidationReport) -> None:
    """The counts per file, the rejects kind by kind, the problems, then the verdict."""
    table = Table(box=None, pad_edge=False)
    for name in ("File", "Table", "Rows in", "Would load", "Rejected", "Duplicates", "Left behind"):
        # a file's name stays whole: another may begin the same way
        table.add_column(name, no_wrap=name == "File", overflow="fold")
    notes: list[str] = []
    for file in report.files:
        table.add_row(
            file.source_file, file.table, f"{file.rows_in_file:,}", f"{file.rows_loaded:,}",
            f"{file.rows_rejected:,}", f"{file.exact_duplicates:,}",
            f"{file.unlisted_columns} column{'' if file.unlisted_columns == 1 else 's'}",
        )
        if file.absent_columns:
            notes.append(
                f"{file.source_file}: {file.absent_columns} not in the file, loaded without value."
            )
        if file.missing_numbers:
            notes.append(
                f"{file.source_file}: {file.missing_numbers:,} running numbers are missing: rows "
                "deleted at the source, or not delivered."
            )
        if file.values_cleaned:
            notes.append(
                f"{file.source_file}: {file.values_cleaned:,} values have odd blanks, signs that "
                "nobody sees or letters in two parts, and are loaded plain."
            )
    if report.files:
        console.print(table)
    for sentence in notes:
        console.print(escape(sentence), soft_wrap=True)
    for file in report.files:
        for reject in file.rejects:
            _show_rejects(console, file, reject)
    for problem in report.problems:
        console.print(f"[red]problem:[/] {escape(str(problem))}", soft_wrap=True)
        console.print(f"  ({REFUSAL_TEXTS[problem.code][0]})", soft_wrap=True)
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
                    "absent_columns", "missing_numbers", "values_cleaned",
                )},
                "rejects": [
                    {
                        "column": reject.column, "reason": reject.reason, "count": reject.count,
                        **_first_as_json(reject),
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


def _show_rejects(console: Console, file: FileReport, reject: RejectCount) -> None:
    """One kind of reject of one file: where, what was expected, what was found, what to do."""
    danish, english = REASON_TEXTS[Reason(reject.reason)]
    where, first = escape(file.source_file), reject.first
    if first is not None:
        shown = ", ".join(str(row) for row in first.source_rows)
        more = " …" if reject.count > len(first.source_rows) else ""
        where += f", {first.place}{'' if reject.count == 1 else 's'} {shown}{more}"
    console.print(
        f"[yellow]rejected:[/] {where}, {reject.column or 'whole row'}: {reject.count:,} × "
        f"{reject.reason} ({english}; {danish})", soft_wrap=True
    )
    if first is not None:
        kept = "loaded without the value" if first.row_kept else "left out"
        console.print(
            f"  expected {escape(first.expected)}; found {escape(first.found_class)}; "
            f"the row{' is' if reject.count == 1 else 's are'} {kept}", soft_wrap=True
        )
    console.print(f"  {ADVICE[Reason(reject.reason)]}", soft_wrap=True)


def _first_as_json(reject: RejectCount) -> dict[str, object]:
    first = reject.first
    if first is None:
        return {}
    return {
        "place": first.place, "first_places": first.source_rows, "expected": first.expected,
        "found": first.found_class, "row_kept": first.row_kept,
    }


def _verdict(report: ValidationReport) -> str:
    if report.is_ok:
        return "would be loaded"
    return "would wait in quarantine" if report.is_quarantined else "would be refused"


def _styled(report: ValidationReport) -> str:
    colour = "green" if report.is_ok else "yellow" if report.is_quarantined else "red"
    return (
        f"[{colour}]{_verdict(report)}[/]; {report.rows_loaded:,} of {report.rows_in_file:,} rows, "
        f"{report.rows_rejected:,} rejected{_values(report)}; contract {report.contract_version}."
    )


def _values(report: ValidationReport) -> str:
    """Values that were rejected while their row is kept: no row is missing, but something is."""
    values = sum(
        reject.count for file in report.files for reject in file.rejects
        if reject.first is not None and reject.first.row_kept
    )
    return f", {values:,} value{'' if values == 1 else 's'} left out of the others" if values else ""
