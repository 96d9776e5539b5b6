"""Every dated change of a municipality: what was before, what came after, and what may be said of
it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pm_pipeline.quality.effects.changes import Change, read_changes, read_touched
from pm_pipeline.quality.effects.comparison import ChangeComparison, write_comparisons
from pm_pipeline.quality.effects.judge import Tested, judged, tested
from pm_pipeline.quality.effects.limits import Limits, read_limits
from pm_pipeline.quality.effects.series import Calendar, Series, read_calendar, read_series
from pm_pipeline.quality.effects.windows import window_of

if TYPE_CHECKING:
    import duckdb

#: A law acts on when things happen and on who began when; a release on when they were written down.
_AXES = {"law": ("occurred", "case_start"), "release": ("registered",)}
# Measures that are known on one axis only go with every kind of change.
_ON_ONE_AXIS = ("late_share", "pair_share", "party_share", "code_share", "unmapped_codes")


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
    limits = read_limits(connection)
    changes = read_changes(connection, int(limits.deliveries_compared))
    calendar = read_calendar(connection)
    rows: list[ChangeComparison] = []
    known: dict[str | None, list[Series]] = {}
    looked_at: dict[tuple[object, ...], list[Tested]] = {}
    for change in changes:
        if change.kind == "delivery":
            continue
        if change.system_id not in known:
            known[change.system_id] = read_series(connection, calendar, change.system_id)
        # laws that begin or end on one day are looked at in the same weeks
        place = (change.changed_on, change.process_id, change.system_id, _AXES[change.kind])
        if place not in looked_at:
            looked_at[place] = _looked_at(change, changes, known[change.system_id], calendar, limits)
        touched = read_touched(connection, change)
        rows += judged(municipality_id, change, touched, looked_at[place], limits)
    write_comparisons(rows, path, about)
    return EffectsReport(municipality_id, path, tuple(rows))


def _looked_at(
    change: Change, changes: list[Change], series: list[Series], calendar: Calendar, limits: Limits
) -> list[Tested]:
    parts = []
    for one in series:
        if one.process_id not in (change.process_id, None) or not _looks_at(change, one):
            continue
        window = window_of(change, changes, one, calendar, limits)
        if window.weeks_before:
            parts.append(tested(one, window, calendar.days, limits))
    return parts


def _looks_at(change: Change, series: Series) -> bool:
    return series.measure in _ON_ONE_AXIS or series.axis in _AXES[change.kind]
