-- Per filter: with which activity its cases begin (`start`) and with which they end, so far (`end`).
with borders as (
    select
        variant_number,
        activity_code,
        'start' as kind
    from {{ ref('variant_steps') }}
    where step_number = 1
    union all
    select
        variant_number,
        activity_code,
        'end' as kind
    from {{ ref('variant_steps') }}
    where next_activity_code is null
),

counted as (
    select
        variants.filter_number,
        borders.kind,
        borders.activity_code,
        cast(sum(variants.n_cases) as bigint) as n_cases
    from {{ ref('filter_variants') }} as variants
    inner join borders on variants.variant_number = borders.variant_number
    group by variants.filter_number, borders.kind, borders.activity_code
),

peopled as (
    select
        people.filter_number,
        borders.kind,
        borders.activity_code,
        {{ citizens_behind('people') }} as n_citizens
    from {{ ref('filter_people') }} as people
    inner join borders on people.variant_number = borders.variant_number
    group by people.filter_number, borders.kind, borders.activity_code
)

select
    counted.filter_number,
    counted.kind,
    counted.activity_code,
    counted.n_cases,
    peopled.n_citizens,
    counted.n_cases / sizes.n_cases as case_coverage
from counted
inner join {{ ref('filter_sizes') }} as sizes on counted.filter_number = sizes.filter_number
inner join peopled
    on
        counted.filter_number = peopled.filter_number
        and counted.kind = peopled.kind
        and counted.activity_code = peopled.activity_code
