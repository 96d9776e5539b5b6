with ends as (
    select
        slice_number,
        variant_number,
        n_cases,
        activity_code,
        step_number = 1 as is_start,
        next_activity_code is null as is_end
    from {{ ref('variant_steps') }}
    where step_number = 1 or next_activity_code is null
),

borders as (
    select
        'start' as kind,
        *
    from ends
    where is_start
    union all
    select
        'end' as kind,
        *
    from ends
    where is_end
),

counted as (
    select
        slice_number,
        kind,
        activity_code,
        cast(sum(n_cases) as bigint) as n_cases
    from borders
    group by slice_number, kind, activity_code
),

peopled as (
    select
        borders.slice_number,
        borders.kind,
        borders.activity_code,
        {{ citizens_behind('people') }} as n_citizens
    from borders
    inner join {{ ref('variant_people') }} as people on borders.variant_number = people.variant_number
    group by borders.slice_number, borders.kind, borders.activity_code
),

slices as (
    select distinct
        slice_number,
        process_id,
        regime_id
    from {{ ref('variants') }}
)

select
    slices.process_id,
    slices.regime_id,
    counted.kind,
    activities.activity_id,
    counted.n_cases,
    peopled.n_citizens
from counted
inner join slices on counted.slice_number = slices.slice_number
inner join {{ ref('activity_codes') }} as activities on counted.activity_code = activities.activity_code
inner join peopled
    on
        counted.slice_number = peopled.slice_number
        and counted.kind = peopled.kind
        and counted.activity_code = peopled.activity_code
