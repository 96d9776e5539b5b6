"""Look at every process of a municipality for changes that nobody dated."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pm_pipeline.quality.drift.limits import DriftLimits, read_limits
from pm_pipeline.quality.drift.results import DriftOutcome, DriftPoint, write_drift_points
from pm_pipeline.quality.drift.segments import Change, cohens_h, find_changes
from pm_pipeline.quality.drift.sentences import Labels, Move, in_danish, in_english
from pm_pipeline.quality.drift.stream import Relation, Stream, count_sides, read_stream

if TYPE_CHECKING:
    import duckdb

#: Relations told of each change, those that moved most.
_TOLD = 5

_PROCESSES = """
select process_id, count(*) as n_cases from core.cases group by process_id order by process_id
"""
# A delivery's day is no day on which cases begin: it explains nothing of an order of start.
_DATED = """
select kind, change_id, changed_on, title_da, title_en from core.dated_changes
where process_id = ? and kind in ('law', 'release') order by all
"""


@dataclass(frozen=True)
class Dated:
    """A change whose day is known: of the law, or a release of a case system."""

    kind: str
    change_id: str
    on: date
    title_da: str
    title_en: str


def find_drift(
    connection: "duckdb.DuckDBPyConnection",
    out_path: Path,
    about: Mapping[str, str] | None = None,
    limits: DriftLimits | None = None,
) -> tuple[DriftPoint, ...]:
    """Look at each process of one warehouse and write ``out_path`` (Parquet).

    Args:
        about: kept in the file's own metadata.
        limits: those of the warehouse, if not given.

    Raises:
        PipelineError: a limit is missing in ``quality_limits``.
    """
    limits = limits or read_limits(connection)
    points = tuple(
        point
        for process_id, _ in connection.execute(_PROCESSES).fetchall()
        for point in _points_of(connection, process_id, limits)
    )
    write_drift_points(points, out_path, about)
    return points


def _points_of(
    connection: "duckdb.DuckDBPyConnection", process_id: str, limits: DriftLimits
) -> Iterator[DriftPoint]:
    stream = read_stream(connection, process_id, limits)
    about = DriftPoint(
        process_id=process_id,
        outcome=DriftOutcome.CANNOT_TELL_YET,
        n_watched_cases=stream.n_cases,
        n_watched_citizens=stream.n_citizens,
        watch_days=stream.watch_days,
        watched_until_on=stream.last_on,
        n_cases_needed=limits.fewest_cases,
    )
    if stream.n_cases < limits.fewest_cases:
        yield about
        return
    changes = find_changes(stream.shares, limits)
    if not changes:
        yield replace(about, outcome=DriftOutcome.NO_CHANGE_SHOWN)
        return
    labels = _labels(connection)
    dated = [Dated(*row) for row in connection.execute(_DATED, [process_id]).fetchall()]
    for number, change in enumerate(changes, start=1):
        point = replace(about, outcome=DriftOutcome.CHANGED, change_number=number)
        placed = _placed(point, stream, change, dated, limits)
        yield from _told(connection, stream, change, placed, labels)


def _placed(
    point: DriftPoint, stream: Stream, change: Change, dated: Sequence[Dated], limits: DriftLimits
) -> DriftPoint:
    on = stream.first_on[change.place]
    earliest, latest = stream.first_on[change.earliest], stream.first_on[change.latest]
    near = nearest(dated, (on, earliest, latest), limits.near_days)
    near_on = near[0].on if near else None
    return replace(
        point,
        first_case_number=stream.first_cases[change.place],
        changed_on=on, earliest_on=earliest, latest_on=latest,
        p_value=change.p_value, n_permutations=change.n_permutations, size=change.size,
        resolution_cases=-(-stream.n_cases // len(stream.first_cases)),
        near_change_kind="|".join(sorted({one.kind for one in near})) or None,
        near_change_id="|".join(one.change_id for one in near) or None,
        near_change_on=near_on,
        near_change_days=(on - near_on).days if near_on else None,
        near_change_title_da=" / ".join(one.title_da for one in near) or None,
        near_change_title_en=" / ".join(one.title_en for one in near) or None,
    )  # fmt: skip


def nearest(
    dated: Sequence[Dated], days: tuple[date, date, date], near_days: int
) -> tuple[Dated, ...]:
    """The dated changes of the day nearest to a change, by id; empty where none is near.

    Of two days as near the earlier: what came before may be taken up late.

    Near is not caused by. Cases that begin before a change of the law are touched by it when it
    concerns what happens in them later, and those who work by it may take it up late: near is on both
    sides.

    Args:
        days: of the change, earliest and latest.
        near_days: from those between which the change lies; twice as many from the change itself.
    """
    on, earliest, latest = days
    near = [
        one for one in dated
        if (earliest - one.on).days <= near_days and (one.on - latest).days <= near_days
        and abs((one.on - on).days) <= 2 * near_days
    ]
    nearest_on = min(
        (one.on for one in near), key=lambda day: (abs((day - on).days), day), default=None
    )
    # a law may both begin and end something on one day: it is named once
    of_day = {one.change_id: one for one in near if one.on == nearest_on}
    return tuple(of_day[change_id] for change_id in sorted(of_day))


def _told(
    connection: "duckdb.DuckDBPyConnection",
    stream: Stream,
    change: Change,
    point: DriftPoint,
    labels: "_Activities",
) -> Iterator[DriftPoint]:
    edges = (*stream.first_cases, stream.n_cases + 1)
    told = _most_moved(stream, change)
    (before, after), groups = count_sides(
        connection, stream, (edges[change.since], edges[change.place], edges[change.until]), told
    )
    for number, (relation, (had, has)) in enumerate(zip(told, groups, strict=True), start=1):
        move = Move(
            relation, had.n_cases / before.n_cases, has.n_cases / after.n_cases,
            before.n_cases, after.n_cases,
        )
        assert point.changed_on and point.earliest_on and point.latest_on
        days = (point.changed_on, point.earliest_on, point.latest_on)
        yield replace(
            point,
            n_cases_before=before.n_cases, n_citizens_before=before.n_citizens,
            n_cases_after=after.n_cases, n_citizens_after=after.n_citizens,
            relation_number=number, relation_kind=relation.kind,
            from_activity_id=labels.ids.get(relation.from_code),
            to_activity_id=labels.ids[relation.to_code],
            responsible_party=relation.party,
            n_with_before=had.n_cases, n_with_citizens_before=had.n_citizens,
            n_with_after=has.n_cases, n_with_citizens_after=has.n_citizens,
            share_before=move.before, share_after=move.after,
            relation_size=_size(move),
            sentence_da=in_danish(move, days, stream.watch_days, labels.names),
            sentence_en=in_english(move, days, stream.watch_days, labels.names),
        )  # fmt: skip


def _most_moved(stream: Stream, change: Change) -> tuple[Relation, ...]:
    """Those that moved most; of several that say the same of every unit, the first."""
    import numpy as np

    before, after = (
        stream.shares[change.since : change.place], stream.shares[change.place : change.until],
    )
    moved = np.abs(cohens_h(before.mean(axis=0), after.mean(axis=0)))
    compared = stream.shares[change.since : change.until]
    told: list[int] = []
    for column in np.argsort(-moved, kind="stable"):
        if len(told) == _TOLD or moved[column] <= 0:
            break
        if not any(np.array_equal(compared[:, column], compared[:, other]) for other in told):
            told.append(int(column))
    return tuple(stream.relations[column] for column in told)


def _size(move: Move) -> float:
    import numpy as np

    return float(cohens_h(np.array(move.before), np.array(move.after)))


@dataclass(frozen=True)
class _Activities:
    ids: dict[int | None, str]
    names: Labels


def _labels(connection: "duckdb.DuckDBPyConnection") -> _Activities:
    rows = connection.execute(
        "select activity_code, activity_id, label_da, label_en from core.activities"
    ).fetchall()
    return _Activities(
        {code: activity_id for code, activity_id, _, _ in rows},
        Labels({code: da for code, _, da, _ in rows}, {code: en for code, _, _, en in rows}),
    )
