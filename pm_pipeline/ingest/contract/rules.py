"""What a contract may not say: combinations that pydantic's types cannot express."""

from __future__ import annotations

import codecs
import re
from datetime import datetime
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from pm_pipeline.ingest.contract.model import Column, Table

ISO8601 = "iso8601"
# One date directive = one unambiguous reading. Two-digit years (%y) are refused on purpose.
DIRECTIVES = {
    "Y": r"[0-9]{4}", "m": r"[0-9]{1,2}", "d": r"[0-9]{1,2}", "H": r"[0-9]{1,2}",
    "M": r"[0-9]{2}", "S": r"[0-9]{2}", "f": r"[0-9]{1,6}",
}
_PROVENANCE_NAMES = {"delivery_id", "delivered_on", "source_file", "source_row"}
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


def column_faults(column: Column) -> list[str]:
    """Every fault of one column, as sentences; an empty list when it is sound."""
    faults: list[str] = []
    expect = _Expect(faults)
    kind, treatment = column.type, column.treatment
    if treatment == "drop":
        expect(not column.required, "a dropped column cannot be required")
        return faults
    if kind is None:
        return ["type: expected a type (only a column with treatment drop may leave it out)"]
    expect(treatment in _TREATMENTS.get(kind, {"keep"}),
           f"treatment: '{treatment}' does not go with type {kind}")
    if kind == "identifier":
        expect(column.domain is not None, "domain: an identifier needs citizen, case, staff or "
               "record, so that equal numbers of different kinds do not become one pseudonym")
    else:
        expect(column.domain is None, "domain: only an identifier has one")
        expect(column.normalise == "none", "normalise: only an identifier has it")
    if kind in ("date", "timestamp"):
        expect(bool(column.formats), "formats: a date or timestamp needs the formats it comes in")
        faults.extend(_format_faults(column))
    else:
        expect(not column.formats, "formats: only for dates and timestamps")
        expect(column.zone == "local", "zone: only for dates and timestamps")
    if kind != "timestamp":
        expect(column.time_header is None, "time_header: only on a timestamp")
        expect(column.precision is None, "precision: only on a timestamp")
    if column.as_date:
        expect(kind == "date", "as_date: only on type date")
    elif kind == "date":
        expect(column.zone == "local", "zone: a plain date has no zone; use as_date for instants")
    if kind not in ("code", "text"):
        expect(not column.allowed, "allowed: only for code and text")
    if column.pattern is not None:
        expect(kind in ("code", "text", "identifier"), "pattern: only for code, text, identifier")
        expect(_is_pattern(column.pattern), "pattern: no valid regular expression (RE2)")
    if kind != "resource":
        expect(not (column.robots or column.systems or column.citizens),
               "robots, systems, citizens: only on a resource")
    return faults


_TREATMENTS = {
    "identifier": {"pseudonymise"},
    "free_text": {"presence_only"},
    "text": {"keep", "presence_only"},
}


def table_faults(table: Table) -> list[str]:
    """Every fault of one table beyond those of its columns, as sentences."""
    faults: list[str] = []
    expect = _Expect(faults)
    lake_names = [field.name for column in table.columns for field in column.lake_fields()]
    for name in sorted({name for name in lake_names if lake_names.count(name) > 1}):
        faults.append(f"columns: two columns become '{name}' in the lake")
    for name in sorted(_PROVENANCE_NAMES & set(lake_names)):
        faults.append(f"columns: '{name}' is a name the lake itself uses")
    expect(bool(table.kept_columns), "columns: at least one column must be kept")
    for name in table.natural_key:
        expect(name in lake_names, f"natural_key: no kept column '{name}'")
    headers = [normalised(h) for column in table.columns for h in column.headers]
    for header in sorted({h for h in headers if headers.count(h) > 1}):
        faults.append(f"columns: header '{header}' is named by two columns")
    try:
        codecs.lookup(table.encoding)
    except LookupError:
        faults.append(f"encoding: Python knows no encoding '{table.encoding}'")
    expect(table.delimiter not in '"\r\n', "delimiter: not a quote or a line break")
    return faults


def normalised(header: str) -> str:
    """A header as it is compared: NFC, without blanks or zero-width marks around it, casefold."""
    import unicodedata

    text = unicodedata.normalize("NFC", header).replace("\u00a0", " ")
    return text.strip("\u200b\u200c\u200d\u2060\ufeff \t\r\n").casefold()


def _format_faults(column: Column) -> list[str]:
    faults = []
    readable = []
    for format_ in column.formats:
        if format_ == ISO8601:
            continue
        directives = re.findall(r"%(.?)", format_)
        unknown = [f"%{d}" for d in directives if d not in DIRECTIVES]
        if unknown:
            faults.append(
                f"formats: {', '.join(unknown)} in '{format_}' is not used here; expected iso8601 "
                "or %Y %m %d %H %M %S %f (years have four digits)"
            )
        elif not {"Y", "m", "d"} <= set(directives) or len(directives) != len(set(directives)):
            faults.append(f"formats: '{format_}' must hold %Y, %m and %d, each once")
        elif column.time_header and set(directives) != {"Y", "m", "d"}:
            faults.append(f"formats: '{format_}' must be a date only, time_header has the time")
        elif column.type == "date" and not column.as_date and len(directives) > 3:
            faults.append(f"formats: '{format_}' has a time, the type is date")
        else:
            readable.append(format_)
    if column.time_header and ISO8601 in column.formats:
        faults.append("formats: iso8601 does not go with time_header")
    for first in readable:
        text = _SAMPLE.strftime(first)
        for second in readable:
            if second != first and re.fullmatch(format_pattern(second), text):
                faults.append(f"formats: a text can be read both as '{first}' and as '{second}'")
    return sorted(set(faults))


def _is_pattern(pattern: str) -> bool:
    try:
        with duckdb.connect() as connection:
            literal = pattern.replace("'", "''")
            connection.sql(f"SELECT regexp_full_match('', '{literal}')").fetchall()
    except duckdb.Error:
        return False
    return True


class _Expect:
    """Collects the sentences whose condition does not hold."""

    def __init__(self, faults: list[str]) -> None:
        self._faults = faults

    def __call__(self, condition: bool, fault: str) -> None:
        if not condition:
            self._faults.append(fault)
