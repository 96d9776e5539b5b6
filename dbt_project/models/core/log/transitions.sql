-- The steps of the log with their names.
-- Law changes are few; the days on which they fall are looked up, not joined event by event.
with changes as (
    select
        process_id,
        list(valid_from) as change_days
    from {{ ref('regimes') }}
    group by process_id
)

select
    event_log.process_id,
    event_log.case_id,
    event_log.case_number,
    cases.citizen_id,
    cases.regime_id,
    event_log.event_number,
    event_log.activity_id as from_activity_id,
    targets.activity_id as to_activity_id,
    event_log.elapsed_seconds,
    event_log.working_seconds,
    coalesce(len(list_filter(
        changes.change_days,
        lambda change_on:
        change_on > event_log.occurred_on
        and change_on <= {{ local_date(
            'event_log.occurred_at + to_microseconds(cast(1e6 * event_log.elapsed_seconds as bigint))'
        ) }}
    )) > 0, false) as crosses_law_change
from {{ ref('event_log') }} as event_log
inner join {{ ref('cases') }} as cases on event_log.case_number = cases.case_number
inner join {{ ref('activity_codes') }} as targets
    on event_log.next_activity_code = targets.activity_code
-- left: a process whose law is not in the register crosses no change, but has its steps
left join changes on event_log.process_id = changes.process_id
