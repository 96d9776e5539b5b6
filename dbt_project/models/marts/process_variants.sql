-- One row per process, regime and variant: a path of activities that cases have in common.
-- Variants are numbered by size, so that the numbers of those too small to publish come last.
with variants as (
    select * from {{ ref('variants') }}
),

activities as (
    select * from {{ ref('activity_codes') }}
),

steps as (
    select
        process_id,
        regime_id,
        variant_id,
        unnest(activities) as activity_id,
        generate_subscripts(activities, 1) as step_number
    from variants
),

paths as (
    select
        steps.process_id,
        steps.regime_id,
        steps.variant_id,
        string_agg(
            coalesce(activities.label_da, steps.activity_id), ' → ' order by steps.step_number
        ) as path_da,
        string_agg(
            coalesce(activities.label_en, steps.activity_id), ' → ' order by steps.step_number
        ) as path_en
    from steps
    left join activities on steps.activity_id = activities.activity_id
    group by steps.process_id, steps.regime_id, steps.variant_id
)

select
    {{ municipality_id() }} as municipality_id,
    variants.process_id,
    variants.regime_id,
    row_number() over (
        partition by variants.process_id, variants.regime_id
        order by variants.n_citizens desc, variants.n_cases desc, variants.variant_id asc
    ) as variant_number,
    paths.path_da,
    paths.path_en,
    cast(variants.n_events as bigint) as n_events,
    variants.n_cases,
    variants.n_citizens,
    variants.n_cases
    / sum(variants.n_cases) over (partition by variants.process_id, variants.regime_id)
        as coverage
from variants
inner join paths
    on
        variants.process_id = paths.process_id
        and variants.regime_id is not distinct from paths.regime_id
        and variants.variant_id = paths.variant_id
