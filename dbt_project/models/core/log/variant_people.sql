-- Who stands behind each variant, in as few rows as tell it exactly: those with one case in their slice
-- are only counted (`citizen_number` empty), those with several stand one by one. The citizens behind
-- anything that is read off the paths are then the sum of the first and the distinct of the second.
with walkers as (
    select
        walks.slice_number,
        notions.citizen_number,
        variants.variant_number
    from {{ ref('case_walks') }} as walks
    inner join {{ ref('int_case_notions') }} as notions on walks.case_number = notions.case_number
    inner join {{ ref('variants') }} as variants
        on {{ same_variant('walks', 'variants') }}
),

counted as (
    select
        slice_number,
        citizen_number,
        count(*) as n_cases,
        any_value(variant_number) as variant_number
    from walkers
    group by slice_number, citizen_number
)

select
    slice_number,
    variant_number,
    cast(null as integer) as citizen_number,
    count(*) as n_citizens
from counted
where n_cases = 1
group by slice_number, variant_number
union all by name
select distinct
    walkers.slice_number,
    walkers.variant_number,
    walkers.citizen_number,
    1 as n_citizens
from walkers
inner join counted
    on walkers.slice_number = counted.slice_number and walkers.citizen_number = counted.citizen_number
where counted.n_cases > 1
