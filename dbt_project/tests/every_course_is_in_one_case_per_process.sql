{{ config(meta={'dagster': {'ref': {'name': 'case_sources'}}}) }}
-- However courses are merged or split: a process that takes a course has it in exactly one case, and that
-- case tells of the rows it came from.
with taken as (
    select
        processes.process_id,
        courses.course_id
    from {{ ref('processes') }} as processes
    inner join {{ ref('case_notions') }} as notions on processes.case_notion = notions.case_notion_id
    inner join {{ ref('int_courses') }} as courses
        on {{ takes_course() }}
    where courses.vanished_on is null
),

found as (
    select
        process_id,
        source_object_id as course_id,
        count(distinct case_id) as n_cases
    from {{ ref('case_sources') }}
    group by process_id, source_object_id
)

select
    coalesce(taken.process_id, found.process_id) as process_id,
    coalesce(taken.course_id, found.course_id) as course_id,
    found.n_cases
from taken
full outer join found on taken.process_id = found.process_id and taken.course_id = found.course_id
where taken.course_id is null or found.n_cases is distinct from 1
