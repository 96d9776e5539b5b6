-- One row per process, week in which cases began, and activity: how many of those cases had it within the
-- days that every one of them could be followed. The row without an activity counts them all. Law that
-- binds by the day of registration shows here and nowhere else as a clean step.
with followed as (
    select
        cases.process_id,
        cases.case_id,
        cases.registered_on,
        begun.week_on as begun_week_on
    from {{ ref('cases') }} as cases
    inner join {{ ref('int_change_days') }} as begun on cases.registered_on = begun.day_on
    cross join {{ ref('int_as_of') }} as as_of
    where cases.registered_on + cast({{ limit('change_case_days') }} as integer) <= as_of.as_of_on
),

had as (
    select distinct
        followed.process_id,
        followed.begun_week_on,
        steps.activity_code,
        hash(followed.case_id) as case_hash
    from {{ ref('int_quality_steps') }} as steps
    inner join followed
        on steps.process_id = followed.process_id and steps.case_id = followed.case_id
    where
        steps.occurred_on >= followed.registered_on
        and steps.occurred_on < followed.registered_on + cast({{ limit('change_case_days') }} as integer)
)

select
    process_id,
    begun_week_on,
    activity_code,
    count(*) as n_cases
from had
group by process_id, begun_week_on, activity_code

union all by name

select
    process_id,
    begun_week_on,
    cast(null as smallint) as activity_code,
    count(*) as n_cases
from followed
group by process_id, begun_week_on
