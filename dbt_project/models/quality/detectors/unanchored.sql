-- Unanchored event (Suriadi et al. 2017, pattern 3): a time whose format or zone was taken for another. Any
-- of four, each of which says that the anchor of the time was not known:
-- 1 the reader met an hour that Danish clocks skip, or a date that came as an instant of another zone;
-- 2 a table of a system tells times that lie off their registration by one hour in winter and two in
--   summer: Danish summer time read as UTC, or the other way round (different_clocks: a constant offset);
-- 3 the day is right only with the year first (25-03-22 read as 25 March 2022): then it was registered
--   on that day or the next, and as told it lies weeks from it;
-- 4 an event many years from the rest of its case, whose other events lie together.
-- Not meant: an hour that occurs twice in autumn, an hour's delay all year, a placeholder (zero_time).
with of_flags as not materialized (
    select distinct
        steps.process_id,
        steps.case_id,
        steps.event_id
    from {{ ref('int_quality_steps') }} as steps
    inner join {{ ref('event_time_flags') }} as flags
        on steps.event_id = flags.event_id and flags.flag in ('dst_gap', 'not_midnight')
),

-- months that are summer time or winter time as a whole
lags as not materialized (
    select
        process_id,
        case_id,
        event_id,
        system_id,
        source_table,
        month(occurred_at) between 4 and 9 as is_summer,
        epoch_us(registered_at - occurred_at) / 60e6 as minutes
    from {{ ref('int_quality_steps') }}
    where
        occurred_precision <> 'day' and registered_precision <> 'day'
        and month(occurred_at) not in (3, 10)
        and registered_at between occurred_at - interval 3 hour and occurred_at + interval 3 hour
),

seasons as (
    select
        system_id,
        source_table,
        is_summer,
        count(*) as n,
        count(*) filter (
            where abs(minutes + case when is_summer then 120 else 60 end)
            <= {{ limit('unanchored_minutes') }}
        ) as n_before,
        count(*) filter (
            where abs(minutes - case when is_summer then 120 else 60 end)
            <= {{ limit('unanchored_minutes') }}
        ) as n_after
    from lags
    group by system_id, source_table, is_summer
),

wrong_zones as (
    select
        system_id,
        source_table,
        sides.side
    from seasons
    cross join lateral (values (-1, n_before), (1, n_after)) as sides (side, n_off)
    where
        n_off >= {{ limit('unanchored_events') }}
        and 100.0 * n_off >= {{ limit('unanchored_percent') }} * n
    group by system_id, source_table, sides.side
    having count(*) = 2
),

of_zones as (
    select
        lags.process_id,
        lags.case_id,
        lags.event_id
    from lags
    inner join wrong_zones
        on lags.system_id = wrong_zones.system_id and lags.source_table = wrong_zones.source_table
    where
        abs(lags.minutes - wrong_zones.side * case when lags.is_summer then 120 else 60 end)
        <= {{ limit('unanchored_minutes') }}
),

-- the few first: to read a day anew is costly
far as materialized (
    select
        process_id,
        case_id,
        event_id,
        occurred_on,
        registered_at
    from {{ ref('int_quality_steps') }}
    where abs(date_diff('day', occurred_at, registered_at)) >= {{ limit('swapped_far_days') }}
),

of_year_first as (
    select
        process_id,
        case_id,
        event_id
    from far
    where
        year(occurred_on) between 2001 and 2031
        and day(occurred_on) <> year(occurred_on) % 100
        and date_diff(
            'day',
            -- a day that this month does not have is nobody's right day
            try_cast(
                concat_ws('-', 2000 + day(occurred_on), month(occurred_on), year(occurred_on) % 100) as date
            ),
            {{ local_date('registered_at') }}
        ) between 0 and {{ limit('swapped_near_days') }}
),

ends as materialized (
    select
        process_id,
        case_id,
        event_id,
        occurred_at,
        previous_at,
        next_at
    from {{ ref('int_quality_steps') }}
    where
        (
            previous_at is null
            and date_diff('day', occurred_at, next_at) > {{ limit('unanchored_days') }}
        )
        or (
            next_at is null
            and date_diff('day', previous_at, occurred_at) > {{ limit('unanchored_days') }}
        )
),

of_far_years as (
    select
        steps.process_id,
        steps.case_id,
        steps.event_id
    from ends as steps
    inner join {{ ref('cases') }} as cases
        on steps.process_id = cases.process_id and steps.case_id = cases.case_id
    where
        cases.n_events > 2
        -- the others lie nearer to each other than to this one
        and coalesce(
            date_diff('day', steps.occurred_at, steps.next_at)
            > date_diff('day', steps.next_at, cases.end_at),
            date_diff('day', steps.previous_at, steps.occurred_at)
            > date_diff('day', cases.start_at, steps.previous_at)
        )
),

found as (
    select * from of_flags
    union by name
    select * from of_zones
    union by name
    select * from of_year_first
    union by name
    select * from of_far_years
)

select
    'unanchored' as pattern_id,
    found.event_id,
    found.process_id,
    found.case_id
from found
anti join {{ ref('event_time_flags') }} as flags
    on found.event_id = flags.event_id and flags.flag = 'placeholder_date'
