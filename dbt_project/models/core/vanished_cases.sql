-- One row per process and case that the last full delivery tells nothing of any more. It is no case of
-- the log and of no figure, and it is not gone in silence: here it stands as it was last told.
select
    processes.process_id,
    courses.course_id as case_id,
    courses.citizen_id,
    {{ municipality_id() }} as municipality_id,
    courses.system_id,
    courses.target_group,
    courses.registered_on,
    courses.ended_on,
    courses.vanished_on
from {{ ref('int_courses') }} as courses
cross join {{ ref('processes') }} as processes
inner join {{ ref('case_notions') }} as notions
    on processes.case_notion = notions.case_notion_id and {{ takes_course() }}
where courses.vanished_on is not null
