-- How many acts of a kind a month had, beside the band in which the same months of the years before let
-- expect it. Counts of people who influence each other vary more than a Poisson law allows, so the band
-- takes its dispersion from the month-to-month steps around those earlier months: for two counts of one
-- mean, (a - b)^2 / (a + b) has the dispersion as its mean (von Neumann's successive differences), and its
-- median is taken, which one bad month cannot move. On the scale of the square root the variance of a
-- count is the dispersion / 4 whatever its mean (Anscombe 1948). Volumes also drift by themselves: a count
-- nearer to the expected one than the smallest change that matters is inside. Never published.
with steps as (
    select
        *,
        if(is_yardstick and lag(is_yardstick) over activity_in_time, n_events, null) as after_n,
        if(is_yardstick, lag(n_events) over activity_in_time, null) as before_n
    from {{ ref('int_quality_months') }}
    window activity_in_time as (partition by process_id, system_id, activity_id order by month_on)
),

compared as (
    select
        process_id,
        system_id,
        activity_id,
        month_on,
        n_events,
        is_clock_stop,
        [
            if(lag(is_yardstick, 12) over activity_in_time, lag(n_events, 12) over activity_in_time, null),
            if(lag(is_yardstick, 24) over activity_in_time, lag(n_events, 24) over activity_in_time, null),
            if(lag(is_yardstick, 36) over activity_in_time, lag(n_events, 36) over activity_in_time, null)
        ] as earlier,
        -- half a year to both sides of each of the earlier months; the month itself is far away
        count(after_n) over around as n_steps,
        median(
            case
                when after_n + before_n = 0 then 0
                else (after_n - before_n) ^ 2 / (after_n + before_n)
            end
        ) over around as median_step
    from steps
    window
        activity_in_time as (partition by process_id, system_id, activity_id order by month_on),
        around as (
            partition by process_id, system_id, activity_id order by month_on
            rows between 41 preceding and 6 preceding
        )
),

expected as (
    select
        *,
        len(list_filter(earlier, lambda n: n is not null)) as n_earlier_months,
        list_avg(earlier) as expected_events,
        -- 0.4549: the median of a chi-squared of one degree of freedom, whose mean is 1
        greatest(1, median_step / 0.4549) as dispersion
    from compared
),

banded as (
    select
        *,
        {{ limit('volume_band_width') }} * sqrt(dispersion * (1 + 1 / n_earlier_months)) / 2 as half_width,
        sqrt(expected_events + 0.375) as centre
    from expected
),

bounded as (
    select
        *,
        greatest(centre - half_width, 0) ^ 2 - 0.375 as lower_bound,
        (centre + half_width) ^ 2 - 0.375 as upper_bound,
        {{ limit('volume_smallest_change') }} * expected_events as smallest_change
    from banded
)

select
    {{ municipality_id() }} as municipality_id,
    process_id,
    system_id,
    activity_id,
    month_on,
    n_events,
    n_earlier_months,
    expected_events,
    dispersion,
    greatest(least(lower_bound, expected_events - smallest_change), 0) as lower_events,
    greatest(upper_bound, expected_events + smallest_change) as upper_events,
    case
        when is_clock_stop then 'clock_stop'
        when
            n_earlier_months = 0
            or n_steps < {{ limit('volume_min_steps') }}
            or expected_events < {{ limit('volume_min_events') }}
            then 'no_yardstick'
        when n_events < least(lower_bound, expected_events - smallest_change) then 'below'
        when n_events > greatest(upper_bound, expected_events + smallest_change) then 'above'
        else 'inside'
    end as state
from bounded
