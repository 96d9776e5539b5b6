-- Allow-listed attributes of objects over time: the target group of a course, and what the contract of an
-- object-centric log names. Two changes of one day stay apart by their instants.
select
    course_id as object_id,
    'target_group' as attribute,
    target_group as value,
    registered_on as valid_from,
    ended_on as valid_to,
    cast(null as timestamp) as changed_at
from {{ ref('int_courses') }}
where target_group is not null and course_type = 'course'
union all by name
select
    object_id,
    attribute,
    value,
    {{ local_date('changed_at') }} as valid_from,
    {{ local_date('next_changed_at') }} as valid_to,
    changed_at
from {{ ref('int_object_log_attributes') }}
