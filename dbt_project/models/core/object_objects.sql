with contacts_and_offers as (
    select
        {{ text_id([municipality_id(), 'system_id', 'object_type', 'object_key']) }} as source_object_id,
        {{ text_id([municipality_id(), "'citizen'", 'citizen_key']) }} as target_object_id,
        object_type || '_of_citizen' as qualifier,
        min(occurred_on) as valid_from,
        cast(null as date) as valid_to
    from {{ ref('int_events_judged') }}
    where reject_reason is null and object_key is not null
    group by all
)

select
    course_id as source_object_id,
    citizen_id as target_object_id,
    'course_of_citizen' as qualifier,
    registered_on as valid_from,
    ended_on as valid_to
from {{ ref('int_courses') }}
where course_type = 'course'
union all by name
select * from contacts_and_offers
union all by name
-- the standard knows no time of a relation between objects
select
    source_id as source_object_id,
    target_id as target_object_id,
    qualifier,
    cast(null as date) as valid_from,
    cast(null as date) as valid_to
from {{ ref('int_object_log_relations') }}
where source_table = 'object_objects' and reject_reason is null
