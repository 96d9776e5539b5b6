-- Per filter: who follows whom, how often, in how many cases and after how long, in calendar and in working
-- time. Occurrences are read off the paths, durations off the log.
with walked as (
    select
        variant_number,
        activity_code,
        next_activity_code,
        count(*) as n_times
    from {{ ref('variant_steps') }}
    where next_activity_code is not null
    group by variant_number, activity_code, next_activity_code
),

counted as (
    select
        variants.filter_number,
        walked.activity_code,
        walked.next_activity_code,
        cast(sum(walked.n_times * variants.n_cases) as bigint) as n_occurrences,
        cast(sum(variants.n_cases) as bigint) as n_cases
    from {{ ref('filter_variants') }} as variants
    inner join walked on variants.variant_number = walked.variant_number
    group by variants.filter_number, walked.activity_code, walked.next_activity_code
),

peopled as (
    select
        people.filter_number,
        walked.activity_code,
        walked.next_activity_code,
        {{ citizens_behind('people') }} as n_citizens
    from {{ ref('filter_people') }} as people
    inner join walked on people.variant_number = walked.variant_number
    group by people.filter_number, walked.activity_code, walked.next_activity_code
),

timed as (
    select
        filter_cases.filter_number,
        steps.activity_code,
        steps.next_activity_code,
        avg(steps.elapsed_seconds) as mean_seconds,
        quantile_cont(steps.elapsed_seconds, [0.5, 0.9]) as quantiles,
        avg(steps.working_seconds) as mean_working_seconds,
        quantile_cont(steps.working_seconds, [0.5, 0.9]) as working_quantiles
    from {{ ref('log_steps') }} as steps
    inner join {{ ref('filter_cases') }} as filter_cases on steps.case_number = filter_cases.case_number
    where steps.next_activity_code is not null
    group by filter_cases.filter_number, steps.activity_code, steps.next_activity_code
)

select
    counted.filter_number,
    counted.activity_code as from_activity_code,
    counted.next_activity_code as to_activity_code,
    counted.n_occurrences,
    counted.n_cases,
    peopled.n_citizens,
    counted.n_cases / sizes.n_cases as case_coverage,
    timed.mean_seconds / 86400 as mean_days,
    timed.quantiles[1] / 86400 as median_days,
    timed.quantiles[2] / 86400 as p90_days,
    timed.mean_working_seconds / 86400 as mean_working_days,
    timed.working_quantiles[1] / 86400 as median_working_days,
    timed.working_quantiles[2] / 86400 as p90_working_days
from counted
inner join {{ ref('filter_sizes') }} as sizes on counted.filter_number = sizes.filter_number
inner join peopled
    on
        counted.filter_number = peopled.filter_number
        and counted.activity_code = peopled.activity_code
        and counted.next_activity_code = peopled.next_activity_code
inner join timed
    on
        counted.filter_number = timed.filter_number
        and counted.activity_code = timed.activity_code
        and counted.next_activity_code = timed.next_activity_code
