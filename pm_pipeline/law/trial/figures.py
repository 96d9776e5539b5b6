"""Which published tables would hold other rows, and which of their figures would move.

What may be told of a mart is decided by the caller: it hands in the SQL that leaves out what the
minimum group forbids.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import duckdb

#: Columns that name a row in words, or say where its rule can be read: they tell no row apart.
_WORDS = (
    "title_da", "title_en", "label_da", "label_en", "_url", "certainty", "_unit", "municipality_id",
)
#: Beside what is counted, what a rule asks for: it is not a figure of the data.
_NO_FIGURES = ("n_", "limit_", "required_", "window_")
_NUMBERS = ("DOUBLE", "FLOAT", "DECIMAL", "BIGINT", "INTEGER", "HUGEINT", "UBIGINT", "SMALLINT")


@dataclass(frozen=True)
class Figure:
    """One figure of one row under both laws; None where a law has no such row or it is not told."""

    row: Mapping[str, str | None]
    name: str
    before: float | None
    after: float | None


@dataclass(frozen=True)
class MartShift:
    """One mart: its rows under both laws, how many of them the other law does not have."""

    name: str
    rows_before: int
    rows_after: int
    rows_gone: int
    rows_new: int
    figures: tuple[Figure, ...]

    @property
    def is_touched(self) -> bool:
        return bool(self.rows_gone or self.rows_new)


def mart_shifts(
    connection: duckdb.DuckDBPyConnection,
    released: Mapping[str, Callable[[str], str]],
    with_figures: Callable[[str], bool],
) -> tuple[MartShift, ...]:
    """One shift per mart that both warehouses have.

    Args:
        connection: see :func:`pm_pipeline.warehouse.connect_both`.
        released: by name of the mart, from a relation to the SQL of what may be told of it.
        with_figures: whether the figures of a mart are compared, by its name.
    """
    present = connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'marts' "
        "group by table_name having count(distinct database_name) = 2"
    ).fetchall()
    return tuple(
        _shift(connection, name, released[name] if with_figures(name) else None)
        for name in released if (name,) in present
    )


def _shift(
    connection: duckdb.DuckDBPyConnection, name: str, released: Callable[[str], str] | None
) -> MartShift:
    columns = {
        column: kind
        for column, kind, *_ in connection.execute(f"describe after.marts.{name}").fetchall()
    }
    # the last digits of a mean depend on the order in which threads add up
    told = ", ".join(
        f"round({column}, 9) as {column}" if kind in ("DOUBLE", "FLOAT") else column
        for column, kind in columns.items()
    )
    before, after = (f"select {told} from {law}.marts.{name}" for law in ("before", "after"))
    n_before, n_after, gone, new = connection.execute(
        f"select (select count(*) from ({before})), (select count(*) from ({after})), "
        f"(select count(*) from ({before} except all {after})), "
        f"(select count(*) from ({after} except all {before}))"
    ).fetchall()[0]
    figures = _figures(connection, name, columns, released) if released and (gone or new) else ()
    return MartShift(name, n_before, n_after, gone, new, figures)


def _figures(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    columns: Mapping[str, str],
    released: Callable[[str], str],
) -> tuple[Figure, ...]:
    keys = [
        column for column, kind in columns.items()
        if not kind.startswith(_NUMBERS) and not column.endswith(_WORDS)
    ]
    # how many they are is told by the outcomes, where a difference of a few people is not
    figures = [
        column for column, kind in columns.items()
        if kind.startswith(_NUMBERS) and not column.startswith(_NO_FIGURES)
    ]
    if not figures:
        return ()
    same = " and ".join(f"b.{key} is not distinct from a.{key}" for key in keys)
    rows = connection.execute(
        f"select {', '.join(f'coalesce(b.{key}, a.{key})' for key in keys)}, "
        + ", ".join(f"cast(b.{one} as double), cast(a.{one} as double)" for one in figures)
        + f" from ({released(f'before.marts.{name}')}) as b"
        f" full join ({released(f'after.marts.{name}')}) as a on {same} order by all"
    ).fetchall()
    found = []
    for row in rows:
        named = {
            key: None if value is None else str(value)
            for key, value in zip(keys, row[: len(keys)], strict=True)
        }
        values = row[len(keys):]
        for number, figure in enumerate(figures):
            one, other = values[2 * number], values[2 * number + 1]
            if one is None and other is None:
                continue
            if one is None or other is None or abs(one - other) > 1e-9:
                found.append(Figure(named, figure, one, other))
    return tuple(found)
