-- One row per filter and kind (activity, edge, variant): how much of its map somebody has judged. Subjects
-- are those that stand on the published map; occurrences are all, told in steps: filters lie within one
-- another. What was judged and too few have is told as what nobody has: a blank would say that somebody
-- walked the rare path that map_verdicts names.
with counted as (
    select
        filter_number,
        kind,
        sum(n_told_subjects) filter (where verdict in ('checked', 'unchecked')) as n_subjects,
        sum(n_told_subjects) filter (where verdict = 'checked') as n_checked,
        sum(n_told_subjects) filter (where verdict = 'real') as n_real,
        sum(n_told_subjects) filter (where verdict = 'registration_artefact') as n_artefacts,
        sum(n_told_subjects) filter (where verdict = 'wrong') as n_wrong,
        sum(n_occurrences) filter (where verdict in ('checked', 'unchecked')) as n_occurrences,
        coalesce(
            sum(n_occurrences) filter (where verdict = 'checked' and n_citizens >= {{ min_group_size() }}), 0
        ) as n_checked_occurrences,
        coalesce(sum(n_citizens) filter (where verdict = 'checked'), 0) as n_checked_citizens,
        max(n_citizens) as n_citizens
    from {{ ref('filter_checks') }}
    group by filter_number, kind
)

select
    {{ municipality_id() }} as municipality_id,
    filters.process_id,
    filters.filter_id,
    counted.kind,
    cast(counted.n_subjects as bigint) as n_subjects,
    cast(coalesce(counted.n_checked, 0) as bigint) as n_checked,
    cast(coalesce(counted.n_real, 0) as bigint) as n_real,
    cast(coalesce(counted.n_artefacts, 0) as bigint) as n_artefacts,
    cast(coalesce(counted.n_wrong, 0) as bigint) as n_wrong,
    round(coalesce(counted.n_checked, 0) / nullif(counted.n_subjects, 0), 3) as share_checked,
    {{ told_count('counted.n_occurrences') }} as n_occurrences,
    {{ told_count('counted.n_checked_occurrences') }} as n_checked_occurrences,
    cast({{ told_citizens('counted.n_checked_citizens') }} as bigint) as n_checked_citizens,
    -- `least` would take the one for nothing known
    if(
        counted.n_occurrences < {{ min_group_size() }},
        null,
        least(
            {{ told_value(
                'counted.n_checked_occurrences', told_count('counted.n_checked_occurrences'),
                told_count('counted.n_occurrences')
            ) }}, 1
        )
    ) as share_occurrences_checked,
    {{ told_count('sizes.n_cases') }} as n_cases,
    {{ told_count('sizes.n_citizens') }} as n_citizens
from counted
inner join {{ ref('told_filters') }} as filters on counted.filter_number = filters.filter_number
inner join {{ ref('filter_sizes') }} as sizes on counted.filter_number = sizes.filter_number
where counted.n_citizens >= {{ min_group_size() }}
