-- One row per filter and month: cases that were there, that began, that ended, and that were open when the
-- month ended. Counts are told in steps: filters and months lie within one another.
select
    {{ municipality_id() }} as municipality_id,
    filters.process_id,
    filters.filter_id,
    months.month_on,
    {{ told_count('months.n_cases') }} as n_cases,
    {{ told_count('months.n_citizens') }} as n_citizens,
    {{ told_or_few('months.n_begun') }} as n_begun,
    cast({{ told_citizens('months.n_begun_citizens') }} as bigint) as n_begun_citizens,
    {{ told_or_few('months.n_ended') }} as n_ended,
    cast({{ told_citizens('months.n_ended_citizens') }} as bigint) as n_ended_citizens,
    {{ told_or_few('months.n_open') }} as n_open,
    cast({{ told_citizens('months.n_open_citizens') }} as bigint) as n_open_citizens
from {{ ref('filter_months') }} as months
inner join {{ ref('told_filters') }} as filters on months.filter_number = filters.filter_number
where months.n_citizens >= {{ min_group_size() }}
