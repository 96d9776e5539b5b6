-- How many cases of a filter walked which path: what has no time in it is counted from these rows.
select
    filter_cases.filter_number,
    cases.variant_number,
    count(*) as n_cases
from {{ ref('filter_cases') }} as filter_cases
inner join {{ ref('cases') }} as cases on filter_cases.case_number = cases.case_number
where cases.variant_number is not null
group by filter_cases.filter_number, cases.variant_number
