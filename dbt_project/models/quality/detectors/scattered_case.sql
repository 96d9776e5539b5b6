-- Scattered case (Suriadi et al. 2017, pattern 6): the work of one case lies in several systems. Here: a
-- citizen has a case of the same process in two systems, the two overlap or the one begins soon after the
-- other ended, and they are not one case. Both are found.
-- Not meant: two cases in one system, two that lie far apart, cases that were merged already.
with known_twice as (
    select citizen_id from {{ ref('int_courses') }}
    group by citizen_id
    having min(system_id) <> max(system_id)
),

of_systems as (
    select
        members.process_id,
        members.case_id,
        any_value(members.citizen_id) as citizen_id,
        min(courses.system_id) as system_id
    from {{ ref('int_case_members') }} as members
    inner join {{ ref('int_courses') }} as courses on members.course_id = courses.course_id
    semi join known_twice on members.citizen_id = known_twice.citizen_id
    group by members.process_id, members.case_id
    having min(courses.system_id) = max(courses.system_id)
),

spans as (
    select
        of_systems.*,
        cases.registered_on,
        coalesce(cases.ended_on, {{ local_date('cases.end_at') }}, cases.registered_on) as until_on
    from of_systems
    inner join {{ ref('cases') }} as cases
        on of_systems.process_id = cases.process_id and of_systems.case_id = cases.case_id
)

select distinct
    'scattered_case' as pattern_id,
    one.process_id,
    one.case_id
from spans as one
inner join spans as other
    on
        one.process_id = other.process_id
        and one.citizen_id = other.citizen_id
        and one.system_id <> other.system_id
        and date_diff('day', other.until_on, one.registered_on) <= {{ limit('scattered_case_days') }}
        and date_diff('day', one.until_on, other.registered_on) <= {{ limit('scattered_case_days') }}
