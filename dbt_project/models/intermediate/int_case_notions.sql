{{ config(materialized='table') }}
-- One row per process and case: which object is the case, whose it is, when it was registered, and the
-- regime it is judged under. A process whose case is the citizen sees all courses as one journey.
with courses as (
    select * from {{ ref('int_courses') }}
    where vanished_on is null
),

case_objects as (
    select
        course_id as object_id,
        'course' as object_type,
        citizen_id,
        target_group,
        registered_on,
        ended_on
    from courses
    union all by name
    select
        citizen_id as object_id,
        'citizen' as object_type,
        citizen_id,
        cast(null as varchar) as target_group,
        min(registered_on) as registered_on,
        -- the journey has ended only when every course has
        case when count(*) = count(ended_on) then max(ended_on) end as ended_on
    from courses
    group by citizen_id
)

select
    processes.process_id,
    case_objects.object_id as case_id,
    case_objects.citizen_id,
    case_objects.target_group,
    case_objects.registered_on,
    case_objects.ended_on,
    regimes.regime_id,
    regimes.applies_by
from {{ ref('processes') }} as processes
inner join case_objects
    on
        processes.case_object_type = case_objects.object_type
        and {{ list_has_or_empty('processes.target_groups', 'case_objects.target_group') }}
left join {{ ref('regimes') }} as regimes
    on
        processes.process_id = regimes.process_id
        and {{ valid_at('case_objects.registered_on', 'regimes.valid_from', 'regimes.valid_to') }}
