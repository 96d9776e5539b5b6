-- The pseudonym of the caseworker ends here: downstream only knows that a change took place.
select
    assignment_id,
    {{ citizen_key('citizen_id') }} as citizen_key,
    caseworker_id as caseworker_key,
    role,
    org_unit_id,
    start_on,
    start_on_flag,
    end_on,
    registered_at,
    registered_at_precision,
    delivery_id,
    delivered_on,
    received_at,
    source_file,
    source_row,
    {{ row_state('momentum', 'caseworkers', 'assignment_id', 'registered_at') }} as row_state
from {{ source('lake', 'momentum_caseworkers') }}
