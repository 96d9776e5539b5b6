"""Dates and timestamps that are written in one of the usual fixed forms, read a column at a time.

Only what is certain is accepted: a real date in its range, whose clock is not changed about that
day. Everything else is left to the SQL of ``instants``, with which every accepted value agrees.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from pm_pipeline.ingest.contract.model import Column, Table
from pm_pipeline.ingest.contract.rules import EXCEL_SERIAL, ISO8601
from pm_pipeline.ingest.values.arrays import from_numpy, text_bytes
from pm_pipeline.ingest.values.instants import FIRST_YEAR, LAST_YEAR, clock_changes

# Offsets of a zone are taken from Python's calendar here and from DuckDB's in the SQL; in these
# years the two agree.
_FIRST_LOCAL_YEAR, _LAST_LOCAL_YEAR = 1985, 2037
_DAY = 86_400
_UNKNOWN = np.iinfo(np.int64).min
# A sign of a form: the part of the moment it belongs to; any other stands for itself.
_PARTS = {"%Y": "YYYY", "%m": "MM", "%d": "DD", "%H": "hh", "%M": "mm", "%S": "ss"}
_ISO_TIMES = ("hh:mm", "hh:mm:ss", "hh:mm:ss.fff")
_ISO_ZONES = ("", "Z", "±oo:pp")


@dataclass(frozen=True)
class Form:
    """How a moment is written, such as ``YYYY-MM-DDThh:mm:ssZ``; ``is_offset``: what follows the
    time is an offset from UTC and no mere letter."""

    signs: str
    precision: str
    is_offset: bool = False


@dataclass(frozen=True)
class Accepted:
    """``fields``: the lake's fields of all texts; ``left``: places that must be typed otherwise."""

    fields: dict[str, Any]
    left: np.ndarray


class FixedForms:
    """Reads the texts of one column that have a fixed form."""

    def __init__(self, column: Column, table: Table, zone: str) -> None:
        self._column = column
        self._zone = zone
        self._forms = _forms(column, table)

    @staticmethod
    def fits(column: Column) -> bool:
        """Whether a column is one that this module can read at all."""
        return (column.type in ("date", "timestamp") and column.time_header is None
                and column.coarsen_to is None and column.treatment == "keep")

    def accept(self, texts: Any) -> Accepted:
        """Read what is certain; the fields are null at the places that are left."""
        signs, places = text_bytes(texts)
        lengths = np.diff(places)
        done = (lengths == 0) if self._column.nullable else np.zeros(len(texts), bool)
        seconds = np.zeros(len(texts), np.int64)
        micros = np.zeros(len(texts), np.int64)
        form_of = np.full(len(texts), -1, np.int16)
        for number, form in enumerate(self._forms):
            open_ = (lengths == len(form.signs)) & ~done
            if not open_.any():
                continue
            rows = np.flatnonzero(open_)
            if len(rows) == len(texts):
                grid = signs.reshape(len(texts), len(form.signs))
            else:
                grid = signs[places[rows][:, None] + np.arange(len(form.signs))]
            sound, moment, fraction = self._read(np.ascontiguousarray(grid.T), form)
            rows = rows[sound]
            seconds[rows], micros[rows] = moment[sound], fraction[sound]
            form_of[rows] = number
            done[rows] = True
        return Accepted(self._fields(seconds, micros, form_of), np.flatnonzero(~done))

    def _read(self, grid: np.ndarray, form: Form) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Which texts are sound, their seconds since 1970 (in UTC where asked), their microseconds."""
        digits = grid - np.uint8(ord("0"))
        sound = np.ones(grid.shape[1], bool)
        for place, sign in enumerate(form.signs):
            if sign in "YMDhmsfop":
                sound &= digits[place] <= 9
            elif sign == "±":
                sound &= (grid[place] == ord("+")) | (grid[place] == ord("-"))
            else:
                sound &= grid[place] == ord(sign)

        def part(sign: str) -> np.ndarray:
            value = np.zeros(grid.shape[1], np.int32)
            for place, found in enumerate(form.signs):
                if found == sign:
                    value = value * 10 + digits[place]
            return value

        year, month, day = part("Y"), part("M"), part("D")
        sound &= (year >= FIRST_YEAR) & (year <= LAST_YEAR) & (month >= 1) & (month <= 12)
        first, length = _months()
        number = np.where(sound, (year - FIRST_YEAR) * 12 + month - 1, 0)
        sound &= (day >= 1) & (day <= length[number])
        seconds = (first[number] + day - 1) * np.int64(_DAY)
        if "h" in form.signs:
            hour, minute, second = part("h"), part("m"), part("s")
            sound &= (hour <= 23) & (minute <= 59) & (second <= 59)
            seconds += hour * 3600 + minute * 60 + second
        if form.is_offset:
            # Of a plain date only the date as it is written counts.
            if "±" in form.signs and self._is_instant:
                hours, minutes = part("o"), part("p")
                sound &= (hours <= 14) & (minutes <= 59)
                minute_of = np.where(grid[form.signs.index("±")] == ord("-"), -60, 60)
                seconds -= minute_of * (hours * 60 + minutes)
        elif self._column.zone == "local" and self._is_instant:
            seconds, known = _to_utc(seconds, self._zone)
            sound &= known
        if self._column.type == "date" and not self._column.as_date:
            sound &= seconds % _DAY == 0
        elif self._column.as_date:
            sound &= _offsets_known(seconds, self._zone)
        return sound, seconds, part("f") * 1000

    @property
    def _is_instant(self) -> bool:
        return self._column.type == "timestamp" or self._column.as_date is not None

    def _fields(
        self, seconds: np.ndarray, micros: np.ndarray, form_of: np.ndarray
    ) -> dict[str, Any]:
        name, valid = self._column.name, form_of >= 0
        nothing = pa.nulls(len(seconds), pa.string())
        if self._column.type == "timestamp":
            moments = seconds * 1_000_000 + micros
            return {
                name: from_numpy(moments, pa.timestamp("us"), valid),
                f"{name}_precision": self._precisions(form_of),
                f"{name}_flag": nothing,
            }
        if not self._column.as_date:
            return {name: from_numpy((seconds // _DAY).astype(np.int32), pa.date32(), valid)}
        local = seconds + np.where(valid, _offsets(seconds, self._zone), 0)
        # The microseconds may lift a moment off its midnight, never onto another day.
        shifted = ((local % _DAY != 0) | (micros != 0)) & valid
        days = ((local + _DAY // 2) // _DAY).astype(np.int32)
        flags = nothing
        if shifted.any():
            words = pa.array(["not_midnight", None], pa.string())
            flags = words.take(from_numpy(np.where(shifted, 0, 1).astype(np.int32), pa.int32()))
        return {name: from_numpy(days, pa.date32(), valid), f"{name}_flag": flags}

    def _precisions(self, form_of: np.ndarray) -> Any:
        used = np.unique(form_of)
        words = [self._column.precision or form.precision for form in self._forms]
        if len(used) == 1 and used[0] >= 0:
            return pa.repeat(words[int(used[0])], len(form_of))
        # Place -1 is the last one: null.
        table = pa.array([*words, None], pa.string())
        places = np.where(form_of < 0, len(words), form_of).astype(np.int32)
        return table.take(from_numpy(places, pa.int32()))


def _forms(column: Column, table: Table) -> tuple[Form, ...]:
    is_iso = ISO8601 in column.formats or table.is_typed
    forms: list[Form] = []
    for format_ in column.formats:
        if format_ in (ISO8601, EXCEL_SERIAL):
            continue
        signs, rest, is_fixed = "", format_, True
        while rest:
            step = rest[:2] if rest[0] == "%" else rest[0]
            rest = rest[len(step):]
            is_fixed &= step in _PARTS or (len(step) == 1 and step.isascii()
                                           and step not in "YMDhmsfop±")
            signs += _PARTS.get(step, step)
        # Beside ISO 8601 a text that begins like one may have an offset, whatever its format.
        if is_fixed and not (is_iso and signs.startswith("YYYY")):
            unit = "second" if "s" in signs else "minute" if "h" in signs else "day"
            forms.append(Form(signs, unit))
    if is_iso:
        forms.append(Form("YYYY-MM-DD", "day"))
        forms += [
            Form(f"YYYY-MM-DD{between}{time}{zone}", "second" if "s" in time else "minute", bool(zone))
            for between in "T " for time in _ISO_TIMES for zone in _ISO_ZONES
        ]
    return tuple(forms)


@cache
def _months() -> tuple[np.ndarray, np.ndarray]:
    """For each month from 1900 on: its first day (days since 1970) and its length."""
    firsts = np.arange(f"{FIRST_YEAR}-01", f"{LAST_YEAR + 1}-02", dtype="datetime64[M]")
    days = firsts.astype("datetime64[D]").astype(np.int64)
    return days[:-1], np.diff(days)


@cache
def _offset_by_day(zone: str) -> np.ndarray:
    """Seconds that a zone is before UTC on each day from 1985 on; unknown about a change."""
    info = ZoneInfo(zone)
    changes = frozenset(clock_changes(zone))
    day, offsets = datetime(_FIRST_LOCAL_YEAR, 1, 1, 12, tzinfo=UTC), []
    while day.year <= _LAST_LOCAL_YEAR:
        offset = day.astimezone(info).utcoffset()
        known = offset is not None and day.date().isoformat() not in changes
        offsets.append(int(offset.total_seconds()) if known and offset is not None else _UNKNOWN)
        day += timedelta(days=1)
    return np.array([_UNKNOWN, *offsets, _UNKNOWN], np.int64)


def _offsets(seconds: np.ndarray, zone: str) -> np.ndarray:
    table = _offset_by_day(zone)
    first = (datetime(_FIRST_LOCAL_YEAR, 1, 1) - datetime(1970, 1, 1)).days
    places: np.ndarray = np.clip(seconds // _DAY - first + 1, 0, len(table) - 1)
    found: np.ndarray = table[places]
    return found


def _offsets_known(seconds: np.ndarray, zone: str) -> np.ndarray:
    known: np.ndarray = _offsets(seconds, zone) != _UNKNOWN
    return known


def _to_utc(seconds: np.ndarray, zone: str) -> tuple[np.ndarray, np.ndarray]:
    """Local seconds in UTC, and for which of them the offset is certain."""
    offsets = _offsets(seconds, zone)
    known = offsets != _UNKNOWN
    return seconds - np.where(known, offsets, 0), known
