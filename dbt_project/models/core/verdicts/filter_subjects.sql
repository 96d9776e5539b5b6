-- What stands on the map of a filter: its activities, its edges and its paths, each with the verdict that
-- stands of it, if any, and the citizens behind it.
with acts as (
    select distinct
        variant_number,
        activity_code
    from {{ ref('variant_steps') }}
),

subjects as (
    select
        people.filter_number,
        'activity' as kind,
        acts.activity_code as from_activity_code,
        null as to_activity_code,
        null as example_variant_number,
        {{ citizens_behind('people') }} as n_citizens
    from {{ ref('filter_people') }} as people
    inner join acts on people.variant_number = acts.variant_number
    group by people.filter_number, acts.activity_code
    union all by name
    select
        filter_number,
        'edge' as kind,
        from_activity_code,
        to_activity_code,
        n_citizens
    from {{ ref('filter_follows') }}
    union all by name
    select
        filter_number,
        'variant' as kind,
        example_variant_number,
        n_citizens
    from {{ ref('filter_paths') }}
)

select
    subjects.*,
    coalesce(standing.verdict, paths.verdict, 'unchecked') as verdict
from subjects
inner join {{ ref('case_filters') }} as filters on subjects.filter_number = filters.filter_number
left join {{ ref('standing_verdicts') }} as standing
    on
        filters.process_id = standing.process_id
        and subjects.kind = standing.kind
        and subjects.from_activity_code = standing.activity_codes[1]
        and subjects.to_activity_code is not distinct from standing.activity_codes[2]
left join {{ ref('verdict_variants') }} as paths
    on subjects.example_variant_number = paths.variant_number and paths.kind = 'variant'
