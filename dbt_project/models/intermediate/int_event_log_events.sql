select
    'events' as source_table,
    {{ text_id(['case_key', 'activity', 'occurred_at', 'event_instance', 'occurrence']) }} as source_key,
    citizen_key,
    case_key,
    activity as source_code,
    occurred_at,
    occurred_at_precision as occurred_precision,
    cast(null as timestamp) as registered_at,
    cast(null as timestamp) as changed_at,
    resource_type,
    responsible_party,
    org_unit_id,
    cast(null as varchar) as object_type,
    cast(null as varchar) as object_key,
    -- scheduled, started or broken-off work is not work done
    case when lifecycle <> 'complete' then 'not_completed' end as not_an_event,
    row_state,
    delivery_id,
    delivered_on,
    source_file,
    source_row
from {{ ref('stg_event_log__events') }}
