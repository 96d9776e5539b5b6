select
    target_group_row_id,
    citizen_id as citizen_key,
    target_group,
    start_on,
    end_on,
    end_reason,
    registered_at,
    updated_at,
    delivery_id,
    delivered_on,
    source_file,
    source_row,
    {{ is_current('target_group_row_id', 'updated_at') }} as is_current
from {{ source('lake', 'momentum_target_groups') }}
