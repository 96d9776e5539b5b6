-- Which events are in which case. An event of a course is in the case the course is in. What happened to
-- a citizen outside every course is in no course, but it is in the journey: in the one that had begun by
-- that day, or else in the first.
-- A table: asked while the log is ordered, its own joins and that order together need more memory than
-- there is at ten million events.
with of_courses as (
    select
        event_id,
        object_id as course_id
    from {{ ref('event_objects') }}
    where object_type = 'course'
    union all
    -- in an object-centric log one event may be related to one object by several qualifiers
    select distinct
        event_id,
        object_id as course_id
    from {{ ref('event_objects') }}
    where
        object_type in (select case_object_type from {{ ref('processes') }})
        and object_type not in ('course', 'citizen')
),

journeys as (
    select
        process_id,
        case_id,
        citizen_id,
        coalesce(registered_on, date '0001-01-01') as registered_on
    from {{ ref('int_case_notions') }}
    where object_type = 'citizen'
),

between_courses as (
    select
        event_objects.event_id,
        event_objects.object_id as citizen_id,
        events.occurred_on
    from {{ ref('event_objects') }} as event_objects
    inner join {{ ref('events') }} as events on event_objects.event_id = events.event_id
    anti join of_courses on event_objects.event_id = of_courses.event_id
    where
        event_objects.object_type = 'citizen'
        and (select count(*) from journeys) > 0
)

select
    members.process_id,
    members.case_id,
    of_courses.event_id
from {{ ref('int_case_members') }} as members
inner join of_courses on members.course_id = of_courses.course_id
union all by name
select
    journeys.process_id,
    journeys.case_id,
    between_courses.event_id
from between_courses
inner join journeys on between_courses.citizen_id = journeys.citizen_id
qualify
    row_number() over (
        partition by journeys.process_id, between_courses.event_id
        order by
            journeys.registered_on <= between_courses.occurred_on desc,
            case
                when journeys.registered_on <= between_courses.occurred_on
                    then -date_diff('day', date '0001-01-01', journeys.registered_on)
                else date_diff('day', date '0001-01-01', journeys.registered_on)
            end,
            journeys.case_id
    ) = 1
