-- One row per process, regime and variant: a path of activities that cases have in common.
-- Variants are numbered by size; those of too few people are one row of other paths without a number.
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
    where n_citizens >= {{ min_group_size() }}
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
),

numbered as (
    select
        variants.process_id,
        variants.regime_id,
        variants.variant_id,
        variants.n_events,
        -- fewer people than may be shown: told together, as one row of other paths
        variants.n_citizens < {{ min_group_size() }} as is_rare,
        row_number() over (
            partition by variants.process_id, variants.regime_id
            order by variants.n_citizens desc, variants.n_cases desc, variants.variant_id asc
        ) as variant_number
    from variants
),

grouped as (
    select
        cases.process_id,
        cases.regime_id,
        case when numbered.is_rare then null else numbered.variant_number end as variant_number,
        case when not numbered.is_rare then any_value(numbered.variant_id) end as variant_id,
        case when not numbered.is_rare then any_value(numbered.n_events) end as n_events,
        count(distinct numbered.variant_id) as n_variants,
        count(*) as n_cases,
        count(distinct cases.citizen_id) as n_citizens
    from {{ ref('cases') }} as cases
    inner join numbered
        on
            cases.process_id = numbered.process_id
            and cases.regime_id is not distinct from numbered.regime_id
            and cases.variant_id = numbered.variant_id
    group by cases.process_id, cases.regime_id, numbered.is_rare, 3
)

select
    {{ municipality_id() }} as municipality_id,
    grouped.process_id,
    grouped.regime_id,
    grouped.variant_number,
    coalesce(paths.path_da, 'Øvrige forløb') as path_da,
    coalesce(paths.path_en, 'Other paths') as path_en,
    cast(grouped.n_events as bigint) as n_events,
    grouped.n_variants,
    grouped.n_cases,
    grouped.n_citizens
from grouped
left join paths
    on
        grouped.process_id = paths.process_id
        and grouped.regime_id is not distinct from paths.regime_id
        and grouped.variant_id = paths.variant_id
