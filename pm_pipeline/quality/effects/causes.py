"""Law, release or delivery: which of the dated changes near a step explains it best?

Each acts in a place of its own. A law moves what happens from its day on; a release moves what is
written down in its system from its day on, whenever it happened; a bad delivery is its own rows,
whatever their dates. So each candidate parts the same events in two in another way, and the one that
leaves the two parts most unlike each other (binomial likelihood, the overdispersion of the weeks
taken out) explains the step, unless another does nearly as well. A law says nothing of empty fields
or of hours: it explains none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pm_pipeline.quality.effects.changes import Change
from pm_pipeline.quality.effects.comparison import Cause, ChangeComparison, RestsOn
from pm_pipeline.quality.effects.limits import Limits
from pm_pipeline.quality.effects.series import or_none
from pm_pipeline.quality.effects.windows import concerns_the_same

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Truths = NDArray[np.bool_]

#: About the data and not about what people do.
OF_DATA = ("null_share", "date_only_share", "late_share", "unmapped_codes")
_BY_CELL = ("activity_share", "null_share", "date_only_share", "late_share")
_WEEK = 7


@dataclass(frozen=True)
class Cells:
    """Events of one process by both their weeks, delivery, system, table and activity."""

    columns: dict[str, Any]

    def parts(self, measure: str, item: str) -> tuple["Array", "Array"] | None:
        """Numerator and denominator per cell; None for a measure that is not known cell by cell."""
        events = self.columns["n_events"]
        if measure == "activity_share":
            return events * (self.columns["activity_id"] == item), events
        if measure not in _BY_CELL:
            return None
        table, _, name = item.partition(".")
        mine = self.columns["source_table"] == table
        if measure == "date_only_share":
            return self.columns["n_date_only"] * mine, events * mine
        if measure == "null_share":
            return (events - self.columns[f"n_with_{name}"]) * mine, events * mine
        days = name.removeprefix("over_").removesuffix("_days")
        return (
            self.columns[f"n_later_than_{days}_days"] * mine,
            self.columns["n_with_registered_at"] * mine,
        )

    def acted_on(self, change: Change) -> "Truths":
        """The cells a change would move."""
        import numpy as np

        day = np.datetime64(change.changed_on)
        of_system = self.columns["system_id"] == change.system_id
        if change.kind == "delivery":
            return np.asarray(of_system & (self.columns["delivery_id"] == change.change_id))
        if change.kind == "release":
            return np.asarray(of_system & (self.columns["registered_week_on"] >= day))
        return np.asarray(self.columns["occurred_week_on"] >= day)


def read_cells(connection: "duckdb.DuckDBPyConnection", process_id: str) -> Cells:
    import numpy as np

    found = connection.execute(
        """
        select weeks.* exclude (process_id, activity_code), activities.activity_id
        from quality.event_weeks as weeks
        inner join core.activities as activities on weeks.activity_code = activities.activity_code
        where weeks.process_id = $process
        """,
        {"process": process_id},
    ).fetchnumpy()
    columns = {
        name: np.asarray(values, dtype="datetime64[D]") if name.endswith("_on")
        else np.asarray(values, dtype=float) if name.startswith("n_")
        else or_none(values)
        for name, values in found.items()
    }
    return Cells(columns)


def cause_of(
    row: ChangeComparison, change: Change, changes: Iterable[Change], cells: Cells, limits: Limits
) -> tuple[Cause, str | None, RestsOn]:
    """What explains the step of a figure that changed, the ids of it separated by ``|``, and how it was
    found."""
    # a delivery is compared with all that the earlier ones told: what happened then may be its cause
    is_delivery = change.kind == "delivery"
    reach = (limits.history_weeks if is_delivery else limits.window_weeks) * _WEEK
    near = [change] + [
        one for one in changes
        if concerns_the_same(change, one) and abs((one.changed_on - change.changed_on).days) < reach
    ]
    # an effect that law may have is looked for among laws too; one on data only is never a law's
    able = [one for one in near if not (one.kind == "law" and row.measure in OF_DATA)]
    if not able:
        return Cause.NOTHING_DATED, None, RestsOn.AXES
    support = _support(row, change, able, cells, reach)
    if support is None:
        return *_by_day_alone(change, able), RestsOn.DAY_ALONE
    best = max(support.values())
    if best <= limits.separable_support:
        return Cause.NOTHING_DATED, None, RestsOn.AXES
    return *_named([
        one for one in able if support[one.day] >= best - limits.separable_support
    ]), RestsOn.AXES


def _by_day_alone(change: Change, able: list[Change]) -> tuple[Cause, str | None]:
    """Of a figure that is known by one week only: whatever falls on the day of the change."""
    same_day = [
        one for one in able if one.changed_on == change.changed_on and one.kind != "delivery"
    ]
    return _named(same_day) if same_day else (Cause.NOTHING_DATED, None)


def _named(changes: list[Change]) -> tuple[Cause, str | None]:
    kinds = {one.kind for one in changes}
    names = "|".join(sorted({one.change_id for one in changes}))
    return (Cause(kinds.pop()) if len(kinds) == 1 else Cause.NOT_SEPARABLE), names


def _support(
    row: ChangeComparison, change: Change, able: list[Change], cells: Cells, reach: float
) -> dict[tuple[str, str, str], float] | None:
    """How much likelier the figures are when each candidate parts them than when nothing does."""
    import numpy as np

    known = cells.parts(row.measure, row.item)
    if known is None:
        return None
    parts, wholes = known
    occurred = cells.columns["occurred_week_on"]
    away = np.abs((occurred - np.datetime64(change.changed_on)).astype(float))
    inside = (away <= reach) & (wholes > 0)
    if row.system_id is not None:
        inside &= cells.columns["system_id"] == row.system_id
    parts, wholes, weeks = parts[inside], wholes[inside], occurred[inside]
    nothing = _likelihood(parts, wholes, np.zeros(len(parts), dtype=bool))
    moved = {one.day: cells.acted_on(one)[inside] for one in able}
    raw = {day: _likelihood(parts, wholes, split) - nothing for day, split in moved.items()}
    spread = _overdispersion(parts, wholes, moved[max(raw, key=lambda day: raw[day])], weeks)
    return {day: value / spread for day, value in raw.items()}


def _likelihood(parts: "Array", wholes: "Array", split: "Truths") -> float:
    """Of a binomial with one share on each side of the split, each at its best."""
    import numpy as np

    total = 0.0
    for side in (split, ~split):
        hit, whole = float(parts[side].sum()), float(wholes[side].sum())
        for count in (hit, whole - hit):
            if count > 0:
                total += count * float(np.log(count / whole))
    return total


def _overdispersion(parts: "Array", wholes: "Array", split: "Truths", weeks: Any) -> float:
    """Pearson's chi-square of the weeks on each side over their number, at least 1."""
    import numpy as np

    chi_square, n_weeks = 0.0, 0
    for side in (split, ~split):
        whole = float(wholes[side].sum())
        if not whole:
            continue
        share = float(parts[side].sum()) / whole
        _, at = np.unique(weeks[side], return_inverse=True)
        hits, sizes = np.bincount(at, parts[side]), np.bincount(at, wholes[side])
        if 0 < share < 1:
            chi_square += float(((hits - sizes * share) ** 2 / (sizes * share * (1 - share))).sum())
            n_weeks += len(sizes) - 1
    return max(1.0, chi_square / n_weeks) if n_weeks > 0 else 1.0
