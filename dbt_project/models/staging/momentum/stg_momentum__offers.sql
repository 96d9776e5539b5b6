select
    offer_id,
    citizen_id as citizen_key,
    offer_type,
    granted_at,
    granted_at_precision,
    start_on,
    end_on,
    hours_per_week,
    end_reason,
    updated_at,
    created_by as resource_type,
    delivery_id,
    delivered_on,
    received_at,
    source_file,
    source_row,
    {{ row_state('momentum', 'offers', 'offer_id', 'updated_at') }} as row_state
from {{ source('lake', 'momentum_offers') }}
