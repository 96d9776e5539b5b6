-- Who follows whom, how often and after how long. What has no time in it is read off the variants; only
-- the durations are read off the log. `n_cases` by the cases of the slice is the coverage of the step.
with walked as (
    select
        slice_number,
        variant_number,
        activity_code,
        next_activity_code,
        any_value(n_cases) as n_cases,
        count(*) as n_times
    from {{ ref('variant_steps') }}
    where next_activity_code is not null
    group by slice_number, variant_number, activity_code, next_activity_code
),

counted as (
    select
        slice_number,
        activity_code,
        next_activity_code,
        cast(sum(n_times * n_cases) as bigint) as n_occurrences,
        cast(sum(n_cases) as bigint) as n_cases
    from walked
    group by slice_number, activity_code, next_activity_code
),

peopled as (
    select
        walked.slice_number,
        walked.activity_code,
        walked.next_activity_code,
        {{ citizens_behind('people') }} as n_citizens
    from walked
    inner join {{ ref('variant_people') }} as people on walked.variant_number = people.variant_number
    group by walked.slice_number, walked.activity_code, walked.next_activity_code
),

timed as (
    select
        slice_number,
        activity_code,
        next_activity_code,
        avg(elapsed_seconds) as mean_seconds,
        quantile_cont(elapsed_seconds, [0.5, 0.9]) as quantiles,
        avg(working_seconds) as mean_working_seconds,
        quantile_cont(working_seconds, [0.5, 0.9]) as working_quantiles
    from {{ ref('log_steps') }}
    where next_activity_code is not null
    group by slice_number, activity_code, next_activity_code
),

slices as (
    select
        slice_number,
        any_value(process_id) as process_id,
        any_value(regime_id) as regime_id,
        sum(n_cases) as n_cases
    from {{ ref('variants') }}
    group by slice_number
)

select
    slices.process_id,
    slices.regime_id,
    origins.activity_id as from_activity_id,
    targets.activity_id as to_activity_id,
    counted.n_occurrences,
    counted.n_cases,
    peopled.n_citizens,
    counted.n_cases / slices.n_cases as case_coverage,
    timed.mean_seconds,
    timed.quantiles[1] as median_seconds,
    timed.quantiles[2] as p90_seconds,
    timed.mean_working_seconds,
    timed.working_quantiles[1] as median_working_seconds,
    timed.working_quantiles[2] as p90_working_seconds
from counted
inner join slices on counted.slice_number = slices.slice_number
inner join {{ ref('activity_codes') }} as origins on counted.activity_code = origins.activity_code
inner join {{ ref('activity_codes') }} as targets on counted.next_activity_code = targets.activity_code
inner join peopled
    on
        counted.slice_number = peopled.slice_number
        and counted.activity_code = peopled.activity_code
        and counted.next_activity_code = peopled.next_activity_code
inner join timed
    on
        counted.slice_number = timed.slice_number
        and counted.activity_code = timed.activity_code
        and counted.next_activity_code = timed.next_activity_code
