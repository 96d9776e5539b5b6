-- Fasit's export is an event log already: one row, one act, with the case number beside it.
select
    'haendelser' as source_table,
    event_row_id as source_key,
    citizen_key,
    case_key,
    event_code as source_code,
    occurred_at,
    occurred_at_precision as occurred_precision,
    occurred_at_flag as occurred_flag,
    recorded_at as registered_at,
    recorded_at_precision as registered_precision,
    -- the export does not say when a row was last changed
    cast(null as timestamp) as changed_at,
    resource_type,
    responsible_party,
    org_unit_id,
    cast(null as varchar) as object_type,
    cast(null as varchar) as object_key,
    cast(null as varchar) as not_an_event,
    row_state,
    delivery_id,
    delivered_on,
    source_file,
    source_row
from {{ ref('stg_fasit__haendelser') }}
