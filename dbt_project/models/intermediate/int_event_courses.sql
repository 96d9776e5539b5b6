-- Which course an event belongs to. A system that names the case is believed; otherwise it is the
-- course the citizen was in on that day. Events outside every course keep no row here and are counted
-- by the quality facts.
with events as (
    select * from {{ ref('int_events_judged') }}
    where reject_reason is null
),

courses as (
    select * from {{ ref('int_courses') }}
    where vanished_on is null
),

named as (
    select
        events.event_id,
        courses.course_id
    from events
    inner join courses
        on
            events.system_id = courses.system_id
            and events.case_key = courses.case_key
),

-- where courses overlap, the one that began last; equal ones are told apart the same way each time
by_day as (
    select
        events.event_id,
        courses.course_id
    from events
    inner join courses
        on
            events.system_id = courses.system_id
            and events.citizen_key = courses.citizen_key
            and events.occurred_on >= courses.registered_on
            and (courses.ended_on is null or events.occurred_on <= courses.ended_on)
    where events.case_key is null
    qualify
        row_number() over (
            partition by events.event_id
            order by
                courses.registered_on desc, courses.ended_on desc nulls first, courses.course_id asc
        ) = 1
)

select * from named
union all
select * from by_day
