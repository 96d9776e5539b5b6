-- One row per filter and two that hand cases over: kinds of actor, and units of enough people. Counts in
-- steps: filters lie within one another.
with names as (
    {{ actor_names() }}
    union all
    select
        org_unit_id as item,
        arg_max(label_da, valid_from) as label_da,
        arg_max(label_en, valid_from) as label_en
    from {{ ref('told_units') }}
    group by org_unit_id
)

select
    {{ municipality_id() }} as municipality_id,
    filters.process_id,
    filters.filter_id,
    waits.between_whom,
    waits.given_by,
    waits.taken_by,
    givers.label_da as given_by_da,
    givers.label_en as given_by_en,
    takers.label_da as taken_by_da,
    takers.label_en as taken_by_en,
    {{ told_count('waits.n_occurrences') }} as n_occurrences,
    {{ told_count('waits.n_cases') }} as n_cases,
    {{ told_count('waits.n_citizens') }} as n_citizens,
    {{ told_value('waits.n_cases', told_count('waits.n_cases'), told_count('sizes.n_cases')) }}
        as case_coverage,
    round(waits.mean_days, 1) as mean_days,
    round(waits.median_days, 1) as median_days,
    round(waits.p90_days, 1) as p90_days,
    round(waits.mean_working_days, 1) as mean_working_days,
    round(waits.median_working_days, 1) as median_working_days,
    round(waits.p90_working_days, 1) as p90_working_days
from {{ ref('filter_hand_overs') }} as waits
inner join {{ ref('told_filters') }} as filters on waits.filter_number = filters.filter_number
inner join {{ ref('filter_sizes') }} as sizes on waits.filter_number = sizes.filter_number
inner join names as givers on waits.given_by = givers.item
inner join names as takers on waits.taken_by = takers.item
where waits.n_citizens >= {{ min_group_size() }}
