-- A citizen is the same object as in every other system. A type that has a meaning of its own among the
-- objects is not taken for it because a log uses the same word.
with typed as (
    select
        * exclude (citizen_id),
        {{ citizen_key('citizen_id') }} as citizen_id,
        case
            when citizen_id is not null then 'citizen'
            when object_type in ('citizen', 'course', 'unit') then 'object_log_' || object_type
            else object_type
        end as core_type
    from {{ source('lake', 'object_log_objects') }}
)

select
    object_id as object_key,
    citizen_id as citizen_key,
    core_type as object_type,
    case core_type
        when 'citizen' then {{ text_id([municipality_id(), "'citizen'", 'citizen_id']) }}
        else {{ text_id([municipality_id(), "'object_log'", 'core_type', 'object_id']) }}
    end as core_object_id,
    delivery_id,
    delivered_on,
    received_at,
    source_file,
    source_row,
    {{ row_state('object_log', 'objects', 'object_id') }} as row_state
from typed
