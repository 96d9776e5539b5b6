-- Per filter and two that hand cases over: how often, in how many cases, and how long they lay between them.
-- A unit stands here by name only where it may be told of on that day (told_units).
with told as (
    select handed.*
    from {{ ref('hand_overs') }} as handed
    left join {{ ref('told_units') }} as givers
        on
            handed.between_whom = 'unit'
            and handed.given_by = givers.org_unit_id
            and {{ valid_at('handed.given_on', 'givers.valid_from', 'givers.valid_to') }}
    left join {{ ref('told_units') }} as takers
        on
            handed.between_whom = 'unit'
            and handed.taken_by = takers.org_unit_id
            and {{ valid_at('handed.taken_on', 'takers.valid_from', 'takers.valid_to') }}
    where
        handed.between_whom = 'resource'
        or (givers.org_unit_id is not null and takers.org_unit_id is not null)
)

select
    filter_cases.filter_number,
    told.between_whom,
    told.given_by,
    told.taken_by,
    count(*) as n_occurrences,
    count(distinct cases.case_number) as n_cases,
    count(distinct cases.citizen_number) as n_citizens,
    count(distinct cases.case_number) / any_value(sizes.n_cases) as case_coverage,
    avg(told.elapsed_seconds) / 86400 as mean_days,
    quantile_cont(told.elapsed_seconds, 0.5) / 86400 as median_days,
    quantile_cont(told.elapsed_seconds, 0.9) / 86400 as p90_days,
    avg(told.working_seconds) / 86400 as mean_working_days,
    quantile_cont(told.working_seconds, 0.5) / 86400 as median_working_days,
    quantile_cont(told.working_seconds, 0.9) / 86400 as p90_working_days
from told
inner join {{ ref('filter_cases') }} as filter_cases on told.case_number = filter_cases.case_number
inner join {{ ref('filter_sizes') }} as sizes on filter_cases.filter_number = sizes.filter_number
inner join {{ ref('cases') }} as cases on told.case_number = cases.case_number
group by filter_cases.filter_number, told.between_whom, told.given_by, told.taken_by
