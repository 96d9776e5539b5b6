-- The map of a filter without artefacts: who follows whom, with what cases begin (no activity before) and
-- with what they end (none after). Counted anew from checked_paths where its process has artefacts; where it
-- has none the map is the map. An edge that was judged an artefact or wrong is left out, also where its two
-- came to stand together because something between them was taken out.
with artefacts as (
    select distinct process_id
    from {{ ref('standing_verdicts') }}
    where verdict in ('registration_artefact', 'wrong')
),

steps as (
    select
        process_id,
        variant_number,
        unnest(list_concat([null], activity_codes)) as from_activity_code,
        unnest(list_concat(activity_codes, [null])) as to_activity_code
    from {{ ref('checked_paths') }}
),

walked as (
    select
        steps.variant_number,
        steps.from_activity_code,
        steps.to_activity_code,
        count(*) as n_times
    from steps
    left join {{ ref('standing_verdicts') }} as standing
        on
            standing.kind = 'edge'
            and standing.verdict in ('registration_artefact', 'wrong')
            and steps.process_id = standing.process_id
            and steps.from_activity_code = standing.activity_codes[1]
            and steps.to_activity_code = standing.activity_codes[2]
    where standing.verdict_number is null
    group by steps.variant_number, steps.from_activity_code, steps.to_activity_code
),

counted as (
    select
        variants.filter_number,
        walked.from_activity_code,
        walked.to_activity_code,
        cast(sum(walked.n_times * variants.n_cases) as bigint) as n_occurrences,
        cast(sum(variants.n_cases) as bigint) as n_cases
    from {{ ref('filter_variants') }} as variants
    inner join walked on variants.variant_number = walked.variant_number
    group by variants.filter_number, walked.from_activity_code, walked.to_activity_code
),

peopled as (
    select
        people.filter_number,
        walked.from_activity_code,
        walked.to_activity_code,
        {{ citizens_behind('people') }} as n_citizens
    from {{ ref('filter_people') }} as people
    inner join walked on people.variant_number = walked.variant_number
    group by people.filter_number, walked.from_activity_code, walked.to_activity_code
),

as_is as (
    select
        filter_number,
        from_activity_code,
        to_activity_code,
        n_occurrences,
        n_cases,
        n_citizens
    from {{ ref('filter_follows') }}
    union all by name
    select
        filter_number,
        if(kind = 'end', activity_code, null) as from_activity_code,
        if(kind = 'start', activity_code, null) as to_activity_code,
        n_cases as n_occurrences,
        n_cases,
        n_citizens
    from {{ ref('filter_ends') }}
),

arcs as (
    select
        counted.*,
        peopled.n_citizens
    from counted
    inner join peopled
        on
            counted.filter_number = peopled.filter_number
            and counted.from_activity_code is not distinct from peopled.from_activity_code
            and counted.to_activity_code is not distinct from peopled.to_activity_code
    union all by name
    select
        as_is.filter_number,
        as_is.from_activity_code,
        as_is.to_activity_code,
        as_is.n_occurrences,
        as_is.n_cases,
        as_is.n_citizens
    from as_is
    inner join {{ ref('case_filters') }} as filters on as_is.filter_number = filters.filter_number
    where filters.process_id not in (select process_id from artefacts)
)

select
    arcs.filter_number,
    case
        when arcs.from_activity_code is null then 'start'
        when arcs.to_activity_code is null then 'end'
        else 'follows'
    end as arc_kind,
    arcs.from_activity_code,
    arcs.to_activity_code,
    arcs.n_occurrences,
    arcs.n_cases,
    arcs.n_citizens,
    arcs.n_cases / sizes.n_cases as case_coverage
from arcs
inner join {{ ref('filter_sizes') }} as sizes on arcs.filter_number = sizes.filter_number
