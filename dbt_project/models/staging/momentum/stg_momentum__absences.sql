-- The kind of an absence (illness, leave) ends here but for its code, by which the mapping decides
-- whether it counts: `core` knows that an absence began or ended, not of which kind it was.
select
    absence_id,
    {{ citizen_key('citizen_id') }} as citizen_key,
    absence_type,
    start_on,
    start_on_flag,
    end_on,
    end_on_flag,
    registered_at,
    registered_at_precision,
    updated_at,
    delivery_id,
    delivered_on,
    received_at,
    source_file,
    source_row,
    {{ row_state('momentum', 'absences', 'absence_id', 'updated_at') }} as row_state
from {{ source('lake', 'momentum_absences') }}
