-- Did it help? One row per initiative: what was expected of it, the step of its measure with its interval,
-- and what may be said. Counts are told in steps (told_count); of a side with fewer citizens than may be told
-- of, nothing is estimated and nothing told. The series themselves are not published.
with effects as (
    select
        *,
        greatest(
            n_citizens_before, n_citizens_after, n_comparison_citizens_before, n_comparison_citizens_after
        ) as n_citizens
    from {{ source('mining', 'initiative_effects') }}
)

select
    {{ municipality_id() }} as municipality_id,
    cast(effects.initiative_id as varchar) as initiative_id,
    cast(effects.title_da as varchar) as title_da,
    cast(effects.title_en as varchar) as title_en,
    cast(effects.process_id as varchar) as process_id,
    cast(effects.starts_on as date) as starts_on,
    cast(effects.ends_on as date) as ends_on,
    cast(effects.registered_on as date) as registered_on,
    cast(effects.is_exploratory as boolean) as is_exploratory,
    cast(effects.owner_role as varchar) as owner_role,
    cast(effects.measure as varchar) as measure,
    cast(effects.measure_item as varchar) as measure_item,
    cast(effects.follow_up_days as bigint) as follow_up_days,
    cast(effects.target_groups as varchar) as target_groups,
    cast(effects.target_units as varchar) as target_units,
    cast(effects.comparison_groups as varchar) as comparison_groups,
    cast(effects.comparison_units as varchar) as comparison_units,
    cast(effects.direction as varchar) as direction,
    cast(effects.expected_size as double) as expected_size,
    cast(effects.design as varchar) as design,
    cast(effects.verdict as varchar) as verdict,
    cast(effects.reason as varchar) as reason,
    cast({{ told_citizens('effects.n_citizens') }} as bigint) as n_citizens,
    {{ told_or_few('effects.n_cases_before') }} as n_before,
    cast({{ told_citizens('effects.n_citizens_before') }} as bigint) as n_before_citizens,
    {{ told_or_few('effects.n_cases_after') }} as n_after,
    cast({{ told_citizens('effects.n_citizens_after') }} as bigint) as n_after_citizens,
    {{ told_or_few('effects.n_comparison_cases_before') }} as n_comparison_before,
    cast({{ told_citizens('effects.n_comparison_citizens_before') }} as bigint)
        as n_comparison_before_citizens,
    {{ told_or_few('effects.n_comparison_cases_after') }} as n_comparison_after,
    cast({{ told_citizens('effects.n_comparison_citizens_after') }} as bigint) as n_comparison_after_citizens,
    round(effects.mean_before, 2) as mean_before,
    round(effects.mean_after, 2) as mean_after,
    round(effects.comparison_mean_before, 2) as comparison_mean_before,
    round(effects.comparison_mean_after, 2) as comparison_mean_after,
    round(effects.effect_size, 2) as effect_size,
    round(effects.effect_low, 2) as effect_low,
    round(effects.effect_high, 2) as effect_high,
    round(effects.slope_change, 2) as slope_change,
    round(effects.slope_low, 2) as slope_low,
    round(effects.slope_high, 2) as slope_high,
    cast(effects.n_placebos as bigint) as n_placebos,
    round(effects.placebo_share, 2) as placebo_share,
    cast(effects.n_more_cases as bigint) as n_more_cases,
    cast(effects.confounders as varchar) as confounders,
    cast(effects.sentence_da as varchar) as sentence_da,
    cast(effects.sentence_en as varchar) as sentence_en
from effects
