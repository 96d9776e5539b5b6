-- Changes of CPR number as pseudonyms: which are followed, and which contradict each other and are not.
select
    {{ municipality_id() }} as municipality_id,
    'momentum' as system_id,
    'cpr_changes' as source_table,
    {{ text_id([municipality_id(), "'citizen'", 'old_citizen_key']) }} as old_citizen_id,
    {{ text_id([municipality_id(), "'citizen'", 'new_citizen_key']) }} as new_citizen_id,
    case when fault is null then {{ text_id([municipality_id(), "'citizen'", 'citizen_key']) }} end
        as citizen_id,
    fault,
    changed_on,
    delivery_id,
    source_file,
    source_row
from {{ ref('stg_citizen_links') }}
