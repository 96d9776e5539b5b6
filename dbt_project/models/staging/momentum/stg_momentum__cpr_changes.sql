select
    old_citizen_id as old_citizen_key,
    new_citizen_id as new_citizen_key,
    changed_on,
    delivery_id,
    delivered_on,
    received_at,
    source_file,
    source_row,
    {{ row_state('momentum', 'cpr_changes', 'old_citizen_id, new_citizen_id') }} as row_state
from {{ source('lake', 'momentum_cpr_changes') }}
