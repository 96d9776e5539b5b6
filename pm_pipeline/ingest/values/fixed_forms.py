"""Dates and timestamps that are written in one of the usual fixed forms, read a column at a time.

Only what is certain is accepted: a real date in its range, whose clock is not changed about that
day. Everything else is left to the SQL of ``instants``, with which every accepted value agrees.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from pm_pipeline.ingest.contract.date_formats import EXCEL_SERIAL, ISO8601
from pm_pipeline.ingest.contract.model import Column, Table
from pm_pipeline.ingest.values.column_bytes import from_numpy, text_bytes
from pm_pipeline.ingest.values.instants import FIRST_YEAR, LAST_YEAR
from pm_pipeline.ingest.values.offsets import offsets, offsets_known, to_utc

_DAY = 86_400
# A sign of a form: the part of the moment it belongs to; any other stands for itself.
_PARTS = {"%Y": "YYYY", "%m": "MM", "%d": "DD", "%H": "hh", "%M": "mm", "%S": "ss"}
_UNITS = ("day", "minute", "second")
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
        return (column.type in ("date", "timestamp") and column.coarsen_to is None
                and column.treatment == "keep")

    def accept(self, texts: Any, times: Any | None = None) -> Accepted:
        """Read what is certain; the fields are null at the places that are left.

        ``times``: the times of day, where they stand in a column of their own.
        """
        signs, places = text_bytes(texts)
        lengths = np.diff(places)
        done = (lengths == 0) if self._column.nullable else np.zeros(len(texts), bool)
        ready = ~done
        clock = np.zeros(len(texts), np.int64)
        clock_units = np.zeros(len(texts), np.int8)
        if times is not None:
            clock, clock_units = _clock(times)
            ready &= clock_units >= 0
        seconds = np.zeros(len(texts), np.int64)
        micros = np.zeros(len(texts), np.int64)
        units = np.full(len(texts), -1, np.int8)
        for form in self._forms:
            rows = np.flatnonzero((lengths == len(form.signs)) & ready)
            if not len(rows):
                continue
            grid = _grid(signs, places, rows, len(form.signs))
            sound, moment, fraction = self._read(grid, form, clock[rows])
            rows = rows[sound]
            seconds[rows], micros[rows] = moment[sound], fraction[sound]
            units[rows] = _UNITS.index(form.precision) if times is None else clock_units[rows]
            done[rows], ready[rows] = True, False
        return Accepted(self._fields(seconds, micros, units), np.flatnonzero(~done))

    def _read(
        self, grid: np.ndarray, form: Form, clock: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
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
        seconds = (first[number] + day - 1) * np.int64(_DAY) + clock
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
            seconds, known = to_utc(seconds, self._zone)
            sound &= known
        if self._column.type == "date" and not self._column.as_date:
            sound &= seconds % _DAY == 0
        elif self._column.as_date:
            sound &= offsets_known(seconds, self._zone)
        return sound, seconds, part("f") * 1000

    @property
    def _is_instant(self) -> bool:
        return self._column.type == "timestamp" or self._column.as_date is not None

    def _fields(
        self, seconds: np.ndarray, micros: np.ndarray, units: np.ndarray
    ) -> dict[str, Any]:
        name, valid = self._column.name, units >= 0
        nothing = pa.nulls(len(seconds), pa.string())
        if self._column.type == "timestamp":
            moments = seconds * 1_000_000 + micros
            return {
                name: from_numpy(moments, pa.timestamp("us"), valid),
                f"{name}_precision": self._precisions(units),
                f"{name}_flag": nothing,
            }
        if not self._column.as_date:
            return {name: from_numpy((seconds // _DAY).astype(np.int32), pa.date32(), valid)}
        local = seconds + np.where(valid, offsets(seconds, self._zone), 0)
        # The microseconds may lift a moment off its midnight, never onto another day.
        shifted = ((local % _DAY != 0) | (micros != 0)) & valid
        days = ((local + _DAY // 2) // _DAY).astype(np.int32)
        flags = nothing
        if shifted.any():
            words = pa.array(["not_midnight", None], pa.string())
            flags = words.take(from_numpy(np.where(shifted, 0, 1).astype(np.int32), pa.int32()))
        return {name: from_numpy(days, pa.date32(), valid), f"{name}_flag": flags}

    def _precisions(self, units: np.ndarray) -> Any:
        used = np.unique(units)
        words = [self._column.precision or unit for unit in _UNITS]
        if len(used) == 1 and used[0] >= 0:
            return pa.repeat(words[int(used[0])], len(units))
        table = pa.array([*words, None], pa.string())
        places = np.where(units < 0, len(words), units).astype(np.int32)
        return table.take(from_numpy(places, pa.int32()))


def _grid(signs: np.ndarray, places: np.ndarray, rows: np.ndarray, length: int) -> np.ndarray:
    """The signs of texts of one length: a row for each place in the text, a column for each text."""
    if len(rows) == len(places) - 1:
        return np.ascontiguousarray(signs.reshape(len(rows), length).T)
    grid: np.ndarray = signs[np.arange(length)[:, None] + places[rows]]
    return grid


def _clock(times: Any) -> tuple[np.ndarray, np.ndarray]:
    """Times of day in seconds, and their units: -1 where the text is no time, a day if it is empty."""
    signs, places = text_bytes(times)
    lengths = np.diff(places)
    seconds = np.zeros(len(lengths), np.int64)
    units = np.where(lengths == 0, 0, -1).astype(np.int8)
    for unit, length in ((1, len("hh:mm")), (2, len("hh:mm:ss"))):
        rows = np.flatnonzero(lengths == length)
        if not len(rows):
            continue
        grid = _grid(signs, places, rows, length)
        digits = (grid - np.uint8(ord("0"))).astype(np.int64)
        is_digit = np.arange(length) % 3 != 2
        sound = np.all(digits[is_digit] <= 9, axis=0) & np.all(grid[~is_digit] == ord(":"), axis=0)
        parts = digits[0::3] * 10 + digits[1::3]
        sound &= (parts[0] <= 23) & np.all(parts[1:] <= 59, axis=0)
        weights = np.array([3600, 60, 1])[: len(parts)]
        units[rows] = np.where(sound, unit, -1)
        seconds[rows] = np.where(sound, weights @ parts, 0)
    return seconds, units


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
