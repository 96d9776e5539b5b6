-- One row per filter: a named set of cases of a process, in a sentence and as YAML, and how large it is.
-- Counts are told in steps (told_count): filters lie within one another.
select
    {{ municipality_id() }} as municipality_id,
    filters.process_id,
    filters.filter_id,
    filters.kind,
    filters.sentence_da,
    filters.sentence_en,
    filters.yaml,
    {{ told_count('sizes.n_cases') }} as n_cases,
    {{ told_count('sizes.n_citizens') }} as n_citizens,
    {{ told_or_few('sizes.n_open_cases') }} as n_open_cases,
    cast({{ told_citizens('sizes.n_open_citizens') }} as bigint) as n_open_citizens,
    {{ told_value(
        'sizes.share_open', told_or_few('sizes.n_open_cases'), told_count('sizes.n_cases')
    ) }} as share_open,
    {{ told_or_few('sizes.n_closed_cases') }} as n_closed_cases,
    cast({{ told_citizens('sizes.n_closed_citizens') }} as bigint) as n_closed_citizens,
    round(sizes.mean_lead_time_days) as mean_days,
    round(sizes.median_lead_time_days) as median_days,
    -- ten per cent of a group lie beyond: a tenth of few is one
    if(
        sizes.n_closed_citizens >= 4 * {{ min_group_size() }}, round(sizes.p90_lead_time_days), null
    ) as p90_days,
    round(sizes.median_working_days) as median_working_days
from {{ ref('told_filters') }} as filters
inner join {{ ref('filter_sizes') }} as sizes on filters.filter_number = sizes.filter_number
where sizes.n_citizens = 0 or sizes.n_citizens >= {{ min_group_size() }}
