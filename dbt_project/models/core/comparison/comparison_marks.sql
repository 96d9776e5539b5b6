-- What each compared case has: one row per case and line of its comparison, of what happened within the days
-- it was followed. A line is an arc (follows, start, end), an activity, one done again (`repeated`, without
-- activity: any), or that the case ended (`ended`). Bounded: at most `comparison_citizens` people a side.
with walked as (
    select
        cases.comparison_id,
        cases.side,
        cases.citizen_number,
        cases.case_number,
        cases.is_ended_in_time,
        steps.event_number,
        steps.activity_code,
        steps.next_activity_code,
        steps.elapsed_seconds,
        coalesce(
            epoch(steps.occurred_at) + steps.elapsed_seconds
            < epoch(cast(cases.followed_until_on as timestamp)), false
        ) as is_next_in_time
    from {{ ref('comparison_cases') }} as cases
    inner join {{ ref('log_steps') }} as steps on cases.case_number = steps.case_number
    where cases.left_out is null and steps.occurred_on < cases.followed_until_on
),

acts as (
    select
        comparison_id,
        side,
        citizen_number,
        case_number,
        activity_code,
        count(*) as n_times
    from walked
    group by comparison_id, side, citizen_number, case_number, activity_code
)

select
    comparison_id,
    side,
    citizen_number,
    case_number,
    'follows' as kind,
    activity_code as from_activity_code,
    next_activity_code as to_activity_code,
    avg(elapsed_seconds) / 86400 as days
from walked
where next_activity_code is not null and is_next_in_time
group by comparison_id, side, citizen_number, case_number, activity_code, next_activity_code
union all by name
select
    comparison_id,
    side,
    citizen_number,
    case_number,
    'start' as kind,
    activity_code as to_activity_code
from walked
where event_number = 1
union all by name
select
    comparison_id,
    side,
    citizen_number,
    case_number,
    'end' as kind,
    activity_code as from_activity_code
from walked
where next_activity_code is null and is_ended_in_time
union all by name
select
    comparison_id,
    side,
    citizen_number,
    case_number,
    'activity' as kind,
    activity_code as from_activity_code
from acts
union all by name
select
    comparison_id,
    side,
    citizen_number,
    case_number,
    'repeated' as kind,
    activity_code as from_activity_code
from acts
where n_times > 1
union all by name
select distinct
    comparison_id,
    side,
    citizen_number,
    case_number,
    'repeated' as kind
from acts
where n_times > 1
union all by name
select
    comparison_id,
    side,
    citizen_number,
    case_number,
    'ended' as kind
from {{ ref('comparison_cases') }}
where left_out is null and is_ended_in_time
