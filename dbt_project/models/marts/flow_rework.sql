-- One row per filter, kind of rework and activity that is done again; a row without activity is the kind as a
-- whole. Counts are told in steps: filters lie within one another.
select
    {{ municipality_id() }} as municipality_id,
    filters.process_id,
    filters.filter_id,
    rework.kind,
    activities.activity_id,
    activities.label_da,
    activities.label_en,
    origins.activity_id as from_activity_id,
    origins.label_da as from_label_da,
    origins.label_en as from_label_en,
    {{ told_count('rework.n_occurrences') }} as n_occurrences,
    {{ told_count('rework.n_cases') }} as n_cases,
    {{ told_count('rework.n_citizens') }} as n_citizens,
    {{ told_value('rework.n_cases', told_count('rework.n_cases'), told_count('sizes.n_cases')) }}
        as case_coverage
from {{ ref('filter_rework') }} as rework
inner join {{ ref('told_filters') }} as filters on rework.filter_number = filters.filter_number
inner join {{ ref('filter_sizes') }} as sizes on rework.filter_number = sizes.filter_number
left join {{ ref('activity_codes') }} as activities on rework.activity_code = activities.activity_code
left join {{ ref('activity_codes') }} as origins on rework.from_activity_code = origins.activity_code
where rework.n_citizens >= {{ min_group_size() }}
