-- Per filter: cases that went from one unit to another and straight back to the first, unit by unit. Two
-- events of one unit in a row are one stay; events without a unit are passed over. A walk A, B, A, B is two
-- of them: B sent back to A, and A back to B. A row without units is all of them.
with turns as (
    select
        units.case_number,
        units.unit_walk[place] as unit_number,
        units.unit_walk[place + 1] as other_unit_number
    from {{ ref('case_units') }} as units
    cross join unnest(range(1, len(units.unit_walk) - 1)) as places (place)
    where len(units.unit_walk) > 2 and units.unit_walk[place] = units.unit_walk[place + 2]
),

shown as (
    select * from turns
    union all
    select
        case_number,
        null as unit_number,
        null as other_unit_number
    from turns
),

counted as (
    select
        filter_cases.filter_number,
        shown.unit_number,
        shown.other_unit_number,
        count(*) as n_occurrences,
        count(distinct cases.case_number) as n_cases,
        count(distinct cases.citizen_number) as n_citizens
    from shown
    inner join {{ ref('filter_cases') }} as filter_cases on shown.case_number = filter_cases.case_number
    inner join {{ ref('cases') }} as cases on shown.case_number = cases.case_number
    group by filter_cases.filter_number, shown.unit_number, shown.other_unit_number
)

select
    counted.filter_number,
    units.org_unit_id,
    others.org_unit_id as other_org_unit_id,
    counted.n_occurrences,
    counted.n_cases,
    counted.n_citizens,
    counted.n_cases / sizes.n_cases as case_coverage
from counted
inner join {{ ref('filter_sizes') }} as sizes on counted.filter_number = sizes.filter_number
left join {{ ref('org_units') }} as units on counted.unit_number = units.unit_number
left join {{ ref('org_units') }} as others on counted.other_unit_number = others.unit_number
