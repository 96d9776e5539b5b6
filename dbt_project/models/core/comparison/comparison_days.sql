-- How long it took: one row per comparison, side, line and citizen, the mean of the citizen's cases, so that
-- nobody counts twice. `follows`: from one activity to the next. `lead_time`: from registration to the end of
-- the case, at most the days it was followed: whoever had not ended by then counts with all of them.
select
    comparison_id,
    side,
    citizen_number,
    kind,
    from_activity_code,
    to_activity_code,
    avg(days) as days
from {{ ref('comparison_marks') }}
where days is not null
group by comparison_id, side, citizen_number, kind, from_activity_code, to_activity_code
union all by name
select
    comparison_id,
    side,
    citizen_number,
    'lead_time' as kind,
    avg(if(is_ended_in_time, date_diff('day', registered_on, ended_on), follow_up_days)) as days
from {{ ref('comparison_cases') }}
where left_out is null
group by comparison_id, side, citizen_number
