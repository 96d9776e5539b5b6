-- Who stands behind each path of a filter, told as in variant_people: those with one case in the filter are
-- only counted (`citizen_number` empty), those with several stand one by one.
with walkers as (
    select
        filter_cases.filter_number,
        cases.citizen_number,
        cases.variant_number
    from {{ ref('filter_cases') }} as filter_cases
    inner join {{ ref('cases') }} as cases on filter_cases.case_number = cases.case_number
    where cases.variant_number is not null
),

counted as (
    select
        filter_number,
        citizen_number,
        count(*) as n_cases,
        any_value(variant_number) as variant_number
    from walkers
    group by filter_number, citizen_number
)

select
    filter_number,
    variant_number,
    cast(null as integer) as citizen_number,
    count(*) as n_citizens
from counted
where n_cases = 1
group by filter_number, variant_number
union all by name
select distinct
    walkers.filter_number,
    walkers.variant_number,
    walkers.citizen_number,
    1 as n_citizens
from walkers
inner join counted
    on
        walkers.filter_number = counted.filter_number
        and walkers.citizen_number = counted.citizen_number
where counted.n_cases > 1
