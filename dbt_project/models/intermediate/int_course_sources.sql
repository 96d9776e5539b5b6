-- The rows that a course was read from: one row per course, delivery and file.
with read_rows as (
    select
        'momentum' as system_id,
        target_group_row_id as case_key,
        delivery_id,
        source_file,
        source_row
    from {{ ref('stg_momentum__target_groups') }}
    where row_state <> 'superseded' and start_on is not null
    union all by name
    select
        'fasit' as system_id,
        case_key,
        delivery_id,
        source_file,
        source_row
    from {{ ref('stg_fasit__haendelser') }}
    where row_state <> 'superseded' and case_key is not null
    union all by name
    select
        'event_log' as system_id,
        case_key,
        delivery_id,
        source_file,
        source_row
    from {{ ref('stg_event_log__events') }}
    where row_state <> 'superseded' and case_key is not null
    union all by name
    select
        'object_log' as system_id,
        object_type as course_type,
        object_key as case_key,
        delivery_id,
        source_file,
        source_row
    from {{ ref('stg_object_log__objects') }}
    where row_state <> 'superseded'
)

select
    {{ text_id([municipality_id(), 'system_id', "coalesce(course_type, 'course')", 'case_key']) }}
        as course_id,
    delivery_id,
    source_file,
    list(source_row order by source_row) as source_rows
from read_rows
group by system_id, course_type, case_key, delivery_id, source_file
