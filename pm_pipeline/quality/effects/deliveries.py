"""A delivery against what came before it: its own rows, whatever their dates, beside the others'.

There is no axis of time here: the weeks of what the earlier deliveries told come first, then the
weeks of what this one tells, and the step lies between the two. Volumes are not compared: a delivery
tells as much as there was to tell. The season of a week is that of the calendar all the same, and it is
known where the earlier deliveries tell of the same weeks of the year before.
"""

from typing import TYPE_CHECKING

from pm_pipeline.quality.effects.cells import Cells
from pm_pipeline.quality.effects.changes import Change
from pm_pipeline.quality.effects.judge import Tested, tested
from pm_pipeline.quality.effects.limits import Limits
from pm_pipeline.quality.effects.nuisance import knows_season, seasons
from pm_pipeline.quality.effects.series import Series
from pm_pipeline.quality.effects.windows import Window

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

_FIELDS = ("registered_at", "resource_type", "org_unit_id", "responsible_party")
_DAYS = (1, 7, 30)
_FEWEST_WEEKS = 4


def compared_delivery(change: Change, cells: Cells, limits: Limits) -> list[Tested]:
    """The measures of the data of one delivery, tested; nothing where the earlier ones tell no more."""
    import numpy as np

    of_system = cells.events["system_id"] == change.system_id
    is_mine = cells.acted_on(change)
    occurred = cells.events["occurred_week_on"]
    day = np.datetime64(change.changed_on)
    earlier = of_system & ~is_mine & (occurred < day)
    mine = of_system & is_mine & (occurred < day)
    before = np.unique(occurred[earlier])[-int(limits.history_weeks):]
    after = np.unique(occurred[mine])[-int(limits.window_weeks):]
    if min(len(before), len(after)) < _FEWEST_WEEKS:
        return []
    window = _window(before, after, limits)
    tables = sorted({str(one) for one in cells.events["source_table"][of_system]})
    measures = {
        "activity_share": sorted({str(one) for one in cells.events["activity_id"][of_system]}),
        "date_only_share": tables,
        "null_share": [f"{table}.{field}" for table in tables for field in _FIELDS],
        "late_share": [f"{table}.over_{days}_days" for table in tables for days in _DAYS],
    }
    found = []
    for measure, items in measures.items():
        sums = [_sums(cells, measure, item, (earlier, before), (mine, after)) for item in items]
        series = Series(
            change.process_id, change.system_id, "delivery", measure, tuple(items),
            tuple("" for _ in items), np.stack([one[0] for one in sums]),
            np.stack([one[1] for one in sums]),
        )
        found.append(tested(series, window, np.full(len(before) + len(after), 7.0), limits))
    return found


def _window(
    before: "NDArray[np.datetime64]", after: "NDArray[np.datetime64]", limits: Limits
) -> Window:
    import numpy as np

    weeks = len(before) + len(after)
    at = np.arange(weeks, dtype=np.float64) - len(before)
    is_after = at >= 0
    in_calendar = (np.concatenate([before, after]) - after[0]).astype(float) / 7
    season = seasons(in_calendar) if knows_season(in_calendar) else []
    return Window(
        np.arange(weeks), at, is_after.astype(float),
        is_shown_before=~is_after & (at >= -limits.window_weeks), is_shown_after=is_after,
        nuisance=np.stack([np.ones(weeks), *season], axis=1), knows_season=bool(season), confounders=(),
    )


def _sums(
    cells: Cells, measure: str, item: str, *sides: tuple["NDArray[np.bool_]", "NDArray[np.datetime64]"]
) -> tuple["Array", "Array"]:
    import numpy as np

    known = cells.parts(measure, item)
    if known is None:
        raise AssertionError(f"{measure} is not known delivery by delivery")
    both = []
    for amounts in (known.parts, known.wholes):
        weeks = []
        for rows, starts in sides:
            rows = rows & (cells.events["occurred_week_on"] >= starts[0])
            at = np.searchsorted(starts, cells.events["occurred_week_on"][rows])
            inside = at < len(starts)
            weeks.append(
                np.bincount(at[inside], amounts[rows][inside], minlength=len(starts)).astype(float)
            )
        both.append(np.concatenate(weeks))
    return both[0], both[1]
