select
    event_id as event_key,
    activity,
    lower(lifecycle) as lifecycle,
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
    {{ row_state('object_log', 'events', 'event_id') }} as row_state
from {{ source('lake', 'object_log_events') }}
