-- One row per process, regime and arc of the process map: one activity followed directly by another,
-- a case beginning with an activity (from ▶) or ending with one (to ■).
with directly_follows as (
    select * from {{ ref('directly_follows') }}
),

start_end_activities as (
    select * from {{ ref('start_end_activities') }}
),

activities as (
    select * from {{ ref('activity_codes') }}
),

arcs as (
    select
        process_id,
        regime_id,
        'follows' as arc_kind,
        from_activity_id,
        to_activity_id,
        n_occurrences,
        n_cases,
        n_citizens,
        mean_seconds / 86400 as mean_days,
        median_seconds / 86400 as median_days,
        p90_seconds / 86400 as p90_days
    from directly_follows

    union all by name

    select
        process_id,
        regime_id,
        kind as arc_kind,
        case kind when 'start' then '▶' else activity_id end as from_activity_id,
        case kind when 'end' then '■' else activity_id end as to_activity_id,
        n_cases as n_occurrences,
        n_cases,
        n_citizens
    from start_end_activities
),

labels as (
    select
        activity_id,
        label_da,
        label_en
    from activities
    union all
    select
        '▶' as activity_id,
        'Start' as label_da,
        'Start' as label_en
    union all
    select
        '■' as activity_id,
        'Slut' as label_da,
        'End' as label_en
)

select
    {{ municipality_id() }} as municipality_id,
    arcs.process_id,
    arcs.regime_id,
    arcs.arc_kind,
    arcs.from_activity_id,
    arcs.to_activity_id,
    coalesce(origins.label_da, arcs.from_activity_id) as from_label_da,
    coalesce(origins.label_en, arcs.from_activity_id) as from_label_en,
    coalesce(targets.label_da, arcs.to_activity_id) as to_label_da,
    coalesce(targets.label_en, arcs.to_activity_id) as to_label_en,
    cast(arcs.n_occurrences as bigint) as n_occurrences,
    arcs.n_cases,
    arcs.n_citizens,
    arcs.mean_days,
    arcs.median_days,
    arcs.p90_days
from arcs
left join labels as origins on arcs.from_activity_id = origins.activity_id
left join labels as targets on arcs.to_activity_id = targets.activity_id
