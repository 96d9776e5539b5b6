-- The log in numbers, put in order once: each event of each case with the next act of the case and the time
-- until it. Everything that is counted is counted from here; what it is called stands in event_log.
-- Within a case: the Danish day; within the day the hour, and an act of which only the day is known
-- stands before the first timed act that its kind usually precedes (sort_rank), else last: who is
-- de-registered that day still came to the talk at ten. Equal moments go by rank, then as their files
-- tell them; two acts that one row tells of by their activity, and at the last by a number of their id.
-- Few and narrow sort keys: with the texts of an event in it this cost four times as much.
with untimed as (
    select distinct
        case_number,
        occurred_on,
        sort_rank
    from {{ ref('log_events') }}
    where is_day_only
),

places as (
    select
        untimed.case_number,
        untimed.occurred_on,
        untimed.sort_rank,
        min(timed.occurred_at) as placed_at
    from {{ ref('log_events') }} as timed
    inner join untimed
        on
            timed.case_number = untimed.case_number
            and timed.occurred_on = untimed.occurred_on
            and timed.sort_rank > untimed.sort_rank
    where not timed.is_day_only
    group by untimed.case_number, untimed.occurred_on, untimed.sort_rank
),

placed as (
    select
        log.case_number,
        log.slice_number,
        log.event_key,
        log.activity_code,
        log.sort_rank,
        log.resource_code,
        log.occurred_at,
        log.occurred_on,
        log.row_place,
        -- twice the microsecond: the end of a day lies after all its moments and before the next midnight
        case
            when not log.is_day_only then 2 * epoch_us(log.occurred_at)
            when places.placed_at is not null then 2 * epoch_us(places.placed_at)
            else 2 * coalesce(epoch_us(days.ends_at), epoch_us(log.occurred_at) + 86400000000) - 1
        end as place,
        -- microseconds of working time since the calendar began; null outside it
        1000000 * days.working_seconds_before
        + if(days.is_working_day, epoch_us(log.occurred_at) - epoch_us(days.begins_at), 0)
            as working_clock
    from {{ ref('log_events') }} as log
    -- that only acts without an hour are looked up is said above, not here: in the condition of the join it
    -- turned a million events from half a second into more than a minute
    left join places
        on
            log.case_number = places.case_number
            and log.occurred_on = places.occurred_on
            and log.sort_rank = places.sort_rank
    left join {{ ref('int_working_days') }} as days on log.occurred_on = days.day_on
),

numbered as (
    select
        case_number,
        slice_number,
        event_key,
        cast(row_number() over in_order as integer) as event_number,
        activity_code,
        lead(activity_code) over in_order as next_activity_code,
        resource_code,
        lead(resource_code) over in_order as next_resource_code,
        occurred_at,
        occurred_on,
        lead(occurred_at) over in_order as next_at,
        lead(occurred_on) over in_order as next_on,
        working_clock,
        lead(working_clock) over in_order as next_working_clock
    from placed
    window in_order as (partition by case_number order by place, sort_rank, row_place, event_key)
)

select
    case_number,
    slice_number,
    event_key,
    event_number,
    activity_code,
    next_activity_code,
    -- who did it and who did the next: a person, a robot, a system, the citizen (macro resource_code)
    resource_code,
    next_resource_code,
    occurred_at,
    occurred_on,
    next_on,
    -- an act known by its day only stands at midnight: after a timed act of that day no time has passed
    -- (greatest() passes over nulls: what is not known would become no time)
    if(next_at is null, null, greatest(epoch_us(next_at) - epoch_us(occurred_at), 0) / 1e6)
        as elapsed_seconds,
    if(
        next_working_clock is null or working_clock is null, null,
        greatest(next_working_clock - working_clock, 0) / 1e6
    ) as working_seconds
from numbered
