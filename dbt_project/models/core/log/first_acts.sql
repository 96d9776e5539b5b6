-- When each activity of a case happened first: one row per case and activity. What lies between two of them
-- is counted from here, so no event is joined with another.
select
    case_number,
    any_value(slice_number) as slice_number,
    activity_code,
    min(event_number) as event_number,
    arg_min(occurred_at, event_number) as occurred_at
from {{ ref('log_steps') }}
group by case_number, activity_code
