-- Allow-listed attributes of objects over time. Today: the target group of a course.
select
    course_id as object_id,
    'target_group' as attribute,
    target_group as value,
    registered_on as valid_from,
    ended_on as valid_to
from {{ ref('int_courses') }}
where target_group is not null
