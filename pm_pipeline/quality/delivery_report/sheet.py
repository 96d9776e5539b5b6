"""The report as a CSV file that a spreadsheet opens as it is: semicolons, a byte order mark."""

import csv
import io
from collections.abc import Iterator

from pm_pipeline.quality.delivery_report.content import DeliveryReport, Line

HEADER = (
    "municipality", "system", "delivery", "delivered_on", "weight", "kind", "code", "table", "column",
    "found", "of", "found_before", "of_before", "trend", "what_da", "what_en", "detail", "mend_da",
    "mend_en", "first_places",
)
# A spreadsheet takes a cell that begins so for a formula and would run it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(report: DeliveryReport) -> str:
    """The text of the file; to be written in UTF-8, with the byte order mark it begins with."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADER)
    for row in _rows(report):
        writer.writerow([_harmless(cell) for cell in row])
    return "\ufeff" + text.getvalue()


def _rows(report: DeliveryReport) -> Iterator[list[object]]:
    about = [
        report.municipality_id, report.system_id, report.delivery_id, report.delivered_on.isoformat()
    ]
    if report.refused is not None:
        refused = report.refused
        yield [
            *about, "must_be_mended", "refusal", refused.code, "", "", "", "", "", "", "",
            *refused.what, refused.message, *refused.mend, "",
        ]
    for line in report.lines:
        yield [*about, *_cells(line)]


def _cells(line: Line) -> list[object]:
    before = (line.before.found, line.before.checked) if line.before else (None, None)
    return [
        line.weight.value, line.kind, line.code, line.table, line.column, line.now.found,
        line.now.checked, *before, line.trend.value if line.trend else None, *line.what, line.detail,
        *(line.mend or ("", "")), ", ".join(line.places),
    ]


def _harmless(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text
