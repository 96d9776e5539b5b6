-- One row per standing verdict: what was judged, how, by whom and why, and how much of its process it speaks
-- of. What nobody has (any more), or too few, is told without figures: the verdict stands. Counts are told
-- in steps.
with named as (
    select
        verdict_number,
        unnest(string_split(activity_ids, '|')) as activity_id,
        generate_subscripts(string_split(activity_ids, '|'), 1) as place
    from {{ ref('standing_verdicts') }}
),

said as (
    select
        named.verdict_number,
        string_agg(coalesce(activities.label_da, named.activity_id), ' → ' order by named.place)
            as subject_da,
        string_agg(coalesce(activities.label_en, named.activity_id), ' → ' order by named.place)
            as subject_en
    from named
    left join {{ ref('activity_codes') }} as activities on named.activity_id = activities.activity_id
    group by named.verdict_number
),

-- nothing tells a few from nobody
seen as (
    select *
    from {{ ref('verdict_sizes') }}
    where n_citizens >= {{ min_group_size() }}
)

select
    {{ municipality_id() }} as municipality_id,
    standing.process_id,
    standing.kind,
    standing.activity_ids,
    said.subject_da,
    said.subject_en,
    standing.verdict,
    standing.judged_on,
    standing.judged_by_role,
    standing.reason_da,
    standing.reason_en,
    seen.verdict_number is not null as is_seen,
    {{ told_count('seen.n_occurrences') }} as n_occurrences,
    {{ told_count('seen.n_cases') }} as n_cases,
    {{ told_count('seen.n_citizens') }} as n_citizens,
    {{ told_value('seen.n_cases', told_count('seen.n_cases'), told_count('sizes.n_cases')) }}
        as case_coverage
from {{ ref('standing_verdicts') }} as standing
inner join said on standing.verdict_number = said.verdict_number
left join seen on standing.verdict_number = seen.verdict_number
left join {{ ref('filter_sizes') }} as sizes on seen.filter_number = sizes.filter_number
