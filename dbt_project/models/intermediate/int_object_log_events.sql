-- One row per event of an object-centric log. Which objects it concerns, citizens among them, is told by
-- its relations and not by the event.
select
    'events' as source_table,
    event_key as source_key,
    cast(null as varchar) as citizen_key,
    true as is_object_centric,
    cast(null as varchar) as case_key,
    activity as source_code,
    occurred_at,
    occurred_at_precision as occurred_precision,
    occurred_at_flag as occurred_flag,
    cast(null as timestamp) as registered_at,
    cast(null as varchar) as registered_precision,
    cast(null as timestamp) as changed_at,
    resource_type,
    responsible_party,
    org_unit_id,
    cast(null as varchar) as object_type,
    cast(null as varchar) as object_key,
    case
        when {{ is_not_completed('occurred_at', 'lifecycle') }} then 'not_completed'
    end as not_an_event,
    row_state,
    delivery_id,
    delivered_on,
    source_file,
    source_row
from {{ ref('stg_object_log__events') }}
