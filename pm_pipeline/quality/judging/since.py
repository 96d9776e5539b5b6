"""Since when a rule says what it says of a slice, from the history of judgements."""

from collections.abc import Mapping
from datetime import UTC, date
from pathlib import Path
from zoneinfo import ZoneInfo

#: (rule_id, process_id, regime_id)
Judged = tuple[str, str | None, str | None]

# The last judgement that differs from the one before it, of those that the newest judgement still made.
_SINCE = """
    with judged as (
        select
            *,
            coalesce(
                lag(outcome) over in_turn = outcome and lag(judgement) over in_turn = judgement - 1,
                false
            ) as goes_on
        from read_parquet($history)
        window in_turn as (partition by process_id, regime_id, rule_id order by judgement)
    )

    select rule_id, process_id, regime_id, max(judged_at) filter (where not goes_on)
    from judged
    group by all
    having max(judgement) = (select max(judgement) from judged)
"""


def since_when(history: Path) -> Mapping[Judged, date]:
    """The day in Denmark since which each rule of the newest judgement has its outcome.

    Empty while there is no history. ``history`` is a file of
    :mod:`pm_pipeline.quality.judging.history`.
    """
    import duckdb

    if not history.exists():
        return {}
    with duckdb.connect() as connection:
        rows = connection.execute(_SINCE, {"history": str(history)}).fetchall()
    zone = ZoneInfo("Europe/Copenhagen")
    return {
        (rule, process, regime): at.replace(tzinfo=UTC).astimezone(zone).date()
        for rule, process, regime, at in rows
    }
