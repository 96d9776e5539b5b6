-- One row per filter and path that enough people walked, the most usual first, with the share of cases that
-- the paths up to here cover. Counts are told in steps and shares are of the steps: filters lie within one
-- another.
with paths as (
    select * from {{ ref('filter_paths') }}
    where n_citizens >= {{ min_group_size() }}
),

sums as (
    select
        filter_number,
        variant_id,
        sum(n_cases) over (
            partition by filter_number order by place rows between unbounded preceding and current row
        ) as n_so_far
    from paths
),

walked as (
    select distinct example_variant_number as variant_number
    from paths
),

said as (
    select
        steps.variant_number,
        string_agg(activities.label_da, ' → ' order by steps.step_number) as path_da,
        string_agg(activities.label_en, ' → ' order by steps.step_number) as path_en
    from walked
    inner join {{ ref('variant_steps') }} as steps on walked.variant_number = steps.variant_number
    inner join {{ ref('activity_codes') }} as activities on steps.activity_code = activities.activity_code
    group by steps.variant_number
)

select
    {{ municipality_id() }} as municipality_id,
    filters.process_id,
    filters.filter_id,
    paths.place as variant_number,
    said.path_da,
    said.path_en,
    cast(paths.n_events as bigint) as n_events,
    {{ told_count('paths.n_cases') }} as n_cases,
    {{ told_count('paths.n_citizens') }} as n_citizens,
    {{ told_value('paths.share', told_count('paths.n_cases'), told_count('sizes.n_cases')) }} as share,
    least(
        {{ told_value('sums.n_so_far', told_count('sums.n_so_far'), told_count('sizes.n_cases')) }}, 1
    ) as cumulative_share,
    coalesce(judged.verdict, 'unchecked') as verdict
from paths
inner join sums on paths.filter_number = sums.filter_number and paths.variant_id = sums.variant_id
inner join said on paths.example_variant_number = said.variant_number
inner join {{ ref('told_filters') }} as filters on paths.filter_number = filters.filter_number
inner join {{ ref('filter_sizes') }} as sizes on paths.filter_number = sizes.filter_number
left join {{ ref('verdict_variants') }} as judged
    on judged.kind = 'variant' and paths.example_variant_number = judged.variant_number
