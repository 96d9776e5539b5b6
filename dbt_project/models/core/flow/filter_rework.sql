-- Per filter: what is done again, by kind (see variant_rework), and in how many of its cases.
-- A row without activity is the kind as a whole.
with counted as (
    select
        variants.filter_number,
        rework.kind,
        rework.activity_code,
        rework.from_activity_code,
        cast(sum(rework.n_times * variants.n_cases) as bigint) as n_occurrences,
        cast(sum(variants.n_cases) as bigint) as n_cases
    from {{ ref('filter_variants') }} as variants
    inner join {{ ref('variant_rework') }} as rework on variants.variant_number = rework.variant_number
    group by variants.filter_number, rework.kind, rework.activity_code, rework.from_activity_code
),

peopled as (
    select
        people.filter_number,
        rework.kind,
        rework.activity_code,
        rework.from_activity_code,
        {{ citizens_behind('people') }} as n_citizens
    from {{ ref('filter_people') }} as people
    inner join {{ ref('variant_rework') }} as rework on people.variant_number = rework.variant_number
    group by people.filter_number, rework.kind, rework.activity_code, rework.from_activity_code
)

select
    counted.filter_number,
    counted.kind,
    counted.activity_code,
    counted.from_activity_code,
    counted.n_occurrences,
    counted.n_cases,
    peopled.n_citizens,
    counted.n_cases / sizes.n_cases as case_coverage
from counted
inner join {{ ref('filter_sizes') }} as sizes on counted.filter_number = sizes.filter_number
inner join peopled
    on
        counted.filter_number = peopled.filter_number
        and counted.kind = peopled.kind
        and counted.activity_code is not distinct from peopled.activity_code
        and counted.from_activity_code is not distinct from peopled.from_activity_code
