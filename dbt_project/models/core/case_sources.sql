-- Where each case comes from: one row per process, case, course in it, delivery and file, with the rows
-- of the file and what was done to make the case of them, by which notion.
select
    members.process_id,
    members.case_id,
    {{ municipality_id() }} as municipality_id,
    members.course_id as source_object_id,
    members.operation,
    members.case_notion_id,
    sources.delivery_id,
    sources.source_file,
    sources.source_rows
from {{ ref('int_case_members') }} as members
inner join {{ ref('int_course_sources') }} as sources on members.course_id = sources.course_id
