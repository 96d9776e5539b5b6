-- Rules of `log_rules` about rows among others: a time in which nothing at all was told, work of an
-- unusual length, a series typed in one go, work that begins while other work goes on. Each is one pass
-- over the rows in order of time; none compares rows with each other in pairs.
with rules as (
    select
        *,
        amount * {{ seconds_in('unit') }} as seconds,
        amount_from * {{ seconds_in('unit') }} as seconds_from
    from {{ ref('log_rules') }}
    where kind in ('inactive_period', 'duration_outlier', 'multi_registration', 'overlap')
),

held as (
    select
        rules.*,
        told.* exclude (process_id, regime_id, activity_id),
        told.regime_id as regime_of_row,
        told.activity_id as activity_of_row,
        -- whose rows stand in one series
        case rules.attribute
            when 'resource_type' then told.resource_type
            when 'responsible_party' then told.responsible_party
            when 'org_unit_id' then told.org_unit_id
            else told.case_id
        end as doer,
        epoch(told.ended_at) - epoch(told.started_at) as seconds_lasted
    from rules
    inner join {{ ref('int_log_rows') }} as told
        on
            rules.process_id = told.process_id
            and {{ list_has_or_empty('rules.activity_id', 'told.activity_id') }}
            and coalesce(rules.regime_id = told.regime_id, rules.regime_id is null)
),

-- how long after everything before it had ended a row begins
quiet as (
    select
        *,
        epoch(
            coalesce(started_at, occurred_at)
            - max(occurred_at) over (
                partition by rule_id
                order by coalesce(started_at, occurred_at), occurred_at, event_id
                rows between unbounded preceding and 1 preceding
            )
        ) as seconds_quiet
    from held
    where kind = 'inactive_period' and occurred_precision <> 'day'
),

usual as (
    select
        *,
        avg(seconds_lasted) over of_activity as mean_seconds,
        stddev_samp(seconds_lasted) over of_activity as sd_seconds
    from held
    where kind = 'duration_outlier'
    window of_activity as (partition by rule_id, activity_of_row)
),

-- rows of one doer, each with the time to the one before and the one after; a row without a doer is in
-- the series of those that name none
typed as (
    select
        *,
        epoch(occurred_at - lag(occurred_at) over in_time) as seconds_since,
        epoch(lead(occurred_at) over in_time - occurred_at) as seconds_until
    from held
    where kind = 'multi_registration' and occurred_precision <> 'day'
    window in_time as (partition by rule_id, doer order by occurred_at, event_id)
),

points as (
    select
        *,
        unnest([started_at, ended_at]) as stands_at,
        unnest([1, -1]) as step
    from held
    where kind = 'overlap' and seconds_lasted > 0 and doer is not null
),

-- at the beginning of a row: how much work had begun before and goes on. What ends at that moment is over.
open_work as (
    select
        *,
        sum(step) over (
            partition by rule_id, doer
            order by stands_at, step
            range between unbounded preceding and current row exclude group
        ) as n_open
    from points
),

found as (
    select
        *,
        n_open as n
    from open_work
    where step = 1 and n_open > 0
    union all by name
    select
        *,
        1 as n
    from typed
    where seconds_since <= seconds or seconds_until <= seconds
    union all by name
    select
        *,
        1 as n
    from usual
    where
        case
            -- no work lasts less than nothing, however wide its spread
            when unit = 'sd'
                then
                    seconds_lasted < greatest(mean_seconds - amount * sd_seconds, 0)
                    or seconds_lasted > mean_seconds + amount * sd_seconds
            else seconds_lasted < seconds_from or seconds_lasted > seconds
        end
    union all by name
    -- such a time belongs to no case: its event is the one that ends it
    select
        * replace (null as case_id),
        1 as n
    from quiet
    where seconds_quiet > seconds
)

select
    rule_id,
    process_id,
    case_id,
    regime_of_row as regime_id,
    event_id,
    n
from found
