-- Scattered event (Suriadi et al. 2017, pattern 4): an act that has no event of its own and only shows in an
-- attribute of another. Here: a row was changed days after the last act it tells of, one row at a time
-- (no program that touched many rows in one second), and the case has no event on that day or in the days
-- before. Not meant: a change that goes with an act the case tells of (the row of a period is changed when
-- the period ends), and a migration of the system.
with changes as (
    select
        process_id,
        case_id,
        event_id,
        changed_at,
        {{ local_date('changed_at') }} as changed_on
    from {{ ref('int_quality_steps') }}
    where
        changed_at
        > greatest(occurred_at, registered_at, ended_at)
        + to_days(cast({{ limit('scattered_event_days') }} as integer))
),

by_hand as (
    select * from changes
    qualify
        count(*) over (partition by process_id, changed_at)
        < {{ limit('scattered_event_rows_at_once') }}
),

told as (
    select distinct
        by_hand.process_id,
        by_hand.case_id,
        by_hand.event_id
    from {{ ref('int_quality_steps') }} as steps
    inner join by_hand
        on steps.process_id = by_hand.process_id and steps.case_id = by_hand.case_id
    where
        date_diff('day', steps.occurred_on, by_hand.changed_on)
        between 0 and {{ limit('scattered_event_days') }}
)

select
    'scattered_event' as pattern_id,
    by_hand.event_id,
    by_hand.process_id,
    by_hand.case_id
from by_hand
anti join told
    on
        by_hand.process_id = told.process_id
        and by_hand.case_id = told.case_id
        and by_hand.event_id = told.event_id
