-- One row per filter and arc of its map: one activity followed directly by another, a case beginning with an
-- activity (from ▶) or ending with one (to ■). Counts are told in steps: filters lie within one another.
with arcs as (
    select
        filter_number,
        'follows' as arc_kind,
        from_activity_code,
        to_activity_code,
        n_occurrences,
        n_cases,
        n_citizens,
        mean_days,
        median_days,
        p90_days,
        mean_working_days,
        median_working_days,
        p90_working_days
    from {{ ref('filter_follows') }}
    union all by name
    select
        filter_number,
        kind as arc_kind,
        if(kind = 'end', activity_code, null) as from_activity_code,
        if(kind = 'start', activity_code, null) as to_activity_code,
        n_cases as n_occurrences,
        n_cases,
        n_citizens
    from {{ ref('filter_ends') }}
)

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
        as case_coverage,
    round(arcs.mean_days, 1) as mean_days,
    round(arcs.median_days, 1) as median_days,
    round(arcs.p90_days, 1) as p90_days,
    round(arcs.mean_working_days, 1) as mean_working_days,
    round(arcs.median_working_days, 1) as median_working_days,
    round(arcs.p90_working_days, 1) as p90_working_days,
    -- only an edge can be judged: with what a case begins or ends is no act
    if(arcs.arc_kind = 'follows', coalesce(standing.verdict, 'unchecked'), null) as verdict
from arcs
inner join {{ ref('told_filters') }} as filters on arcs.filter_number = filters.filter_number
inner join {{ ref('filter_sizes') }} as sizes on arcs.filter_number = sizes.filter_number
left join {{ ref('activity_codes') }} as origins on arcs.from_activity_code = origins.activity_code
left join {{ ref('activity_codes') }} as targets on arcs.to_activity_code = targets.activity_code
left join {{ ref('standing_verdicts') }} as standing
    on
        standing.kind = 'edge'
        and filters.process_id = standing.process_id
        and arcs.from_activity_code = standing.activity_codes[1]
        and arcs.to_activity_code = standing.activity_codes[2]
where arcs.n_citizens >= {{ min_group_size() }}
