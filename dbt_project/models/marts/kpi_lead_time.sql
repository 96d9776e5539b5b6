-- One row per process, regime and target group: how long closed cases lasted,
-- from registration to end, in calendar days and in working days of the same span.
with cases as (
    select * from {{ ref('cases') }}
),

aggregated as (
    select
        process_id,
        regime_id,
        target_group,
        count(*) as n_cases,
        count(distinct citizen_id) as n_citizens,
        avg(lead_time_days) as mean_days,
        quantile_cont(lead_time_days, [0.5, 0.9]) as day_quantiles,
        avg(working_days) as mean_working_days,
        quantile_cont(cast(working_days as double), [0.5, 0.9]) as working_day_quantiles
    from cases
    where is_closed and lead_time_days is not null
    group by process_id, regime_id, target_group
)

select
    {{ municipality_id() }} as municipality_id,
    process_id,
    regime_id,
    target_group,
    n_cases,
    n_citizens,
    mean_days,
    day_quantiles[1] as median_days,
    day_quantiles[2] as p90_days,
    mean_working_days,
    working_day_quantiles[1] as median_working_days,
    working_day_quantiles[2] as p90_working_days
from aggregated
