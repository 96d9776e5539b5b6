"""The forms in which dates and times may be agreed: named, and never two readings of one text."""

import re
from datetime import datetime

from pm_pipeline.ingest.contract.model import Column

ISO8601 = "iso8601"
EXCEL_SERIAL = "excel_serial"
# One date directive = one unambiguous reading. A two-digit year (%y) needs a two_digit_pivot.
DIRECTIVES = {
    "Y": r"[0-9]{4}", "y": r"[0-9]{2}", "m": r"[0-9]{1,2}", "d": r"[0-9]{1,2}", "H": r"[0-9]{1,2}",
    "M": r"[0-9]{2}", "S": r"[0-9]{2}", "f": r"[0-9]{1,6}",
}
# Day, month, hour, minute all differ, so that two formats that read it differently show.
_SAMPLE = datetime(2003, 2, 1, 4, 5, 6)


def format_pattern(format_: str) -> str:
    """The regular expression (RE2 and Python) that a text must match whole to have this format."""
    pieces, rest = [], format_
    while rest:
        if rest[0] == "%":
            pieces.append(DIRECTIVES[rest[1]])
            rest = rest[2:]
        else:
            pieces.append(re.escape(rest[0]))
            rest = rest[1:]
    return "".join(pieces)


def format_faults(column: Column) -> list[str]:
    """Every fault of the formats of a date or timestamp, as sentences."""
    faults = []
    readable = []
    for format_ in column.formats:
        if format_ in (ISO8601, EXCEL_SERIAL):
            continue
        directives = re.findall(r"%(.?)", format_)
        unknown = [f"%{d}" for d in directives if d not in DIRECTIVES]
        if unknown:
            faults.append(
                f"formats: {', '.join(unknown)} in '{format_}' is not used here; expected iso8601 "
                "or excel_serial or %Y %m %d %H %M %S %f (years have four digits)"
            )
        elif "y" in directives and column.two_digit_pivot is None:
            faults.append(f"formats: '{format_}' has %y, a year of two digits: years have four digits, "
                          "or two_digit_pivot says up to which one 20yy is meant")
        elif not {"Y", "m", "d"} <= {d.upper() if d == "y" else d for d in directives} \
                or len(directives) != len(set(directives)) or {"Y", "y"} <= set(directives):
            faults.append(f"formats: '{format_}' must hold %Y, %m and %d, each once")
        elif column.time_header and set(directives) & {"H", "M", "S", "f"}:
            faults.append(f"formats: '{format_}' must be a date only, time_header has the time")
        elif column.type == "date" and not column.as_date and len(directives) > 3:
            faults.append(f"formats: '{format_}' has a time, the type is date")
        else:
            readable.append(format_)
    if column.time_header and {ISO8601, EXCEL_SERIAL} & set(column.formats):
        faults.append("formats: iso8601 and excel_serial do not go with time_header")
    for first in readable:
        text = _SAMPLE.strftime(first)
        for second in readable:
            if second != first and re.fullmatch(format_pattern(second), text):
                faults.append(f"formats: a text can be read both as '{first}' and as '{second}'")
    return sorted(set(faults))
