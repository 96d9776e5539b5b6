-- A ready event log tells of whole cases, and its rows carry no id of their own: a case that a later
-- delivery tells of again is replaced as a whole, so a corrected or deleted event does not stay counted.
-- Rows that repeat inside one delivery are separate events.
with latest as (
    select
        *,
        arg_max(delivery_id, (delivered_on, received_at)) over (partition by case_id)
            as last_delivery_id
    from {{ source('lake', 'event_log_events') }}
)

select
    case_id as case_key,
    coalesce({{ citizen_key('citizen_id') }}, case_id) as citizen_key,
    target_group,
    upper(unemployment_fund) as unemployment_fund,
    activity,
    -- the reader's word for a trace without any event: its case is told of, and nothing else
    coalesce(activity = 'xes:trace', false) as is_case_alone,
    lower(lifecycle) as lifecycle,
    event_instance,
    started_at,
    occurred_at,
    occurred_at_precision,
    occurred_at_flag,
    {{ responsible_party('responsible_party') }} as responsible_party,
    created_by as resource_type,
    org_unit_id,
    delivery_id,
    delivered_on,
    received_at,
    source_file,
    source_row,
    row_number() over (
        partition by case_id, activity, occurred_at, event_instance, delivery_id
        order by source_row
    ) as occurrence,
    case
        when delivery_id <> last_delivery_id then 'superseded'
        when {{ is_before_last_full('event_log', 'events') }} then 'deleted'
        else 'current'
    end as row_state
from latest
