{{ config(materialized='table') }}
-- One row per calendar day with the number of working days up to and including it, so that the working
-- days between two dates are one subtraction. Days: Monday to Friday, less Danish public holidays.
with days as (
    select cast(unnest(generate_series(date '2005-01-01', date '2036-01-01', interval 1 day)) as date)
        as day_on
)

select
    days.day_on,
    count(*) filter (where isodow(days.day_on) <= 5 and holidays.holiday_on is null)
        over (order by days.day_on) as working_day_number
from days
left join {{ ref('calendar') }} as holidays on days.day_on = holidays.holiday_on
