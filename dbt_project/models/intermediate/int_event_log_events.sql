select
    'events' as source_table,
    {{ text_id(['case_key', 'activity', 'occurred_at', 'event_instance', 'occurrence']) }} as source_key,
    citizen_key,
    case_key,
    activity as source_code,
    occurred_at,
    occurred_at_precision as occurred_precision,
    occurred_at_flag as occurred_flag,
    cast(null as timestamp) as registered_at,
    cast(null as varchar) as registered_precision,
    cast(null as timestamp) as changed_at,
    started_at,
    -- where work has a start, the time of the event is its completion
    case when started_at is not null then occurred_at end as ended_at,
    resource_type,
    responsible_party,
    org_unit_id,
    cast(null as varchar) as object_type,
    cast(null as varchar) as object_key,
    case
        when is_case_alone then 'case_without_event'
        when {{ is_not_completed('occurred_at', 'lifecycle') }} then 'not_completed'
    end as not_an_event,
    row_state,
    delivery_id,
    delivered_on,
    source_file,
    source_row
from {{ ref('stg_event_log__events') }}
