"""The rows of a comparison as a difference map: of what they tell, and nothing else."""

from collections.abc import Sequence

from pm_pipeline.mining.comparison.line import ComparedLine, Outcome
from pm_pipeline.mining.pictures.difference import (
    BEGIN,
    FINISH,
    DifferenceArc,
    DifferenceMap,
    Gap,
)

_ARCS = ("follows", "start", "end")


def map_of(
    rows: Sequence[ComparedLine], language: str, min_group_size: int
) -> DifferenceMap | None:
    """The map of one comparison; None where its sides are not comparable or share no arc to draw."""
    (whole,) = [row for row in rows if row.line_kind == "all"]
    days = {
        (row.from_activity_id, row.to_activity_id): _gap(row)
        for row in rows if row.line_kind == "follows" and row.measure == "days"
    }
    arcs = tuple(
        DifferenceArc(
            row.from_activity_id or BEGIN, row.to_activity_id or FINISH, gap,
            days.get((row.from_activity_id, row.to_activity_id)),
        )
        for row in rows
        if row.line_kind in _ARCS and row.measure == "share" and (gap := _gap(row)) is not None
    )
    if whole.outcome is not Outcome.COMPARED or not arcs:
        return None
    return DifferenceMap(
        language=language,
        title=whole.title_da if language == "da" else whole.title_en,
        sides=(whole.first_da, whole.second_da) if language == "da"
        else (whole.first_en, whole.second_en),
        n_cases=(whole.n_cases_first or 0, whole.n_cases_second or 0),
        follow_up_days=whole.follow_up_days,
        min_group_size=min_group_size,
        nodes=_nodes(rows, language),
        activities={
            row.from_activity_id: gap
            for row in rows
            if row.line_kind == "activity" and row.from_activity_id and (gap := _gap(row)) is not None
        },
        arcs=arcs,
        n_tested=whole.n_tested or 0,
    )


def _gap(row: ComparedLine) -> Gap | None:
    if row.value_first is None or row.value_second is None:
        return None
    return Gap(row.value_first, row.value_second, row.difference, row.verdict)


def _nodes(rows: Sequence[ComparedLine], language: str) -> dict[str, str]:
    nodes = {}
    for row in rows:
        for end in ("from", "to"):
            activity = getattr(row, f"{end}_activity_id")
            if activity:
                nodes[activity] = getattr(row, f"{end}_label_{language}")
    return nodes
