with acts as (
    select * from {{ ref('int_events_judged') }}
    where reject_reason is null
)

select
    event_id,
    {{ text_id([municipality_id(), "'citizen'", 'citizen_key']) }} as object_id,
    'citizen' as object_type,
    'concerns' as qualifier
from acts
where citizen_key is not null
union all by name
select
    event_id,
    course_id as object_id,
    'course' as object_type,
    'belongs_to' as qualifier
from {{ ref('int_event_courses') }}
union all by name
select
    event_id,
    {{ text_id([municipality_id(), 'system_id', 'object_type', 'object_key']) }} as object_id,
    object_type,
    'about' as qualifier
from acts
where object_key is not null
union all by name
select
    event_id,
    {{ text_id([municipality_id(), "'unit'", 'org_unit_id']) }} as object_id,
    'unit' as object_type,
    'handled_by' as qualifier
from acts
where org_unit_id is not null
union all by name
select
    acts.event_id,
    relations.target_id as object_id,
    relations.target_type as object_type,
    relations.qualifier
from {{ ref('int_object_log_relations') }} as relations
inner join acts on relations.source_id = acts.event_id
where relations.source_table = 'event_objects' and relations.reject_reason is null
