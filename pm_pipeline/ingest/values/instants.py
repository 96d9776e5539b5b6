"""The SQL by which DuckDB types dates and timestamps: named formats, UTC, clock changes flagged."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from pm_pipeline.ingest.contract.date_formats import EXCEL_SERIAL, ISO8601, format_pattern
from pm_pipeline.ingest.contract.model import Column, Table
from pm_pipeline.ingest.readers.headers import TIME_SUFFIX
from pm_pipeline.ingest.rejects.reasons import Reason
from pm_pipeline.ingest.values.coarsening import coarsened
from pm_pipeline.ingest.values.sql_text import Expressions, nulled, quoted, trimmed_text

_ISO = (
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]((?:[01][0-9]|2[0-3]):[0-5][0-9])"
    r"(?::([0-5][0-9])(?:[.,]([0-9]{1,9}))?)?"
    r"(?:(Z)|([+-])(0[0-9]|1[0-4])(?::?([0-5][0-9]))?)?)?"
)
_ISO_PARTS = "['d', 'hm', 's', 'f', 'z', 'sign', 'oh', 'om']"
TWO_DIGIT_YEAR = r"[0-9]{1,2}[-./][0-9]{1,2}[-./][0-9]{2}(\D.*)?"
_TIME = r"([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?"
FIRST_YEAR, LAST_YEAR = 1900, 2100
# Days since 30 December 1899; up to day 60 Excel counts a 29 February 1900 that never was.
_EXCEL = r"[0-9]{2,5}([.,][0-9]{1,11})?"
_EXCEL_FIRST = 61
# 24:00 at the end of a day, behind a date or in a field of its own.
_DATE_AND_24 = r"(.*[T ])24([:.]00(?:[:.]00(?:[.,]0+)?)?(?:Z|[+-][0-9:]{2,5})?)"
_ONLY_24 = "()24(:00(?::00)?)"


def instant_expressions(
    column: Column, table: Table, zone: str, trimmed: dict[str, str], cleaned: dict[str, str],
    missing: str,
) -> Expressions:
    """Dates and timestamps. Local times become UTC; see ``flag`` for gap and fold.

    In the hour that an autumn night has twice the later one (standard time) is taken; in the hour
    that a spring night skips the clock is taken as not yet put forward. Both are flagged. With
    ``as_date`` an instant becomes the local date whose midnight is nearest, flagged
    ``not_midnight`` when it was no local midnight (a source that keeps summer time all year).
    """
    name, value, clock = column.name, f"v_{column.name}", f"t_{column.name}"
    with_time, is_day = column.time_header is not None, column.type == "date" and not column.as_date
    if with_time:
        trimmed = {**trimmed, f"ct_{name}": trimmed_text(f'"{name}{TIME_SUFFIX}"')}
        cleaned = {**cleaned, clock: nulled(f"ct_{name}", table)}
    if column.midnight_as_24:
        told = clock if with_time else value
        cleaned = {**cleaned, f"e_{name}": cleaned[told]}
        cleaned[told] = f"regexp_replace({cleaned[told]}, {quoted(f'^{_at_24(column)}$')}, '\\100\\2')"
    iso = ISO8601 in column.formats or table.is_typed
    written, precision = _as_written(column, iso)
    # i_: the parts of an ISO text; w_: the moment as written; o_: its offset in minutes, null where
    # none was written; q_: how finely it was told.
    layers: dict[str, str] = {}
    if iso:
        layers[f"i_{name}"] = f"regexp_extract({value}, {quoted(f'^{_ISO}$')}, {_ISO_PARTS})"
    layers[f"w_{name}"] = written
    if is_day:
        typed = {name: coarsened(column, f"w_{name}::DATE")}
    else:
        layers[f"o_{name}"] = _iso_offset(f"i_{name}") if iso else "NULL::INT"
        layers[f"q_{name}"] = precision
        typed = _nearest_midnight(column, zone, iso) if column.as_date else _instant(column, zone, iso)
    # A time of day is never cut off in silence.
    has_time = f"WHEN w_{name} <> date_trunc('day', w_{name}) THEN '{Reason.DATE_FORMAT}' " \
        if is_day else ""
    bad_time = f"{clock} IS NOT NULL AND NOT regexp_full_match({clock}, {quoted(_TIME)})" \
        if with_time else "false"
    reason = (
        f"CASE {missing}WHEN {value} IS NULL THEN NULL WHEN w_{name} IS NULL THEN "
        f"'{Reason.DATE_FORMAT}' {has_time}"
        f"WHEN year(w_{name}) NOT BETWEEN {FIRST_YEAR} AND {LAST_YEAR} "
        f"THEN '{Reason.DATE_RANGE}' WHEN {bad_time} THEN '{Reason.TIME_FORMAT}' END"
    )
    expected = "a date as " + " or ".join(_spelled(format_) for format_ in column.formats)
    if with_time:
        expected += ", and a time as HH:MM or HH:MM:SS or none"
    # A rejected value leaves nothing behind, in none of its columns.
    typed = {what: f"CASE WHEN r_{name} IS NULL THEN {sql} END" for what, sql in typed.items()}
    return Expressions(trimmed, cleaned, layers, typed, reason, expected)


def _spelled(format_: str) -> str:
    """A format as a sender reads it: DD-MM-YYYY."""
    for sign, letters in (("%d", "DD"), ("%m", "MM"), ("%Y", "YYYY"), ("%y", "YY")):
        format_ = format_.replace(sign, letters)
    return format_


def _as_written(column: Column, iso: bool) -> tuple[str, str]:
    """The moment as it stands in the text (no zone yet), and how finely it is told."""
    name, value, clock = column.name, f"v_{column.name}", f"t_{column.name}"
    stamps, precisions = [], []
    for format_ in column.formats:
        if format_ == ISO8601:
            continue
        if format_ == EXCEL_SERIAL:
            stamps.append(_excel_stamp(value))
            precisions.append(
                f"WHEN regexp_full_match({value}, '[0-9]{{2,5}}') THEN 'day' "
                f"WHEN regexp_full_match({value}, {quoted(_EXCEL)}) THEN 'second'"
            )
            continue
        match = f"regexp_full_match({value}, {quoted(format_pattern(format_))})"
        stamps.append(f"WHEN {match} THEN {_strptime(value, format_, column.two_digit_pivot)}")
        unit = "second" if "%S" in format_ else "minute" if "%H" in format_ else "day"
        precisions.append(f"WHEN {match} THEN '{unit}'")
    if iso:
        part = f"i_{name}"
        stamps.append(f"WHEN {part}.d <> '' THEN {_iso_stamp(part)}")
        precisions.append(
            f"WHEN {part}.s <> '' THEN 'second' WHEN {part}.hm <> '' THEN 'minute' "
            f"WHEN {part}.d <> '' THEN 'day'"
        )
    written = f"CASE {' '.join(stamps)} END"
    precision = f"CASE {' '.join(precisions)} END"
    if column.time_header is not None:
        good = f"regexp_full_match({clock}, {quoted(_TIME)})"
        written = f"({written}) + CASE WHEN {good} THEN try_cast({clock} AS INTERVAL) " \
                  "ELSE INTERVAL 0 SECOND END"
        precision = f"CASE WHEN {clock} IS NULL THEN 'day' WHEN length({clock}) > 5 " \
                    "THEN 'second' ELSE 'minute' END"
    if column.midnight_as_24:
        is_24 = f"regexp_full_match(e_{name}, {quoted(_at_24(column))})"
        written = f"({written}) + CASE WHEN {is_24} THEN INTERVAL 1 DAY ELSE INTERVAL 0 DAY END"
    return written, quoted(column.precision) if column.precision else precision


def _at_24(column: Column) -> str:
    return _DATE_AND_24 if column.time_header is None else _ONLY_24


def _iso_stamp(part: str) -> str:
    """The moment of an ISO text; try_cast knows 31 February."""
    return (
        f"try_cast({part}.d || ' ' || coalesce(nullif({part}.hm, ''), '00:00') || ':' || "
        f"coalesce(nullif({part}.s, ''), '00') || '.' || coalesce(nullif({part}.f, ''), '0') "
        "AS TIMESTAMP)"
    )


def _iso_offset(part: str) -> str:
    return (
        f"CASE WHEN {part}.z = 'Z' THEN 0 WHEN {part}.sign <> '' THEN "
        f"try_cast({part}.sign || '1' AS INT) * "
        f"(try_cast({part}.oh AS INT) * 60 + coalesce(try_cast({part}.om AS INT), 0)) END"
    )


def _has_zone(column: Column) -> str:
    return f"o_{column.name} IS NOT NULL" if column.zone == "local" else "true"


def _utc(column: Column, zone: str, iso: bool) -> str:
    """The moment in UTC: by the offset that was written, else by the zone of the contract."""
    name = column.name
    shifted = f"w_{name} - to_minutes(coalesce(o_{name}, 0))" if iso else f"w_{name}"
    return (
        f"CASE WHEN {_has_zone(column)} THEN {shifted} "
        f"ELSE timezone('UTC', timezone({quoted(zone)}, w_{name})) END"
    )


def _nearest_midnight(column: Column, zone: str, iso: bool) -> dict[str, str]:
    """A date that travels as an instant."""
    local = f"timezone({quoted(zone)}, timezone('UTC', {_utc(column, zone, iso)}))"
    return {
        column.name: coarsened(column, f"CAST(({local}) + INTERVAL 12 HOUR AS DATE)"),
        f"{column.name}_flag":
            f"CASE WHEN ({local}) <> date_trunc('day', {local}) THEN 'not_midnight' END",
    }


def _instant(column: Column, zone: str, iso: bool) -> dict[str, str]:
    """A moment in UTC, how finely it was told, and whether a change of the clock makes it doubtful."""
    name, hour = column.name, "INTERVAL 1 HOUR"
    at_zone = f"timezone({quoted(zone)}, w_{name})"
    never_changed = column.zone == "utc" or not clock_changes(zone)
    flag = "NULL::VARCHAR" if never_changed else (
        f"CASE WHEN {_has_zone(column)} OR q_{name} = 'day' THEN NULL "
        f"WHEN w_{name}::DATE NOT IN ({', '.join(map(quoted, clock_changes(zone)))}) THEN NULL "
        f"WHEN timezone({quoted(zone)}, {at_zone}) <> w_{name} THEN 'dst_gap' "
        f"WHEN timezone({quoted(zone)}, {at_zone} - {hour}) = w_{name} "
        f"OR timezone({quoted(zone)}, {at_zone} + {hour}) = w_{name} THEN 'dst_fold' END"
    )
    return {
        name: _utc(column, zone, iso),
        f"{name}_precision": f"CASE WHEN w_{name} IS NOT NULL THEN q_{name} END",
        f"{name}_flag": flag,
    }


def _strptime(value: str, format_: str, pivot: int | None) -> str:
    """A text by a named format; a year of two digits is 20yy up to the pivot and 19yy above it."""
    parsed = f"try_strptime({value}, {quoted(format_)})"
    if "%y" not in format_:
        return parsed
    # Year 00 lies at or below every pivot, so that 29 February is never moved to a year without one.
    century = f"CASE WHEN year({parsed}) % 100 <= {pivot} THEN 2000 ELSE 1900 END"
    return f"{parsed} + to_years({century} - CAST(floor(year({parsed}) / 100) AS INT) * 100)"


def _excel_stamp(value: str) -> str:
    number = f"try_cast(replace({value}, ',', '.') AS DOUBLE)"
    seconds = f"CAST(round({number} * 86400) AS BIGINT)"
    return (
        f"WHEN regexp_full_match({value}, {quoted(_EXCEL)}) AND {number} >= {_EXCEL_FIRST} "
        f"THEN TIMESTAMP '1899-12-30' + to_seconds({seconds})"
    )


@cache
def clock_changes(zone: str) -> tuple[str, ...]:
    """The local dates (ISO) on which the clocks of a zone are changed, 1900-2100.

    Only on these can a time be missing or doubled; asking the calendar library on every other day
    would be most of the time of an import.
    """
    info = ZoneInfo(zone)
    day, last = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
    changes: set[str] = set()
    before = datetime.combine(day, time.min, UTC).astimezone(info).utcoffset()
    while day <= last:
        after = datetime.combine(day + timedelta(days=1), time.min, UTC).astimezone(info)
        if after.utcoffset() != before:
            # The change may be near midnight: the neighbouring days are looked at as well.
            changes.update((day + timedelta(days=n)).isoformat() for n in (-1, 0, 1))
            before = after.utcoffset()
        day += timedelta(days=1)
    return tuple(sorted(changes))
