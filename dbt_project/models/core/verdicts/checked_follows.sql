-- The map of a filter counted anew without artefacts (see checked_paths): who follows whom, with what cases
-- begin and with what they end. An edge that was judged an artefact or wrong is left out of it, also where
-- its two came to stand together because something between them was taken out.
with steps as (
    select
        process_id,
        variant_number,
        'follows' as arc_kind,
        unnest(activity_codes[:-2]) as from_activity_code,
        unnest(activity_codes[2:]) as to_activity_code
    from {{ ref('checked_paths') }}
    union all by name
    select
        process_id,
        variant_number,
        'start' as arc_kind,
        activity_codes[1] as to_activity_code
    from {{ ref('checked_paths') }}
    union all by name
    select
        process_id,
        variant_number,
        'end' as arc_kind,
        activity_codes[-1] as from_activity_code
    from {{ ref('checked_paths') }}
),

walked as (
    select
        steps.variant_number,
        steps.arc_kind,
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
    group by steps.variant_number, steps.arc_kind, steps.from_activity_code, steps.to_activity_code
),

counted as (
    select
        variants.filter_number,
        walked.arc_kind,
        walked.from_activity_code,
        walked.to_activity_code,
        cast(sum(walked.n_times * variants.n_cases) as bigint) as n_occurrences,
        cast(sum(variants.n_cases) as bigint) as n_cases
    from {{ ref('filter_variants') }} as variants
    inner join walked on variants.variant_number = walked.variant_number
    group by variants.filter_number, walked.arc_kind, walked.from_activity_code, walked.to_activity_code
),

peopled as (
    select
        people.filter_number,
        walked.arc_kind,
        walked.from_activity_code,
        walked.to_activity_code,
        {{ citizens_behind('people') }} as n_citizens
    from {{ ref('filter_people') }} as people
    inner join walked on people.variant_number = walked.variant_number
    group by people.filter_number, walked.arc_kind, walked.from_activity_code, walked.to_activity_code
)

select
    counted.filter_number,
    counted.arc_kind,
    counted.from_activity_code,
    counted.to_activity_code,
    counted.n_occurrences,
    counted.n_cases,
    peopled.n_citizens,
    counted.n_cases / sizes.n_cases as case_coverage
from counted
inner join {{ ref('filter_sizes') }} as sizes on counted.filter_number = sizes.filter_number
inner join peopled
    on
        counted.filter_number = peopled.filter_number
        and counted.arc_kind = peopled.arc_kind
        and counted.from_activity_code is not distinct from peopled.from_activity_code
        and counted.to_activity_code is not distinct from peopled.to_activity_code
