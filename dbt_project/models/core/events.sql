select
    event_id,
    {{ municipality_id() }} as municipality_id,
    system_id,
    source_table,
    activity_id,
    occurred_at,
    occurred_on,
    occurred_precision,
    registered_at,
    changed_at,
    case occurred_precision when 'day' then 'date_only' else 'as_recorded' end as time_source,
    cast(null as timestamp) as started_at,
    cast(null as timestamp) as ended_at,
    resource_type,
    responsible_party,
    org_unit_id,
    mapping_id,
    delivery_id,
    source_file,
    source_row
from {{ ref('int_events_judged') }}
where reject_reason is null
