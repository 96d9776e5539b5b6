"""Every dated change of a municipality: what was before, what came after, and what may be said."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pm_pipeline.quality.effects.adoption import adoption_of
from pm_pipeline.quality.effects.causes import cause_of
from pm_pipeline.quality.effects.cells import Cells, read_cells
from pm_pipeline.quality.effects.changes import Change, read_changes, read_touched
from pm_pipeline.quality.effects.comparison import ChangeComparison, Verdict, write_comparisons
from pm_pipeline.quality.effects.deliveries import compared_delivery
from pm_pipeline.quality.effects.figures import Label
from pm_pipeline.quality.effects.judge import Judged, Tested, judged, tested
from pm_pipeline.quality.effects.limits import Limits, read_limits
from pm_pipeline.quality.effects.meaning import meanings
from pm_pipeline.quality.effects.sentences import sentences_of
from pm_pipeline.quality.effects.series import Calendar, Series, read_calendar, read_series
from pm_pipeline.quality.effects.windows import own_weeks, window_of

if TYPE_CHECKING:
    import duckdb

#: A law acts on when things happen and on who began when; a release on when they were written down.
_AXES = {"law": ("occurred", "case_start"), "release": ("registered",)}
# Measures that are known on one axis only go with every kind of change.
_ON_ONE_AXIS = ("late_share", "pair_share", "party_share", "code_share", "unmapped_codes")
_PRACTICE = ("case_share", "activity_share", "party_share")


@dataclass(frozen=True)
class EffectsReport:
    """All comparisons of one municipality, as written to ``path``."""

    municipality_id: str
    path: Path
    rows: tuple[ChangeComparison, ...]


def compare_changes(
    connection: "duckdb.DuckDBPyConnection", municipality_id: str, path: Path,
    about: Mapping[str, str] | None = None,
) -> EffectsReport:
    """Compare the weeks before and after every dated change and write ``path``.

    Raises:
        PipelineError: a limit is missing in ``quality_limits``.
    """
    town = _Town(connection, municipality_id)
    rows = tuple(row for change in town.changes for row in town.compared(change))
    write_comparisons(rows, path, about)
    return EffectsReport(municipality_id, path, rows)


class _Town:
    """One municipality, each of its tables read once."""

    def __init__(self, connection: "duckdb.DuckDBPyConnection", municipality_id: str) -> None:
        self.connection = connection
        self.municipality_id = municipality_id
        self.limits: Limits = read_limits(connection)
        self.changes = read_changes(connection, int(self.limits.deliveries_compared))
        self.calendar: Calendar = read_calendar(connection)
        self.labels = {
            activity_id: Label(da, en) for activity_id, da, en in connection.execute(
                "select activity_id, label_da, label_en from core.activities"
            ).fetchall()
        }
        self._series: dict[str | None, list[Series]] = {}
        self._cells: dict[str, Cells] = {}
        # laws that begin or end on one day are looked at in the same weeks
        self._looked_at: dict[tuple[object, ...], list[Tested]] = {}

    def compared(self, change: Change) -> list[ChangeComparison]:
        touched = read_touched(self.connection, change)
        parts = self._parts(change)
        found = judged(self.municipality_id, change, touched, parts, self.limits)
        for part in parts:
            if part.series.measure == "pair_share":
                found += meanings(self.municipality_id, change, touched, part, self.limits)
        return [self._told(change, one) for one in found]

    def _parts(self, change: Change) -> list[Tested]:
        place = (change.changed_on, change.process_id, change.system_id, change.kind)
        if change.kind == "delivery":
            return compared_delivery(change, self._cells_of(change), self.limits)
        if place not in self._looked_at:
            self._looked_at[place] = self._looked(change)
        return self._looked_at[place]

    def _looked(self, change: Change) -> list[Tested]:
        if change.system_id not in self._series:
            self._series[change.system_id] = read_series(
                self.connection, self.calendar, change.system_id
            )
        parts = []
        mine = [
            # rows of which no event could be made are of no process
            one for one in self._series[change.system_id] if one.process_id in (None, change.process_id)
        ]
        everything = next((one for one in mine if one.measure == "volume"), None)
        for series in mine:
            if not _looks_at(change, series):
                continue
            reach = everything if series.process_id is None else series
            window = window_of(change, self.changes, series, self.calendar, self.limits, reach)
            if window.weeks_before:
                parts.append(tested(series, window, self.calendar.days, self.limits))
        return parts

    def _cells_of(self, change: Change) -> Cells:
        if change.process_id not in self._cells:
            self._cells[change.process_id] = read_cells(self.connection, change.process_id)
        return self._cells[change.process_id]

    def _told(self, change: Change, one: Judged) -> ChangeComparison:
        row = one.row
        if row.verdict is Verdict.CHANGED:
            cause, caused_by, rests_on = cause_of(
                row, change, self.changes, self._cells_of(change), self.limits
            )
            row = replace(row, cause=cause, caused_by=caused_by, cause_rests_on=rests_on)
            if change.change_id in (caused_by or "").split("|"):
                row = replace(row, **self._adoption(change, one))
        da, en = sentences_of(row, change, self.labels)
        return replace(row, sentence_da=da, sentence_en=en)

    def _adoption(self, change: Change, one: Judged) -> dict[str, Any]:
        """Of a law, and of what people do: from which day they do it."""
        import numpy as np

        series = one.part.series
        if change.kind != "law" or series.measure not in _PRACTICE or series.denominators is None:
            return {}
        days = (self.calendar.starts_on - np.datetime64(change.changed_on)).astype(float)
        first, last = own_weeks(change, self.changes, self.limits)
        inside = (days >= 7 * first) & (days < 7 * last)
        number = one.part.rows[one.at]
        found = adoption_of(
            series.numerators[number, inside], series.denominators[number, inside], days[inside],
            change.changed_on,
        )
        if found is None or (found.on is None and last < self.limits.adoption_weeks):
            return {}  # not settled when the next change came: nobody knows when it would have been
        # who has not settled when the data end is late once the days of grace are over: the data of
        # this series, as cases that are followed for months end months before the calendar
        told = days[inside][series.denominators[number, inside] > 0]
        known = found.days if found.days is not None else float(told.max())
        return {
            "adopted_on": found.on, "adopted_from_on": found.from_on, "adopted_to_on": found.to_on,
            "adoption_days": found.days, "is_late": known > self.limits.late_adoption_days,
        }


def _looks_at(change: Change, series: Series) -> bool:
    return series.measure in _ON_ONE_AXIS or series.axis in _AXES[change.kind]
