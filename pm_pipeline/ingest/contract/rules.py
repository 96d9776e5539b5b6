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
#: What of an object-centric log (OCEL 2.0) a table may be, with the fields that each row of it has:
#: the names of the standard's relational form. Of ``events``, attributes are named beside them.
OCEL_PARTS: dict[str, tuple[str, ...]] = {
    "events": ("ocel_id", "ocel_type", "ocel_time"),
    "objects": ("ocel_id", "ocel_type", "ocel_citizen_id"),
    "event_objects": ("ocel_event_id", "ocel_object_id", "ocel_qualifier"),
    "object_objects": ("ocel_source_id", "ocel_target_id", "ocel_qualifier"),
    "event_attributes": ("ocel_event_id", "ocel_type", "ocel_attribute", "ocel_value"),
    "object_attributes": ("ocel_object_id", "ocel_type", "ocel_attribute", "ocel_time", "ocel_value"),
}
OCEL_FORMATS = ("ocel", "ocel_json", "ocel_xml", "ocel_sqlite")
EXCEL_SERIAL = "excel_serial"
# One date directive = one unambiguous reading. A two-digit year (%y) needs a two_digit_pivot.
DIRECTIVES = {
    "Y": r"[0-9]{4}", "y": r"[0-9]{2}", "m": r"[0-9]{1,2}", "d": r"[0-9]{1,2}", "H": r"[0-9]{1,2}",
    "M": r"[0-9]{2}", "S": r"[0-9]{2}", "f": r"[0-9]{1,6}",
}
_PROVENANCE_NAMES = {"delivery_id", "delivered_on", "received_at", "source_file", "source_row"}
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
        expect(not column.is_required, "presence: a dropped column cannot be required")
        return faults
    expect(column.presence != "forbidden", "presence: a forbidden column is dropped, not kept")
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
        expect(not column.numbered, "numbered: only an identifier can be a running number")
    expect(column.normalise == "cpr" or not column.pad_cpr, "pad_cpr: only with normalise: cpr")
    faults.extend(_coarsening_faults(column))
    if column.role in _TIME_ROLES:
        expect(kind in ("date", "timestamp"), f"role: {column.role} is a date or a timestamp")
    if column.role in ("old_citizen", "new_citizen"):
        expect(column.domain == "citizen", f"role: {column.role} is an identifier of a citizen")
    if kind in ("date", "timestamp"):
        expect(bool(column.formats), "formats: a date or timestamp needs the formats it comes in")
        faults.extend(_format_faults(column))
    else:
        expect(not column.formats, "formats: only for dates and timestamps")
        expect(column.two_digit_pivot is None, "two_digit_pivot: only for dates and timestamps")
        expect(not column.midnight_as_24, "midnight_as_24: only for dates and timestamps")
        expect(not column.open_end, "open_end: only for dates and timestamps")
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
        expect(not (column.robots or column.systems or column.citizens or column.kinds),
               "robots, systems, citizens, kinds: only on a resource")
    for name in sorted(set(column.kinds) & {"human", "robot", "system", "citizen"}):
        faults.append(f"kinds: '{name}' is a kind already; use robots, systems or citizens")
    return faults


_TREATMENTS = {
    "identifier": {"pseudonymise"},
    "free_text": {"presence_only"},
    "text": {"keep", "presence_only", "coarsen"},
    **{kind: {"keep", "coarsen"} for kind in ("code", "date", "integer", "decimal")},
}
_TIME_ROLES = ("occurred", "registered", "changed", "starts", "ends")
# What a row of each kind must tell to be one: the roles of which at least one is asked for.
_ROW_ROLES = {
    "interval": (("starts",), ("ends",)),
    "citizen_link": (("old_citizen",), ("new_citizen",)),
    "attribute": (("object", "case"), ("value",), ("changed", "starts", "occurred")),
    "relation": (("object", "case"), ("related_object",)),
}


def _coarsening_faults(column: Column) -> list[str]:
    how, is_coarsened = column.coarsen_to, column.treatment == "coarsen"
    if how is None:
        return ["coarsen_to: treatment coarsen needs it"] if is_coarsened else []
    if not is_coarsened:
        return ["coarsen_to: only with treatment coarsen"]
    given = [how.period is not None, bool(how.bands), how.characters is not None]
    fitting = {
        "date": how.period, "integer": how.bands, "decimal": how.bands,
        "code": how.characters, "text": how.characters,
    }.get(str(column.type))
    faults = []
    if sum(given) != 1 or not fitting:
        faults.append("coarsen_to: exactly one of period (a date), bands (a number) or characters "
                      "(code, text)")
    if list(how.bands) != sorted(set(how.bands)):
        faults.append("coarsen_to: bands are lower bounds in rising order, each once")
    return faults


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
    roles = [column.role for column in table.kept_columns if column.role]
    for role in sorted({r for r in roles if roles.count(r) > 1} - {"attribute", "value"}):
        faults.append(f"columns: two columns have the role {role}")
    for wanted in _ROW_ROLES.get(table.row, ()):
        expect(bool(set(wanted) & set(roles)),
               f"row: a row that is a {table.row} needs a column with role {' or '.join(wanted)}")
    if table.delivers == "full":
        expect(bool(table.natural_key) or table.format in ("xes", "log"),
               "delivers: a full delivery needs a natural_key, by which a deleted row is known")
    expect(not table.skip_lines or table.format in ("csv", "xlsx"), "skip_lines: only for csv, xlsx")
    expect(table.footer is None or table.format == "csv", "footer: only for csv")
    expect(table.total is None or table.format in ("json", "jsonl"), "total: only for json, jsonl")
    if table.footer is not None:
        expect(_is_pattern(table.footer) and "(?P<rows>" in table.footer,
               "footer: expected a pattern with the group (?P<rows>[0-9]+), the number of rows")
    if table.format == "database":
        expect(table.part is not None and ";" not in table.part,
               "part: the format database needs the name of a table, or one query without ';'")
        expect(table.matches(f"{table.name}.parquet"),
               f"files: what is extracted from a database is {table.name}.parquet")
    faults.extend(_ocel_faults(table))
    try:
        codecs.lookup(table.encoding)
    except LookupError:
        faults.append(f"encoding: Python knows no encoding '{table.encoding}'")
    expect(table.delimiter not in '"\r\n', "delimiter: not a quote or a line break")
    return faults


def _ocel_faults(table: Table) -> list[str]:
    faults: list[str] = []
    expect = _Expect(faults)
    if table.format not in OCEL_FORMATS:
        expect(not table.citizen_types, "citizen_types: only for the part objects of an OCEL log")
        return faults
    expect(table.part in OCEL_PARTS,
           f"part: the format {table.format} needs one of {', '.join(OCEL_PARTS)}")
    expect(not table.citizen_types or table.part == "objects",
           "citizen_types: only for the part objects of an OCEL log")
    if table.part in ("event_attributes", "object_attributes"):
        named = [c for c in table.kept_columns if c.header == "ocel_attribute" and c.allowed]
        expect(bool(named), "columns: the column with header ocel_attribute needs 'allowed', the names "
               "of the attributes that may be kept")
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
