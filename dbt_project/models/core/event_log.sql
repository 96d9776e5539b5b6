-- Written in the order it is read: (process, case, event number). Everything downstream relies on
-- event_number, never on file order.
with log as (
    select
        notions.process_id,
        notions.case_id,
        events.event_id,
        events.activity_id,
        activities.activity_code,
        activities.sort_rank,
        events.occurred_at,
        events.occurred_on,
        case notions.applies_by
            when 'event' then event_regimes.regime_id
            else notions.regime_id
        end as regime_id,
        events.delivery_id,
        events.responsible_party,
        events.resource_type,
        events.org_unit_id
    from {{ ref('int_case_notions') }} as notions
    inner join {{ ref('processes') }} as processes on notions.process_id = processes.process_id
    inner join {{ ref('event_objects') }} as event_objects
        on
            notions.case_id = event_objects.object_id
            and processes.case_object_type = event_objects.object_type
    inner join {{ ref('events') }} as events on event_objects.event_id = events.event_id
    inner join {{ ref('activity_codes') }} as activities on events.activity_id = activities.activity_id
    left join {{ ref('regimes') }} as event_regimes
        on
            notions.applies_by = 'event'
            and notions.process_id = event_regimes.process_id
            and {{ valid_at('events.occurred_on', 'event_regimes.valid_from', 'event_regimes.valid_to') }}
)

select
    process_id,
    case_id,
    event_id,
    cast(row_number() over (
        partition by process_id, case_id
        order by occurred_at, sort_rank, event_id
    ) as integer) as event_number,
    activity_id,
    activity_code,
    sort_rank,
    occurred_at,
    occurred_on,
    regime_id,
    delivery_id,
    responsible_party,
    resource_type,
    org_unit_id
from log
order by process_id, case_id, event_number
