select
    target_group_row_id,
    {{ citizen_key('citizen_id') }} as citizen_key,
    target_group,
    start_on,
    start_on_flag,
    end_on,
    end_on_flag,
    end_reason,
    registered_at,
    registered_at_precision,
    updated_at,
    delivery_id,
    delivered_on,
    received_at,
    source_file,
    source_row,
    {{ row_state('momentum', 'target_groups', 'target_group_row_id', 'updated_at') }} as row_state
from {{ source('lake', 'momentum_target_groups') }}
