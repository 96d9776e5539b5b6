select
    task_id,
    citizen_id as citizen_key,
    task_type,
    state,
    deadline_on,
    created_at,
    completed_at,
    completed_at_precision,
    updated_at,
    org_unit_id,
    created_by as resource_type,
    delivery_id,
    delivered_on,
    received_at,
    source_file,
    source_row,
    {{ row_state('momentum', 'tasks', 'task_id', 'updated_at') }} as row_state
from {{ source('lake', 'momentum_tasks') }}
