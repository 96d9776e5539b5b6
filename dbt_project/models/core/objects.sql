with courses as (
    select * from {{ ref('int_courses') }}
),

acts as (
    select * from {{ ref('int_events_judged') }}
    where reject_reason is null
),

objects as (
    select
        course_id as object_id,
        'course' as object_type,
        system_id
    from courses
    where course_type = 'course'
    union all by name
    select
        {{ text_id([municipality_id(), "'citizen'", 'citizen_key']) }} as object_id,
        'citizen' as object_type,
        system_id
    from (
        select distinct
            citizen_key,
            system_id
        from acts
        where citizen_key is not null
        union
        select distinct
            citizen_key,
            system_id
        from courses
    )
    union all by name
    select distinct
        {{ text_id([municipality_id(), 'system_id', 'object_type', 'object_key']) }} as object_id,
        object_type,
        system_id
    from acts
    where object_key is not null
    union all by name
    select distinct
        {{ text_id([municipality_id(), "'unit'", 'org_unit_id']) }} as object_id,
        'unit' as object_type,
        system_id
    from acts
    where org_unit_id is not null
    union all by name
    select
        core_object_id as object_id,
        object_type,
        'object_log' as system_id
    from {{ ref('stg_object_log__objects') }}
    where row_state = 'current'
)

select
    object_id,
    object_type,
    {{ municipality_id() }} as municipality_id,
    min(system_id) as system_id
from objects
group by object_id, object_type
