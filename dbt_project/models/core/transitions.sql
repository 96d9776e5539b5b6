with steps as (
    select
        event_log.process_id,
        event_log.case_id,
        cases.regime_id,
        cases.citizen_id,
        event_log.event_number,
        event_log.activity_id as from_activity_id,
        event_log.occurred_on as from_on,
        event_log.occurred_at as from_at,
        lead(event_log.activity_id) over following as to_activity_id,
        lead(event_log.occurred_on) over following as to_on,
        lead(event_log.occurred_at) over following as to_at
    from {{ ref('event_log') }} as event_log
    inner join {{ ref('cases') }} as cases
        on event_log.process_id = cases.process_id and event_log.case_id = cases.case_id
    window following as (
        partition by event_log.process_id, event_log.case_id order by event_log.event_number
    )
),

-- Law changes are few; the days on which they fall are looked up, not joined event by event.
changes as (
    select
        process_id,
        list(valid_from) as change_days
    from {{ ref('regimes') }}
    group by process_id
)

select
    steps.process_id,
    steps.case_id,
    steps.citizen_id,
    steps.regime_id,
    steps.event_number,
    steps.from_activity_id,
    steps.to_activity_id,
    -- an act known by its day only stands at midnight: after a timed act of that day no time has passed
    greatest(epoch_us(steps.to_at) - epoch_us(steps.from_at), 0) / 1e6 as elapsed_seconds,
    coalesce(len(list_filter(
        changes.change_days, lambda change_on: change_on > steps.from_on and change_on <= steps.to_on
    )) > 0, false) as crosses_law_change
from steps
-- left: a process whose law is not in the register crosses no change, but has its steps
left join changes on steps.process_id = changes.process_id
where steps.to_activity_id is not null
