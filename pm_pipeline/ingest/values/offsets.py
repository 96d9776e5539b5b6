"""How far a time zone is before UTC, a column at a time; only on days about which no clock changes."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np

from pm_pipeline.ingest.values.instants import clock_changes

# Offsets are taken from Python's calendar here and from DuckDB's in the SQL; in these years the two
# agree.
_FIRST_LOCAL_YEAR, _LAST_LOCAL_YEAR = 1985, 2037
_DAY = 86_400
_UNKNOWN = np.iinfo(np.int64).min


@cache
def _offset_by_day(zone: str) -> np.ndarray:
    """Seconds that a zone is before UTC on each day from 1985 on; unknown about a change."""
    info = ZoneInfo(zone)
    changes = frozenset(clock_changes(zone))
    day, found = datetime(_FIRST_LOCAL_YEAR, 1, 1, 12, tzinfo=UTC), []
    while day.year <= _LAST_LOCAL_YEAR:
        offset = day.astimezone(info).utcoffset()
        known = offset is not None and day.date().isoformat() not in changes
        found.append(int(offset.total_seconds()) if known and offset is not None else _UNKNOWN)
        day += timedelta(days=1)
    return np.array([_UNKNOWN, *found, _UNKNOWN], np.int64)


def offsets(seconds: np.ndarray, zone: str) -> np.ndarray:
    """Seconds that a zone is before UTC on the day of each moment; a very small number if unknown."""
    table = _offset_by_day(zone)
    first = (datetime(_FIRST_LOCAL_YEAR, 1, 1) - datetime(1970, 1, 1)).days
    places: np.ndarray = np.clip(seconds // _DAY - first + 1, 0, len(table) - 1)
    found: np.ndarray = table[places]
    return found


def offsets_known(seconds: np.ndarray, zone: str) -> np.ndarray:
    """For which moments the offset of the zone is certain."""
    known: np.ndarray = offsets(seconds, zone) != _UNKNOWN
    return known


def to_utc(seconds: np.ndarray, zone: str) -> tuple[np.ndarray, np.ndarray]:
    """Local seconds in UTC, and for which of them the offset is certain."""
    found = offsets(seconds, zone)
    known = found != _UNKNOWN
    return seconds - np.where(known, found, 0), known
