{{ config(materialized='table') }}
-- One row per Danish calendar day, so that the working time between two moments is one subtraction.
-- Working days: Monday to Friday, less Danish public holidays. `working_day_number` counts them up to and
-- including the day; `working_seconds_before` the seconds of all working days before it, from their midnight
-- to the next. No clock changes on one of them (summer time begins and ends on Sundays), so each has 86,400:
-- working seconds by 86,400 are working days, and no office hours are made up.
with days as (
    select
        cast(unnest(generate_series(date '2005-01-01', date '2036-01-01', interval 1 day)) as date)
            as day_on
),

judged as (
    select
        days.day_on,
        isodow(days.day_on) <= 5 and holidays.holiday_on is null as is_working_day
    from days
    left join {{ ref('calendar') }} as holidays on days.day_on = holidays.holiday_on
)

select
    day_on,
    is_working_day,
    count(*) filter (where is_working_day) over (order by day_on) as working_day_number,
    86400 * (count(*) filter (where is_working_day) over (order by day_on) - if(is_working_day, 1, 0))
        as working_seconds_before,
    {{ local_midnight('day_on') }} as begins_at,
    {{ local_midnight('day_on + 1') }} as ends_at
from judged
