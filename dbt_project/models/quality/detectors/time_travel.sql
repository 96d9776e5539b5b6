-- Inadvertent time travel (Suriadi et al. 2017, pattern 2): a time mistyped by a key beside the right one, or
-- written just before or after midnight or New Year. Here: an event before another that nearly always
-- precedes it, which a move by one day, month or year puts right (order_repairs); or told within a day of
-- exactly one year off its registration, which is last year's number typed in January.
-- Not meant: an order that is merely unusual and that no such move mends, and a registration that is late.
select
    pattern_id,
    event_id,
    process_id,
    case_id
from {{ ref('order_repairs') }}
where pattern_id = 'time_travel'
union
select
    'time_travel' as pattern_id,
    event_id,
    process_id,
    case_id
from {{ ref('int_quality_steps') }}
where
    -- most are registered within days, and dates are costly to reckon with
    not (registered_at between occurred_at - interval 360 day and occurred_at + interval 360 day)
    and (
        date_diff('day', {{ local_date('registered_at') }}, occurred_on + interval 1 year) between -1 and 0
        or date_diff('day', {{ local_date('registered_at') }}, occurred_on - interval 1 year)
        between -1 and 0
    )
