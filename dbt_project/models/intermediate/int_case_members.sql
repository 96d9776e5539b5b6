{{ config(materialized='table') }}
-- Which courses are one case: one row per process and course that it takes. The row of the process in
-- `case_notions` says how: a course as its system tells it, courses merged when the next begins within a
-- gap, the whole journey of the citizen, or the journey split after a gap. An open course has no end yet,
-- so whatever begins after it runs beside it.
with taken as (
    select
        processes.process_id,
        notions.case_notion_id,
        notions.object_type,
        notions.merge_gap_days,
        notions.merge_before,
        notions.split_gap_days,
        courses.course_id,
        courses.citizen_id,
        courses.target_group,
        courses.unemployment_fund,
        courses.registered_on,
        courses.ended_on,
        max(coalesce(courses.ended_on, date '9999-12-31')) over (
            partition by processes.process_id, courses.citizen_id
            order by courses.registered_on, courses.course_id
            rows between unbounded preceding and 1 preceding
        ) as ended_before_on
    from {{ ref('processes') }} as processes
    inner join {{ ref('case_notions') }} as notions on processes.case_notion = notions.case_notion_id
    inner join {{ ref('int_courses') }} as courses
        on {{ takes_course() }}
    where courses.vanished_on is null
),

begun as (
    select
        *,
        case
            when ended_before_on is null then true
            when object_type = 'citizen'
                then coalesce(date_diff('day', ended_before_on, registered_on) > split_gap_days, false)
            -- courses that are not merged, or of which nobody knows when they began
            else coalesce(
                date_diff('day', ended_before_on, registered_on) > merge_gap_days
                or coalesce(registered_on >= merge_before, false),
                true
            )
        end as begins_a_case
    from taken
),

numbered as (
    select
        *,
        sum(begins_a_case::integer) over (
            partition by process_id, citizen_id
            order by registered_on, course_id
            rows between unbounded preceding and current row
        ) as case_number
    from begun
),

gathered as (
    select
        *,
        first_value(course_id) over one_case as first_course_id,
        count(*) over (partition by process_id, citizen_id, case_number) as n_courses,
        max(case_number) over (partition by process_id, citizen_id) as n_cases
    from numbered
    window one_case as (
        partition by process_id, citizen_id, case_number order by registered_on, course_id
    )
)

select
    process_id,
    case
        when object_type <> 'citizen' then first_course_id
        when split_gap_days is null then citizen_id
        else {{ text_id([municipality_id(), "'journey'", 'citizen_id', 'first_course_id']) }}
    end as case_id,
    case_notion_id,
    object_type,
    case
        when object_type = 'citizen' and n_cases > 1 then 'split'
        when n_courses > 1 then 'merged'
        else 'as_delivered'
    end as operation,
    course_id,
    citizen_id,
    target_group,
    unemployment_fund,
    registered_on,
    ended_on
from gathered
