"""Every question of a municipality: what a replay of its queue answers, written down."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pm_pipeline.mining.limits import read_limits
from pm_pipeline.mining.report import write_table
from pm_pipeline.mining.whatif.answer import Answer, Limits, Span, answer
from pm_pipeline.mining.whatif.asked import WhatIf, read_what_ifs
from pm_pipeline.mining.whatif.calendar import read_calendar
from pm_pipeline.mining.whatif.measures import MEASURES
from pm_pipeline.mining.whatif.people import People, read_people
from pm_pipeline.mining.whatif.sentences import sentences_of
from pm_pipeline.mining.whatif.turns import Turns, read_turns

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class WhatIfRow:
    """One measure of one question.

    Attributes:
        seen_from_on, seen_until_on: the weeks the queue was fitted from, None where it never was there.
        n_busy_weeks: of these, the weeks that say how many talks can be held.
        talks_per_working_day: that can be held.
        observed, replayed_low, replayed_high: of the weeks seen, in the log and in the model.
        n_observed_citizens: the fewest citizens behind ``observed``, on the side of it that has fewer.
        unchanged…, changed…: of ``weeks_ahead`` weeks after them; ``difference…`` of the two.
    """

    municipality_id: str
    what_if_id: str
    title_da: str
    title_en: str
    process_id: str
    activity_id: str
    label_da: str
    label_en: str
    quota_days: int
    first_days: int | None
    new_quota_days: int | None
    staffing_factor: float | None
    seen_from_on: date | None
    seen_until_on: date | None
    n_weeks: int
    n_busy_weeks: int | None
    n_cases: int
    n_citizens: int
    talks_per_working_day: float | None
    weeks_ahead: int
    outcome: str
    reason: str | None
    measure: str
    observed: float | None
    n_observed_citizens: int | None
    replayed_low: float | None
    replayed_high: float | None
    unchanged: float | None
    unchanged_low: float | None
    unchanged_high: float | None
    changed: float | None
    changed_low: float | None
    changed_high: float | None
    difference: float | None
    difference_low: float | None
    difference_high: float | None
    sentence_da: str
    sentence_en: str


def answer_what_ifs(
    connection: "duckdb.DuckDBPyConnection", municipality_id: str, path: Path, *, min_group_size: int,
    about: Mapping[str, str] | None = None,
) -> tuple[WhatIfRow, ...]:
    """Answer every question of the municipality and write ``path``.

    Raises:
        PipelineError: a limit is missing in ``quality_limits``, or the calendar ends too early.
    """
    rows = tuple(
        row
        for what_if in read_what_ifs(connection, municipality_id)
        for row in answer_what_if(connection, municipality_id, what_if, min_group_size)
    )
    write_table(WhatIfRow, rows, path, about or {})
    return rows


def answer_what_if(
    connection: "duckdb.DuckDBPyConnection", municipality_id: str, what_if: WhatIf, min_group_size: int
) -> tuple[WhatIfRow, ...]:
    """One row per measure; the same figures whenever it is asked of the same warehouse."""
    limits = read_limits(connection, Limits, "what_if")
    turns = read_turns(connection, what_if.process_id, what_if.activity_id)
    if turns is None:
        people, found = People(0, 0, 0), Answer.cannot_tell("no_talks")
    else:
        # a turn that begins on the last day ahead is due a year later at most
        n_days = turns.n_days + 7 * int(limits.weeks) + 2 * 366
        calendar = read_calendar(connection, turns.from_on, n_days)
        people = read_people(connection, what_if.process_id, what_if.activity_id, what_if.now)
        found = answer(what_if, turns, people, calendar, limits, min_group_size)
    labels = connection.execute(
        "select label_da, label_en from core.activities where activity_id = ?", [what_if.activity_id]
    ).fetchone() or (what_if.activity_id, what_if.activity_id)
    return tuple(_rows(municipality_id, what_if, turns, people, found, labels, int(limits.weeks)))


def _rows(
    municipality_id: str, what_if: WhatIf, turns: Turns | None, people: People, found: Answer,
    labels: tuple[str, str], weeks_ahead: int,
) -> Iterator[WhatIfRow]:
    until_on = turns.until_on if turns is not None and turns.n_days else None
    behind = {
        "share_on_time": min(filter(None, (people.on_time, people.late)), default=0),
        "mean_days_late": people.late, "p90_days_late": people.late, "n_waiting": people.waiting,
    }
    for measure in MEASURES:
        figures = found.figures.get(measure)
        observed = figures.observed if figures else None
        sentences = sentences_of(what_if, measure, found, weeks_ahead, until_on)
        yield WhatIfRow(
            municipality_id=municipality_id,
            what_if_id=what_if.what_if_id,
            title_da=what_if.title_da,
            title_en=what_if.title_en,
            process_id=what_if.process_id,
            activity_id=what_if.activity_id,
            label_da=labels[0],
            label_en=labels[1],
            quota_days=what_if.quota_days,
            first_days=what_if.first_days,
            new_quota_days=what_if.new_quota_days,
            staffing_factor=what_if.staffing_factor,
            seen_from_on=turns.from_on if until_on and turns else None,
            seen_until_on=until_on,
            n_weeks=turns.n_weeks if turns else 0,
            n_busy_weeks=found.n_busy_weeks,
            n_cases=turns.n_cases if turns else 0,
            n_citizens=turns.n_citizens if turns else 0,
            talks_per_working_day=found.pace,
            weeks_ahead=weeks_ahead,
            outcome=found.outcome.value,
            reason=found.reason,
            measure=measure,
            observed=observed,
            n_observed_citizens=behind[measure] if observed is not None else None,
            replayed_low=figures.replayed.low if figures else None,
            replayed_high=figures.replayed.high if figures else None,
            **_columns("unchanged", figures.unchanged if figures else None),
            **_columns("changed", figures.changed if figures else None),
            **_columns("difference", figures.difference if figures else None),
            sentence_da=sentences[0],
            sentence_en=sentences[1],
        )


def _columns(name: str, span: Span | None) -> dict[str, float | None]:
    if span is None:
        return dict.fromkeys((name, f"{name}_low", f"{name}_high"))
    return {name: span.middle, f"{name}_low": span.low, f"{name}_high": span.high}
