-- One row per process, regime and target group: how often the primary caseworker changes in a case.
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
        avg(caseworker_changes) as mean_changes,
        count(*) filter (where caseworker_changes > 0) as n_changed_cases,
        count(distinct citizen_id) filter (where caseworker_changes > 0) as n_changed_citizens
    from cases
    group by process_id, regime_id, target_group
)

select
    {{ municipality_id() }} as municipality_id,
    process_id,
    regime_id,
    target_group,
    n_cases,
    n_citizens,
    mean_changes,
    n_changed_cases,
    n_changed_citizens,
    n_changed_cases / n_cases as share_changed
from aggregated
