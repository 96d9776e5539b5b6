-- Day and month swapped (4/3 for 3/4). Here, of a day that could be a month: as told the event lies weeks
-- from its registration, and with day and month swapped it was registered on that very day (or, where it
-- is told as later than its registration, within a day); or it stands on the wrong side of what nearly
-- always comes first, and the swap puts it right (order_repairs).
-- Not meant: a late registration, and a day that is its own month.
with far as materialized (
    select
        process_id,
        case_id,
        event_id,
        occurred_on,
        registered_at
    from {{ ref('int_quality_steps') }}
    where
        abs(date_diff('day', occurred_at, registered_at)) >= {{ limit('swapped_far_days') }}
        and day(occurred_on) <= 12
        and day(occurred_on) <> month(occurred_on)
),

told as (
    select
        * exclude (registered_at),
        {{ local_date('registered_at') }} as registered_on
    from far
)

select
    'swapped_day_month' as pattern_id,
    event_id,
    process_id,
    case_id
from told
where
    date_diff('day', make_date(year(occurred_on), day(occurred_on), month(occurred_on)), registered_on)
    between 0 and case when occurred_on > registered_on then {{ limit('swapped_near_days') }} else 0 end
union
select
    pattern_id,
    event_id,
    process_id,
    case_id
from {{ ref('order_repairs') }}
where pattern_id = 'swapped_day_month'
