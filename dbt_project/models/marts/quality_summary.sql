-- One row per quality rule and the slice (process and regime, or the whole delivery) it judged.
with rule_results as (
    select * from {{ source('quality_results', 'rule_results') }}
),

cases as (
    select * from {{ ref('cases') }}
),

-- The people behind what a rule judged: a slice, or (no process) the whole delivery.
slices as (
    select
        process_id,
        regime_id,
        count(*) as n_cases,
        count(distinct citizen_id) as n_citizens
    from cases
    group by process_id, regime_id

    union all

    select
        null as process_id,
        null as regime_id,
        count(*) as n_cases,
        count(distinct citizen_id) as n_citizens
    from cases
)

select
    {{ municipality_id() }} as municipality_id,
    cast(rule_results.process_id as varchar) as process_id,
    cast(rule_results.regime_id as varchar) as regime_id,
    cast(rule_results.dataset as varchar) as dataset,
    cast(rule_results.suite as varchar) as suite,
    cast(rule_results.rule_id as varchar) as rule_id,
    cast(rule_results.title_da as varchar) as title_da,
    cast(rule_results.title_en as varchar) as title_en,
    cast(rule_results.severity as varchar) as severity,
    cast(rule_results.outcome as varchar) as outcome,
    coalesce(slices.n_cases, 0) as n_cases,
    coalesce(slices.n_citizens, 0) as n_citizens,
    cast(rule_results.n_checked as bigint) as n_checked,
    cast(rule_results.n_failed as bigint) as n_failed,
    cast(rule_results.percent as double) as percent_failed,
    cast(rule_results.threshold as double) as threshold,
    cast(rule_results.legal_basis as varchar) as legal_basis,
    cast(rule_results.detail as varchar) as detail
from rule_results
left join slices
    on
        rule_results.process_id is not distinct from slices.process_id
        and rule_results.regime_id is not distinct from slices.regime_id
