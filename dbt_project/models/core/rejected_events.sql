select
    event_id,
    {{ municipality_id() }} as municipality_id,
    system_id,
    source_table,
    occurred_on,
    reject_reason as reason,
    -- superseded, deleted and not-yet rows are the normal life of a case system, the others are faults
    reject_reason in (
        'no_citizen', 'no_time', 'no_code', 'unmapped_code', 'ends_before_it_starts'
    ) as is_fault,
    delivery_id,
    source_file,
    source_row
from {{ ref('int_events_judged') }}
where reject_reason is not null
