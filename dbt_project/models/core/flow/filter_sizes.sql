-- One row per filter, also one that leaves nothing: its cases, how many are in progress, how long they take.
-- Lead times are of closed cases: one in progress has not taken its time yet.
select
    filters.filter_number,
    count(cases.case_number) as n_cases,
    count(distinct cases.citizen_number) as n_citizens,
    cast(coalesce(sum(cases.n_events), 0) as bigint) as n_events,
    count(*) filter (where not cases.is_closed) as n_open_cases,
    count(distinct cases.citizen_number) filter (where not cases.is_closed) as n_open_citizens,
    count(*) filter (where cases.is_closed) as n_closed_cases,
    count(distinct cases.citizen_number) filter (where cases.is_closed) as n_closed_citizens,
    count(*) filter (where not cases.is_closed) / nullif(count(cases.case_number), 0) as share_open,
    avg(cases.lead_time_days) filter (where cases.is_closed) as mean_lead_time_days,
    quantile_cont(cases.lead_time_days, 0.5) filter (where cases.is_closed) as median_lead_time_days,
    quantile_cont(cases.lead_time_days, 0.9) filter (where cases.is_closed) as p90_lead_time_days,
    quantile_cont(cases.working_days, 0.5) filter (where cases.is_closed) as median_working_days
from {{ ref('case_filters') }} as filters
left join {{ ref('filter_cases') }} as filter_cases on filters.filter_number = filter_cases.filter_number
left join {{ ref('cases') }} as cases on filter_cases.case_number = cases.case_number
group by filters.filter_number
