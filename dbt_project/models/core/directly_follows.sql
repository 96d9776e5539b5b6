with edges as (
    select
        process_id,
        regime_id,
        from_activity_id,
        to_activity_id,
        count(*) as n_occurrences,
        count(distinct case_id) as n_cases,
        count(distinct citizen_id) as n_citizens,
        avg(elapsed_seconds) as mean_seconds,
        quantile_cont(elapsed_seconds, [0.5, 0.9]) as quantiles
    from {{ ref('transitions') }}
    group by process_id, regime_id, from_activity_id, to_activity_id
)

select
    process_id,
    regime_id,
    from_activity_id,
    to_activity_id,
    n_occurrences,
    n_cases,
    n_citizens,
    mean_seconds,
    quantiles[1] as median_seconds,
    quantiles[2] as p90_seconds
from edges
