"""What an initiative is judged by, out of the warehouse: sums of four weeks, never cases."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

# Below so many cases beyond one a period, the scatter of one side alone is not known.
_FEWEST_SPARE = 5


@dataclass(frozen=True)
class Initiative:
    """A row of ``registry/initiatives``, as the warehouse holds it."""

    initiative_id: str
    title_da: str
    title_en: str
    process_id: str
    starts_on: date
    ends_on: date | None
    measure: str
    measure_item: str | None
    follow_up_days: int
    target_groups: str | None
    target_units: str | None
    comparison_groups: str | None
    comparison_units: str | None
    direction: str
    expected_size: float
    registered_on: date
    owner_role: str

    @property
    def is_share(self) -> bool:
        return self.measure.startswith("share_")

    @property
    def has_comparison(self) -> bool:
        return self.comparison_groups is not None or self.comparison_units is not None

    @property
    def is_exploratory(self) -> bool:
        return (self.registered_on - self.starts_on).days > self.follow_up_days


@dataclass(frozen=True)
class Arm:
    """One group: arrays over its periods with cases, in the order of time."""

    periods: "Array"
    cases: "Array"
    citizens: "Array"
    totals: "Array"
    squares: "Array"
    n_left_out: int = 0

    @property
    def is_after(self) -> "NDArray[np.bool_]":
        return self.periods >= 0

    def count(self, of: "Array", after: bool) -> int:
        return int(of[self.is_after == after].sum())

    def mean(self, after: bool) -> float | None:
        cases = self.count(self.cases, after)
        return float(self.totals[self.is_after == after].sum()) / cases if cases else None

    def within(self, is_share: bool) -> "Array":
        """The variance of a case around the mean of its period, on each period's side of the start.

        Of a share it follows from the share, half a case added to either outcome: none is certain.
        """
        import numpy as np

        found = np.zeros(len(self.periods))
        for side in (False, True):
            mine = self.is_after == side
            if mine.any():
                found[mine] = self._scatter(mine, is_share)
        return found

    def _scatter(self, mine: "NDArray[np.bool_]", is_share: bool) -> float:
        if is_share:
            share = (self.totals[mine].sum() + 0.5) / (self.cases[mine].sum() + 1)
            return float(share * (1 - share))
        if (self.cases[mine] - 1).sum() < _FEWEST_SPARE:
            mine = self.cases > 0
        around = self.squares[mine] - self.totals[mine] ** 2 / self.cases[mine]
        return max(float(around.sum()), 0.0) / max(float((self.cases[mine] - 1).sum()), 1.0)


def read_initiatives(
    connection: "duckdb.DuckDBPyConnection", municipality_id: str
) -> tuple[Initiative, ...]:
    """Those of one municipality, in the order of their start."""
    names = list(Initiative.__dataclass_fields__)
    rows = connection.execute(
        f"select {', '.join(names)} from reference.initiatives where municipality_id = ?"
        " order by starts_on, initiative_id",
        [municipality_id],
    ).fetchall()
    return tuple(Initiative(*row) for row in rows)


def read_arms(connection: "duckdb.DuckDBPyConnection") -> dict[tuple[str, str], Arm]:
    """(initiative, target or comparison) → its series; no entry where nobody could be followed."""
    import numpy as np

    rows = connection.execute(
        "select initiative_id, arm, period_number, n_cases, n_new_citizens, total, total_of_squares,"
        " n_left_out from core.initiative_periods order by initiative_id, arm, period_number"
    ).fetchall()
    found: dict[tuple[str, str], Arm] = {}
    for key in dict.fromkeys((row[0], row[1]) for row in rows):
        mine = [row[2:] for row in rows if (row[0], row[1]) == key]
        told = np.array([row[:5] for row in mine if row[1]], dtype=float).reshape(-1, 5)
        periods, cases, citizens, totals, squares = told.T
        n_left_out = sum(row[5] for row in mine)
        found[key] = Arm(periods, cases, citizens, totals, squares, n_left_out)
    return found


def nobody() -> Arm:
    """A group of which no case could be followed."""
    import numpy as np

    nothing = np.zeros(0)
    return Arm(nothing, nothing, nothing, nothing, nothing)


def confounders(
    connection: "duckdb.DuckDBPyConnection", initiative: Initiative, within_days: int
) -> tuple[str, ...]:
    """Laws and releases of the process that took effect near the start."""
    rows = connection.execute(
        "select distinct change_id from core.dated_changes"
        " where process_id = ? and kind in ('law', 'release')"
        " and abs(date_diff('day', changed_on, ?)) <= ? order by change_id",
        [initiative.process_id, initiative.starts_on, within_days],
    ).fetchall()
    return tuple(change_id for (change_id,) in rows)
