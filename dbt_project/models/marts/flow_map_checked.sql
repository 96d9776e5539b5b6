-- One row per filter and arc of its map without what caseworkers judged a registration artefact or wrong:
-- counted anew, what stood around an activity that was taken out joins. Counts are told in steps: filters lie
-- within one another, and within the map as it is.
select
    {{ municipality_id() }} as municipality_id,
    filters.process_id,
    filters.filter_id,
    arcs.arc_kind,
    coalesce(origins.activity_id, '▶') as from_activity_id,
    coalesce(targets.activity_id, '■') as to_activity_id,
    coalesce(origins.label_da, 'Start') as from_label_da,
    coalesce(origins.label_en, 'Start') as from_label_en,
    coalesce(targets.label_da, 'Slut') as to_label_da,
    coalesce(targets.label_en, 'End') as to_label_en,
    {{ told_count('arcs.n_occurrences') }} as n_occurrences,
    {{ told_count('arcs.n_cases') }} as n_cases,
    {{ told_count('arcs.n_citizens') }} as n_citizens,
    {{ told_value('arcs.n_cases', told_count('arcs.n_cases'), told_count('sizes.n_cases')) }}
        as case_coverage
from {{ ref('checked_follows') }} as arcs
inner join {{ ref('told_filters') }} as filters on arcs.filter_number = filters.filter_number
inner join {{ ref('filter_sizes') }} as sizes on arcs.filter_number = sizes.filter_number
left join {{ ref('activity_codes') }} as origins on arcs.from_activity_code = origins.activity_code
left join {{ ref('activity_codes') }} as targets on arcs.to_activity_code = targets.activity_code
where arcs.n_citizens >= {{ min_group_size() }}
