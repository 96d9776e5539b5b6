"""Since when a rule says what it says of a slice, from the history of judgements."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date
from pathlib import Path
from zoneinfo import ZoneInfo

#: (rule_id, process_id, regime_id)
Judged = tuple[str, str | None, str | None]

# The last judgement that differs from the one before it, of those that the newest judgement still made.
# The first that is kept differs from none that is known. By the same rule as marts.quality_history.
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

    select
        rule_id, process_id, regime_id, max(judged_at) filter (where not goes_on),
        count(*) filter (where not goes_on) > 1
    from judged
    group by all
    having max(judgement) = (select max(judgement) from judged)
"""


@dataclass(frozen=True)
class Since:
    """Since which day in Denmark a rule has its outcome.

    Attributes:
        is_known: an earlier judgement had another outcome, or the rule was away before; if not, it may
            have been so before ``on``: it was first judged then, or what was before is past its term.
    """

    on: date
    is_known: bool


def since_when(history: Path) -> Mapping[Judged, Since]:
    """Since when each rule of the newest judgement has its outcome.

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
        (rule, process, regime): Since(at.replace(tzinfo=UTC).astimezone(zone).date(), is_known)
        for rule, process, regime, at, is_known in rows
    }
