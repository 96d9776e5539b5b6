-- One row per filter: cases sent from one unit to another and straight back. Which units is not published:
-- how many people work in them is not in the data. Counts are told in steps: filters lie within one
-- another.
select
    {{ municipality_id() }} as municipality_id,
    filters.process_id,
    filters.filter_id,
    {{ told_count('turns.n_occurrences') }} as n_occurrences,
    {{ told_count('turns.n_cases') }} as n_cases,
    {{ told_count('turns.n_citizens') }} as n_citizens,
    {{ told_value('turns.n_cases', told_count('turns.n_cases'), told_count('sizes.n_cases')) }}
        as case_coverage
from {{ ref('filter_ping_pong') }} as turns
inner join {{ ref('told_filters') }} as filters on turns.filter_number = filters.filter_number
inner join {{ ref('filter_sizes') }} as sizes on turns.filter_number = sizes.filter_number
where turns.org_unit_id is null and turns.n_citizens >= {{ min_group_size() }}
