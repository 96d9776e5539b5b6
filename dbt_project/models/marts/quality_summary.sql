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
),

-- Counts of what is of citizens are told in steps, their share with them: what a few did is not had by
-- subtracting one rule from another. Who stands behind them is told up to the minimum group and no further.
judged as (
    select
        rule_results.*,
        coalesce(slices.n_cases, 0) as n_cases,
        coalesce(slices.n_citizens, 0) as n_citizens,
        if(counts_people, {{ told_count('n_checked') }}, n_checked) as told_checked,
        if(counts_people, {{ told_count('n_failed') }}, n_failed) as told_failed
    from rule_results
    left join slices
        on
            rule_results.process_id is not distinct from slices.process_id
            and rule_results.regime_id is not distinct from slices.regime_id
)

select
    {{ municipality_id() }} as municipality_id,
    cast(process_id as varchar) as process_id,
    cast(regime_id as varchar) as regime_id,
    cast(dataset as varchar) as dataset,
    cast(suite as varchar) as suite,
    cast(rule_id as varchar) as rule_id,
    cast(title_da as varchar) as title_da,
    cast(title_en as varchar) as title_en,
    cast(severity as varchar) as severity,
    cast(outcome as varchar) as outcome,
    n_cases,
    n_citizens,
    cast(told_checked as bigint) as n_checked,
    cast({{ told_citizens('if(counts_people, n_checked_citizens, n_citizens)') }} as bigint)
        as n_checked_citizens,
    cast(told_failed as bigint) as n_failed,
    cast({{ told_citizens('if(counts_people, n_split_citizens, n_citizens)') }} as bigint)
        as n_failed_citizens,
    round(100.0 * told_failed / nullif(told_checked, 0), 1) as percent_failed,
    cast(threshold as double) as threshold,
    cast(legal_basis as varchar) as legal_basis,
    cast(detail as varchar) as detail
from judged
