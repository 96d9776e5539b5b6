"""Weekly figures of a municipality as matrices: one row per item, one column per week."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Days = NDArray[np.datetime64]


@dataclass(frozen=True)
class Calendar:
    """The weeks that can be compared, whole or cut where a change falls into them, oldest first."""

    starts_on: "Days"
    days: "Array"


@dataclass(frozen=True)
class Series:
    """The items of one measure of a process on one axis.

    Attributes:
        wholes: per item the name of what its denominator is of.
        numerators: items × weeks of the calendar.
        denominators: the same of the wholes; None for volumes, which are compared by the days of a
        week.
    """

    process_id: str | None
    system_id: str | None
    axis: str
    measure: str
    items: tuple[str, ...]
    wholes: tuple[str, ...]
    numerators: "Array"
    denominators: "Array | None"


def read_calendar(connection: "duckdb.DuckDBPyConnection") -> Calendar:
    import numpy as np

    found = connection.execute(
        "select week_on, count(*) as days from quality.int_change_days"
        " group by week_on order by week_on"
    ).fetchnumpy()
    return Calendar(
        np.asarray(found["week_on"], dtype="datetime64[D]"), np.asarray(found["days"], dtype=float)
    )


def read_series(
    connection: "duckdb.DuckDBPyConnection", calendar: Calendar, system_id: str | None = None
) -> list[Series]:
    """All measures, of all systems together or of one."""
    where, values = ("where system_id = $system", {"system": system_id}) if system_id else ("", {})
    # A system that tells nothing of an item in a week still tells of its whole.
    parts = connection.execute(
        f"""
        select process_id, axis, measure, whole, item, week_on, sum(numerator) as amount
        from quality.change_weeks {where}
        group by all order by process_id, axis, measure, whole, item, week_on
        """,
        values,
    ).fetchnumpy()
    wholes = connection.execute(
        f"""
        select process_id, axis, measure, whole, week_on, sum(denominator) as amount
        from (
            select process_id, system_id, axis, measure, whole, week_on,
                max(denominator) as denominator
            from quality.change_weeks {where}
            group by all
        )
        where denominator is not null
        group by all
        """,
        values,
    ).fetchnumpy()
    totals = _matrices(wholes, ("process_id", "axis", "measure", "whole"), calendar)
    items = _matrices(parts, ("process_id", "axis", "measure", "whole", "item"), calendar)
    grouped: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    for key in items:
        grouped.setdefault(key[:3], []).append(key)
    return [_series(group, keys, items, totals, system_id) for group, keys in grouped.items()]


def _series(
    group: tuple[Any, ...], keys: list[tuple[Any, ...]], items: dict[tuple[Any, ...], "Array"],
    totals: dict[tuple[Any, ...], "Array"], system_id: str | None,
) -> Series:
    import numpy as np

    process_id, axis, measure = group
    known = [totals.get(key[:4]) for key in keys]
    denominators = None if known[0] is None else np.stack([one for one in known if one is not None])
    return Series(
        process_id, system_id, axis, measure,
        items=tuple(key[4] for key in keys),
        wholes=tuple(key[3] for key in keys),
        numerators=np.stack([items[key] for key in keys]),
        denominators=denominators,
    )


def _matrices(
    found: dict[str, Any], names: tuple[str, ...], calendar: Calendar
) -> dict[tuple[Any, ...], "Array"]:
    """One row of weeks per key. Sorted rows of the same key lie side by side."""
    import numpy as np

    at = np.searchsorted(calendar.starts_on, found["week_on"].astype("datetime64[D]"))
    amounts = np.ma.filled(found["amount"].astype(float), 0.0)
    columns = [or_none(found[name]) for name in names]
    rows: dict[tuple[Any, ...], Array] = {}
    for key, week, amount in zip(zip(*columns, strict=True), at, amounts, strict=True):
        if key not in rows:
            rows[key] = np.zeros(len(calendar.starts_on))
        rows[key][week] += amount
    return rows


def or_none(column: Any) -> "NDArray[np.object_]":
    """A column with None where it is null; ``filled(None)`` fills in numpy's own default, ``?``."""
    import numpy as np

    masked = np.ma.asarray(column)
    values: NDArray[np.object_] = masked.data.astype(object)
    values[np.ma.getmaskarray(masked)] = None
    return values
