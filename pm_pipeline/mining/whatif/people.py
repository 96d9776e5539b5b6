"""How many citizens stand behind what was seen of a queue."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pm_pipeline.mining.whatif.quota import Quota

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class People:
    """Citizens with a talk by its due day, with one after it, and who are due and wait at the end."""

    on_time: int
    late: int
    waiting: int


def read_people(
    connection: "duckdb.DuckDBPyConnection", process_id: str, activity_id: str, quota: Quota
) -> People:
    """Counted where the cases are; nothing of them comes out."""
    row = connection.execute(
        """
        with turns as (
            select
                turns.citizen_number, turns.outcome, turns.until_on, queues.from_on as looked_from_on,
                turns.looked_until_on,
                cast(turns.begun_on as date) + if(turns.is_first, ?, ?) as quota_on
            from core.case_turns as turns
            inner join core.queues as queues using (process_id, activity_id)
            where process_id = ? and activity_id = ? and turns.outcome <> 'outside'
        ),
        working as (select day_on from intermediate.int_working_days where is_working_day),
        due as (
            select turns.*, coalesce(working.day_on, turns.quota_on) as due_on
            from turns asof left join working on turns.quota_on <= working.day_on
        )
        select
            count(distinct citizen_number) filter (
                where outcome = 'held' and until_on >= looked_from_on and until_on <= due_on
            ),
            count(distinct citizen_number) filter (
                where outcome = 'held' and until_on >= looked_from_on and until_on > due_on
            ),
            count(distinct citizen_number) filter (
                where outcome = 'open' and due_on <= looked_until_on
            )
        from due
        """,
        [quota.first_days, quota.next_days, process_id, activity_id],
    ).fetchone()
    assert row is not None  # an aggregate without groups has one row
    return People(*row)
