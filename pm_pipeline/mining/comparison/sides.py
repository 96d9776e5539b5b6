"""What is compared, out of the warehouse: both sides of each comparison, their lines and durations."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


@dataclass(frozen=True)
class Side:
    """One side of a comparison; see ``core.comparison_sides``. ``…_told``: in steps."""

    filter_id: str
    sentence_da: str
    sentence_en: str
    process_id: str
    is_known: bool
    is_told: bool
    n_cases: int
    n_citizens: int
    sum_of_squares: int
    n_too_young: int
    n_on_both_sides: int
    n_citizens_on_both_sides: int
    n_not_drawn: int
    n_cases_told: int | None
    n_too_young_told: int | None
    n_on_both_sides_told: int | None


@dataclass(frozen=True)
class Comparison:
    comparison_id: str
    title_da: str
    title_en: str
    follow_up_days: int
    first: Side
    second: Side


@dataclass(frozen=True)
class LineKey:
    """What a line is about. Activities by their codes."""

    kind: str
    from_activity: int | None = None
    to_activity: int | None = None


@dataclass(frozen=True)
class OfSide:
    """Cases of one side that have a line; sums over citizens as in ``core.comparison_lines``."""

    n: int
    n_citizens: int
    sum_of_squares: int
    sum_of_products: int
    n_told: int | None


@dataclass(frozen=True)
class Counted:
    key: LineKey
    first: OfSide
    second: OfSide


@dataclass(frozen=True)
class Activity:
    activity_id: str
    label_da: str
    label_en: str
    family: str | None


def read_comparisons(connection: "duckdb.DuckDBPyConnection") -> list[Comparison]:
    rows = connection.execute(
        """
        select comparison_id, title_da, title_en, follow_up_days
        from reference.comparisons order by comparison_id
        """
    ).fetchall()
    columns = ", ".join(Side.__dataclass_fields__)
    sides = {
        (comparison_id, side): Side(*values)
        for comparison_id, side, *values in connection.execute(
            f"select comparison_id, side, {columns} from core.comparison_sides"
        ).fetchall()
    }
    return [
        Comparison(
            comparison_id, title_da, title_en, days, sides[comparison_id, 1], sides[comparison_id, 2]
        )
        for comparison_id, title_da, title_en, days in rows
    ]


def read_activities(connection: "duckdb.DuckDBPyConnection") -> dict[int, Activity]:
    """By the code that counting goes by."""
    return {
        code: Activity(*values)
        for code, *values in connection.execute(
            "select activity_code, activity_id, label_da, label_en, family from core.activities"
        ).fetchall()
    }


def read_lines(connection: "duckdb.DuckDBPyConnection", comparison_id: str) -> list[Counted]:
    rows = connection.execute(
        """
        select
            kind, from_activity_code, to_activity_code,
            n_first, n_first_citizens, first_sum_of_squares, first_sum_of_products, n_first_told,
            n_second, n_second_citizens, second_sum_of_squares, second_sum_of_products, n_second_told
        from core.comparison_lines
        where comparison_id = ?
        order by all
        """,
        [comparison_id],
    ).fetchall()
    return [Counted(LineKey(*row[:3]), OfSide(*row[3:8]), OfSide(*row[8:])) for row in rows]


def read_days(
    connection: "duckdb.DuckDBPyConnection", comparison_id: str
) -> dict[LineKey, tuple["Array", "Array"]]:
    """Days of the citizens of both sides, in no order, by line."""
    table = connection.execute(
        """
        select
            kind, from_activity_code, to_activity_code,
            coalesce(list(days) filter (where side = 1), []) as first,
            coalesce(list(days) filter (where side = 2), []) as second
        from core.comparison_days
        where comparison_id = ?
        group by kind, from_activity_code, to_activity_code
        order by kind, from_activity_code, to_activity_code
        """,
        [comparison_id],
    ).to_arrow_table()
    keys = zip(*(table.column(at).to_pylist() for at in range(3)), strict=True)
    return {
        LineKey(*key): (
            table["first"][at].values.to_numpy(), table["second"][at].values.to_numpy(),
        )
        for at, key in enumerate(keys)
    }
