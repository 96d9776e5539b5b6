"""The SQL by which DuckDB types one column of raw text: never guessing, never throwing.

DuckDB's own casts are lax (``25-03-22`` is the year 22, ``1_000`` a number, offsets are dropped),
so each cast stands behind a regular expression that the whole text must match.
"""

import re

from pm_pipeline.ingest.contract.model import Column, Table
from pm_pipeline.ingest.identifiers import CPR_LIKE, MAIL_LIKE, PHONE_LIKE
from pm_pipeline.ingest.rejects.reasons import Reason
from pm_pipeline.ingest.values.coarsening import coarsened
from pm_pipeline.ingest.values.instants import instant_expressions
from pm_pipeline.ingest.values.sql_text import Expressions, nulled, quoted, trimmed_text

MAX_TEXT = 200  # characters of a kept code or text; longer is prose, and prose holds names


def expressions(column: Column, table: Table, zone: str) -> Expressions:
    """The SQL of one kept column; the raw text stands in a column of the same name."""
    name = column.name
    value = f"v_{name}"
    trimmed = {f"c_{name}": trimmed_text(f'"{name}"')}
    cleaned = {value: nulled(f"c_{name}", table, *column.open_end)}
    missing = "" if column.nullable else f"WHEN {value} IS NULL THEN '{Reason.MISSING_VALUE}' "
    if column.treatment == "presence_only":
        typed = {column.lake_name: f'"{name}" IS NOT NULL'}
        return Expressions({}, {}, {}, typed, "NULL", "text")
    if column.type == "resource":
        return Expressions(
            {}, {value: f'"{name}"'}, {}, {name: value},
            f"CASE {missing}END" if missing else "NULL", "a name",
        )
    if column.type in ("date", "timestamp"):
        return instant_expressions(column, table, zone, trimmed, cleaned, missing)
    if column.type == "identifier":
        parsed, bad, expected = _identifier(column, value)
    elif column.type in ("code", "text"):
        parsed, bad, expected = _code(column, value)
    else:
        parsed, bad, expected = _number(column, table, value)
    # A value with a fault of any kind is never kept beside its reject.
    return Expressions(
        trimmed, cleaned, {f"p_{name}": parsed},
        {name: f"CASE WHEN r_{name} IS NULL THEN {coarsened(column, f'p_{name}')} END"},
        f"CASE {missing}WHEN {value} IS NULL THEN NULL {bad}END", expected,
    )


def _identifier(column: Column, value: str) -> tuple[str, str, str]:
    if column.normalise == "cpr":
        parsed = f"translate({value}, '- ', '')"
        if column.pad_cpr:
            # A spreadsheet took the number for a number: nine digits have lost a leading zero.
            nine = f"regexp_full_match({parsed}, '[0-9]{{9}}')"
            parsed = f"CASE WHEN {nine} THEN '0' || {parsed} ELSE {parsed} END"
        bad = (
            f"WHEN regexp_full_match({parsed}, '[0-9]{{10}}') THEN NULL "
            f"WHEN regexp_full_match({parsed}, '[0-9]{{9}}') THEN '{Reason.CPR_LOST_ZERO}' "
            f"ELSE '{Reason.CPR_FORMAT}' "
        )
        return parsed, bad, "ten digits, with or without a hyphen"
    bad = f"WHEN length({value}) > {MAX_TEXT} THEN '{Reason.TOO_LONG}' "
    return value, bad + _pattern(column, value), "an identifier"


def _code(column: Column, value: str) -> tuple[str, str, str]:
    bad = f"WHEN length({value}) > {MAX_TEXT} THEN '{Reason.TOO_LONG}' "
    expected = f"a {column.type} of at most {MAX_TEXT} characters"
    if column.allowed:
        codes = ", ".join(quoted(code) for code in column.allowed)
        bad += f"WHEN {value} NOT IN ({codes}) THEN '{Reason.UNKNOWN_CODE}' "
        expected = f"one of the {len(column.allowed)} codes of the contract"
    bad += (
        f"WHEN regexp_matches({value}, {quoted(f'{CPR_LIKE}|{PHONE_LIKE}')}) OR "
        f"(contains({value}, '@') AND regexp_matches({value}, {quoted(MAIL_LIKE)})) "
        f"THEN '{Reason.PERSONAL_DATA}' "
    )
    return value, bad + _pattern(column, value), expected


def _pattern(column: Column, value: str) -> str:
    if column.pattern is None:
        return ""
    return (
        f"WHEN NOT regexp_full_match({value}, {quoted(column.pattern)}) THEN '{Reason.PATTERN}' "
    )


def _number(column: Column, table: Table, value: str) -> tuple[str, str, str]:
    if column.type == "boolean":
        low = f"lower({value})"
        parsed = (
            f"CASE WHEN {low} IN ('true', '1', 'ja', 'j') THEN true "
            f"WHEN {low} IN ('false', '0', 'nej', 'n') THEN false END"
        )
        return parsed, f"WHEN ({parsed}) IS NULL THEN '{Reason.BOOLEAN_FORMAT}' ", "ja or nej"
    if column.type == "integer":
        pattern, sql_type, text = "[+-]?[0-9]{1,18}", "BIGINT", value
        expected = "a whole number"
    else:
        point = re.escape(table.decimal)
        pattern, sql_type = rf"[+-]?[0-9]{{1,14}}({point}[0-9]{{1,4}})?", "DECIMAL(18, 4)"
        text = f"replace({value}, {quoted(table.decimal)}, '.')"
        expected = f"a number with '{table.decimal}' and at most 4 decimals, no thousands separator"
    match = f"regexp_full_match({value}, {quoted(pattern)})"
    parsed = f"CASE WHEN {match} THEN try_cast({text} AS {sql_type}) END"
    return parsed, f"WHEN NOT {match} THEN '{Reason.NUMBER_FORMAT}' ", expected
